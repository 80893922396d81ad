"""Dates, times of day, and which days they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qa.dates import clock_in, is_period
from qa.days import date_in, dates_in

PUBLISHED = datetime(2025, 2, 5, 9, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on Tuesday", date(2025, 2, 4)),
        ("Wednesday", date(2025, 2, 5)),
        ("February 4", date(2025, 2, 4)),
        ("Feb. 4, 2025", date(2025, 2, 4)),
        ("4 February 2024", date(2024, 2, 4)),
        ("December 30", date(2024, 12, 30)),
        ("yesterday", date(2025, 2, 4)),
        ("two days ago", date(2025, 2, 3)),
        ("a week ago", date(2025, 1, 29)),
        ("Monday of last week", date(2025, 1, 27)),
        ("last week's Monday", date(2025, 1, 27)),
        ("Monday next week", date(2025, 2, 10)),
        ("2025-02-04", date(2025, 2, 4)),
    ],
)
def test_days_are_resolved_against_the_article(text: str, day: date) -> None:
    assert date_in(text, PUBLISHED) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last year", date(2024, 1, 1), date(2024, 12, 31)),
        ("two years ago", date(2023, 1, 1), date(2023, 12, 31)),
        ("in March", date(2024, 3, 1), date(2024, 3, 31)),
        ("March 2024", date(2024, 3, 1), date(2024, 3, 31)),
        ("three months ago", date(2024, 11, 1), date(2024, 11, 30)),
        ("in 2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("Tuesday", date(2025, 2, 4), date(2025, 2, 4)),
    ],
)
def test_months_and_years_are_times_too(text: str, first: date, last: date) -> None:
    assert dates_in(text, PUBLISHED) == (first, last)
    assert dates_in("February 31, 2025", PUBLISHED) is None
    assert dates_in(f"{'9' * 400} years ago", PUBLISHED) is None
    assert dates_in("next Tuesday", PUBLISHED) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("7 p.m. Tuesday", 1140), ("9:15 am", 555), ("noon", 720), ("17:30", 1050)],
)
def test_times_of_day(text: str, minutes: int) -> None:
    assert clock_in(text) == minutes
    assert clock_in("Tuesday") is None


def test_last_wednesday_on_a_wednesday_is_a_week_ago() -> None:
    assert date_in("last Wednesday", PUBLISHED) == date(2025, 1, 29)
    assert date_in("last Tuesday", PUBLISHED) == date(2025, 2, 4)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("from 2010 to 2014", True),
        ("2010-2014", True),
        ("January 3 to 5", True),
        ("January 3–5", True),
        ("Monday through Friday", True),
        ("between May and June 2020", True),
        ("2025-02-04", False),
        ("Tuesday night, Feb. 4", False),
        ("until Friday", False),
        ("Tuesday, February 4, 2025", False),
    ],
)
def test_times_from_one_to_another(text: str, period: bool) -> None:
    assert is_period(text) is period


def test_a_day_that_cannot_be_told_is_none() -> None:
    assert date_in("next Tuesday", PUBLISHED) is None
    assert date_in("the day before yesterday", PUBLISHED) is None
    assert date_in("4000000 days ago", PUBLISHED) is None
    assert date_in("twenty-one days ago", PUBLISHED) == date(2025, 1, 15)
    assert date_in("Tuesday", None) is None
    assert date_in("February 31, 2025", PUBLISHED) is None
    assert date_in("they march on", PUBLISHED) is None
    assert date_in("6/7/2020", PUBLISHED) is None  # of June or of July


def test_days_with_slashes_where_only_one_reading_is_a_day() -> None:
    assert date_in("6/19/2020", PUBLISHED) == date_in("19/6/2020", PUBLISHED) == date(2020, 6, 19)
    assert date_in("7/7/2020", PUBLISHED) == date(2020, 7, 7)
    assert date_in("13/13/2020", PUBLISHED) is None
