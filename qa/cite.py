"""Citing: the sentence a span stands in, cut from the article to the letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus import Article
from index import Hit
from index.chunk import sentences
from qa.answer import Citation
from qa.read import Span

_LONGEST_QUOTE = 600


def quote_around(article: Article, start: int, end: int) -> tuple[int, int]:
    """The sentences that a span touches; cut between words where one is very long."""
    around = _paragraph(article.body, start, end)
    touched = [
        (around[0] + a, around[0] + b)
        for a, b in sentences(article.body[around[0] : around[1]])
        if around[0] + a < end and around[0] + b > start
    ]
    left = min([a for a, _ in touched] + [start])
    right = max([b for _, b in touched] + [end])
    if right - left <= _LONGEST_QUOTE:
        return left, right
    return _shorten(article.body, left, right, start, end)


def cite(spans: Sequence[Span], corrected: Sequence[Span] = ()) -> tuple[list[Citation], list[int]]:
    """Number the quotes of spans in order; spans in one sentence share a quote.

    Args:
        spans: What is cited.
        corrected: Those that an article takes back: the next sentence tells what is so, and is
            quoted too.

    Returns:
        The citations, and for each span the number of its citation.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    own: list[int] = []
    for span in spans:
        article = span.hit.article
        start, end = quote_around(article, span.start, span.end)
        if any(span is one for one in corrected):
            end = _end_of_next(article, end)
        at = (article.id, start, end)
        if at not in numbers:
            numbers[at] = len(citations) + 1
            cut = Citation.cut(numbers[at], article, start, end, span.hit.copies)
            citations.append(replace(cut, value=(span.start - start, span.end - start)))
        own.append(numbers[at])
    return citations, own


def _end_of_next(article: Article, end: int) -> int:
    """Where the sentence behind a quote ends, if the paragraph has one and it is not too long."""
    left, right = _paragraph(article.body, end - 1, end)
    ends = [left + b for _, b in sentences(article.body[left:right]) if left + b > end + 1]
    return ends[0] if ends and ends[0] - end <= _LONGEST_QUOTE // 2 else end


def nearest(hits: Sequence[Hit], limit: int = 3) -> tuple[Citation, ...]:
    """The best passages as quotes, one an article, for an answer that the articles do not give."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.article.id, hit)
    return tuple(
        Citation.cut(0, hit.article, hit.passage.start, hit.passage.end, hit.copies)
        for hit in list(first.values())[:limit]
    )


def _paragraph(body: str, start: int, end: int) -> tuple[int, int]:
    left = body.rfind("\n", 0, start) + 1
    right = body.find("\n", end)
    return left, len(body) if right < 0 else right


def _shorten(body: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    """At most `_LONGEST_QUOTE` characters around a span, between words; never less than it."""
    room = max(0, _LONGEST_QUOTE - (end - start)) // 2
    high = min(right, max(left, start - room) + max(_LONGEST_QUOTE, end - start))
    low = max(left, min(start, high - _LONGEST_QUOTE))
    if low > left and (gap := re.search(r"\s", body[low:start])):
        low += gap.end()
    if high < right and (cut := body.rfind(" ", end, high)) > 0:
        high = cut
    return low, high
