"""Numbers, money, shares and measures as news write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dates import clock_in
from qa.days import dates_in
from qa.length import length_in
from qa.names import name_words
from qa.quantity import Quantity, quantity_in
from qa.units import _CODES, _MEASURES, _MONEY, dimension

PUBLISHED = datetime(2025, 2, 5, 9, tzinfo=UTC)


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
        ("4.1 million", 4_100_000, ""),
        ("5 C-130s", 5, ""),
        ("5 in June", 5, ""),
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


@given(st.integers(0, 10**12))
def test_digits_with_separators_are_one_number(n: int) -> None:
    assert quantity_in(f"{n:,}") == quantity_in(str(n)) == Quantity(n, n, "")


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    quantity_in(text)
    length_in(text)
    clock_in(text)
    dates_in(text, PUBLISHED)
    name_words(text)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("70 mph", "112 km/h", True),
        ("70 mph", "100 km/h", False),
        ("5 to 6 miles", "8 to 9.7 kilometers", True),
        ("5 to 6 miles", "8 to 10 kilometers", False),
        ("100 square miles", "259 square kilometers", True),
        ("10 pounds", "4.5 kilograms", True),
        ("1.2 gigawatts", "1,200 megawatts", True),
        ("100 degrees Fahrenheit", "38 degrees Celsius", True),
        ("100 degrees Fahrenheit", "40 degrees Celsius", False),
        ("10 gallons", "38 liters", False),  # which gallons, the text does not say
        ("5 dollars", "5 miles", False),
        ("0 miles", "0 percent", False),
    ],
)
def test_measures_are_compared_in_one_unit(a: str, b: str, same: bool) -> None:
    first, second = quantity_in(a), quantity_in(b)
    assert first and second and first.same(second) == second.same(first) == same
