"""Values: numbers, dates and names as news write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.values import date_in, days_in, name_words, number_in


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1,949 troops", 1949, ""),
        ("at least 1,650", 1650, ""),
        ("ten thousand soldiers", 10_000, ""),
        ("twenty-seven ladders", 27, ""),
        ("a hundred people", 100, ""),
        ("two dozen", 24, ""),
        ("three hundred and five", 305, ""),
        ("$1.3 billion", 1.3e9, "$"),
        ("1.3 billion dollars", 1.3e9, "$"),
        ("25 percent", 25, "%"),
        ("25%", 25, "%"),
        ("€2.5 million", 2.5e6, "€"),
    ],
)
def test_numbers(text: str, number: float, unit: str) -> None:
    assert number_in(text) == (pytest.approx(number), unit)


def test_text_without_a_number() -> None:
    assert number_in("hundreds of troops on the border") is None


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
        ("2025-02-04", date(2025, 2, 4)),
    ],
)
def test_days_are_resolved_against_the_article(text: str, day: date) -> None:
    assert date_in(text, PUBLISHED) == day


@pytest.mark.parametrize(
    ("text", "days"), [("30 days", 30), ("a month", 30), ("two weeks", 14), ("14 months", 420)]
)
def test_lengths_of_time(text: str, days: float) -> None:
    assert days_in(text) == days
    assert days_in("no length") is None


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


@pytest.mark.parametrize(
    "text", ["President Claudia Sheinbaum", "Claudia Sheinbaum’s", "claudia sheinbaum"]
)
def test_names_without_titles(text: str) -> None:
    assert name_words(text) == ("claudia", "sheinbaum")


def test_accents_do_not_matter() -> None:
    assert name_words("Ciudad Juárez") == name_words("Ciudad Juarez")


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    number_in(text)
    date_in(text, PUBLISHED)
    name_words(text)


@given(st.integers(0, 10**12))
def test_digits_with_separators_are_one_number(n: int) -> None:
    assert number_in(f"{n:,}") == number_in(str(n)) == (n, "")
