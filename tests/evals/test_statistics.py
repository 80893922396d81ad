"""Figures: known values, coverage of the intervals, and the same again bit for bit."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import statistics


def test_wilson_by_hand() -> None:
    # Newcombe (1998), table I: 81 of 263 and 0 of 20
    for successes, n, low, high in ((81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611)):
        figure = statistics.proportion(successes, n)
        assert figure.low == pytest.approx(low, abs=1e-4)
        assert figure.high == pytest.approx(high, abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_an_interval_holds_its_value_and_repeats(values: list[float]) -> None:
    figure = statistics.mean(values)
    assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9
    assert figure == statistics.mean(values)
    assert figure.n == len(values)


def test_shared_articles_widen_the_interval() -> None:
    values = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0] * 5
    alone = statistics.mean(values)
    groups = [n // 8 * 2 + (n % 8 >= 4) for n in range(len(values))]
    shared = statistics.mean(values, groups)
    assert shared.high - shared.low > alone.high - alone.low


def test_what_never_failed_is_not_certain() -> None:
    alone = statistics.mean([1.0] * 20)
    shared = statistics.mean([1.0] * 20, [n // 2 for n in range(20)])
    assert alone.low == statistics.proportion(20, 20).low < 1
    assert (shared.low, shared.high, shared.n) == (statistics.proportion(10, 10).low, 1.0, 20)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values: list[float], share: float) -> None:
    assert statistics.quantile(values, share) == pytest.approx(np.quantile(values, share))


def test_groups_of_any_size_are_resampled_whole() -> None:
    groups, seen = ["a", "b", "a", "c", "b", "a"], []

    def whole(some: statistics.Indices) -> float:
        counts = np.bincount(some, minlength=6)
        seen.append(counts)
        assert counts[0] == counts[2] == counts[5] and counts[1] == counts[4]
        return float(len(some))

    figure = statistics.bootstrap(whole, 6, groups)
    assert figure.value == 6 and figure.low >= 3 and figure.high <= 9
    assert len({tuple(counts) for counts in seen}) > 5


def test_one_group_alone_is_resampled_by_case() -> None:
    values = [0.2, 0.4, 0.9, 0.6]
    assert statistics.mean(values, ["a"] * 4) == statistics.mean(values)
    assert statistics.mean([0.0, 1.0], ["a"] * 2) == statistics.proportion(1, 2)


def test_balanced_accuracy_by_hand() -> None:
    wanted = [True, True, True, False]
    assert statistics.balanced_accuracy(wanted, [True, False, False, False]) == (1 / 3 + 1) / 2
    assert statistics.balanced_accuracy([True, True], [True, False]) == 0.5


def test_the_bootstrap_covers_the_truth_about_95_times_of_100() -> None:
    seed = random.Random(3)
    covered = 0
    for _ in range(100):
        sample = [seed.betavariate(2, 3) for _ in range(40)]
        figure = statistics.mean(sample)
        covered += figure.low <= 0.4 <= figure.high
    assert 86 <= covered <= 100


def test_no_values_are_an_error_and_not_zero() -> None:
    with pytest.raises(ValueError, match="no values"):
        statistics.mean([])


def test_permutation_test() -> None:
    assert statistics.permutation_p([0.0] * 10) == 1.0
    assert statistics.permutation_p([1.0] * 12) < 0.01
    assert statistics.permutation_p([1.0, -1.0] * 10) == 1.0
    assert statistics.permutation_p([0.3, -0.1, 0.2]) == statistics.permutation_p([0.3, -0.1, 0.2])


def test_calibration_error_by_hand() -> None:
    # bins 0.8-0.9 (accuracy .5, confidence .85) and 0.2-0.3 (accuracy 0, confidence .25)
    error = statistics.calibration_error([0.85, 0.85, 0.25, 0.25], [True, False, False, False])
    assert error == pytest.approx(0.5 * 0.35 + 0.5 * 0.25)
    assert statistics.calibration_error([1.0, 1.0], [True, True]) == 0


def test_risk_coverage_by_hand() -> None:
    points = statistics.risk_coverage([0.9, 0.8, 0.8, 0.1], [True, False, True, False])
    assert points == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    area = statistics.area_under_risk_coverage([0.9, 0.8, 0.8, 0.1], [True, False, True, False])
    assert area == pytest.approx(0.5 / 3 + 0.25 * 0.5)


def test_bootstrap_of_a_joint_statistic() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    figure = statistics.bootstrap(lambda some: max(values[n] for n in some), 4)
    assert figure == statistics.bootstrap(lambda some: max(values[n] for n in some), 4)
    assert figure.value == 4.0 and figure.low >= 1.0 and figure.high == 4.0
