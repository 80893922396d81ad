"""Figures with intervals. Pure functions; every random one takes a seed and repeats bit for bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054  # 97.5 % point of the normal distribution
_RESAMPLES = 2000
_FEWER_RESAMPLES = 400  # for statistics that are slow to compute
_SEED = 20250204


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval and the number of cases behind it."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f}, n={self.n})"


def proportion(successes: int, n: int) -> Figure:
    """A share with its Wilson score interval (Wilson 1927).

    Raises:
        ValueError: n is 0 or successes are not within 0 to n.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no proportion")
    p, z2 = successes / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Figure(p, max(0.0, middle - half), min(1.0, middle + half), n)


def mean(values: Sequence[float], groups: Sequence[Hashable] | None = None) -> Figure:
    """A mean; proportions get Wilson's interval, others a percentile bootstrap.

    Args:
        values: One a case.
        groups: What each case belongs to, such as its article; whole groups are resampled, since
            cases of one article stand and fall together.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values to average")
    shared = groups is not None and len(set(groups)) < len(groups)
    if not shared and all(value in (0.0, 1.0) for value in values):
        return proportion(int(sum(values)), len(values))
    low, high = np.percentile(resampled_means(values, groups), [2.5, 97.5])
    return Figure(math.fsum(values) / len(values), float(low), float(high), len(values))


def resampled_means(
    values: Sequence[float], groups: Sequence[Hashable] | None = None, seed: int = _SEED
) -> NDArray[np.float64]:
    """Means of bootstrap samples (Efron 1979), shape [2000]; of whole groups where given."""
    names = {group: n for n, group in enumerate(dict.fromkeys(groups or range(len(values))))}
    own = np.array([names[group] for group in groups or range(len(values))])
    totals = np.bincount(own, weights=np.asarray(values, dtype=np.float64), minlength=len(names))
    sizes = np.bincount(own, minlength=len(names)).astype(np.float64)
    rng = np.random.default_rng(seed)
    means = np.empty(_RESAMPLES)
    for n in range(_RESAMPLES):
        drawn = rng.integers(0, len(names), len(names))
        means[n] = totals[drawn].sum() / sizes[drawn].sum()
    return means


def bootstrap(
    statistic: Callable[[Sequence[int]], float],
    n: int,
    groups: Sequence[Hashable] | None = None,
    seed: int = _SEED,
) -> Figure:
    """A statistic of cases taken together, with a percentile bootstrap interval.

    Args:
        statistic: From the numbers of the cases, with repeats, to a value.
        n: How many cases there are.
        groups: What each case belongs to; whole groups are resampled.
        seed: Of the resampling.
    """
    members: dict[Hashable, list[int]] = {}
    for case, group in enumerate(groups or range(n)):
        members.setdefault(group, []).append(case)
    clusters = list(members.values())
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(_FEWER_RESAMPLES):
        drawn = rng.integers(0, len(clusters), len(clusters))
        values.append(statistic([case for at in drawn for case in clusters[at]]))
    low, high = np.percentile(values, [2.5, 97.5])
    return Figure(statistic(range(n)), float(low), float(high), n)


def permutation_p(
    differences: Sequence[float],
    groups: Sequence[Hashable] | None = None,
    seed: int = _SEED,
) -> float:
    """Two-sided p of a paired permutation test on the mean difference (Fisher 1935).

    Signs are flipped at random 10,000 times, a whole group's together; with the observed sum
    counted, p is never 0.
    """
    names = {group: n for n, group in enumerate(dict.fromkeys(groups or range(len(differences))))}
    own = [names[group] for group in groups or range(len(differences))]
    values = np.bincount(own, weights=np.asarray(differences, dtype=np.float64))
    if not values.any():
        return 1.0
    observed = abs(values.sum())
    rng, rounds, extreme = np.random.default_rng(seed), 10_000, 0
    for _ in range(0, rounds, 1000):
        signs = rng.choice((-1.0, 1.0), size=(1000, len(values)))
        extreme += int((np.abs(signs @ values) >= observed - 1e-12).sum())
    return (extreme + 1) / (rounds + 1)


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al. 2015), 0 to 1."""
    total = 0.0
    for inside in reliability(confidences, right, bins):
        total += inside.n * abs(inside.confidence - inside.accuracy)
    return total / len(confidences) if confidences else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: how sure on average, and how often right."""

    confidence: float
    accuracy: float
    n: int


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """The bins of a reliability diagram that hold something, by rising confidence."""
    found = []
    own = [min(int(c * bins), bins - 1) for c in confidences]
    for n in sorted(set(own)):
        inside = [i for i, b in enumerate(own) if b == n]
        found.append(
            Bin(
                math.fsum(confidences[i] for i in inside) / len(inside),
                sum(right[i] for i in inside) / len(inside),
                len(inside),
            )
        )
    return found


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) as more and more answers are given, the surest first.

    Answers of equal confidence come together, so that their order does not matter
    (El-Yaniv and Wiener 2010).
    """
    order = sorted(range(len(confidences)), key=lambda n: -confidences[n])
    points, wrong = [], 0
    for place, n in enumerate(order, 1):
        wrong += not right[n]
        last = place == len(order) or confidences[order[place]] < confidences[n]
        if last:
            points.append((place / len(order), wrong / place))
    return points


def area_under_risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean risk over all coverages, 0 to 1; lower is better. 0.0 where there is nothing."""
    area, before = 0.0, 0.0
    for coverage, risk in risk_coverage(confidences, right):
        area += (coverage - before) * risk
        before = coverage
    return area


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, interpolated; 0.0 where there are none."""
    return float(np.quantile(np.asarray(values), share)) if values else 0.0
