"""Bounds for a release: what must hold of a run, and how far it may fall behind a baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from corpus import OnRecordError
from evals.measures import LOWER_IS_BETTER, NEITHER, Unit, unit
from evals.score import Report
from evals.statistics import Figure


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
            if not math.isfinite(bounds[name.strip()]):
                raise ValueError
        except ValueError:
            raise OnRecordError(f"cannot use {entry!r}; write METRIC=NUMBER, as f1=0.6") from None
    return bounds


def check(  # noqa: PLR0913 - each is a bound of its own
    report: Report,
    *,
    least: Mapping[str, float] | None = None,
    most: Mapping[str, float] | None = None,
    against: Report | None = None,
    max_drop: float = 0.0,
    max_slower: float | None = None,
) -> list[str]:
    """One line for each bound that is broken; empty when all hold.

    Cases that were never asked break it, and so do errors that no bound in `most` allows for:
    the other figures say nothing about either.

    Args:
        report: Of the run in question.
        least: Values that metrics must reach.
        most: Values that metrics must not pass.
        against: A baseline of the same set; no metric in `least` or `most`, or where neither is
            given no metric of all, may be worse than there by more than `max_drop`.
        max_drop: How much worse is still accepted. Latencies are left to `max_slower`.
        max_slower: By what share the median and the 95th percentile of latency may be slower
            than in the baseline; they are not compared by default.

    Raises:
        OnRecordError: a bound names a metric that the run, or the baseline, does not have.
    """
    least, most = least or {}, most or {}
    broken = _unasked(report, most)
    if broken and set(report.metrics) <= {"error"}:
        return broken  # nothing was answered, so that there is nothing else to hold to a bound
    broken += [
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
        broken += _drops(report, against, [*least, *most], max_drop)
        if max_slower is not None:
            broken += _slower(report, against, max_slower)
    return broken


def _unasked(report: Report, most: Mapping[str, float]) -> list[str]:
    broken = []
    if report.unasked:
        broken.append(f"{report.unasked} cases of the set were not asked; go on with the run")
    errors = report.metrics.get("error")
    if errors and errors.value and "error" not in most:
        broken.append(f"error is {errors}, and no --max error=... allows for it")
    return broken


def _drops(report: Report, against: Report, names: Sequence[str], most: float) -> list[str]:
    in_both = [n for n in against.metrics if n in report.metrics and n not in NEITHER]
    broken = []
    for name in names or in_both:
        if unit(name) is Unit.SECONDS or name in NEITHER:
            continue
        now, before = _figure(report, name).value, _figure(against, name, "the baseline").value
        drop = now - before if name in LOWER_IS_BETTER else before - now
        if drop > most + 1e-12:
            broken.append(f"{name} is {now:.3f}, {drop:.3f} worse than in the baseline")
    return broken


def _slower(report: Report, against: Report, most: float) -> list[str]:
    broken = []
    for name in ("latency_p50", "latency_p95"):
        now, before = _figure(report, name).value, _figure(against, name, "the baseline").value
        if now > before * (1 + most):
            share = f"{100 * (now / before - 1):.0f} % slower"
            broken.append(f"{name} is {now:.3f} s, {share} than in the baseline")
    return broken


def _figure(report: Report, name: str, whose: str = "the run") -> Figure:
    if name not in report.metrics:
        known = ", ".join(sorted(report.metrics))
        raise OnRecordError(f"{whose} has no metric {name!r}; it has: {known}")
    return report.metrics[name]
