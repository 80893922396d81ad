"""Independent sources: how many there are of a value that several articles give."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from corpus.article import bare_outlet
from qa.account import PAPER, called
from qa.cite import quote_around
from qa.dates import clock_in
from qa.days import dates_in
from qa.listing import items
from qa.names import name_words
from qa.question import Kind
from qa.read import Span

_SAYS = (
    r"(?:has |had |have )?"
    r"(?:reported|reports|said|says|found|revealed|learned|first|wrote|writes)\b"
    r"|, which (?:first|had)\b"
)


def _from(name: str) -> re.Pattern[str]:
    """What says that something is from an outlet: "the Herald reported", "told the Herald"."""
    return re.compile(
        r"\b(?i:according to|told|citing|cited by|reported (?:in|by)|reports? (?:in|by)"
        rf"|interviews? (?:with|in)|speaking to|given to) (?:[Tt]he )?({name})"
        rf"|(?:\b[Tt]he )?\b({name})(?: (?:{_SAYS})|{_SAYS})"
    )


_NEAR = frozenset("near in at outside on of from around".split())
_A_WEEK = timedelta(days=7)
_FROM_A_PAPER = _from(PAPER)


def independent(kind: Kind, spans: Sequence[Span]) -> list[Span]:
    """The surest span of each source of a value: near-copies are one source, and so are an outlet's
    articles.

    So are an outlet and one that names it in the sentence as where it has the value from, and two
    that name the same one. Of a list, who gives fewer items does not say the same.

    Args:
        kind: What the question asks for.
        spans: Those that give the value, the fullest first.
    """
    least = len(items(spans[0].text)) if kind is Kind.LIST else 1
    outlets = {
        article.outlet
        for span in spans for article in (span.hit.article, *span.hit.copies)
        if article.outlet
    }  # fmt: skip
    sources: list[tuple[set[str], Span]] = []
    for span in spans:
        if len(items(span.text)) < least or not _is_as_exact(kind, span, spans[0]):
            continue
        article, surest = span.hit.article, span
        known = {f"story {span.hit.story or article.id}"}
        printed = {one.outlet for one in (article, *span.hit.copies) if one.outlet}
        known |= {f"outlet {bare_outlet(one)}" for one in printed | _named(span, outlets)}
        for other in [source for source in sources if source[0] & known]:
            known |= other[0]
            surest = max(surest, other[1], key=lambda one: one.probability)
            sources.remove(other)
        sources.append((known, surest))
    return [surest for _, surest in sources]


def _is_as_exact(kind: Kind, span: Span, first: Span) -> bool:
    """Whether a span tells a time or a place as exactly as the one that names it: who says "in
    June" does not say "June 28"."""
    if kind is Kind.WHEN:
        if clock_in(first.text) is not None and clock_in(span.text) is None:
            return False
        days, its = (dates_in(one.text, one.hit.article.published) for one in (first, span))
        return not (days and its and days[0] == days[1] and its[1] - its[0] > _A_WEEK)
    if kind is Kind.WHERE:  # "Elko" of "near Elko, Nevada"
        return {*name_words(first.text.split(",")[0])} - _NEAR <= {*name_words(span.text)}
    return True


def _named(span: Span, outlets: Collection[str]) -> set[str]:
    """The outlets that the sentence of a span has it from."""
    start, end = quote_around(span.hit.article, span.start, span.end)
    sentence = span.hit.article.body[start:end]
    found = {outlet for outlet in outlets if _is_named(outlet, sentence)}
    for match in _FROM_A_PAPER.finditer(sentence):
        name = match.group(1) or match.group(2)
        # "The Herald" is the one outlet that is called so for short.
        short = [one for one in outlets if one.casefold().endswith(f" {name.casefold()}")]
        found.add(short[0] if len(short) == 1 else name)
    return found


def _is_named(outlet: str, sentence: str) -> bool:
    """Whether a sentence has something from an outlet: "the New York Post" may be on strike."""
    bare = called(outlet)
    return bool(bare) and bare in sentence and bool(_from(re.escape(bare)).search(sentence))
