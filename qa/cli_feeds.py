"""`onrecord feeds`: following feeds from the command line."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import OnRecordError
from qa.options import (
    SKIPPED,
    AllowHost,
    Data,
    Json,
    Pause,
    fetch_settings,
    interval,
    open_engine,
    open_sources,
)

if TYPE_CHECKING:
    from corpus.fetch import Fetcher
    from index.refresh import Updated
    from index.sources import Source, Sources

feeds_app = typer.Typer(
    help="Follow feeds: RSS, Atom and JSON Feed.", no_args_is_help=True, rich_markup_mode="rich"
)
_EVERY = "15m"
_GLANCE = 5.0
_STDIO = "-"


@feeds_app.command(
    epilog="Example: onrecord feeds add https://paper.example/ [bold]·[/bold] "
    "onrecord feeds add https://paper.example/rss.xml --every 1h"
)
def add(
    urls: Annotated[list[str], typer.Argument(help="Feeds, or pages that name one.")],
    data: Data = None,
    every: Annotated[str, typer.Option(help="How often serve updates it.")] = _EVERY,
    allow_host: AllowHost = None,
    as_json: Json = False,
) -> None:
    """Follow feeds. Nothing is taken in before the first update.

    Exits with 3 when one could not be added.
    """
    from corpus.fetch import Fetcher
    from qa import show, show_feeds

    seconds = interval(every)
    with open_sources(data) as sources, Fetcher(fetch_settings(allow_host)) as fetcher:
        done = [_add(sources, fetcher, url, seconds) for url in urls]
    if as_json:
        show.as_json(done)
    else:
        show_feeds.added(done, every)
    if any(one["error"] for one in done):
        raise typer.Exit(SKIPPED)


@feeds_app.command("list", epilog="Example: onrecord feeds list --json")
def list_feeds(data: Data = None, as_json: Json = False) -> None:
    """List the feeds: last success, last error, next try."""
    from qa import show, show_feeds

    with open_sources(data) as sources:
        found = sources.all()
    if as_json:
        show.as_json([show_feeds.source_as_dict(source) for source in found])
    else:
        show_feeds.sources(found)


@feeds_app.command(epilog="Example: onrecord feeds remove https://paper.example/rss.xml")
def remove(
    urls: Annotated[list[str], typer.Argument(help="Feeds, as `feeds list` shows them.")],
    data: Data = None,
) -> None:
    """Follow feeds no longer. Their articles stay."""
    with open_sources(data) as sources:
        for source in _named(sources.all(), urls):
            sources.remove(source.url)
            typer.echo(f"removed {source.url}; its articles stay")


@feeds_app.command(
    epilog="Example: onrecord feeds update [bold]·[/bold] onrecord feeds update --every 15m "
    "[bold]·[/bold] onrecord feeds update https://paper.example/rss.xml"
)
def update(
    urls: Annotated[
        list[str] | None, typer.Argument(help="Only these feeds, due or not.", show_default=False)
    ] = None,
    data: Data = None,
    every: Annotated[
        str | None, typer.Option(help="Go on, with this much time between the updates.")
    ] = None,
    allow_host: AllowHost = None,
    pause: Pause = 1.0,
    as_json: Json = False,
) -> None:
    """Fetch the feeds and take in what is new in them.

    A feed that failed is left alone until its next try, unless it is named. Exits with 3 when
    something could not be had. With --every and --json each update is one line.
    """
    from corpus.fetch import Fetcher

    seconds = interval(every) if every else 0.0
    first, failed = True, False
    with Fetcher(fetch_settings(allow_host, pause)) as fetcher:
        while True:
            started = time.monotonic()
            try:
                # Opened for each round: while it waits, others may write to the folder.
                failed = _update(data, urls or [], fetcher, as_json, line=bool(every))
            except OnRecordError as error:
                if first:  # what is asked for is wrong; later it is the folder that is in use
                    raise
                typer.echo(f"onrecord: {error}; trying again in {every}", err=True)
            if not seconds:
                break
            first = False
            while time.monotonic() < started + seconds:
                time.sleep(min(_GLANCE, seconds))
    if failed:
        raise typer.Exit(SKIPPED)


@feeds_app.command("import", epilog="Example: onrecord feeds import subscriptions.opml")
def import_feeds(
    file: Annotated[str, typer.Argument(help="An OPML file, or - for standard input.")],
    data: Data = None,
    every: Annotated[str, typer.Option(help="How often serve updates them.")] = _EVERY,
    allow_host: AllowHost = None,
) -> None:
    """Follow the feeds of an OPML file, as other feed readers export it."""
    from corpus.address import RefusedError, check_url
    from corpus.opml import read_opml

    seconds = interval(every)
    try:
        found = read_opml(_read(file))
    except ValueError as error:
        raise OnRecordError(f"cannot read {file}: {error}") from None
    new = skipped = 0
    with open_sources(data) as sources, sources.together():
        for url, title in found:
            try:
                check_url(url, allow_host or ())
            except RefusedError as error:
                skipped += 1
                typer.echo(f"skipped {url[:200]!r}: {error}", err=True)
                continue
            new += sources.add(url, title, seconds)
    typer.echo(f"{new} feeds added, {len(found) - new - skipped} followed before")
    if skipped:
        raise typer.Exit(SKIPPED)


@feeds_app.command("export", epilog="Example: onrecord feeds export subscriptions.opml")
def export_feeds(
    file: Annotated[str, typer.Argument(help="The OPML file to write; - for standard output.")] = (
        _STDIO
    ),
    data: Data = None,
) -> None:
    """Write the feeds as OPML, for other feed readers."""
    from corpus.opml import write_opml

    with open_sources(data) as sources:
        text = write_opml((source.url, source.title) for source in sources.all())
    if file == _STDIO:
        sys.stdout.write(text)
        return
    try:
        with Path(file).open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise OnRecordError(f"{file} exists; choose another name") from None
    except OSError as error:
        raise OnRecordError(f"cannot write {file}: {(error.strerror or '').lower()}") from error


def _add(sources: Sources, fetcher: Fetcher, url: str, seconds: float) -> dict[str, object]:
    """Follow one feed: what is to be said about it."""
    from corpus.discover import find_feed

    try:
        found = find_feed(fetcher, url)
    except (OnRecordError, ValueError) as error:
        return {
            "given": url,
            "url": "",
            "title": "",
            "new": False,
            "others": [],
            "error": str(error),
        }
    new = sources.add(found.url, found.feed.title, seconds)
    return {
        "given": url,
        "url": found.url,
        "title": found.feed.title,
        "new": new,
        "others": list(found.others),
        "error": "",
    }


def _update(
    data: Path | None, urls: list[str], fetcher: Fetcher, as_json: bool, line: bool
) -> bool:
    """One round, as JSON on one line if more follow. Returns whether something could not be had."""
    from qa import show, show_feeds

    with open_engine(data, samples=False) as engine, show.progress("Fetching", "pages") as progress:
        sources = engine.sources.all()
        if not sources:
            raise OnRecordError("no feeds yet; follow one with: onrecord feeds add URL")
        now = datetime.now(UTC)
        which = _named(sources, urls) if urls else [s for s in sources if _is_asked(s, now)]
        waiting = [] if urls else [s for s in sources if not _is_asked(s, now)]
        done = engine.update_feeds(which, fetcher, progress)
        total = engine.archive.library.count()[0]
    if as_json:
        show.as_json(show_feeds.updated_as_dict(done, waiting), line=line)
    else:
        show_feeds.updated(done, waiting, total)
    return _failed(done)


def _is_asked(source: Source, now: datetime) -> bool:
    """All are, but for those that failed and have their next try to come."""
    return not source.failures or source.is_due(now)


def _failed(done: Updated) -> bool:
    return bool(done.ingested.skipped) or any(one.error or one.reason for one in done.feeds)


def _named(sources: list[Source], urls: list[str]) -> list[Source]:
    known = {source.url: source for source in sources}
    for url in urls:
        if url not in known:
            raise OnRecordError(f"no feed {url!r} is followed; see: onrecord feeds list")
    return [known[url] for url in dict.fromkeys(urls)]


def _read(file: str) -> bytes:
    if file == _STDIO:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise OnRecordError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
