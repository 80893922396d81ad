"""When two spans give the same value: one number, one time, one name in other words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from qa.cite import quote_around
from qa.dates import (
    CLOCK,
    MONTH,
    ZONE,
    clock_in,
    is_period,
    is_relative,
    is_weekday,
    other_years,
    period_words,
    zone_in,
)
from qa.days import Days, dates_in, within
from qa.length import counts_time, length_in, rate_in
from qa.names import address_of, name_words, title_of
from qa.quantity import (
    ROUGH,
    besides,
    bound_in,
    quantity_in,
    rounds,
    share_in,
)
from qa.question import NUMBERS, PEOPLE, Kind
from qa.read import Span
from qa.tense import is_past, is_to_come, turns_down

_DIRECTIONS = frozenset(
    "new north south east west northern southern eastern western baja papua equatorial".split()
)
_RANKS = frozenset("vice deputy former acting interim lieutenant assistant ex".split())
_ROLES = frozenset(PEOPLE.split("|")) | frozenset(
    "prime secretary chief chair chairman chairwoman premier chancellor sheriff ambassador "
    "attorney rep sen gov".split()
)
_OWNER = re.compile(r"['’]s\s")
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
# With one of these, more words do not say the same more fully.
_TURNS = frozenset(
    "not no never nor without denied attempted tens dozens hundreds thousands hundred thousand "
    "million millions billion billions quarter quarters third thirds".split()
)
# What a name is only a part of: "Trump" of the Trump administration, "police" of the police chief.
_HEADS = frozenset(
    "administration campaign ministry chief director spokesman spokeswoman spokesperson".split()
)
_JUNIOR = frozenset({"jr", "sr"})
# New York is New York City; of these the city is another place.
_NOT_THEIR_CITY = frozenset("mexico kansas panama guatemala kuwait oklahoma iowa".split())
_FOR_ANOTHER = re.compile(
    r"(?i)\b(?:spokes\w+|lawyers?|attorneys?|aides?|allies|son|wife) (?:for|of) "
)
_NEGATED = re.compile(r"(?i)n['’]t\b")
_COUNTED = re.compile(r"(\d%? [a-z]{3,}[^\W_s])s\b")  # "25% tariffs"
WHOLE_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.-]*(?: [A-ZÀ-Þ][\w’'.-]*){1,2}")
"""Given name and surname, as far as capitals tell."""
# "Fed Chair Jerome Powell", "actor Gene Hackman", "Gene Hackman, 95".
_PERSON = re.compile(
    rf"(?:(?:(?!(?:of|for|to|and|by|with)\b)[\w’'.-]+ ){{0,5}}(?i:{'|'.join(sorted(_ROLES))})\.? )?"
    rf"({WHOLE_NAME.pattern})(?:, (?:aged )?\d+,?)?"
)
_LIMIT = r"(?i)\b(?:(until|till|through|by)|from|since|starting|beginning)(?: on)?\s+"
_LIMITED, _LIMIT_BEFORE = re.compile(_LIMIT), re.compile(rf"{_LIMIT}$")
_A_DAY, _SUMMER_TIME = 24 * 60, 60  # minutes
_SAME_SHARE = 1.0  # percentage points: "two thirds", "67 percent"
_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)
_LEAD = 20  # characters before a span that may hold "until"


def same_value(kind: Kind, a: Span, b: Span) -> bool:
    """Whether two spans give one value, for what the question asks for.

    What one says and the other denies is none.
    """
    return is_turned_down(a) == is_turned_down(b) and _is_same(kind, a, b)


def _is_same(kind: Kind, a: Span, b: Span) -> bool:
    if kind is Kind.WHEN:
        return _same_time(a, b)
    first, second = quantity_in(a.text), quantity_in(b.text)
    by_measure = {Kind.HOW_LONG: _same_length, Kind.PERCENT: _same_share}.get(kind)
    if by_measure and (same := by_measure(a.text, b.text)) is not None:
        return same
    if kind in NUMBERS and (first or second):
        return _same_figure(a, b)
    if first and second:
        if not first.same(second):
            return is_rough(a, b) or is_rough(b, a)
        # "7.8 per cent" is "7.8 percent", "5 cars" are no 5 people.
        more = [besides(text) for text in (a.text, b.text)]
        words = [frozenset(name_words(one)) for one in more]
        bare = not all(words) and not (words[0] | words[1]) & _TURNS
        if bare or _same_words(*more):
            return True
    return _same_name(a.text, b.text) if kind is Kind.WHO else _same_words(a.text, b.text)


def is_turned_down(span: Span) -> bool:
    """Whether the sentence of a span says, before it, that this is not so."""
    start, _ = quote_around(span.hit.article, span.start, span.end)
    return turns_down(span.hit.article.body[start : span.start])


def _same_figure(a: Span, b: Span) -> bool:
    """Whether two texts, one at least of which has a figure, name one."""
    if rate_in(a.text) and rate_in(b.text) and rate_in(a.text) != rate_in(b.text):
        return False  # "$500 a month", "$500 a year"
    timed = counts_time(a.text) and counts_time(b.text)
    if timed and (same := _same_length(a.text, b.text)) is not None:
        return same
    first, second = quantity_in(a.text), quantity_in(b.text)
    return bool(first and second and first.same(second)) or is_rough(a, b) or is_rough(b, a)


def _same_name(a: str, b: str) -> bool:
    """Whether two texts name one person: "Fed Chair Jerome Powell", "Powell"."""
    titles, addresses = (title_of(a), title_of(b)), {address_of(a), address_of(b)}
    if (all(titles) and titles[0] != titles[1]) or addresses == {"mr", "ms"}:
        return False  # Governor Abbott, Mayor Abbott
    if (titles[0],) == name_words(b) or (titles[1],) == name_words(a):  # Pope Francis, the pope
        return True
    person = _person(a)
    return bool(person and person == _person(b)) or _same_words(a, b)


def _same_length(a: str, b: str) -> bool | None:
    """Whether two texts name one length of time; None where that cannot be told."""
    lengths, (first, second) = (length_in(a), length_in(b)), (quantity_in(a), quantity_in(b))
    if lengths[0] and lengths[1]:
        opposed = first and second and first.opposes(second)
        return lengths[0].same(lengths[1]) and not opposed
    if first and second and first.same(second):  # "four to six weeks", "4 to 6 weeks"
        ends = [text.rsplit(maxsplit=1)[-1].casefold() for text in (a, b)]
        return True if ends[0] == ends[1] else None
    return None


def _same_share(a: str, b: str) -> bool | None:
    """Whether two texts name one share, one of them by "half" or "six in 10"; None of figures."""
    if quantity_in(a) and quantity_in(b):
        return None
    if {bound_in(a), bound_in(b)} == {"<", ">"}:
        return False
    first, second = share_in(a), share_in(b)
    return None if first is None or second is None else abs(first - second) < _SAME_SHARE


def is_rough(a: Span, b: Span) -> bool:
    """Whether a span says in so many words that its figure is the other's, rounded."""
    return bool(ROUGH.match(a.text)) and rounds(a.text, b.text)


