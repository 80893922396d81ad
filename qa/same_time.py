"""When two spans name one time."""

from __future__ import annotations

import re
from datetime import date, timedelta

from qa.cite import quote_around
from qa.dates import (
    CLOCK,
    HALF_A_DAY,
    MONTH,
    ZONE,
    clock_in,
    is_period,
    is_relative,
    is_weekday,
    other_years,
    period_words,
    spoken_clock_in,
    zone_in,
)
from qa.days import Days, dates_in, within
from qa.names import name_words
from qa.read import Span
from qa.same_name import same_words
from qa.tense import is_past, is_to_come

# A time's parts, and what news call the same: "early Tuesday" is Tuesday morning.
_PARTS_OF_TIME = (
    {
        word: word
        for word in "early mid late spring summer autumn fall winter since until earlier later "
        "first second third fourth half".split()
    }
    | {"q1": "first", "q2": "second", "q3": "third", "q4": "fourth"}
    | dict.fromkeys(("morning", "beginning", "start"), "early")
    | dict.fromkeys(("evening", "night", "end"), "late")
)
_LIMIT = r"(?i)\b(?:(until|till|through|by)|from|since|starting|beginning)(?: on)?\s+"
_LIMITED, _LIMIT_BEFORE = re.compile(_LIMIT), re.compile(rf"{_LIMIT}$")
_SIDE = re.compile(r"(?i)\b(before|after)\b")
_MONTH, _OF_A_YEAR, _A_QUARTER = 27, 360, 0.3  # days, and a share of a year
_SEASONS = {"spring": (3, 6), "summer": (6, 9), "autumn": (9, 12), "fall": (9, 12)}
_PART_OF = tuple(
    (frozenset(words.split()), share) for words, share in (
        ("first half", (0.0, 0.5)), ("second half", (0.5, 1.0)), ("early", (0.0, 0.45)),
        ("mid", (0.25, 0.75)), ("late", (0.5, 1.0)), ("first", (0.0, 0.25)),
        ("second", (0.25, 0.5)), ("third", (0.5, 0.75)), ("fourth", (0.75, 1.0)),
    )
)  # fmt: skip
_A_DAY, _SUMMER_TIME = 24 * 60, 60  # minutes
_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)
_LEAD = 20  # characters before a span that may hold "until"


def same_time(a: Span, b: Span) -> bool:
    """Whether two spans name one time, each by the date of its article."""
    same_clock = _same_clock(a.text, b.text)
    if same_clock is False or _is_another_part(a, b):
        return False
    if is_period(a.text) or is_period(b.text):
        return set(period_words(a.text)) == set(period_words(b.text))
    first, second = _times(a), _times(b)
    if same_clock and not (first and second):  # "7 p.m." and "7pm Tuesday"
        days_of = [ZONE.sub("", CLOCK.sub("", span.text)).strip(" .,") for span in (a, b)]
        return not all(days_of) or same_words(*days_of)
    if first and second:
        some = [_narrowed(days, a.text) for days in first]
        more = [_narrowed(days, b.text) for days in second]
        return any(within(one, other) or within(other, one) for one in some for other in more)
    if not (is_relative(a.text) or is_relative(b.text)):
        return same_words(a.text, b.text)
    days = [span.hit.article.published for span in (a, b)]
    near = not days[0] or not days[1] or abs(days[0] - days[1]) < _WEEK
    return near and name_words(a.text) == name_words(b.text)


def _is_another_part(a: Span, b: Span) -> bool:
    """Whether two times are of different parts of a day or year, or one is before the other."""
    part, other = _parts(a.text), _parts(b.text)
    apart = not (part <= other or other <= part) or "later" in part ^ other
    limits = {_limit(a), _limit(b)} == {"until", "from"}
    return apart or limits or _side(a.text) != _side(b.text)


def _parts(text: str) -> set[str]:
    return {_PARTS_OF_TIME[word] for word in name_words(text) if word in _PARTS_OF_TIME}


def _side(text: str) -> str:
    """On which side of a day a time is: "before March 9"."""
    match = None if CLOCK.search(text) else _SIDE.search(text)
    return match.group(1).casefold() if match else ""


def _narrowed(days: Days, text: str) -> Days:
    """The part of a month or year that a text names: of "early March" its first half."""
    parts, length = _parts(text), (days[1] - days[0]).days
    if length < _MONTH:
        return days
    season = next((_SEASONS[part] for part in parts if part in _SEASONS), None)
    if season and length >= _OF_A_YEAR:
        return days[0].replace(month=season[0]), days[0].replace(month=season[1], day=30)
    share = next((share for words, share in _PART_OF if words <= parts), None)
    if share is None or (share[1] - share[0] < _A_QUARTER and length < _OF_A_YEAR):
        return days
    return days[0] + timedelta(round(length * share[0])), days[0] + timedelta(
        round(length * share[1])
    )


def _same_clock(a: str, b: str) -> bool | None:
    """Whether two texts name one time of day, wherever each is told; None where one names none."""
    first, second = clock_in(a), clock_in(b)
    spoken = spoken_clock_in(a), spoken_clock_in(b)
    if spoken != (None, None):  # of which half of the day, such words do not tell
        one = spoken[0] if first is None else first
        other = spoken[1] if second is None else second
        return None if one is None or other is None else (one - other) % HALF_A_DAY == 0
    if first is None or second is None:
        return None
    zones = zone_in(a), zone_in(b)
    if zones[0] is None or zones[1] is None or zones[0] == zones[1]:
        return first == second
    off = (first - second - 60 * (zones[0] - zones[1])) % _A_DAY
    return min(off, _A_DAY - off) <= _SUMMER_TIME


def _limit(span: Span) -> str:
    """Whether a time is the end of something, by the word before it, or its beginning."""
    before = span.hit.article.body[max(0, span.start - _LEAD) : span.start]
    said = _LIMIT_BEFORE.search(before) or _LIMITED.match(span.text)
    return "" if not said else "until" if said.group(1) else "from"


def _times(span: Span) -> list[Days]:
    """The days that a span can mean: of what is still to come, the next Friday or March too."""
    published, text = span.hit.article.published, span.text
    if not published and is_weekday(text):  # its own text may tell which it was
        dated = re.search(rf"{text}, [A-Z][a-z]+\.? \d{{1,2}}, \d{{4}}", span.hit.article.body)
        text = dated.group() if dated else text
    if not dates_in(text, published):
        return []
    start, end = quote_around(span.hit.article, span.start, span.end)
    sentence = span.hit.article.body[start:end]
    found = dates_in(text, published, sentence)
    if not found:
        return []
    # "In 2021, rioters stormed it on January 6."
    years = other_years(sentence, text) if MONTH.search(text) else []
    named = [days for year in years if (days := dates_in(f"{text}, {year}", None))]
    if named or not published or max(found[1], published.date()) > date.max - _YEAR:
        return [found, *named]
    if is_past(sentence, span.text) and not is_to_come(sentence):
        return [found]
    if is_weekday(span.text):
        return [found, (found[0] + _WEEK, found[1] + _WEEK)]
    # A month without its year was taken for the last one; with its year it is the same again.
    past = found[1] < published.date() and MONTH.search(span.text)
    later = dates_in(span.text, published + _YEAR) if past else None
    return [found, later] if later else [found]
