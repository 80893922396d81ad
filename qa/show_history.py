"""Printing the history of articles: coloured on a terminal, marked as wdiff does when piped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from corpus import Article
from qa.history import Change, Run, Stale, Step
from qa.show import article_as_dict, headline, terminal

_CONTEXT = 160  # characters of unchanged text shown on each side of a change
_STYLES = {Change.SAME: "", Change.ADDED: "green", Change.REMOVED: "red strike"}
_MARKS = {Change.SAME: ("", ""), Change.ADDED: ("{+", "+}"), Change.REMOVED: ("[-", "-]")}


def history(article: Article, steps: Sequence[Step], stale: Sequence[Stale]) -> None:
    """How an article came to be what it is, and the rated answers that this outdated."""
    out = terminal()
    out.print(Text(headline(article), style="bold"))
    if not steps:
        out.print("It has not changed since it was taken in.")
    for n, step in enumerate(steps, 1):
        seen, replaced = (
            f"{at:%Y-%m-%d %H:%M}" for at in (step.version.seen, step.version.replaced)
        )
        out.print(Text(f"\nChange {n}: as taken in on {seen}, until {replaced}", style="cyan"))
        for runs in (step.title, step.body):
            if any(run.change is not Change.SAME for run in runs):
                out.print(_marked(runs, out))
    answers(stale)


def changed(counts: Sequence[tuple[Article, int]], stale: Sequence[Stale]) -> None:
    """The articles that changed, and the rated answers that rest on what is gone."""
    out = terminal()
    if not counts:
        out.print("No article has changed since it was taken in.")
    for article, count in counts:
        times = "once" if count == 1 else f"{count} times"
        out.print(Text(f"{article.id}  changed {times}  {headline(article)}"))
    answers(stale)


def answers(stale: Sequence[Stale]) -> None:
    """Rated answers whose quotes no longer stand."""
    out = terminal()
    for one in stale:
        why = "was removed" if one.gone else "changed"
        out.print(Text(f"\nAn answer rests on a passage that {why}:", style="yellow"))
        out.print(Text(f"  asked: {one.question}\n  answered: {one.answer}"))
        out.print(Text(f"  quoted: “{one.quote}”\n  article: {one.article_id}  {one.title}"))


def history_as_dict(
    article: Article, steps: Sequence[Step], stale: Sequence[Stale]
) -> Mapping[str, Any]:
    """What `onrecord articles show --history --json` prints."""
    return article_as_dict(article, body=True) | {
        "history": [
            {
                "seen": step.version.seen.isoformat(),
                "replaced": step.version.replaced.isoformat(),
                "title": step.version.title,
                "body": step.version.body,
                "title_changes": _runs(step.title),
                "body_changes": _runs(step.body),
            }
            for step in steps
        ],
        "stale_answers": stale_as_dicts(stale),
    }


def stale_as_dicts(stale: Sequence[Stale]) -> list[dict[str, Any]]:
    """Outdated answers for `--json`."""
    return [
        {
            "question": one.question,
            "answer": one.answer,
            "article_id": one.article_id,
            "title": one.title,
            "quote": one.quote,
            "removed": one.gone,
        }
        for one in stale
    ]


def _runs(runs: Sequence[Run]) -> list[dict[str, str]]:
    return [{"change": run.change.value, "text": run.text} for run in runs]


def _marked(runs: Sequence[Run], out: Console) -> Text:
    """The runs in their colours; far from any change, unchanged text is cut."""
    text = Text()
    for n, run in enumerate(runs):
        shown = run.text
        if run.change is Change.SAME and len(shown) > 2 * _CONTEXT:
            before = shown[:_CONTEXT] if n else ""
            after = shown[-_CONTEXT:] if n + 1 < len(runs) else ""
            shown = f"{before} … {after}"
        opening, closing = ("", "") if out.is_terminal else _MARKS[run.change]
        text.append(f"{opening}{shown}{closing}", style=_STYLES[run.change])
    return text
