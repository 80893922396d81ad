"""The cases as a reader browses them: one row each, of one run or of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.case import Case
from evals.measures import Unit
from evals.outcome import Score
from evals.report.measures import measure, seconds, written
from evals.report.passages import Quote, quotes
from evals.saved import Run
from evals.score import Report

_LABELS = {
    "answered": "Answered",
    "tentative": "Tentative",
    "abstained": "Abstained",
    "error": "Not asked",
    "unscored": "Not run",
}
_TOLD = ("em", "f1", "answer_recall", "citation_precision", "citation_recall", "citation_coverage")
_FOUND = (("article_rr", "article where it stands"), ("passage_rr", "expected sentence"))


@dataclass(frozen=True, slots=True)
class Side:
    """What one run made of a case."""

    status: str
    label: str
    right: bool | None
    """None where the case has not been run."""
    why: str
    short: str = ""
    text: str = ""
    notice: str = ""
    confidence: float | None = None
    took: float = 0.0
    claims: Sequence[Mapping[str, Any]] = ()
    citations: Sequence[Quote] = ()
    nearest: Sequence[Quote] = ()
    facts: Sequence[str] = ()
    """How it was measured, each fact in a few words."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case with its outcome, and the other run's where there are two."""

    number: int
    case: Case
    side: Side
    other: Side | None
    change: str
    """"better", "worse", "differs" or ""."""
    filters: Sequence[str]
    """What the filter buttons find it by."""
    slices: Sequence[int]
    """Places of its slices among those of the report."""


def rows(
    run: Run, report: Report, against: tuple[Run, Report] | None, slices: Sequence[str]
) -> list[Row]:
    """All cases of a run, also those that have no answer yet."""
    places = {name: n for n, name in enumerate(slices)}
    scores = {score.case: score for score in report.scores}
    others = {score.case: score for score in against[1].scores} if against else {}
    made = []
    for number, case in enumerate(run.cases, 1):
        side = _side(case, run, scores.get(case.id))
        other = _side(case, against[0], others.get(case.id)) if against else None
        own = [f"kind={case.kind}", *(f"tag={tag}" for tag in case.tags)]
        change = _change(side, other)
        found = [places[name] for name in own if name in places]
        made.append(Row(number, case, side, other, change, _filters(case, side, change), found))
    return made


def _side(case: Case, run: Run, score: Score | None) -> Side:
    record = run.answers.get(case.id)
    if record is None or score is None:
        return Side("unscored", _LABELS["unscored"], None, "not run, and so not counted")
    if "error" in record:
        return Side("error", _LABELS["error"], False, score.explanation)
    answer = record["answer"]
    citations, nearest = quotes(case, record)
    return Side(
        status=answer["status"],
        label=_LABELS.get(answer["status"], answer["status"]),
        right=score.right,
        why=score.explanation,
        short=answer["short"],
        text=answer["answer"],
        notice=answer["notice"],
        confidence=answer["confidence"],
        took=record["wall"],
        claims=answer["claims"],
        citations=citations,
        nearest=nearest,
        facts=_facts(score, len(record["hits"])),
    )


def _facts(score: Score, found: int) -> list[str]:
    values = score.values
    facts = [_place(what, values[name], found) for name, what in _FOUND if name in values]
    for name in _TOLD:
        if name in values:
            facts.append(f"{measure(name).label}: {written(values[name], Unit.POINTS)}")
    return [*facts, f"time to answer: {seconds(values['seconds'])}"]


def _place(what: str, reciprocal: float, found: int) -> str:
    if not reciprocal:
        return f"no {what} among the {found} passages found"
    return f"first {what} found: number {round(1 / reciprocal)}"


def _change(side: Side, other: Side | None) -> str:
    """How a case differs from the other run; only what is scored in both can change."""
    if other is None or side.right is None or other.right is None:
        return ""
    if side.right != other.right:
        return "better" if side.right else "worse"
    if side.short != other.short:
        return "differs"
    return "" if side.status == other.status else "status"


def _filters(case: Case, side: Side, change: str) -> list[str]:
    abstained = side.status == "abstained"
    holds = {
        "right": side.right is True,
        "wrong": side.right is False,
        "abstained": abstained,
        "overconfident": case.unanswerable and side.status in ("answered", "tentative"),
        "changed": bool(change),
        change: bool(change),
    }
    return [name for name, held in holds.items() if held]
