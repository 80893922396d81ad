"""The figures at the head of the report, and the table of slices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evals.compare import CLEAR, Difference, compare
from evals.measures import Unit
from evals.outcome import Score
from evals.report.measures import (
    MAIN,
    NONE,
    Measure,
    change,
    interval,
    measure,
    written,
)
from evals.report.svg import bar, range_mark, round_up
from evals.saved import Run
from evals.score import Report
from evals.statistics import Figure

_COLUMNS = ("right", "f1", "answer_recall", "citation_recall", "abstained", "article@5")
Scored = tuple[Run, Report]


@dataclass(frozen=True, slots=True)
class Delta:
    """The difference from another run, in words."""

    before: str
    by: str
    interval: str
    """"" where only the two totals are known."""
    verdict: str
    """"better", "worse", that there is no clear difference, or ""."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    measure: Measure
    value: str
    interval: str
    n: int
    mark: Markup
    delta: Delta | None


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of the cases of one kind or tag."""

    name: str
    n: int
    cells: Sequence[tuple[str, str, Markup] | None]
    """Value, interval and bar by column; None where it is not measured."""
    before: str
    """The share right in the other run."""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in the table of all figures."""

    label: str
    value: str
    interval: str
    n: int
    before: str


def differences(run: Scored, against: Scored) -> dict[str, Difference]:
    """Paired differences of what the tiles show; the other measures would only cost time."""
    names = {m.name for m in MAIN}
    found = compare(_only(against, names), _only(run, names))
    return {difference.measure: difference for difference in found.differences}


def _only(scored: Scored, names: set[str]) -> Scored:
    run, report = scored
    scores = []
    for s in report.scores:
        kept = {*names, "error"}  # what could not be asked is compared in nothing
        values = {name: value for name, value in s.values.items() if name in kept}
        scores.append(Score(s.case, s.right, values, s.explanation, s.confidence))
    return run, Report(report.metrics, report.slices, scores)


def tiles(report: Report, other: Report | None, paired: Mapping[str, Difference]) -> list[Tile]:
    """The main figures that are there, in order."""
    both = [report, *([other] if other else [])]
    slowest = max((r.metrics[n].high for r in both for n in r.metrics if "latency" in n), default=1)
    made = []
    for m in MAIN:
        if (figure := report.metrics.get(m.name)) is None:
            continue
        before = other.metrics.get(m.name) if other else None
        top = round_up(slowest) if m.unit is Unit.SECONDS else 1.0
        made.append(
            Tile(
                measure=m,
                value=written(figure.value, m.unit),
                interval=interval(figure.low, figure.high, m.unit),
                n=figure.n,
                mark=range_mark(figure, top, before),
                delta=_delta(m, figure, before, paired.get(m.name)) if before else None,
            )
        )
    return made


def _delta(m: Measure, now: Figure, before: Figure, paired: Difference | None) -> Delta:
    was = written(before.value, m.unit)
    if paired is None:
        return Delta(was, change(now.value - before.value, m.unit), "", "")
    by = paired.change
    if by.low == by.value == by.high == 0:
        return Delta(was, "no change", "", "")
    unclear = f"no clear difference, p = {paired.p:.2f}"
    verdict = unclear if paired.p >= CLEAR else paired.word
    return Delta(was, change(by.value, m.unit), interval(by.low, by.high, m.unit), verdict)


def lines(report: Report, other: Report | None) -> list[Line]:
    """Every figure of a report."""
    made = []
    for name, figure in report.metrics.items():
        m = measure(name)
        before = other.metrics.get(name) if other else None
        made.append(
            Line(
                label=m.label,
                value=written(figure.value, m.unit),
                interval=interval(figure.low, figure.high, m.unit),
                n=figure.n,
                before=written(before.value, m.unit) if before else NONE,
            )
        )
    return made


def columns(report: Report) -> list[Measure]:
    """The columns of the table of slices."""
    return [measure(name) for name in _COLUMNS if name in report.metrics]


def slices(report: Report, other: Report | None) -> list[Slice]:
    """One line a kind and tag."""
    made = []
    for name, figures in report.slices.items():
        before = (other.slices.get(name, {}) if other else {}).get("right")
        made.append(
            Slice(
                name=name,
                n=max((f.n for f in figures.values()), default=0),
                cells=[_cell(figures.get(m.name)) for m in columns(report)],
                before=written(before.value, Unit.POINTS) if before else NONE,
            )
        )
    return made


def _cell(figure: Figure | None) -> tuple[str, str, Markup] | None:
    if figure is None:
        return None
    return (
        written(figure.value, Unit.POINTS),
        interval(figure.low, figure.high, Unit.POINTS),
        bar(figure.value, figure.low, figure.high),
    )