def _person(text: str) -> tuple[str, ...]:
    """The words of the person's name that a text ends with, given name and surname; () of none."""
    match = _PERSON.fullmatch(text)
    return name_words(match.group(1)) if match else ()


def _same_words(a: str, b: str) -> bool:
    """Whether one name or phrase holds all the words of the other."""
    (short, shorter), (long, longer) = sorted(
        ((name_words(_COUNTED.sub(r"\1", text)), text) for text in (a, b)),
        key=lambda pair: len(pair[0]),
    )
    if not short or not set(short) <= set(long):
        return False
    if (set(long) - set(short)) & _TURNS or bool(_NEGATED.search(a)) != bool(_NEGATED.search(b)):
        return False
    return not (_is_anothers(short, shorter, longer) or _is_another(short, long, longer))


def _is_anothers(short: tuple[str, ...], shorter: str, longer: str) -> bool:
    """Whether the longer name is of one who belongs to the shorter one: the mayor's wife."""
    for_another = _FOR_ANOTHER.search(longer)
    if for_another and not set(short) & set(name_words(longer[: for_another.end()])):
        return True
    owner, *owned = _OWNER.split(longer, maxsplit=1)
    its_own = not owned or _OWNER.search(f"{shorter} ")
    return not its_own and set(short) <= set(name_words(owner))


def _is_another(short: tuple[str, ...], long: tuple[str, ...], longer: str) -> bool:
    """Whether a longer name is another's: New Mexico's, the deputy mayor's, the police chief's."""
    before = {one for one, other in pairwise(long) if other == short[0]} - set(short)
    behind = {other for one, other in pairwise(long) if one == short[-1]} - set(short)
    # "Former mayor Smith" is Smith, and "Kash Patel, director of the FBI" Kash Patel.
    ranked = _ROLES.issuperset(short) and before & _RANKS
    headed = behind & _HEADS and "," not in longer
    more = set(long) - set(short)
    junior = more and more <= _JUNIOR and len(short) > 1
    # Guinea, Guinea-Bissau; the Republic of the Congo, the Democratic one.
    state = "bissau" in behind or "democratic" in before
    its_city = "city" in behind and short[-1] in _NOT_THEIR_CITY
    return bool(before & _DIRECTIONS or ranked or headed or its_city or junior or state)


def _same_time(a: Span, b: Span) -> bool:
    same_clock = _same_clock(a.text, b.text)
    part, other = (
        {_PARTS_OF_TIME[word] for word in name_words(span.text) if word in _PARTS_OF_TIME}
        for span in (a, b)
    )
    apart = not (part <= other or other <= part) or "later" in part ^ other
    apart = apart or {_limit(a), _limit(b)} == {"until", "from"}
    if same_clock is False or apart:
        return False
    if is_period(a.text) or is_period(b.text):
        return period_words(a.text) == period_words(b.text)
    first, second = _times(a), _times(b)
    if same_clock and not (first and second):  # "7 p.m." and "7pm Tuesday"
        days_of = [ZONE.sub("", CLOCK.sub("", span.text)).strip(" .,") for span in (a, b)]
        return not all(days_of) or _same_words(*days_of)
    if first and second:
        return any(within(one, other) or within(other, one) for one in first for other in second)
    if not (is_relative(a.text) or is_relative(b.text)):
        return _same_words(a.text, b.text)
    days = [span.hit.article.published for span in (a, b)]
    near = not days[0] or not days[1] or abs(days[0] - days[1]) < _WEEK
    return near and name_words(a.text) == name_words(b.text)


def _same_clock(a: str, b: str) -> bool | None:
    """Whether two texts name one time of day, wherever each is told; None where one names none."""
    first, second = clock_in(a), clock_in(b)
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
