"""Bounds for a release: what must hold of a run, and how far it may fall behind a baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus import OnRecordError
from evals.score import Report
from evals.statistics import Figure

LOWER_IS_BETTER = frozenset(
    {"calibration_error", "risk_coverage_area", "latency_p50", "latency_p95", "error"}
)


def parse_bounds(entries: Sequence[str]) -> dict[str, float]:
    """From "f1=0.6" and the like to bounds by metric.

    Raises:
        OnRecordError: an entry is not of that form.
    """
    bounds = {}
    for entry in entries:
        name, _, value = entry.partition("=")
        try:
            bounds[name.strip()] = float(value)
        except ValueError:
            raise OnRecordError(f"cannot use {entry!r}; write METRIC=NUMBER, as f1=0.6") from None
    return bounds


def check(
    report: Report,
    *,
    least: Mapping[str, float] | None = None,
    most: Mapping[str, float] | None = None,
    against: Report | None = None,
    max_drop: float = 0.0,
) -> list[str]:
    """One line for each bound that is broken; empty when all hold.

    Args:
        report: Of the run in question.
        least: Values that metrics must reach.
        most: Values that metrics must not pass.
        against: A baseline; no metric in `least` or `most`, or where neither is given no metric
            of all, may be worse than there by more than `max_drop`.
        max_drop: How much worse is still accepted.

    Raises:
        OnRecordError: a bound names a metric that the run does not have.
    """
    least, most = least or {}, most or {}
    broken = [
        f"{name} is {figure} but must be at least {bound:g}"
        for name, bound in least.items()
        if (figure := _figure(report, name)).value < bound
    ]
    broken += [
        f"{name} is {figure} but must be at most {bound:g}"
        for name, bound in most.items()
        if (figure := _figure(report, name)).value > bound
    ]
    if against:
        names = [*least, *most] or [n for n in against.metrics if not n.startswith("latency")]
        broken += _drops(report, against, names, max_drop)
    return broken


def _drops(report: Report, against: Report, names: Sequence[str], most: float) -> list[str]:
    broken = []
    for name in names:
        if name not in report.metrics or name not in against.metrics:
            continue
        now, before = report.metrics[name].value, against.metrics[name].value
        drop = now - before if name in LOWER_IS_BETTER else before - now
        if drop > most + 1e-12:
            broken.append(f"{name} is {now:.3f}, {drop:.3f} worse than in the baseline")
    return broken


def _figure(report: Report, name: str) -> Figure:
    if name not in report.metrics:
        known = ", ".join(sorted(report.metrics))
        raise OnRecordError(f"the run has no metric {name!r}; it has: {known}")
    return report.metrics[name]
