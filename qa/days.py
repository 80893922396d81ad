"""Which days a date means: "Tuesday" in an article of February 5, 2025 is February 4."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from qa.dates import COUNT, DATE, MONTH, MONTHS, NO_DAY, NO_DAY_BEHIND, WEEKDAYS, month_number
from qa.quantity import number
from qa.tense import has_happened, is_to_come

Days = tuple[date, date]
"""The first and last day of some time."""

_WEEK = timedelta(days=7)
_AHEAD, _FAR_AHEAD = timedelta(days=60), timedelta(days=730)
_NEAR = {"yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0,
         "this afternoon": 0, "this evening": 0, "tomorrow": 1}  # fmt: skip
_MONTH_NAME = re.compile(rf"\b(?:{'|'.join(name.title() for name in MONTHS)})\b")
_STEPS = {"last": -1, "this": 0, "next": 1}
_FAR_BACK = 10_000  # weeks
_FEW_DAYS = timedelta(days=3)
_ABOUT = re.compile(rf"({'|'.join(_STEPS)})\s+(week|month|year)|({COUNT})\s+weeks\s+ago")
_BACK = re.compile(rf"({COUNT})\s+(month|year)s?\s+ago")
_MONTH_ALONE = re.compile(rf"(?:in )?({MONTH.pattern})(?:,? (?:of )?(\d{{4}}))?")
_ORDINALS = "first second third fourth".split()
_ORDINAL = re.compile(
    rf"(?i)\b({'|'.join(_ORDINALS)}|last) ({'|'.join(WEEKDAYS)}) (?:of|in) ({MONTH.pattern})"
    r"(?:,? (?:of )?(\d{4}))?"
)


def date_in(text: str, published: datetime | None, sentence: str = "") -> date | None:
    """The day a text names, or None where that cannot be told.

    A weekday (the last one), "yesterday" and a day without its year are taken from the
    article's date.

    Args:
        text: With the day.
        published: When it was written.
        sentence: Around it. What it tells as past ("collapsed on March 26") is no day that is
            more than two months ahead.
    """
    if ordinal := _ORDINAL.search(text):
        return _ordinal_day(ordinal, published)
    match = _named(text)
    if not match:
        return None
    found = match.group().casefold()
    past = has_happened(sentence[: max(0, sentence.find(text))])
    ahead = _AHEAD if past and not is_to_come(sentence) else _FAR_AHEAD
    try:
        if day := _calendar_day(found, published, ahead):
            return day
        return _weekday_or_near(found, text, match, published.date()) if published else None
    except OverflowError:
        return None


def _ordinal_day(match: re.Match[str], published: datetime | None) -> date | None:
    """The day of "the first Monday of March", in the article's year where none is named."""
    which, weekday, month, year = match.groups()
    if not (year or published):
        return None
    days = _days_of(int(year) if year else published.year if published else 0, month_number(month))
    if days is None:
        return None
    first, last = days
    if which.casefold() == "last":
        return last - timedelta((last.weekday() - WEEKDAYS[weekday.casefold()]) % 7)
    first += timedelta((WEEKDAYS[weekday.casefold()] - first.weekday()) % 7)
    return first + _ORDINALS.index(which.casefold()) * _WEEK


def dates_in(text: str, published: datetime | None, sentence: str = "") -> Days | None:
    """The first and last day of the time a text names: a day, week, month, or year.

    Args:
        text: With the time.
        published: When it was written.
        sentence: Around it, as for `date_in`.
    """
    if day := date_in(text, published, sentence):
        return day, day
    match = _named(text)
    if not match:
        return None
    found = match.group().casefold()
    for pattern, days in ((_ABOUT, _about), (_BACK, _back)):
        if told := pattern.fullmatch(found):
            return days(told, published.date()) if published else None
    month = _MONTH_ALONE.fullmatch(found)
    if month:
        which = month_number(month.group(1))
        if month.group(2):
            return _days_of(int(month.group(2)), which)
        return _days_of(published.year - (which > published.month), which) if published else None
    year = re.fullmatch(r"(?:in )?(\d{4})", found)
    return _days_of(int(year.group(1))) if year else None


