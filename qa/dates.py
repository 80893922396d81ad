"""Dates and times of day as news write them.

`qa.days` tells which days they mean.
"""

from __future__ import annotations

import re

from qa.quantity import WORD_NUMBER, number

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
).split()
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAY_NAMES)}
_MONTH = "|".join([*MONTHS, *(rf"{m[:3]}\b\.?" for m in MONTHS), r"sept\b\.?"])
_DAY_AFTER = rf"(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
_DAY_BEFORE = rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})(?:,?\s+\d{{4}})?"
COUNT = rf"(?:(?<![\d.,])\d+(?![.,]\d)|(?:{WORD_NUMBER})(?:-(?:{WORD_NUMBER}))*|an?)"
_NO_NUMBER = r"(?!,?\s+(?:of\s+)?\d)"
_AGO = rf"{COUNT}\s+(?:days?|weeks?|months?|years?)\s+(?:ago|earlier|later)"
DATE = re.compile(
    rf"""
    \b(?: (?:{"|".join(WEEKDAYS)})(?:,?\s+(?:{_DAY_AFTER}|(?:the\s+)?{_DAY_BEFORE}))?
        | {_DAY_AFTER} | {_DAY_BEFORE}
        | (?:{_MONTH}),?\s+(?:of\s+)?\d{{4}} | \d{{4}}-\d\d-\d\d
        | \d{{1,2}}/\d{{1,2}}/\d{{4}} | {_AGO}
        | yesterday | today | tonight | tomorrow | this\s+(?:morning|afternoon|evening)
        | last\s+night | (?:last|this|next)\s+(?:week(?!end)|month|year)(?!\s+of\b)
        | in\s+(?:19|20)\d\d
        | in\s+(?:{"|".join(MONTHS)}){_NO_NUMBER} | (?:19|20)\d\d )(?!\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A date or weekday as news write it, with or without its year."""
MONTH = re.compile(rf"\b(?:{_MONTH})", re.IGNORECASE)
"""A month's name, whole or short."""
CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d\d))?\s*([ap])\.?\s?m\b|\b(\d{1,2}):(\d\d)\b|\b(noon|midday|midnight)\b",
    re.IGNORECASE,
)
"""A time of day."""
_SPOKEN_CLOCK = re.compile(
    rf"(?i)\b(half past|quarter past|quarter to)\s(\d{{1,2}}|{WORD_NUMBER})\b"
)
HALF_A_DAY = 12 * 60  # minutes
_ZONES = {"est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "ct": -6, "mst": -7, "mdt": -6,
          "mt": -7, "pst": -8, "pdt": -7, "pt": -8, "gmt": 0, "utc": 0, "bst": 1, "cet": 1,
          "cest": 2, "ist": 5.5, "jst": 9}  # fmt: skip
ZONE = re.compile(rf"\b({'|'.join(_ZONES).upper()})\b")
"""A time zone, as news write it."""
_RELATIVE = re.compile(
    rf"(?i)\b(?:{'|'.join(WEEKDAYS)}|yesterday|today|tonight|tomorrow|ago|earlier|later"
    rf"|(?:last|next|this|coming)\s+\w+|in\s+(?:{'|'.join(MONTHS)})"
    r"|the\s+(?:end|start|beginning|middle)\s+of\s+(?:the|this)\s+(?:week|month|year)"
    rf"|within\s+\w+\s+(?:days|weeks|months))\b{_NO_NUMBER}"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_A_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b(?!\w|,\d|\.\d)")
_PERIOD = re.compile(
    r"(?i)\bbetween\b|\bfrom\b.+\buntil\b|\w(?<!\bnot)\s+until\s"
    rf"|\w\s*(?:\b(?:to|through)\b|[-–—])\s*(?:\d|(?:{'|'.join(WEEKDAYS)}|{_MONTH}))"
    rf"|\w\s+(?:and|or)\s+(?:{'|'.join(WEEKDAYS)}|{_MONTH})\b"
)
_PARTLY = re.compile(r"(?i)\b(?:mid|early|late)-")
_JOINS = frozenset("from to through between and until".split())
NO_DAY = re.compile(
    r"(?i)\b(?:an?|every|each|following|(?:ago|week) on|two|good|black|cyber|giving|ash|palm"
    r"|easter|bloody|super(?: bowl)?)\s+$"
)
"""What before a weekday makes it no day of this week."""
NO_DAY_BEHIND = re.compile(r"(?i)\s+(?:before last|the \d+(?:st|nd|rd|th)|week\b)")
"""What does so behind it: "Monday before last", "Friday the 13th", "Tuesday week"."""


def month_number(name: str) -> int:
    """A month's number by its name, whole or short."""
    return next(n for full, n in MONTHS.items() if full[:3] == name[:3].casefold())


def is_relative(text: str) -> bool:
    """Whether what a text names depends on when it was written."""
    return bool(_RELATIVE.search(text))


def is_weekday(text: str) -> bool:
    """Whether the time that a text names is a weekday without its date."""
    match = DATE.search(text)
    return match is not None and match.group().casefold() in WEEKDAYS


def is_period(text: str) -> bool:
    """Whether a text names a time from one to another: "January 3 to 5", "2010-2014"."""
    return bool(_PERIOD.search(_PARTLY.sub("", _ISO.sub("", text))))


def period_words(text: str) -> list[str]:
    """What a period's ends are called, months and weekdays by three letters."""
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text.casefold())
    words = re.findall(r"\d+|[^\W\d_]+", text)
    return [word[:3] if word.isalpha() else word for word in words if word not in _JOINS]


def other_years(sentence: str, day: str) -> list[str]:
    """The years that a sentence names, where the day that stands in it has none."""
    return [] if _A_YEAR.search(day) else sorted(set(_A_YEAR.findall(sentence)))


def stands_otherwise(before: str, behind: str = "") -> bool:
    """Whether the words around a weekday tell that it is not this week's: "last", "a", "Good"."""
    return bool(
        re.search(r"(?i)\b(?:last|previous|next|following)\s+$", before)
        or NO_DAY.search(before)
        or NO_DAY_BEHIND.match(behind)
    )


def clock_in(text: str) -> int | None:
    """The time of day that a text names, in minutes after midnight."""
    match = CLOCK.search(text)
    if not match:
        return None
    if match.group(6):
        return 0 if match.group(6).casefold() == "midnight" else 12 * 60
    if match.group(4):
        return int(match.group(4)) * 60 + int(match.group(5))
    hour = int(match.group(1)) % 12 + 12 * (match.group(3).casefold() == "p")
    return hour * 60 + int(match.group(2) or 0)


def spoken_clock_in(text: str) -> int | None:
    """The time of day that a text names in words, in minutes of twelve hours: "half past six"."""
    match = _SPOKEN_CLOCK.search(text)
    if not match:
        return None
    part, hour = match.groups()
    past = {"half past": 30, "quarter past": 15, "quarter to": -15}[part.casefold()]
    return (int(number(hour.casefold())) * 60 + past) % HALF_A_DAY


def zone_in(text: str) -> float | None:
    """The hours by which the first time zone in a text is ahead of UTC; None of none.

    Of "ET" and the like in winter: whether it is summer there, the text does not say.
    """
    match = ZONE.search(text)
    return float(_ZONES[match.group(1).casefold()]) if match else None
