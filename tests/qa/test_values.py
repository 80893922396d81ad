"""Values: numbers, dates and names as news write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quantity import Length, Quantity, length_in, quantity_in
from qa.units import _CODES, _MEASURES, _MONEY, dimension
from qa.values import clock_in, date_in, dates_in, is_period, name_words


@pytest.mark.parametrize("before", ["", "Swiss ", "U.S. ", "square ", "South Korean "])
def test_every_unit_is_read_in_any_case(before: str) -> None:
    for name in (*_MONEY, *_MEASURES, *_CODES):
        for written in {name, name.upper(), name.title()}:
            for text in (f"5 {before}{written}", f"{written} 5", f"5{written}"):
                found = quantity_in(text)
                assert not found or found.dimension == dimension(found.unit)
    told = {unit for unit in (*_MONEY.values(), *_MEASURES.values()) if not dimension(unit)}
    assert told == {"pound"}  # of money or of weight


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
        ("one million two hundred and thirty-five thousand", 1_235_000, ""),
        ("five and six of them", 5, ""),
        ("$1.3 billion", 1.3e9, "$"),
        ("1.3 billion dollars", 1.3e9, "$"),
        ("25 percent", 25, "%"),
        ("25%", 25, "%"),
        ("€2.5 million", 2.5e6, "€"),
        ("$1.3m", 1.3e6, "$"),
        ("$1.3bn", 1.3e9, "$"),
        ("£350k", 350_000, "£"),
        ("5m euros", 5e6, "€"),
        ("10 million pounds", 1e7, "pound"),
        ("10 million British pounds", 1e7, "£"),
        ("12 won seats", 12, ""),
        ("500 South Korean won", 500, "₩"),
        ("60 miles an hour", 60, "mph"),
        ("US$5 million", 5e6, "$"),
        ("C$5 million", 5e6, "C$"),
        ("CHF 90 million", 9e7, "swiss franc"),
        ("90 million Swiss francs", 9e7, "swiss franc"),
        ("90 million SEK", 9e7, "swedish krona"),
        ("10 million Swedish kronor", 1e7, "swedish krona"),
        ("300 Egyptian pounds", 300, "egyptian pound"),
        ("60,000 South African rand", 60_000, "rand"),
        ("12 U.S. dollars", 12, "$"),
        ("40 megawatt-hours", 40, "megawatt-hour"),
        ("104 degrees Fahrenheit", 104, "°F"),
        ("500 square miles", 500, "square mile"),
        ("all 5 of them", 5, ""),
        ("no jobs", 0, ""),
        ("a million", 1e6, ""),
        ("half a million", 5e5, ""),
        ("half a dozen", 6, ""),
        ("two and a half million", 2.5e6, ""),
        ("no one was hurt", 0, ""),
        ("one person", 1, ""),
        ("five percent", 5, "%"),
        ("3,141 and 17 others", 3141, ""),
    ],
)
def test_numbers(text: str, number: float, unit: str) -> None:
    found = quantity_in(text)
    assert found
    assert found[:3] == (pytest.approx(number), pytest.approx(number), unit)


def test_text_without_a_number() -> None:
    for text in ("hundreds of troops on the border", "one in five", "two-thirds", "3/4 of them"):
        assert quantity_in(text) is None


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("5,000 to 6,000", 5000, 6000),
        ("5 to 6 million", 5e6, 6e6),
        ("between 5 and 6 people", 5, 6),
        ("5-6 percent", 5, 6),
        ("$1.5-2bn", 1.5e9, 2e9),
        ("500,000 to 1 million", 5e5, 1e6),
        ("50 to one hundred", 50, 100),
        ("500 to 1 million", 500, 1e6),
        ("one to two dozen", 12, 24),
        ("between two and three", 2, 3),
    ],
)
def test_ranges(text: str, least: float, most: float) -> None:
    found = quantity_in(text)
    assert found and (found.least, found.most) == (least, most)


def test_money_may_lack_its_currency_and_a_share_its_sign_may_not() -> None:
    def same(a: str, b: str) -> bool:
        first, second = quantity_in(a), quantity_in(b)
        return bool(first and second and first.same(second))

    assert same("5 million euros", "€5 million") and same("5 million", "$5 million")
    assert not same("5 million euros", "$5 million")
    assert not same("C$5 million", "$5 million")
    assert not same("5%", "5")
    assert not same("5,000 to 6,000", "5,000 to 10,000")


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


@pytest.mark.parametrize(
    "text", ["President Claudia Sheinbaum", "Claudia Sheinbaum’s", "claudia sheinbaum"]
)
def test_names_without_titles(text: str) -> None:
    assert name_words(text) == ("claudia", "sheinbaum")


def test_a_title_alone_and_short_names_of_countries() -> None:
    assert name_words("the president") == name_words("The president") == ("president",)
    assert name_words("U.S.") == name_words("the United States") == ("us",)
    assert name_words("$2.5 million") == ("2.5", "million")
    assert name_words("45,000") == name_words("45000")


def test_accents_do_not_matter() -> None:
    assert name_words("Ciudad Juárez") == name_words("Ciudad Juarez")


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    quantity_in(text)
    length_in(text)
    clock_in(text)
    dates_in(text, PUBLISHED)
    name_words(text)


@given(st.integers(0, 10**12))
def test_digits_with_separators_are_one_number(n: int) -> None:
    assert quantity_in(f"{n:,}") == quantity_in(str(n)) == Quantity(n, n, "")
