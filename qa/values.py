"""Values in text, and when two of them are the same.

"1,949", "1949 troops" and "at least 1,949" are one value; "Tuesday" in an article of February
5, 2025 is February 4; "Sheinbaum" is "Claudia Sheinbaum".
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
           "trillion": 10**12, "bn": 10**9, "dozen": 12}  # fmt: skip

_WORD_NUMBER = "|".join([*sorted(_SMALL, key=len, reverse=True), r"a\shundred", r"a\sdozen"])
_SCALE = "hundred|thousand|million|billion|trillion|bn|dozen"
_NUMBER = rf"""
    (?<![\w.,]) [$€£¥]? (?: \d{{1,3}}(?:,\d{{3}})+(?:\.\d+)? | \d+(?:\.\d+)?
        | \b(?:{_WORD_NUMBER})(?:[-\s](?:and\s)?(?:{_WORD_NUMBER}|{_SCALE})\b)* )
    (?: [\s-]? (?:{_SCALE})\b )* (?: \s?% | \s?per\s?cent\b )? (?![\w])
"""
NUMBER = re.compile(_NUMBER, re.IGNORECASE | re.VERBOSE)
"""A number as news write it: digits with separators, words, a scale, money, a percentage."""

_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}
_LENGTH = re.compile(rf"[\s-]*({'|'.join(_DAYS)})s?\b", re.IGNORECASE)

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
).split()
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAY_NAMES)}
_MONTH = "|".join([*_MONTHS, *(rf"{m[:3]}\b\.?" for m in _MONTHS), r"sept\b\.?"])
_DAY_AFTER = rf"(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
_DAY_BEFORE = rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})(?:,?\s+\d{{4}})?"
_COUNT = rf"(?:\d+|(?:{_WORD_NUMBER})(?:-(?:{_WORD_NUMBER}))*|a)"
_AGO = rf"{_COUNT}\s+(?:days?|weeks?|months?|years?)\s+(?:ago|earlier|later)"
DATE = re.compile(
    rf"""(?ix)
    \b(?: (?:{"|".join(_WEEKDAYS)})(?:,?\s+{_DAY_AFTER})? | {_DAY_AFTER} | {_DAY_BEFORE}
        | (?:{_MONTH})\s+(?:of\s+)?\d{{4}} | \d{{4}}-\d\d-\d\d
        | \d{{1,2}}/\d{{1,2}}/\d{{4}} | {_AGO}
        | yesterday | today | tomorrow | last\s+(?:week|month|year) | in\s+(?:19|20)\d\d
        | in\s+(?:{"|".join(_MONTHS)}) | (?:19|20)\d\d )(?!\w)
    """
)
"""A date or weekday as news write it, with or without its year."""


def number_in(text: str) -> tuple[float, str] | None:
    """The first number in a text and its unit: "%", "$" or another currency's sign, or ""."""
    match = NUMBER.search(text)
    if not match:
        return None
    found = match.group().casefold()
    unit = "%" if found.endswith("%") or re.search(r"per\s?cent$", found) else ""
    if money := re.match(r"[$€£¥]", found):
        unit = money.group()
    elif re.match(r"\s+dollars", text[match.end() :]):
        unit = "$"
    return _number(re.sub(r"per\s?cent$|[%$€£¥]", "", found)), unit


def _number(text: str) -> float:
    total, current = 0.0, 0.0
    for word in re.findall(r"[\d.,]+|[a-z]+", text):
        if word[0].isdigit():
            current += float(word.replace(",", "").rstrip("."))
        elif word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
    return total + current


def days_in(text: str) -> float | None:
    """The length of time that a text names, in days; a month is 30 of them."""
    if match := re.match(rf"(?:an?|one)(?:{_LENGTH.pattern})", text.strip(), re.IGNORECASE):
        return float(_DAYS[match.group(1).casefold()])
    number = NUMBER.search(text)
    length = _LENGTH.match(text, number.end()) if number else None
    if not number or not length:
        return None
    return _number(number.group().casefold()) * _DAYS[length.group(1).casefold()]


def date_in(text: str, published: datetime | None) -> date | None:
    """The day a text names, or None where that cannot be told.

    A weekday (the last one), "yesterday" and a day without its year are taken from the
    article's date.
    """
    match = DATE.search(text)
    if not match or re.search(r"(?i)\b(?:next|coming|before|after)\s*$", text[: match.start()]):
        return None
    found = match.group().casefold()
    try:
        return _calendar_day(found, published) or (
            _relative_day(found, published.date()) if published else None
        )
    except OverflowError:
        return None


def _relative_day(text: str, today: date) -> date | None:
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    if text in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS[text]) % 7)
    if ago := re.fullmatch(r"(.+?)\s+(day|week)s?\s+(ago|earlier)", text):
        count = _number("one" if ago.group(1) == "a" else ago.group(1))
        return today - timedelta(days=int(count) * (7 if ago.group(2) == "week" else 1))
    return None


_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}


def _calendar_day(text: str, published: datetime | None) -> date | None:
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _day(*(int(part) for part in iso.groups()))
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return _slashed_day(*(int(part) for part in slashed.groups()))
    month = re.search(rf"(?:{_MONTH})", text)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?!\d)", text)
    if not month or not day:
        return None
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    number = next(n for name, n in _MONTHS.items() if name[:3] == month.group()[:3])
    if year:
        return _day(int(year.group()), number, int(day.group(1)))
    return _nearest_year(number, int(day.group(1)), published) if published else None


def _slashed_day(first: int, second: int, year: int) -> date | None:
    """Month first or day first, as only one of them can be; None where both can."""
    days = {_day(year, first, second), _day(year, second, first)} - {None}
    return days.pop() if len(days) == 1 else None


def _nearest_year(month: int, day: int, published: datetime) -> date | None:
    """The day in the year that brings it nearest to the article."""
    days = [_day(published.year + step, month, day) for step in (-1, 0, 1)]
    known = [d for d in days if d]
    return min(known, key=lambda d: abs(d - published.date())) if known else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_TITLES = re.compile(
    r"(?i)^(?:the|a|an|mr|mrs|ms|dr|president|prime minister|premier|minister|secretary|gov|sen"
    r"|gen|lt|col|capt|sir)\b\.?\s*"
)


def name_words(text: str) -> tuple[str, ...]:
    """A name's words without articles and titles, in lower case and without accents."""
    import unicodedata

    while (bare := _TITLES.sub("", text)) != text:
        text = bare
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(re.findall(r"\w+", re.sub(r"['’]s\b", "", plain).casefold()))
