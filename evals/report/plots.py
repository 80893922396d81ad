"""The three plots: risk against coverage, confidence against accuracy, and latencies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evals.report.measures import THIN, seconds
from evals.report.svg import Axis, Plane, figure, round_up
from evals.score import Report
from evals.statistics import Bin, proportion, quantile, reliability, risk_coverage

_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_BARS = 40
OWN, OTHER = "own", "other"


@dataclass(frozen=True, slots=True)
class Series:
    """What one run gives to the plots."""

    confidences: Sequence[float]
    """Of the answers given, 0 to 1."""
    right: Sequence[bool]
    seconds: Sequence[float]
    """Of all cases asked."""


def series(report: Report) -> Series:
    """What a report gives to the plots, by the rules of the figures drawn from it."""
    asked = [s for s in report.scores if "abstained" in s.values]
    given = [s for s in asked if not s.values["abstained"]]
    return Series(
        [s.confidence or 0.0 for s in given],
        [s.right for s in given],
        [s.values["seconds"] for s in asked],
    )


def risk_coverage_plot(own: Series, other: Series | None = None) -> Markup:
    """How many of the answers are wrong if only the surest are given."""
    curves = [(run, kind) for run, kind in ((other, OTHER), (own, OWN)) if run and run.confidences]
    highest = max((risk for run, _ in curves for _, risk in _curve(run)), default=1.0)
    top = next(t for t in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if t >= highest - 1e-9)
    plane = Plane(
        Axis("share of the answers given, the surest first", 1.0, _QUARTERS, _percent),
        Axis("wrong among them", top, [top * q for q in _QUARTERS], _percent),
    )
    body = [Markup('<text class="label start" x="46" y="10">wrong among them</text>')]
    body += [plane.line(_curve(run), f"curve {kind}") for run, kind in curves]
    told = " ".join(_told_risk(own)) or "No answers were given."
    return figure("risk-coverage", "Risk against coverage", told, plane, body)


def _curve(run: Series) -> list[tuple[float, float]]:
    return risk_coverage(run.confidences, run.right)


def _told_risk(run: Series) -> Iterator[str]:
    curve = _curve(run)
    for share in (0.25, 0.5, 1.0):
        if reached := [point for point in curve if point[0] >= share - 1e-9]:
            coverage, risk = reached[0]
            yield f"Of the surest {coverage:.0%} of the answers, {risk:.0%} are wrong."


def reliability_plot(own: Series, other: Series | None = None) -> Markup:
    """How often answers of like confidence are right; on the diagonal they should be."""
    plane = Plane(
        Axis("confidence", 1.0, _QUARTERS, _percent), Axis("right", 1.0, _QUARTERS, _percent)
    )
    body = [
        Markup('<text class="label start" x="46" y="10">right among them</text>'),
        plane.line([(0, 0), (1, 1)], "diagonal"),
    ]
    for run, kind in ((other, OTHER), (own, OWN)):
        bins = reliability(run.confidences, run.right) if run else []
        body += _points(plane, bins, kind)
    told = " ".join(
        f"Confidence {b.confidence:.0%}: {b.accuracy:.0%} of {b.n} right."
        for b in reliability(own.confidences, own.right)
    )
    told = told or "No answers were given."
    return figure("reliability", "Confidence against accuracy", told, plane, body)


def _points(plane: Plane, bins: Sequence[Bin], kind: str) -> Iterator[Markup]:
    most = max((b.n for b in bins), default=1)
    for b in bins:
        around = proportion(round(b.accuracy * b.n), b.n)
        size = round(3 + 7 * math.sqrt(b.n / most), 1)
        x, y = plane.x(b.confidence), plane.y(b.accuracy)
        if kind == OWN:
            yield plane.line([(b.confidence, around.low), (b.confidence, around.high)], "interval")
        yield Markup('<circle class="point {}" cx="{}" cy="{}" r="{}"/>').format(kind, x, y, size)
        if kind == OWN:
            words = Markup('<text class="count" x="{}" y="{}">{}</text>')
            yield words.format(x + size + 3, y + 4, b.n)


def latency_plot(own: Series, other: Series | None = None) -> Markup:
    """How long the answers took; what is far out is gathered in the last bar."""
    both = [*own.seconds, *(other.seconds if other else ())]
    top = round_up(min(max(both, default=1.0), 2 * quantile(both, 0.95) or 1.0))
    counts = _counts(own.seconds, top)
    others = _counts(other.seconds, top) if other else []
    highest = round_up(max([*counts, *others, 4]))
    beyond = any(value > top for value in both)
    plane = Plane(
        Axis("time to answer", top, [top * q for q in _QUARTERS], _end(top, beyond)),
        Axis("cases", highest, [highest * q for q in (0, 0.5, 1)], "{:g}".format),
    )
    body = [Markup('<text class="label start" x="46" y="10">cases</text>')]
    body += [_bar(plane, n, count, top) for n, count in enumerate(counts) if count]
    if others:
        body.append(plane.line(_outline(others, top), "outline"))
    middle, late = (quantile(own.seconds, share) for share in (0.5, 0.95))
    for name, value in (("median", middle), ("95 %", late)):
        body.append(plane.line([(value, 0), (value, highest)], f"quantile {name[0]}"))
    told = f"{len(own.seconds)} cases: half within {seconds(middle)}, 95 % within {seconds(late)}."
    return figure("latency", "Time to answer", told, plane, body)


def _counts(values: Sequence[float], top: float) -> list[int]:
    counts = [0] * _BARS
    for value in values:
        counts[min(int(value / top * _BARS), _BARS - 1)] += 1
    return counts


def _bar(plane: Plane, n: int, count: int, top: float) -> Markup:
    left, right = plane.x(n * top / _BARS), plane.x((n + 1) * top / _BARS)
    return Markup(
        '<rect class="column" data-n="{count}" x="{x:.1f}" y="{y}" width="{width:.1f}" '
        'height="{height:.1f}"/>'
    ).format(
        count=count,
        x=left + 0.3,
        y=plane.y(count),
        width=right - left - 0.6,
        height=plane.y(0) - plane.y(count),
    )


def _outline(counts: Sequence[int], top: float) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = [(0, 0)]
    for n, count in enumerate(counts):
        points += [(n * top / _BARS, count), ((n + 1) * top / _BARS, count)]
    return [*points, (top, 0)]


def _end(top: float, beyond: bool) -> Callable[[float], str]:
    """Writes the ticks of latencies; the last says whether more is gathered there."""
    return lambda value: ("≥ " if beyond and value == top else "") + f"{value:g}{THIN}s"


def _percent(value: float) -> str:
    return f"{value:.0%}".replace("%", f"{THIN}%")
