"""Dates and names in text, and what they mean.

"Tuesday" in an article of February 5, 2025 is February 4; "Sheinbaum" is "Claudia Sheinbaum".
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

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
_COUNT = rf"(?:(?<![\d.,])\d+(?![.,]\d)|(?:{WORD_NUMBER})(?:-(?:{WORD_NUMBER}))*|an?)"
_NO_NUMBER = r"(?!,?\s+(?:of\s+)?\d)"
_AGO = rf"{_COUNT}\s+(?:days?|weeks?|months?|years?)\s+(?:ago|earlier|later)"
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
    r"\b(\d{1,2})(?:[:.](\d\d))?\s*([ap])\.?\s?m\b|\b(\d{1,2}):(\d\d)\b|\b(noon|midnight)\b",
    re.IGNORECASE,
)
"""A time of day."""


_TO_COME = re.compile(
    r"(?i)\b(?:will|would|next|upcoming|must|expected|scheduled|slated|due|going to|opens|begins"
    r"|starts|(?:is|are|was|were|set|plans?) to"
    r"|(?:set|fixed)\s+(?:(?!up|stage|records?)[\w-]+\s+){0,4}for"
    # "Was postponed to Friday": no past day, though the verb is.
    r"|(?:(?:postponed|delayed|moved|adjourned|pushed|put|rescheduled)(?:\s+(?:off|back))?\s+(?:to|until)"
    r"|by|until|before|this|for|(?:votes?|meets?|(?:is|are|be)\s+\w+ing)\s+on"
    r"|(?:is|are)(?:\s+on)?"
    # "The strike could begin Friday", "the tariffs take effect on Tuesday".
    r"|(?:(?:could|might|(?-i:may))\s+(?!not\b|have\b)\w+|(?<!the\s)(?<!his\s)(?<!her\s)(?<!its\s)"
    r"(?:resumes?|returns?|takes?\s+(?:effect|place|over)|kicks?\s+off|faces?|hosts?|heads?\s+to"
    r"|plays?|go(?:es)?\s+to\s+the\s+polls"
    r"|comes?\s+(?:out|into\s+force)|go(?:es)?\s+on\s+sale|airs|premieres|expires?|ends"
    r"|reopens?|closes|launches))(?:\s+[\w-]+){0,5}(?:\s+on)?)"
    rf"\s+(?:{'|'.join(WEEKDAYS)})(?!['’]s))\b"
    r"|['’]ll\b"
)

# What somebody said or meant to do tells nothing of when the thing itself was.
_REPORTED = (
    "said|says|told|warned|announced|added|confirmed|reported|predicted|estimated|promised|expected"
    "|scheduled|planned|slated|agreed|proposed|vowed|hoped|revealed|insisted|urged|called|priced"
)
_PAST_VERB = re.compile(
    rf"(?i)\b(?!(?:{_REPORTED}|united|red|need|speed|indeed|fed|bed|seed|feed|hundred|sacred)\b)"
    r"(?:\w{2,}ed|was|were|had|did|been|began|begun|blew|bought|broke|brought|built|came|caught|chose"
    r"|became|beat|bit|bore|burst|cast|felt|heard|laid|overtook|sang|sought|swore|underwent|upheld"
    r"|cut|done|drew|drove|fell|fled|flew|fought|found|gave|gone|got|grew|held|hit|hurt|kept|knew"
    r"|known|lay|led|left|lost|made|met|paid|put|quit|ran|rose|sank|sat|saw|seen|sent|set|shook|shot"
    r"|shut|sold|spent|spoke|spread|stole|stood|struck|sued|swept|taken|taught|threw|took|tore|went"
    r"|withdrew|woke|won|wore|wrote|risen|fallen|driven|given|written|broken|chosen|stolen|spoken"
    r"|grown|shown|flown|drawn|thrown)\b"
)
_SAID_ON = re.compile(
    rf"(?i)\b(?:{_REPORTED})(?:\s+(?:reporters|lawmakers|in\s+an?\s+\w+|at\s+a\s+\w+\s+\w+"
    r"|on\s+Twitter|(?-i:the|[A-ZÀ-Þ]\w+))){0,4}(?:\s+(?:late|early))?(?:\s+on)?\s+$"
)
# "The board on Monday announced", "On Friday, he called".
_THEN_SAID = re.compile(rf"(?i),?\s+(?:(?:he|she|it|they)\s+)?(?:{_REPORTED})\b")


_SINCE = re.compile(r"(?i)\b(?:after|because|since)\b")


def is_to_come(sentence: str) -> bool:
    """Whether a sentence says that it is about something still to come."""
    return bool(_TO_COME.search(sentence))


def is_past(sentence: str, day: str) -> bool:
    """Whether a sentence with a day can tell what was then: "talks resume on Friday" cannot."""
    before, found, behind = sentence.partition(day)
    # "They play on Sunday after they drew": when they drew tells nothing of it.
    behind = _SINCE.split(behind, maxsplit=1)[0]
    its_event = found and re.match(r"['’]s\b", behind)  # "from Monday's sinking"
    said = _SAID_ON.search(before) or _THEN_SAID.match(behind)
    told = re.sub(r"(?i)\b\w+ed by\b", "", before + found + behind)  # "a vote delayed by floods"
    return bool(its_event or said or _PAST_VERB.search(told))


_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)
_AHEAD = timedelta(days=60)
# "Was shot at a rally on", "collapsed on"; not "announced that it opens on".
_PAST = re.compile(
    r"(?i)\b(?!announced|agreed|expected|scheduled|confirmed|revealed|postponed|delayed|rescheduled"
    r"|moved|planned)(?:was|were|\w+ed|fell|began|won|shot|hit|struck|took|came|went|broke|left|met)"
    r"(?:\s+(?!that\b)[\w'’-]+){0,4}\s+on\s+$"
)
NEGATED = re.compile(r"(?i)\b(?:not|never|denie[sd]|denying)\b|n['’]t\b")
"""What denies the words behind it."""
Days = tuple[date, date]
"""The first and last day of some time."""

_RELATIVE = re.compile(
    rf"(?i)\b(?:{'|'.join(WEEKDAYS)}|yesterday|today|tonight|tomorrow|ago|earlier|later"
    rf"|(?:last|next|this|coming)\s+\w+|in\s+(?:{'|'.join(MONTHS)}))\b{_NO_NUMBER}"
)


_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_PERIOD = re.compile(
    r"(?i)\bbetween\b|\bfrom\b.+\buntil\b|\w(?<!\bnot)\s+until\s"
    rf"|\w\s*(?:\b(?:to|through)\b|[-–—])\s*(?:\d|(?:{'|'.join(WEEKDAYS)}|{_MONTH}))"
    rf"|\w\s+(?:and|or)\s+(?:{'|'.join(WEEKDAYS)}|{_MONTH})\b"
)
_PARTLY = re.compile(r"(?i)\b(?:mid|early|late)-")
_JOINS = frozenset("from to through between and until".split())


def is_relative(text: str) -> bool:
    """Whether what a text names depends on when it was written."""
    return bool(_RELATIVE.search(text))


def is_weekday(text: str) -> bool:
    """Whether the time that a text names is a weekday without its date."""
    match = DATE.search(text)
    return match is not None and match.group().casefold() in WEEKDAYS


def other_years(sentence: str, day: str) -> list[str]:
    """The years that a sentence names, where the day that stands in it has none."""
    return [] if _A_YEAR.search(day) else sorted(set(_A_YEAR.findall(sentence)))


def stands_otherwise(before: str) -> bool:
    """Whether the words before a weekday tell that it is not this week's: "last", "a", "Good"."""
    return bool(re.search(r"(?i)\b(?:last|previous|next)\s+$", before)
                or _NO_DAY.search(before))  # fmt: skip


