"""Agreeing: which values the articles give, how many independent ones give each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.article import bare_outlet
from qa.cite import quote_around
from qa.dates import DATE
from qa.days import dates_in, within
from qa.evidence import fits
from qa.length import counts_time
from qa.listing import items
from qa.quantity import is_figure, quantity_in, rounds, with_bound, with_unit
from qa.question import FIGURES, NUMBERS, SENTENCES, Kind
from qa.read import Span
from qa.same import WHOLE_NAME, is_rough, is_turned_down, same_value

_NAMED = frozenset({Kind.WHO, Kind.WHAT, Kind.LIST})
_MANY_STAND = SENTENCES | {Kind.LIST}  # one item of a list does not replace another
# "We wrote that it was 860", "up from 860", "not 860": figures that an article does not give.
_RETOLD = re.compile(
    r"(?i)\b(?:we (?:wrote|reported|said|put)|first (?:reported|put|given)|originally|initially"
    r"|previously (?:reported|said|put|given)"
    r"|(?:earlier|previous) (?:count|figure|estimate|report|tally|toll|version|article|number)s?)\b"
    r"[^\d:;]{0,40}$"
)
_CONTRASTED = re.compile(
    r"(?i)\b(?:not|rather than|instead of|(?:up|down|revised|raised|lowered|corrected|cut) from)"
    r"(?: (?:the|an?|at least|about|around|some|nearly|earlier|previous))* $"
)
_AS_SURE = 0.8
_ABOUT_AS_SURE = 0.9


@dataclass(slots=True)
class Agreed:
    """Spans that give one value; the first, the most probable, names it."""

    spans: list[Span]
    independent_sources: int = 1
    superseded: bool = False
    """The same outlet gave another value in a later article."""
    strength: float = 0.0
    """What it is placed by: the probability of its first span, or of a value that it replaces."""


def agree(kind: Kind, spans: Sequence[Span]) -> list[Agreed]:
    """Group spans by value: the best supported first, what was superseded last.

    Figures and times are superseded. A name is not: whom an outlet names later may be another one.
    A value that replaces another one takes its place, for the outlet gives it as the answer to
    the same question.

    Args:
        kind: What the question asks for.
        spans: The spans, most probable first.
    """
    groups: list[Agreed] = []
    for span in _whole(kind, spans):
        # As every one of them: "Smith" fits both John and Jane, who are not one.
        same = next(
            (g for g in groups if all(same_value(kind, one, span) for one in g.spans)), None
        )
        if same:
            same.spans.append(span)
        else:
            groups.append(Agreed([span]))
    for group in groups:
        others = [span for other in groups if other is not group for span in other.spans]
        own = [span for span in group.spans if not _is_retold(kind, span, others)]
        group.independent_sources = _independent(kind, own or group.spans)
        group.superseded = not own or _is_superseded(kind, own, others)
    if all(group.superseded for group in groups):
        for group in groups:  # then nothing tells which of them stands
            group.superseded = False
    for group in groups:
        replaced = [g for g in groups if g.superseded and _has_replaced(kind, group, g)]
        group.strength = max(g.spans[0].probability for g in (group, *replaced))
    surest = max((g.strength for g in groups if not g.superseded), default=0.0)
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
    spans = _whole(kind, spans)
    floor = spans[0].probability * claim_at if spans else 0.0
    listed = [span for span in spans if span.probability >= floor]
    if kind in FIGURES and listed and fits(kind, listed[0].text):
        # Beside a figure, a name is no other answer.
        listed = [span for span in listed if fits(kind, span.text)]
    if kind is Kind.HOW_MANY:  # of "9,874 votes" and "52 percent of the vote" one is counted
        counts = [span for span in listed if not _is_share(span.text)]
        listed = counts or listed
    if kind is Kind.WHO and listed and not is_figure(listed[0].text):
        listed = [span for span in listed if not is_figure(span.text)]
    agreed = agree(kind, listed)
    if not agreed:
        return [], 0.0
    if kind not in SENTENCES and is_turned_down(agreed[0].spans[0]):
        return [], 0.0  # none says it: one says that it is not so
    if kind in FIGURES:
        gone = [group for group in agreed if group.superseded]
        agreed = [
            group for group in agreed
            if any(_has_replaced(kind, group, other) for other in gone)
            or not _is_of_something_else(group, agreed[0])
        ]  # fmt: skip
    lead = agreed[0].spans[0]
    replaced = [span for group in agreed if group.superseded for span in group.spans]
    rivals = [
        span.probability for span in spans
        if not same_value(kind, lead, span) and not any(span is other for other in replaced)
    ]  # fmt: skip
    return agreed, max(rivals, default=0.0)


def _is_of_something_else(group: Agreed, lead: Agreed) -> bool:
    """Whether the sentence that gives the leading figure has this one too, for something else.

    Of "1,949 of the 10,000" the reader took the first; elsewhere it may have met the second alone.
    One that it is nearly as sure of stays: "12, or 20 by the opposition's count".
    """
    first = group.spans[0]
    if _apart(first, lead.spans[0]):
        return True
    if group.superseded or first.probability >= _AS_SURE * lead.spans[0].probability:
        return False
    figure = re.compile(rf"(?<![\w.,]){re.escape(first.text)}(?!\w)")
    quotes = (
        (span.hit.article.body, *quote_around(span.hit.article, span.start, span.end))
        for span in lead.spans
    )
    met = ((body[start:end], figure.search(body[start:end])) for body, start, end in quotes)
    return any(at and not _CONTRASTED.search(quote[: at.start()]) for quote, at in met)


def _apart(a: Span, b: Span) -> bool:
    """Whether two figures are of different things, money and a distance, say."""
    dimensions = [_dimension(span.text) for span in (a, b)]
    return all(dimensions) and dimensions[0] != dimensions[1]


def _is_share(text: str) -> bool:
    figure = quantity_in(text)
    return figure is not None and figure.dimension == "share"


def _dimension(text: str) -> str:
    figure = quantity_in(text)
    return "time" if counts_time(text) else figure.dimension if figure else ""


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
    if kind not in _NAMED or not WHOLE_NAME.fullmatch(span.text):
        return False
    return span.text.split()[-1] == other.text and span.text in other.hit.article.body


def _is_more_exact(kind: Kind, span: Span, other: Span) -> bool:
    """Whether a span tells, about as surely, a day of the other's month or year.

    Or the same day, but on its own, where the other needs its article's date; or the figure that
    the other one rounds.
    """
    if span.probability < _AS_SURE * other.probability:
        return False
    if kind in NUMBERS:
        return is_rough(other, span)
    if kind is not Kind.WHEN:
        return False
    if len(DATE.findall(other.text)) > 1:  # "between 2020 and 2024"
        return False
    own, its = dates_in(span.text, None), dates_in(other.text, other.hit.article.published)
    if not (own and its and within(own, its)):
        return False
    return own != its or not dates_in(other.text, None)


def _whole(kind: Kind, spans: Sequence[Span]) -> list[Span]:
    """The spans with what a reader may leave out of a value: "at least" before a figure, its
    "million" or its currency behind it, the rest of a date."""
    found = []
    for span in spans:
        body, start, end = span.hit.article.body, span.start, span.end
        if kind is Kind.WHEN:  # "about five years ago" is as near a day as "five years ago"
            date = DATE.match(body, start)
            end = max(end, date.end()) if date else end
        else:
            start = with_bound(body, start, end)
            end = with_unit(body, start, end) if kind in NUMBERS else end
        same = (start, end) == (span.start, span.end)
        found.append(span if same else replace(span, start=start, end=end))
    return found


def _is_retold(kind: Kind, span: Span, others: Sequence[Span]) -> bool:
    """Whether a figure is one that its article corrects or updates: another of its own stands."""
    if kind not in FIGURES or not any(o.hit.article.id == span.hit.article.id for o in others):
        return False
    start, _ = quote_around(span.hit.article, span.start, span.end)
    before = span.hit.article.body[start : span.start]
    return bool(_RETOLD.search(before) or _CONTRASTED.search(before))


def _independent(kind: Kind, spans: Sequence[Span]) -> int:
    """How many sources give a value: near-copies are one, and so are an outlet's articles.

    So are an outlet and one that names it in the sentence as where it has the value from. Of a
    list, who gives fewer items does not say the same.
    """
    least = len(items(spans[0].text)) if kind is Kind.LIST else 1
    outlets = {span.hit.article.outlet for span in spans}
    sources: list[set[str]] = []
    for span in spans:
        article = span.hit.article
        if len(items(span.text)) < least:
            continue
        known = {f"story {span.hit.story or article.id}"}
        named = [outlet for outlet in outlets if outlet and _names(span, outlet)]
        known |= {f"outlet {bare_outlet(one)}" for one in (article.outlet, *named) if one}
        for other in [source for source in sources if source & known]:
            known |= other
            sources.remove(other)
        sources.append(known)
    return len(sources)


def _place(group: Agreed, surest: float) -> tuple[bool, bool, int, float]:
    """Support decides among values that the reader is about as sure of as of the surest.

    Below that it must not: a misreading that fits many articles would win by number.
    """
    support = group.independent_sources if group.strength >= _ABOUT_AS_SURE * surest else 0
    return (group.superseded, is_turned_down(group.spans[0]), -support, -group.strength)


def _names(span: Span, outlet: str) -> bool:
    """Whether the sentence of a span has it from an outlet: "the Herald reported"."""
    start, end = quote_around(span.hit.article, span.start, span.end)
    bare = re.escape(re.sub(r"^[Tt]he\s+", "", outlet))
    return bool(
        re.search(
            r"\b(?:(?i:according to|told|citing|cited by|report(?:ed)? (?:in|by))"
            rf" (?:[Tt]he )?{bare}"
            rf"|{bare} (?:reported|reports|said|says|found|revealed|has learned|first))\b",
            span.hit.article.body[start:end],
        )
    )


def _is_superseded(kind: Kind, spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether a value was replaced by the outlet that gave it, and nobody gave it since."""
    replacing = [o for o in others if any(_replaces(kind, o, span) for span in spans)]
    if not replacing:
        return False
    since = min(_told(one) for one in replacing)
    return all(
        any(_replaces(kind, o, span) for o in replacing) or _told(span) < since for span in spans
    )


def _has_replaced(kind: Kind, group: Agreed, other: Agreed) -> bool:
    return any(_replaces(kind, own, its) for own in group.spans for its in other.spans)


def _told(span: Span) -> datetime:
    """When; what bears no date may be of today."""
    return span.hit.article.told or datetime.max


def _replaces(kind: Kind, later: Span, earlier: Span) -> bool:
    a, b = later.hit.article, earlier.hit.article
    if _apart(later, earlier):
        return False
    if kind not in FIGURES and not (is_figure(later.text) and is_figure(earlier.text)):
        return False
    if kind in _MANY_STAND or rounds(later.text, earlier.text):  # "nearly 2,000" after "1,949"
        return False
    # A span that the reader doubts must not push aside one that it is sure of.
    return a.follows(b) and later.probability >= _AS_SURE * earlier.probability
