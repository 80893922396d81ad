"""Agreeing: which values the articles give, how many independent ones give each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from qa.cite import quote_around
from qa.quantity import LED, ROUGH, length_in, quantity_in, rounds
from qa.question import PEOPLE, SENTENCES, Kind
from qa.read import Span
from qa.values import (
    CLOCK,
    DATE,
    MONTH,
    TO_COME,
    Days,
    clock_in,
    dates_in,
    is_period,
    is_relative,
    is_weekday,
    name_words,
    period_words,
)

_NUMBERS = frozenset({Kind.HOW_MANY, Kind.HOW_MUCH, Kind.PERCENT})
_NAMED = frozenset({Kind.WHO, Kind.WHAT, Kind.LIST})
_MANY_STAND = SENTENCES | {Kind.LIST}  # one item of a list does not replace another
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
_WHOLE_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.-]*(?: [A-ZÀ-Þ][\w’'.-]*){1,2}")
# "Fed Chair Jerome Powell", "actor Gene Hackman", "Gene Hackman, 95".
_PERSON = re.compile(
    rf"(?:(?:(?!(?:of|for|to|and|by|with)\b)[\w’'.-]+ ){{0,5}}(?i:{'|'.join(sorted(_ROLES))})\.? )?"
    rf"({_WHOLE_NAME.pattern})(?:, (?:aged )?\d+,?)?"
)
_WEEK, _YEAR = timedelta(days=7), timedelta(days=365)
_LEAD = 20  # characters before a span that may hold "approximately"
_AS_SURE = 0.8
_ABOUT_AS_SURE = 0.9


@dataclass(slots=True)
class Agreed:
    """Spans that give one value; the first, the most probable, names it."""

    spans: list[Span]
    independent_sources: int = 1
    superseded: bool = False
    """The same outlet gave another value in a later article."""


def agree(kind: Kind, spans: Sequence[Span]) -> list[Agreed]:
    """Group spans by value: the best supported first, what was superseded last.

    Args:
        kind: What the question asks for.
        spans: The spans, most probable first.
    """
    groups: list[Agreed] = []
    for span in spans:
        # As every one of them: "Smith" fits both John and Jane, who are not one.
        same = next(
            (g for g in groups if all(_same_value(kind, one, span) for one in g.spans)), None
        )
        if same:
            same.spans.append(span)
        else:
            groups.append(Agreed([span]))
    for group in groups:
        group.independent_sources = _independent(group.spans)
        if kind not in _MANY_STAND:
            others = [span for other in groups if other is not group for span in other.spans]
            group.superseded = all(any(_replaces(o, span) for o in others) for span in group.spans)
    surest = max((g.spans[0].probability for g in groups if not g.superseded), default=0.0)
    return sorted(groups, key=lambda group: _place(group, surest))


def leading(kind: Kind, spans: Sequence[Span], claim_at: float) -> tuple[list[Agreed], float]:
    """The values that spans give, and how probable the strongest other one is.

    Args:
        kind: What the question asks for.
        spans: The spans, most probable first.
        claim_at: Share of the first span's probability from which a value is listed.

    Returns:
        The values as `agree` has them, and the probability of the most probable span, listed or
        not, that gives another value than the one that leads; 0.0 where there is none. A figure
        that was replaced is none.
    """
    floor = spans[0].probability * claim_at if spans else 0.0
    agreed = agree(kind, [span for span in spans if span.probability >= floor])
    if not agreed:
        return [], 0.0
    lead = agreed[0].spans[0]
    replaced = [span for group in agreed if group.superseded for span in group.spans]
    rivals = [
        span.probability for span in spans
        if not _same_value(kind, lead, span) and not any(span is other for other in replaced)
    ]  # fmt: skip
    return agreed, max(rivals, default=0.0)


def fullest_first(kind: Kind, spans: Sequence[Span]) -> list[Span]:
    """Spans of one value, the first giving way to the one that says the same most fully."""
    first = spans[0]
    for span in spans[1:]:
        if _is_whole_name(kind, span, first) or _is_more_exact(kind, span, first):
            first = span
    return [first, *(span for span in spans if span is not first)]


def _is_whole_name(kind: Kind, span: Span, other: Span) -> bool:
    """Whether a span is the whole name of whom the other one names by surname.

    Only if the surname's own article writes it: Trump may be Donald or Melania.
    """
    if kind not in _NAMED or not _WHOLE_NAME.fullmatch(span.text):
        return False
    return span.text.split()[-1] == other.text and span.text in other.hit.article.body


def _is_more_exact(kind: Kind, span: Span, other: Span) -> bool:
    """Whether a span tells, about as surely, a day of the other's month or year.

    Or the same day, but on its own, where the other needs its article's date; or the figure that
    the other one rounds.
    """
    if span.probability < _AS_SURE * other.probability:
        return False
    if kind in _NUMBERS:
        return _is_rough(other, span)
    if kind is not Kind.WHEN:
        return False
    if len(DATE.findall(other.text)) > 1:  # "between 2020 and 2024"
        return False
    own, its = dates_in(span.text, None), dates_in(other.text, other.hit.article.published)
    if not (own and its and _within(own, its)):
        return False
    return own != its or not dates_in(other.text, None)


def _independent(spans: Sequence[Span]) -> int:
    """How many sources give a value: near-copies are one, and so are an outlet's articles."""
    sources: list[set[str]] = []
    for span in spans:
        article = span.hit.article
        known = {f"story {span.hit.story or article.id}"}
        if article.outlet:
            known.add(f"outlet {article.outlet.casefold()}")
        for other in [source for source in sources if source & known]:
            known |= other
            sources.remove(other)
        sources.append(known)
    return len(sources)