_A_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b(?!\w|,\d|\.\d)")


def is_period(text: str) -> bool:
    """Whether a text names a time from one to another: "January 3 to 5", "2010-2014"."""
    return bool(_PERIOD.search(_PARTLY.sub("", _ISO.sub("", text))))


def period_words(text: str) -> list[str]:
    """What a period's ends are called, months and weekdays by three letters."""
    words = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    return [word[:3] if word.isalpha() else word for word in words if word not in _JOINS]


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


_ZONES = {"est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "ct": -6, "mst": -7, "mdt": -6,
          "mt": -7, "pst": -8, "pdt": -7, "pt": -8, "gmt": 0, "utc": 0, "bst": 1, "cet": 1,
          "cest": 2, "ist": 5.5, "jst": 9}  # fmt: skip
ZONE = re.compile(rf"\b({'|'.join(_ZONES).upper()})\b")
"""A time zone, as news write it."""


def zone_in(text: str) -> float | None:
    """The hours by which the first time zone in a text is ahead of UTC; None of none.

    Of "ET" and the like in winter: whether it is summer there, the text does not say.
    """
    match = ZONE.search(text)
    return float(_ZONES[match.group(1).casefold()]) if match else None


_TURNS_DOWN = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying)|reject\w*|dismiss\w*|refut\w*|disput\w*)\b"
    r" (?:[\w'’-]+ ){0,4}?"
    r"(?:that|claims?|reports?|rumou?rs?|suggestions?|allegations?|accusations?|having|being|\w+ing)\b"
    r"|\b(?:untrue|not true|false|no truth|wrong)\b (?:[\w'’-]+ ){0,3}?(?:that|in|to say)\b"
)


