"""Reading the dates that people and pages write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from urllib.parse import urlsplit

_LONGEST = 60
_EARLIEST_YEAR = 1600
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_IN_PATH = re.compile(
    rf"/(?P<year>(?:19|20)\d\d)(?P<between>[/-])(?P<month>\d\d?|{'|'.join(_MONTHS)})"
    r"(?P=between)(?P<day>\d\d?)(?=/|-|$)"
)


def parse_date(text: str) -> datetime | None:
    """An aware datetime, or None where the text is not a full date.

    A date without a time zone is taken as UTC; one without a year is no date, since guessing
    the year would be inventing it.
    """
    text = _BEHIND.sub("", text.strip())
    if not text or len(text) > _LONGEST or not any(c.isdigit() for c in text):
        return None
    first, second = _parse(text, datetime(2000, 1, 1)), _parse(text, datetime(2004, 2, 2))
    # Whatever the text leaves out is filled in from the default: two defaults that differ in
    # year, month and day show what was not there.
    if first is None or second is None or first.date() != second.date():
        return None
    if first.year < _EARLIEST_YEAR:
        return None
    offset = first.utcoffset()
    return first.replace(tzinfo=UTC if offset is None else timezone(offset))


def day_in_url(url: str) -> datetime | None:
    """The day that the path of an article's URL names, as many newspapers' do.

    Such as ".../2022/06/12/politics/...", ".../2022/jun/12/..." and ".../2022-06-12-...".
    """
    try:
        found = _IN_PATH.search(urlsplit(url).path.casefold())
        if not found:
            return None
        month = found["month"]
        number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
        return datetime(int(found["year"]), number, int(found["day"]), tzinfo=UTC)
    except ValueError:  # no URL, or figures that are no day
        return None


def long_date(moment: date) -> str:
    """A date as it stands in a newspaper: "February 5, 2025"."""
    return f"{moment:%B} {moment.day}, {moment.year}"


def wall_clock(moment: datetime) -> int:
    """Seconds that order moments by the date and time they are written with.

    A reader who asks for February 5 means the articles that say February 5, wherever that was.
    """
    return int(moment.replace(tzinfo=UTC).timestamp())


def _parse(text: str, default: datetime) -> datetime | None:
    from dateutil import parser

    # dateutil takes "GMT+8" for eight hours behind, as POSIX does; who writes it means ahead.
    text = _POINTED.sub(r"\1:\2\3", _BEFORE_OFFSET.sub("", text))
    dotted = bool(_DOTTED.match(text))  # "05.02.2025" is the fifth wherever dots are written
    try:
        return parser.parse(text, default=default, tzinfos=_zone, dayfirst=dotted)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _zone(name: str, offset: int | None) -> tzinfo | None:
    """The zone; a written offset counts before a name: "+0800 (CST)"."""
    from dateutil.tz import gettz

    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name in _PLACES:  # summer or winter time, as it was there on that day
        return gettz(_PLACES[name])
    hours = _ZONES.get(name)
    return None if hours is None else timezone(timedelta(hours=hours))


_BEHIND = re.compile(r"(?<=\d)\s*\([^()]*\)$")  # "+0100 (Central European Standard Time)"
_BEFORE_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?(?=[+-]\d)")
_POINTED = re.compile(r"(?i)\b(\d{1,2})\.(\d\d)\s?([ap])(?=\.?m\b)")  # "11.30pm"
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
           "PT": "America/Los_Angeles"}  # fmt: skip
# Hours ahead of UTC. IST is told in India, Israel and Ireland: that one is not known.
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5, "BRT": -3,
    "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "WAT": 1, "CEST": 2, "EET": 2, "SAST": 2,
    "CAT": 2, "EEST": 3, "MSK": 3, "EAT": 3, "PKT": 5, "WIB": 7, "HKT": 8, "SGT": 8, "PHT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
