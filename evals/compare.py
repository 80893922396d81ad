"""Two runs of one set against each other: paired differences, and a verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.measures import LOWER_IS_BETTER, NEITHER, Unit, unit
from evals.outcome import Score
from evals.saved import Run, same_set
from evals.score import Report, groups_of
from evals.statistics import Figure, permutation_p, resampled_means

CLEAR = 0.05
"""p below which a difference is called one."""
_POINTS = 100  # measures from 0 to 1 are told in points of 100
_UNITS = {Unit.SECONDS: "s of", Unit.NUMBER: "of", Unit.COST: "of"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both runs, over the cases that have it in both."""

    measure: str
    first: float
    second: float
    change: Figure
    """second - first, with its interval."""
    p: float
    """Of a paired permutation test."""

    @property
    def verdict(self) -> str:
        """In words: "better by 2.1 points of f1, 95 % 0.4 to 3.9, 812 cases"."""
        values = (abs(self.change.value), *self._bounds())
        by, low, high = (_shown(value, self.measure) for value in values)
        of = _UNITS.get(unit(self.measure), "points of")
        cases = "1 case" if self.change.n == 1 else f"{self.change.n} cases"
        if self.p >= CLEAR:
            return f"no clear difference in {self.measure} (p = {self.p:.2f}, {cases})"
        return f"{self.word} by {by} {of} {self.measure}, 95 % {low} to {high}, {cases}"

    @property
    def word(self) -> str:
        """Which way it went: better or worse, or more or less where neither is better."""
        rose = self.change.value > 0
        if self.measure in NEITHER:
            return "more" if rose else "less"
        return "better" if rose is not (self.measure in LOWER_IS_BETTER) else "worse"

    def _bounds(self) -> tuple[float, float]:
        bounds = (self.change.low, self.change.high)
        return bounds if self.change.value > 0 else (-bounds[1], -bounds[0])


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from a first run to a second."""

    differences: Sequence[Difference]
    better: Sequence[str]
    """Ids of the cases that were wrong and are right."""
    worse: Sequence[str]
    """Ids of the cases that were right and are wrong."""

    @property
    def verdict(self) -> str:
        """The verdict on what counts most: being right."""
        return next((d.verdict for d in self.differences if d.measure == "right"), "")


def compare(first: tuple[Run, Report], second: tuple[Run, Report]) -> Comparison:
    """Compare two scored runs of the same set.

    Raises:
        OnRecordError: they are of different sets.
    """
    (run_a, report_a), (run_b, report_b) = first, second
    same_set(run_a, run_b)
    a = {s.case: s for s in report_a.scores}
    b = {s.case: s for s in report_b.scores}
    groups = dict(zip((case.id for case in run_a.cases), groups_of(run_a.cases), strict=True))
    # A question that could not be asked is neither right nor wrong.
    shared = [c for c in a if c in b and not (_failed(a[c]) or _failed(b[c]))]
    return Comparison(
        differences=_differences(shared, a, b, groups),
        better=[case for case in shared if not a[case].right and b[case].right],
        worse=[case for case in shared if a[case].right and not b[case].right],
    )


def _failed(score: Score) -> bool:
    return bool(score.values.get("error"))


def _differences(
    cases: Sequence[str], a: dict[str, Score], b: dict[str, Score], groups: dict[str, str]
) -> list[Difference]:
    found = []
    for measure in dict.fromkeys(name for case in cases for name in a[case].values):
        both = [c for c in cases if measure in a[c].values and measure in b[c].values]
        if not both:
            continue
        before = [a[c].values[measure] for c in both]
        after = [b[c].values[measure] for c in both]
        change = [y - x for x, y in zip(before, after, strict=True)]
        own = [groups[c] for c in both]
        low, high = np.percentile(resampled_means(change, own), [2.5, 97.5])
        mean_change = sum(change) / len(change)
        figure = Figure(mean_change, float(low), float(high), len(both))
        first, second = sum(before) / len(both), sum(after) / len(both)
        found.append(Difference(measure, first, second, figure, permutation_p(change, own)))
    return found


def _shown(value: float, measure: str) -> str:
    return f"{_POINTS * value:.1f}" if unit(measure) is Unit.POINTS else f"{value:.3f}"
