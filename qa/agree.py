"""Agreeing: which values the articles give, how many independent ones give each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.question import Kind
from qa.read import Span
from qa.values import date_in, days_in, name_words, number_in

_NUMBERS = frozenset({Kind.HOW_MANY, Kind.HOW_MUCH, Kind.PERCENT})
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
        same = next((g for g in groups if _same_value(kind, g.spans[0], span)), None)
        if same:
            same.spans.append(span)
        else:
            groups.append(Agreed([span]))
    for group in groups:
        # Near-copies of one story are one source.
        stories = {span.hit.story or span.hit.article.id for span in group.spans}
        group.independent_sources = len(stories)
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


def _place(group: Agreed, surest: float) -> tuple[bool, int, float]:
    """Support decides among values that the reader is about as sure of as of the surest.

    Below that it must not: a misreading that fits many articles would win by number.
    """
    probability = group.spans[0].probability
    support = group.independent_sources if probability >= _ABOUT_AS_SURE * surest else 0
    return (group.superseded, -support, -probability)


def _replaces(later: Span, earlier: Span) -> bool:
    a, b = later.hit.article, earlier.hit.article
    if not a.outlet or a.outlet != b.outlet or not a.published or not b.published:
        return False
    # A span that the reader doubts must not push aside one that it is sure of.
    return a.published > b.published and later.probability >= _AS_SURE * earlier.probability


def _same_value(kind: Kind, a: Span, b: Span) -> bool:
    if kind in _NUMBERS:
        first, second = number_in(a.text), number_in(b.text)
        if first and second:
            units = {first[1], second[1]}
            return first[0] == second[0] and (len(units) == 1 or units == {"", "$"})
    if kind is Kind.HOW_LONG:
        lengths = (days_in(a.text), days_in(b.text))
        if all(lengths):
            return lengths[0] == lengths[1]
    if kind is Kind.WHEN:
        days = [date_in(span.text, span.hit.article.published) for span in (a, b)]
        if all(days):
            return days[0] == days[1]
    return _same_words(a.text, b.text)


def _same_words(a: str, b: str) -> bool:
    """Whether one name or phrase holds all the words of the other."""
    first, second = set(name_words(a)), set(name_words(b))
    return bool(first and second) and (first <= second or second <= first)
