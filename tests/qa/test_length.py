"""Lengths of time."""

from __future__ import annotations

import pytest

from qa.length import Length, length_in


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 days", Length(0, 30 * 86_400)),
        ("a month", Length(1, 0)),
        ("14 months", Length(14, 0)),
        ("a year and a half", Length(18, 0)),
        ("two and a half years", Length(30, 0)),
        ("a decade", Length(120, 0)),
        ("2 hours and 30 minutes", Length(0, 9000)),
        ("40 seconds", Length(0, 40)),
        ("half an hour", Length(0, 1800)),
        ("half a million years", Length(6_000_000, 0)),
    ],
)
def test_lengths_of_time(text: str, length: Length) -> None:
    assert length_in(text) == length
    assert length_in("no length") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 months", "one year", True),
        ("60 minutes", "an hour", True),
        ("30 days", "a month", True),
        ("365 days", "a year", True),
        ("100 days", "101 days", False),
        ("2 hours and 30 minutes", "2 hours and 5 minutes", False),
        ("a year and a half", "a year", False),
    ],
)
def test_lengths_of_time_that_are_the_same(one: str, other: str, same: bool) -> None:
    first, second = length_in(one), length_in(other)
    assert first and second and first.same(second) is same
