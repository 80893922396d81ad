"""Figures with intervals. Pure functions; every random one takes a seed and repeats bit for bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054  # 97.5 % point of the normal distribution
_RESAMPLES = 2000
_PERMUTATIONS = 10_000
_SEED = 20250204
_BLOCK = 1 << 20  # numbers under way at once, so that thousands of cases stay small in memory

Numbers = Sequence[float] | NDArray[np.float64]
Indices = NDArray[np.intp]
"""Numbers of cases, with repeats."""


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
    low, high = min(p, middle - half), max(p, middle + half)  # rounding aside, they hold p
    return Figure(p, max(0.0, low), min(1.0, high), n)


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
    clusters = len(set(_numbered(groups).tolist())) if groups is not None else len(values)
    if all(value in (0.0, 1.0) for value in values):
        if clusters == len(values):
            return proportion(int(sum(values)), len(values))
        if len(set(values)) == 1:  # resampling shows no spread; that is not certainty
            around = proportion(int(values[0]) * clusters, clusters)
            return replace(around, n=len(values))
    low, high = np.percentile(resampled_means(values, groups), [2.5, 97.5])
    return Figure(math.fsum(values) / len(values), float(low), float(high), len(values))


def resampled_means(
    values: Sequence[float], groups: Sequence[Hashable] | None = None, seed: int = _SEED
) -> NDArray[np.float64]:
    """Means of bootstrap samples (Efron 1979), shape [2000]; of whole groups where given."""
    own = _numbered(groups) if groups is not None else np.arange(len(values))
    totals = np.bincount(own, weights=np.asarray(values, dtype=np.float64))
    sizes = np.bincount(own)
    even = sizes.min() == sizes.max()
    drawn = _draws(len(totals), seed)
    means = np.empty(_RESAMPLES)
    step = max(1, _BLOCK // len(totals))
    for at in range(0, _RESAMPLES, step):
        some = drawn[at : at + step]
        n = len(totals) * sizes[0] if even else sizes[some].sum(axis=1)
        means[at : at + step] = totals[some].sum(axis=1) / n
    return means


def _numbered(groups: Sequence[Hashable]) -> Indices:
    """The number of each case's group, by first appearance.

    One group alone tells nothing of how groups differ: then each case stands for itself.
    """
    names = {group: n for n, group in enumerate(dict.fromkeys(groups))}
    if len(names) == 1:
        return np.arange(len(groups))
    return np.array([names[group] for group in groups], dtype=np.intp)


@lru_cache(maxsize=4)  # measures over as many cases share one draw
def _draws(n: int, seed: int) -> NDArray[Any]:
    """Bootstrap samples of n things, shape [2000, n]."""
    kind = np.uint16 if n < 1 << 16 else np.uint32
    drawn: NDArray[Any] = np.random.default_rng(seed).integers(0, n, (_RESAMPLES, n), dtype=kind)
    drawn.flags.writeable = False  # it is shared
    return drawn


def bootstrap(
    statistic: Callable[[Indices], float],
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
    own = _numbered(groups) if groups is not None else np.arange(n)
    order, sizes = np.argsort(own, kind="stable"), np.bincount(own)
    starts = np.cumsum(sizes) - sizes
    values = np.empty(_RESAMPLES)
    for at, drawn in enumerate(_draws(len(sizes), seed)):
        values[at] = statistic(order[_runs(starts[drawn], sizes[drawn])])
    low, high = np.percentile(values, [2.5, 97.5])
    value = float(statistic(np.arange(n)))
    # Of a biased statistic, such as a calibration error, all resamples may lie to one side.
    return Figure(value, min(float(low), value), max(float(high), value), n)


def _runs(starts: Indices, sizes: Indices) -> Indices:
    """The numbers from each start on, as many as its size says, one run after the other."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(sizes.sum())


def permutation_p(
    differences: Sequence[float],
    groups: Sequence[Hashable] | None = None,
    seed: int = _SEED,
) -> float:
    """Two-sided p of a paired permutation test on the mean difference (Fisher 1935).

    Signs are flipped at random 10,000 times, a whole group's together; with the observed sum
    counted, p is never 0.
    """
    own = _numbered(groups) if groups is not None else np.arange(len(differences))
    values = np.bincount(own, weights=np.asarray(differences, dtype=np.float64))
    values = values[values != 0]  # a sign changes nothing there
    if not len(values):
        return 1.0
    observed, extreme = abs(values.sum()), 0
    rng, step = np.random.default_rng(seed), max(1, _BLOCK // len(values))
    for at in range(0, _PERMUTATIONS, step):
        rows = min(step, _PERMUTATIONS - at)
        flipped = rng.integers(0, 2, (rows, len(values)), dtype=np.uint8).astype(bool)
        sums = np.where(flipped, -values, values).sum(axis=1)
        extreme += int((np.abs(sums) >= observed - 1e-12).sum())
    return (extreme + 1) / (_PERMUTATIONS + 1)


def calibration_error(confidences: Numbers, right: Numbers, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al. 2015), 0 to 1."""
    sure, hit = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(sure):
        return 0.0
    own = np.minimum((sure * bins).astype(np.intp), bins - 1)
    return float(np.abs(np.bincount(own, weights=sure - hit)).sum() / len(sure))


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


def risk_coverage(confidences: Numbers, right: Numbers) -> list[tuple[float, float]]:
    """(coverage, risk) as more and more answers are given, the surest first.

    Answers of equal confidence come together, so that their order does not matter
    (El-Yaniv and Wiener 2010).
    """
    given, wrong = _surest_first(confidences, right)
    return [(float(n / given[-1]), float(w / n)) for n, w in zip(given, wrong, strict=True)]


def area_under_risk_coverage(confidences: Numbers, right: Numbers) -> float:
    """Mean risk over all coverages, 0 to 1; lower is better. 0.0 where there is nothing."""
    given, wrong = _surest_first(confidences, right)
    if not len(given):
        return 0.0
    return float((np.diff(given, prepend=0) * wrong / given).sum() / given[-1])


def _surest_first(confidences: Numbers, right: Numbers) -> tuple[Indices, Indices]:
    """At each confidence, the surest first: answers given down to it, and how many are wrong."""
    sure = np.asarray(confidences, dtype=np.float64)
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~np.asarray(right, dtype=bool)[order])
    last = np.flatnonzero(np.diff(sure[order], append=-1.0))
    return last + 1, wrong[last]


def balanced_accuracy(wanted: Numbers, done: Numbers) -> float:
    """Mean of the share of the wanted that were done and of the unwanted that were not.

    Where all are of one kind: the share of that kind alone.
    """
    want, did = np.asarray(wanted, dtype=bool), np.asarray(done, dtype=bool)
    rates = [float(part.mean()) for part in (did[want], ~did[~want]) if len(part)]
    return sum(rates) / len(rates)


def quantile(values: Numbers, share: float) -> float:
    """The value below which a share of the values lies, interpolated; 0.0 where there are none."""
    if not len(values):
        return 0.0
    place = share * (len(values) - 1)
    below = min(int(place), max(len(values) - 2, 0))
    above = min(below + 1, len(values) - 1)
    parted = np.partition(np.asarray(values, dtype=np.float64), (below, above))
    return float(parted[below] + (place - below) * (parted[above] - parted[below]))
