"""Printing for people: rich on a terminal, plain lines when piped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from corpus import Article
from corpus.dates import long_date
from corpus.web import summary_mark
from index import Hit, Ingested
from qa.answer import NOTHING_FITS, Answer, Citation, Status

_LONGEST_EXCERPT = 240
_STYLES = {Status.ANSWERED: "green", Status.TENTATIVE: "yellow", Status.ABSTAINED: "red"}


def terminal(*, stderr: bool = False) -> Console:
    """Where text goes; lines that are piped are not broken."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, soft_wrap=not stream.isatty())


def as_json(value: Any, *, line: bool = False) -> None:
    """One JSON value on standard output, at once; on one line where more of them follow."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=None if line else 2) + "\n")
    sys.stdout.flush()


@contextmanager
def progress(label: str, unit: str = "passages") -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, shown once there is something to wait for."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        """How many a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    bar = Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        unit,
        Rate(),
        TimeRemainingColumn(),
        console=terminal(stderr=True),
        transient=True,
    )
    task = bar.add_task(label, total=None)

    def update(done: int, known: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=known)

    try:
        yield update
    finally:
        if bar.live.is_started:
            bar.stop()


def answer(found: Answer) -> None:
    """An answer with its quotes, or with the nearest passages."""
    console = terminal()
    style = _STYLES[found.status]
    console.print(Text(found.text, style="bold"))
    sure = "" if found.abstained else f", {found.confidence:.0%} sure"  # of the answer, if any
    if not found.aside:
        console.print(f"[{style}]{found.status}[/{style}]{sure}", style="dim")
    for citation in found.citations:
        console.print()
        console.print(Text(f"[{citation.n}] {_place(citation)}", style="cyan"))
        console.print(_indented(_quote(citation)))
        if citation.copies:
            console.print(_indented(Text(f"near-copies: {citation.also_in}", style="dim")))
        for note in citation.article.notes:
            console.print(_indented(Text(f"The article carries a note: {note.text}", "yellow")))
        if citation.article.url:
            console.print(_indented(Text(citation.article.url, style="dim")))
    if found.nearest:
        console.print("\nNearest passages:")
    for citation in found.nearest:
        console.print()
        console.print(Text(_place(citation), style="cyan"))
        console.print(_indented(Text(_excerpt(citation.quote))))
        for note in citation.article.notes:
            console.print(_indented(Text(f"The article carries a note: {note.text}", "yellow")))
    _notice(found.notice)


def hits(found: Sequence[Hit], notice: str) -> None:
    """Passages, best first."""
    console = terminal()
    if not found:
        console.print(NOTHING_FITS)
    for n, hit in enumerate(found, 1):
        console.print(Text(f"{n:2}. {headline(hit.article)}", style="cyan"))
        console.print(_indented(Text(_excerpt(hit.passage.text))))
        console.print()
    _notice(notice)


def articles(found: Sequence[Article], notice: str) -> None:
    """One line an article."""
    console = terminal()
    for one in found:
        day = f"{one.published:%Y-%m-%d}" if one.published else "no date   "
        outlet = f"  {one.outlet}" if one.outlet else ""
        console.print(f"{one.id}  {day}  {escape(one.title)}[dim]{escape(outlet)}[/dim]")
    _notice(notice)


def article(one: Article) -> None:
    """One article, whole."""
    console = terminal()
    console.print(Text(one.title, style="bold"))
    parts = [one.outlet, one.section, ", ".join(one.authors)]
    parts += [long_date(one.published) if one.published else ""]
    parts += [
        f"updated {long_date(one.updated)}" if one.updated else "",
        summary_mark(one),
        one.url,
    ]
    console.print(Text(" · ".join(part for part in parts if part), style="dim"))
    for note in one.notes:
        console.print(Text(f"{note.label} {note.text}".strip(), style="yellow"))
    console.print(Text("\n" + one.body))
    if one.references:
        console.print(Text("\nSources it lists:\n" + "\n".join(f"- {r}" for r in one.references)))


def ingested(done: Ingested, total: int, passages: int) -> None:
    """What became of an ingest; each skipped source on a line of its own."""
    for skipped in done.skipped:
        terminal(stderr=True).print(
            f"[yellow]skipped[/yellow] {escape(skipped.source)}: {escape(skipped.reason)}"
        )
    terminal().print(
        f"added {len(done.added):,}, changed {len(done.changed):,}, "
        f"unchanged {len(done.unchanged):,}, skipped {len(done.skipped):,}; "
        f"now {total:,} articles, {passages:,} passages"
    )


def serving(host: str, port: int, notice: str) -> None:
    """Where the chat is."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    shown = f"[{shown}]" if ":" in shown else shown
    console = terminal()
    console.print(f"The chat is at http://{shown}:{port}  (stop with Ctrl-C)")
    _notice(notice)


def doctor(report: Mapping[str, Any]) -> None:
    """The doctor's report."""
    console = terminal()
    for name, entry in report.items():
        if name == "problems":
            continue
        shown = str(entry)
        if isinstance(entry, dict):
            shown = ", ".join(f"{key} {value}" for key, value in entry.items())
        console.print(f"[cyan]{name}[/cyan]  {escape(shown)}")
    for problem in report["problems"]:
        console.print(f"[red]problem[/red]  {escape(problem)}")
    if not report["problems"]:
        console.print("[green]all parts agree[/green]")


def headline(one: Article) -> str:
    """Title, outlet and date in a line."""
    parts = [one.outlet, long_date(one.published) if one.published else "", summary_mark(one)]
    known = ", ".join(part for part in parts if part)
    return f"{one.title} — {known}" if known else one.title


def _place(citation: Citation) -> str:
    """The article's headline and, where it has pages, the one that is quoted."""
    page = f", page {citation.page}" if citation.page else ""
    return headline(citation.article) + page


def hit_as_dict(hit: Hit) -> dict[str, Any]:
    """A hit as `onrecord search --json` prints it."""
    passage = hit.passage
    return article_as_dict(hit.article, body=False) | {
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "score": round(hit.score, 6),
    }


def article_as_dict(one: Article, *, body: bool) -> dict[str, Any]:
    """An article as `onrecord articles --json` prints it."""
    found: dict[str, Any] = {
        "article_id": one.id,
        "title": one.title,
        "outlet": one.outlet,
        "authors": list(one.authors),
        "published": one.published.isoformat() if one.published else None,
        "updated": one.updated.isoformat() if one.updated else None,
        "language": one.language,
        "section": one.section,
        "notes": [{"kind": note.kind.value, "text": note.text} for note in one.notes],
        "url": one.url,
        "source": one.source,
    }
    more = {"references": list(one.references), "pages": list(one.pages), "body": one.body}
    return found | more if body else found


def _quote(citation: Citation) -> Text:
    text = Text(f"“{citation.quote}”")
    start, end = citation.value
    text.stylize("bold reverse", start + 1, end + 1)
    return text


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return (
        text if len(text) <= _LONGEST_EXCERPT else text[:_LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
    )


def _indented(text: Text) -> Any:
    return Padding(text, (0, 0, 0, 4)) if sys.stdout.isatty() else Text("    ") + text


def _notice(text: str) -> None:
    if text:
        terminal(stderr=True).print(Text(f"\n{text}", style="yellow"))