def turns_down(before: str) -> bool:
    """Whether the words before something in its sentence say that it is not so."""
    return bool(_TURNS_DOWN.search(before))


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
    match = _named(text)
    if not match:
        return None
    found = match.group().casefold()
    past = _PAST.search(sentence[: max(0, sentence.find(text))])
    ahead = _AHEAD if past and not is_to_come(sentence) else 2 * _YEAR
    try:
        if day := _calendar_day(found, published, ahead):
            return day
        return _weekday_or_near(found, text, match, published.date()) if published else None
    except OverflowError:
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


_MONTH_NAME = re.compile(rf"\b(?:{'|'.join(name.title() for name in MONTHS)})\b")
_STEPS = {"last": -1, "this": 0, "next": 1}
_FAR_BACK = 10_000  # weeks
_FEW_DAYS = timedelta(days=3)
_ABOUT = re.compile(rf"({'|'.join(_STEPS)})\s+(week|month|year)|({_COUNT})\s+weeks\s+ago")
_BACK = re.compile(rf"({_COUNT})\s+(month|year)s?\s+ago")
_MONTH_ALONE = re.compile(rf"(?:in )?({_MONTH})(?:,? (?:of )?(\d{{4}}))?")


def _days_of(year: int, month: int = 0) -> Days | None:
    """A month's first and last day, or a year's."""
    if not date.min.year <= year <= date.max.year:
        return None
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


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
    named = match.group().casefold() in WEEKDAYS and _NO_DAY.search(before)
    return None if named else match


_NO_DAY = re.compile(
    r"(?i)\b(?:an?|every|each|good|black|cyber|giving|ash|palm|easter|bloody|super(?: bowl)?)\s+$"
)


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


_NEAR = {"yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0,
         "this afternoon": 0, "this evening": 0, "tomorrow": 1}  # fmt: skip


def _calendar_day(text: str, published: datetime | None, ahead: timedelta) -> date | None:
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _day(*(int(part) for part in iso.groups()))
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return _slashed_day(*(int(part) for part in slashed.groups()))
    month = re.search(rf"(?:{_MONTH})", text)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?!\d)", text)
    if not month or not day:
        return None
    year = re.search(r"\b(?:1\d|20)\d\d\b", text)
    which = month_number(month.group())
    if year:
        return _day(int(year.group()), which, int(day.group(1)))
    return _nearest_year(which, int(day.group(1)), published, ahead) if published else None


