"""Printing feeds for people: one line for what is well, one for each that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.markup import escape

from index.refresh import FeedOutcome, Updated
from index.sources import Source
from qa.show import terminal


def added(done: Sequence[Mapping[str, Any]], every: str) -> None:
    """What became of each address given to `feeds add`."""
    for one in done:
        if one["error"]:
            _warn("not added", str(one["given"]), str(one["error"]))
            continue
        state = f"following, every {every}" if one["new"] else f"followed before; now every {every}"
        terminal().print(f"{state}: {escape(one['url'])}  [dim]{escape(one['title'])}[/dim]")
        if one["others"]:
            terminal().print(
                f"[dim]other feeds there: {escape(', '.join(one['others'][:5]))}[/dim]"
            )
    if any(not one["error"] for one in done):
        terminal().print("take in what is in them with: onrecord feeds update")


def sources(found: Sequence[Source]) -> None:
    """The feeds, each with its state."""
    if not found:
        terminal().print("No feeds yet; follow one with: onrecord feeds add URL")
    for one in found:
        style = {"ok": "green", "failing": "red", "partly": "yellow", "new": "yellow"}[state(one)]
        terminal().print(
            f"[{style}]{state(one):8}[/{style}]{escape(one.url)}  [dim]{escape(one.title)}[/dim]"
        )
        parts = [f"last success {moment(one.last_success)}", f"next try {moment(one.next_try)}"]
        if one.last_error:
            parts.append(f"last error {moment(one.last_error_at)}: {one.last_error}")
        terminal().print(f"        {escape('; '.join(parts))}")


def updated(done: Updated, waiting: Sequence[Source], total: int) -> None:
    """What an update did; each feed that failed on a line of its own."""
    for one in done.feeds:
        if line := problem(one):
            _warn(*line)
    for source in waiting:
        next_try = f"failed before; next try {moment(source.next_try)}"
        _warn("waiting", source.url, f"{next_try}; now: onrecord feeds update {source.url}")
    failed = sum(bool(one.error) for one in done.feeds)
    unchanged = sum(one.unchanged for one in done.feeds)
    taken = done.ingested
    terminal().print(
        f"{len(done.feeds):,} feeds, {unchanged:,} unchanged, {failed:,} failed; "
        f"articles: added {len(taken.added):,}, changed {len(taken.changed):,}, "
        f"unchanged {len(taken.unchanged):,}, skipped {len(taken.skipped):,}; "
        f"now {total:,} articles"
    )


def problem(one: FeedOutcome) -> tuple[str, str, str] | None:
    """What was wrong with a feed as (word, address, reason), None where nothing was."""
    if one.error:
        return "failed", one.url, f"{one.error}; next try {moment(one.next_try)}"
    parts = []
    if one.summaries:
        parts.append(f"only the feed's summary could be had of {one.summaries}")
    if one.skipped:
        parts.append(f"{one.skipped} could not be had at all")
    if one.without_link:
        parts.append(f"{one.without_link} items name no address and were left out")
    if one.later:
        parts.append(f"{one.later} are left for the next update")
    if not parts:
        return None
    return "partly", one.url, ", ".join(parts) + (f" ({one.reason})" if one.reason else "")


def state(source: Source) -> str:
    """In a word."""
    if source.last_error:
        return "failing" if source.failures else "partly"
    return "ok" if source.last_success else "new"


def moment(when: datetime | None) -> str:
    """A moment in the reader's own time."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}" if when else "none"


def source_as_dict(source: Source) -> dict[str, Any]:
    """A feed as `onrecord feeds list --json` prints it."""
    hidden = ("etag", "last_modified", "body_hash", "last_full")
    found = {key: _plain(value) for key, value in asdict(source).items() if key not in hidden}
    return found | {"state": state(source)}


def updated_as_dict(done: Updated, waiting: Sequence[Source]) -> dict[str, Any]:
    """An update as `onrecord feeds update --json` prints it."""
    return {
        "feeds": [{key: _plain(value) for key, value in asdict(one).items()} for one in done.feeds],
        "waiting": [source_as_dict(source) for source in waiting],
        "added": done.ingested.added,
        "changed": done.ingested.changed,
        "unchanged": done.ingested.unchanged,
        "skipped": [{"source": s.source, "reason": s.reason} for s in done.ingested.skipped],
    }


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _warn(word: str, what: str, why: str) -> None:
    terminal(stderr=True).print(f"[yellow]{word}[/yellow] {escape(what)}: {escape(why)}")