def _named(text: str) -> re.Match[str] | None:
    match = DATE.search(text) or _MONTH_NAME.search(text)
    if not match:
        return None
    if _ABOUT.fullmatch(match.group().casefold()):  # "this year on February 4"
        match = DATE.search(text, match.end()) or match
    before = text[: match.start()]
    if re.search(r"(?i)\b(?:next|coming|before|after)\s*$", before):
        return None
    # "Every Tuesday", "Good Friday", and "a Friday in 2019" are no day of this week.
    other = NO_DAY.search(before) or NO_DAY_BEHIND.match(text[match.end() :])
    return None if other and match.group().casefold() in WEEKDAYS else match


def _calendar_day(text: str, published: datetime | None, ahead: timedelta) -> date | None:
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _day(*(int(part) for part in iso.groups()))
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return _slashed_day(*(int(part) for part in slashed.groups()))
    month = MONTH.search(text)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?!\d)", text)
    if not month or not day:
        return None
    year = re.search(r"\b(?:1\d|20)\d\d\b", text)
    which = month_number(month.group())
    if year:
        return _day(int(year.group()), which, int(day.group(1)))
    return _nearest_year(which, int(day.group(1)), published, ahead) if published else None


def _slashed_day(first: int, second: int, year: int) -> date | None:
    """Month first or day first, as only one of them can be; None where both can."""
    days = {_day(year, first, second), _day(year, second, first)} - {None}
    return days.pop() if len(days) == 1 else None


def _nearest_year(month: int, day: int, published: datetime, ahead: timedelta) -> date | None:
    """The day in the year that brings it nearest to the article, and not too far ahead of it."""
    today = published.date()
    days = [_day(published.year + step, month, day) for step in (-1, 0, 1)]
    known = [d for d in days if d and d - today <= ahead]
    return min(known, key=lambda d: abs(d - today)) if known else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday_or_near(found: str, text: str, match: re.Match[str], today: date) -> date | None:
    day = _relative_day(found, today)
    if not day or found not in WEEKDAYS:
        return day
    week = re.match(r"(?i)\s+(?:of\s+)?(last|next)\s+week\b", text[match.end() :])
    week = week or re.search(r"(?i)\b(last|next)\s+week['’]s\s+$", text[: match.start()])
    if week:
        step = _STEPS[week.group(1).casefold()] * _WEEK
        return today - timedelta(today.weekday() - WEEKDAYS[found]) + step
    # On a Wednesday, last Wednesday is not that day.
    last = day == today and re.search(r"(?i)\blast\s+$", text[: match.start()])
    return day - _WEEK if last else day


def _relative_day(text: str, today: date) -> date | None:
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    if text in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS[text]) % 7)
    if ago := re.fullmatch(r"(.+?)\s+(day|week)s?\s+ago", text):
        count = number("one" if ago.group(1) in ("a", "an") else ago.group(1))
        if ago.group(2) == "day":
            return today - timedelta(days=int(count))
        return today - _WEEK if count == 1 else None  # "three weeks ago" is no day
    return None


def _about(match: re.Match[str], today: date) -> Days | None:
    """The days of "this week" or "next month"; of "three weeks ago" those around."""
    which, span, weeks = match.groups()
    step = _STEPS.get(which, 0)
    try:
        if weeks:
            day = today - int(min(number(weeks), _FAR_BACK)) * _WEEK
            return day - _FEW_DAYS, day + _FEW_DAYS
        if span == "week":
            monday = today - timedelta(today.weekday()) + step * _WEEK
            return monday, monday + timedelta(6)
    except OverflowError:
        return None
    if span == "year":
        return _days_of(today.year + step)
    months = today.year * 12 + today.month - 1 + step
    return _days_of(months // 12, months % 12 + 1)


def _back(match: re.Match[str], today: date) -> Days | None:
    counted = 1.0 if match.group(1) in ("a", "an") else number(match.group(1))
    count = int(min(counted, 12.0 * date.max.year))  # digits may run beyond any calendar
    if match.group(2) == "year":
        return _days_of(today.year - count)
    months = today.year * 12 + today.month - 1 - count
    return _days_of(months // 12, months % 12 + 1)


def _days_of(year: int, month: int = 0) -> Days | None:
    """A month's first and last day, or a year's."""
    if not date.min.year <= year <= date.max.year:
        return None
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def within(days: Days, others: Days) -> bool:
    """A month holds its days: what is told less exactly is not told otherwise."""
    return others[0] <= days[0] and days[1] <= others[1]