def month_number(name: str) -> int:
    """A month's number by its name, whole or short."""
    return next(n for full, n in MONTHS.items() if full[:3] == name[:3].casefold())


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


_OFFICES = (
    r"(mayor|senator|governor|chancellor|captain(?!\s+america)|pope|sheriff|ambassador|representative|rep"
    r"|congress(?:man|woman)|judge|professor|prof|detective|sergeant|sgt|lieutenant|commissioner"
    r"|archbishop|rabbi|imam)\b\.?\s+(?-i:(?=[A-ZÀ-Þ]))"
)
_OFFICE = re.compile(rf"(?i)(?:the\s+)?{_OFFICES}")
_SHORT_OFFICE = re.compile(
    r"(?i)(?:the\s+)?(gov|sen|president|prime minister)\b\.?\s+(?-i:(?=[A-ZÀ-Þ]))"
)
_WHOLE_OFFICES = {"gov": "governor", "sen": "senator", "rep": "representative",
                  "congressman": "representative", "congresswoman": "representative",
                  "prof": "professor", "sgt": "sergeant"}  # fmt: skip
_TITLES = re.compile(
    r"(?i)^(?:(?:the|a|an|mr|mrs|ms|dr|president|prime minister|minister|secretary|gov|sen|gen|lt"
    r"|col|capt|sir|premier(?!\s+(?:league|inn|division)))\b\.?\s*"
    # Only before a name: "the mayor" alone is whom it names.
    rf"|{_OFFICES})"
)


_ARTICLES = re.compile(r"(?i)^(?:the|an?)\s+")
_SHORT = (
    (r"(?<=\b[a-z]\.)\s(?=[a-z]\.)", ""),  # J. K.
    (r"(?<=\b[a-z])\.(?=[a-z]\b)|(?<=\b[a-z]\.[a-z])\.", ""),  # U.S., U.N., D.C.
    (r"\bunited states(?: of america)?\b|\busa\b", "us"),
    (r"\bunited kingdom\b", "uk"),
    (r"\bunited nations\b", "un"),
    (r"\beuropean union\b", "eu"),
)


_SPELLED = re.compile(r"(?<=\w{4})[yi](?=y$)")  # Zelensky, Zelenskyy, Zelenskiy


def title_of(text: str) -> str:
    """The office that a name begins with, in lower case and whole, or ""."""
    match = _OFFICE.match(text) or _SHORT_OFFICE.match(text)
    found = match.group(1).casefold() if match else ""
    return _WHOLE_OFFICES.get(found, found)


def address_of(text: str) -> str:
    """How a name is addressed: "mr", or "ms" of Mrs, Miss and Ms; "" where it is not."""
    match = re.match(r"(?i)(mr|mrs|ms|miss)\b\.?\s", text)
    return "" if not match else "mr" if match.group(1).casefold() == "mr" else "ms"


def name_words(text: str) -> tuple[str, ...]:
    """A name's words in lower case, without accents, articles and titles; numbers are whole.

    A title that stands alone is kept.
    """
    import unicodedata

    bare = text
    while (less := _TITLES.sub("", bare)) != bare:
        bare = less
    bare = bare if re.search(r"\w", bare) else _ARTICLES.sub("", text)
    plain = unicodedata.normalize("NFKD", bare)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"['’]s\b", "", plain).casefold()
    for pattern, short in _SHORT:
        plain = re.sub(pattern, short, plain)
    words = re.findall(r"\d+(?:[.,:]\d+)+|\w+", plain)
    return tuple(_SPELLED.sub("", re.sub(r"(?<=\d),(?=\d{3})", "", word)) for word in words)
