"""Lengths of time in text, and when two are the same: "12 months" are "a year"."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.quantity import NUMBER, PART, RANGE, bound_in, number
from qa.units import MONTHS_IN, SECONDS_IN, TIME

_LENGTH = re.compile(rf"[\s-]*({TIME})s?\b(\s+and\s+a\s+half\b)?", re.IGNORECASE)
_HALF = rf"\bhalf\s+an?(?=\s+(?:{TIME}))"
_COUNTED = re.compile(rf"{_HALF}|{NUMBER.pattern}|\b(?:an?)(?=\s)", re.IGNORECASE | re.VERBOSE)
_LONGEST_PART = 40  # characters
_DAYS_A_MONTH = 365.25 / 12
_NEARLY = 0.02


class Length(NamedTuple):
    """A length of time: months, and seconds besides. A year is twelve months."""

    months: float
    seconds: float

    def same(self, other: Length) -> bool:
        """Whether both are one length: 30 days are a month, 100 days are not 101."""
        if self == other:
            return True
        if bool(self.months) == bool(other.months):
            return False
        days = [
            one.months * _DAYS_A_MONTH + one.seconds / SECONDS_IN["day"] for one in (self, other)
        ]
        return abs(days[0] - days[1]) <= _NEARLY * max(days)


def length_in(text: str) -> Length | None:
    """The length of time that a text names, its parts added up; None of a range."""
    months, seconds, found = 0.0, 0.0, False
    bare = -1  # where a number without a unit ends
    for piece in _COUNTED.finditer(text):
        before = max(0, piece.start() - _LONGEST_PART)
        if PART.search(text[before : piece.start()]):  # "a quarter of an hour"
            return None
        unit = _LENGTH.match(text, piece.end())
        if not unit:
            bare = piece.end()
            continue
        if bare >= 0 and RANGE.fullmatch(text, bare, piece.start()):
            return None
        counted = piece.group().casefold()
        count = number(counted) or float(counted in ("a", "an"))
        count += 0.5 * bool(unit.group(2))
        name, found = unit.group(1).casefold(), True
        months += count * MONTHS_IN.get(name, 0)
        seconds += count * SECONDS_IN.get(name, 0)
    return Length(months, seconds) if found else None


def counts_time(text: str) -> bool:
    """Whether a text's first figure is of a unit of time: "18 months", not "$500 a month"."""
    match = NUMBER.search(text)
    return bool(match and _LENGTH.match(text, match.end()))


def length_bound_in(text: str) -> str:
    """How a text bounds its length of time, "a year" among them: "<", ">", or ""."""
    for piece in _COUNTED.finditer(text):
        if _LENGTH.match(text, piece.end()):
            return bound_in(text[: piece.start()])
    return ""
