"""Spans in articles of February 2025 for the tests of what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from corpus import Article
from index import Hit, Passage
from qa.read import Span


def span(body: str, value: str, outlet: str, day: int, probability: float = 0.9) -> Span:
    """A value pointed at where it first stands in an article's text."""
    article = Article.create(
        title=f"{outlet} {day}",
        body=body,
        outlet=outlet,
        published=datetime(2025, 2, day, tzinfo=UTC),
    )
    start = body.index(value)
    hit = Hit(Passage(1, article.id, 0, len(body), body), article, 1.0)
    return Span(hit, start, start + len(value), probability)