def _place(group: Agreed, surest: float) -> tuple[bool, int, float]:
    """Support decides among values that the reader is about as sure of as of the surest.

    Below that it must not: a misreading that fits many articles would win by number.
    """
    probability = group.spans[0].probability
    support = group.independent_sources if probability >= _ABOUT_AS_SURE * surest else 0
    return (group.superseded, -support, -probability)


def _replaces(later: Span, earlier: Span) -> bool:
    a, b = later.hit.article, earlier.hit.article
    if rounds(_led(later), _led(earlier)):  # "nearly 2,000" after "1,949" is nothing new
        return False
    if not a.outlet or a.outlet.casefold() != b.outlet.casefold():
        return False
    told, before = a.updated or a.published, b.updated or b.published
    # A span that the reader doubts must not push aside one that it is sure of.
    sure = later.probability >= _AS_SURE * earlier.probability
    return bool(told and before and told > before and sure)


def _led(span: Span) -> str:
    """A span's words, with "nearly" and the like before them, which a reader may leave out."""
    led = LED.search(span.hit.article.body[max(0, span.start - _LEAD) : span.start])
    return f"{led.group()}{span.text}" if led else span.text


def _same_value(kind: Kind, a: Span, b: Span) -> bool:
    if kind is Kind.WHEN:
        return _same_time(a, b)
    first, second = quantity_in(a.text), quantity_in(b.text)
    if kind is Kind.HOW_LONG and (same := _same_length(a.text, b.text)) is not None:
        return same
    if kind in _NUMBERS and (first or second):
        return bool(first and second and first.same(second)) or _is_rough(a, b) or _is_rough(b, a)
    if first and second and not first.same(second):
        return False
    names = _person(a.text) if kind is Kind.WHO else ()
    return bool(names and names == _person(b.text)) or _same_words(a.text, b.text)


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


def _is_rough(a: Span, b: Span) -> bool:
    """Whether a span says in so many words that its figure is the other's, rounded."""
    said = _led(a)
    return bool(ROUGH.match(said)) and rounds(said, _led(b))


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
    its_city = "city" in behind and short[-1] in _NOT_THEIR_CITY
    return bool(before & _DIRECTIONS or ranked or headed or its_city or junior)


def _same_time(a: Span, b: Span) -> bool:
    clocks = [clock for clock in (clock_in(a.text), clock_in(b.text)) if clock is not None]
    part, other = (
        {_PARTS_OF_TIME[word] for word in name_words(span.text) if word in _PARTS_OF_TIME}
        for span in (a, b)
    )
    apart = not (part <= other or other <= part) or "later" in part ^ other
    if len(set(clocks)) > 1 or apart:
        return False
    if is_period(a.text) or is_period(b.text):
        return period_words(a.text) == period_words(b.text)
    first, second = _times(a), _times(b)
    if len(clocks) == 2 and not (first and second):  # "7 p.m." and "7pm Tuesday"
        besides = [CLOCK.sub("", span.text).strip(" .,") for span in (a, b)]
        return not all(besides) or _same_words(*besides)
    if first and second:
        return any(_within(one, other) or _within(other, one) for one in first for other in second)
    if not (is_relative(a.text) or is_relative(b.text)):
        return _same_words(a.text, b.text)
    days = [span.hit.article.published for span in (a, b)]
    near = not days[0] or not days[1] or abs(days[0] - days[1]) < _WEEK
    return near and name_words(a.text) == name_words(b.text)


def _within(days: Days, others: Days) -> bool:
    """A month holds its days: what is told less exactly is not told otherwise."""
    return others[0] <= days[0] and days[1] <= others[1]


def _times(span: Span) -> list[Days]:
    """The days that a span can mean: of what is still to come, the next Friday or March too."""
    published = span.hit.article.published
    if not dates_in(span.text, published):
        return []
    start, end = quote_around(span.hit.article, span.start, span.end)
    sentence = span.hit.article.body[start:end]
    found = dates_in(span.text, published, sentence)
    if not found:
        return []
    if not published or found[1] > date.max - _YEAR or published.date() > date.max - _YEAR:
        return [found]
    if not TO_COME.search(sentence):
        return [found]
    if is_weekday(span.text):
        return [found, (found[0] + _WEEK, found[1] + _WEEK)]
    # A month without its year was taken for the last one; with its year it is the same again.
    past = found[1] < published.date() and MONTH.search(span.text)
    later = dates_in(span.text, published + _YEAR) if past else None
    return [found, later] if later else [found]
