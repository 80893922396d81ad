"""What a measure's value is written in, and which way is better."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """How a value is written."""

    SHARE = "share"
    """0 to 1, written as per cent."""
    POINTS = "points"
    """0 to 1, written as points of 100."""
    SECONDS = "seconds"
    NUMBER = "number"
    """A count, such as tokens."""
    COST = "cost"
    """In the currency of the prices given."""


LOWER_IS_BETTER = frozenset(
    {"error", "seconds", "latency_p50", "latency_p95", "calibration_error", "risk_coverage_area"}
)
NEITHER = frozenset({"abstained", "answered", "judge_agreement", "judge_tokens", "judge_cost"})
"""More of these is neither better nor worse: they tell what an engine does, or about the judge."""

_UNITS = {
    "seconds": Unit.SECONDS,
    "latency_p50": Unit.SECONDS,
    "latency_p95": Unit.SECONDS,
    "judge_tokens": Unit.NUMBER,
    "judge_cost": Unit.COST,
}


def unit(name: str) -> Unit:
    """What a measure of a case or a run is written in."""
    return _UNITS.get(name, Unit.POINTS)
