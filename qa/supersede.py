"""Superseding: a figure that an outlet gives later replaces the one that it gave before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from qa.cite import quote_around
from qa.dates import other_years
from qa.quantity import NUMBER, is_figure, rate_in, rounds
from qa.question import FIGURES, SENTENCES, Kind
from qa.read import Span
from qa.same import apart
from qa.standing import Standing, is_retold, is_updated, standing

_MANY_STAND = SENTENCES | {Kind.LIST}  # one item of a list does not replace another
AS_SURE = 0.8
"""Share of a span's probability from which another is about as sure."""
# "An earlier blast", "ten years ago": what was in another year replaces nothing.
_LONG_AGO = re.compile(
    r"(?i)\b(?:an|another|the last) (?:earlier|previous)"
    r" (?!count|figure|estimate|report|tally|toll)\w+"
    r"|\b(?:years?|decades?) (?:ago|earlier|before)\b|\blast year['’]?s?\b"
)
_IN_A_PART = re.compile(
    r"\b[Ii]n (?:the )?(?:[A-ZÀ-Þ][\w’'-]+ ){1,3}"
    r"(?i:county|district|province|parish|borough|precinct)\b"
)
_RIGHT_BEHIND = 25  # characters


def replaces(kind: Kind, by: Span, gone: Span, *, first: bool = False) -> bool:
    """Whether a span's value takes the place of another one, as one outlet gave them.

    Args:
        kind: What the question asks for.
        by: What may replace.
        gone: What may be replaced.
        first: Whether it is asked what was told at first: then the earlier one replaces.
    """
    newer, older = (gone, by) if first else (by, gone)
    if not _may_replace(kind, newer, older):
        return False
    given = _given(newer, older)
    if not all(map(is_retold, given)):  # "6.9, while the institute measured 6.8"
        return False
    if any(map(is_updated, given)):  # "to 17 from nine": any outlet may write so
        return _is_later(newer, older)
    # A span that the reader doubts must not push aside one that it is sure of.
    sure = bool(given) or by.probability >= AS_SURE * gone.probability
    return sure and _follows(newer, older) and not _is_of_something_else(newer, older)


def _may_replace(kind: Kind, newer: Span, older: Span) -> bool:
    """Whether two values are of one thing, and told as ones that hold until another is told."""
    if kind in _MANY_STAND or apart(newer, older) or rate_in(newer.text) != rate_in(older.text):
        return False  # "$500,000 a day" is no earlier count of "$3 million"
    if kind not in FIGURES and not (is_figure(newer.text) and is_figure(older.text)):
        return False
    if rounds(newer.text, older.text):  # "nearly 2,000" after "1,949"
        return False
    return standing(kind, newer) is Standing.SAID


def is_superseded(
    kind: Kind, spans: Sequence[Span], others: Sequence[Span], *, first: bool = False
) -> bool:
    """Whether a value was replaced by the outlet that gave it, and nobody gave it since.

    Args:
        kind: What the question asks for.
        spans: Those that give the value.
        others: Those that give others.
        first: As for `replaces`.
    """
    by = [o for o in others if any(replaces(kind, o, span, first=first) for span in spans)]
    if not by:
        return False
    if first:
        return True
    since = min(_told(one) for one in by)
    return all(any(replaces(kind, o, span) for o in by) or _told(span) < since for span in spans)


def _given(span: Span, other: Span) -> list[str]:
    """What stands before another one's figure in the sentence of a span, wherever it does."""
    start, end = quote_around(span.hit.article, span.start, span.end)
    quote, figure = span.hit.article.body[start:end], NUMBER.search(other.text)
    if not figure:
        return []
    same = re.compile(rf"(?<![\w.,]){re.escape(figure.group())}(?!\w|[.,]\d)")
    return [
        quote[: match.start()]
        for match in same.finditer(quote)
        if not span.start <= start + match.start() < span.end
    ]


def _is_later(newer: Span, older: Span) -> bool:
    """Whether an article was written after another one, of whichever outlet."""
    own, its = newer.hit.article.told, older.hit.article.told
    return bool(own and its and own > its)


def _follows(newer: Span, older: Span) -> bool:
    """Whether one outlet printed both, in this order; near-copies count as what they are of."""
    return any(
        one.follows(other)
        for one in (newer.hit.article, *newer.hit.copies)
        for other in (older.hit.article, *older.hit.copies)
    )


def _is_of_something_else(newer: Span, older: Span) -> bool:
    """Whether a later article tells a value of another year, or of a part of the whole."""
    start, end = quote_around(newer.hit.article, newer.start, newer.end)
    body = newer.hit.article.body
    behind = re.split(r"[,;:.]", body[newer.end : end], maxsplit=1)[0][:_RIGHT_BEHIND]
    around = f"{body[start : newer.start]} {newer.text} {behind}"
    its = older.hit.article.body[slice(*quote_around(older.hit.article, older.start, older.end))]
    published = older.hit.article.published
    years = {int(year) for year in other_years(around, newer.text)}
    years -= {int(year) for year in other_years(its, older.text)}
    if published and years and max(years) < published.year:
        return True
    return any(said.search(around) and not said.search(its) for said in (_LONG_AGO, _IN_A_PART))


def _told(span: Span) -> datetime:
    """When; what bears no date may be of today."""
    return span.hit.article.told or datetime.max
