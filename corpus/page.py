"""Web pages: article text through trafilatura, with rules of our own on top."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from corpus.article import Article
from corpus.clean import drop_page_lines
from corpus.copies import containment, shingles
from corpus.fill import filled
from corpus.furniture import without_furniture
from corpus.metadata import Metadata, cut_metas, read_metadata
from corpus.notes import find_notes
from corpus.prune import lede, prune
from corpus.tree import parsed

_FULLER = 1.3  # JSON-LD's text is taken where it is so much longer and holds what was found
_CONSISTENT = 0.8
_HALF = 0.5
_TELLING = 60  # characters: a shorter line may be a heading, which JSON-LD leaves out


def read_html(data: bytes, source: str, told: datetime | None = None) -> Article:
    """The article of one HTML page.

    Args:
        data: The page.
        source: Where it was read from.
        told: When it was published, for a page that does not say so in so many words.

    Raises:
        ValueError: the page holds no article text.
    """
    import trafilatura

    tree = parsed(data)
    if tree is None:
        raise ValueError("no article text found in this page")
    cut_metas(tree)
    guess = trafilatura.extract_metadata(tree)
    facts = read_metadata(tree, guess, told)
    prune(tree)
    opening = lede(tree, facts.description)
    body = _checked(_lines(tree, facts, opening), facts.body)
    if not body:
        raise ValueError("no article text found in this page")
    return Article.create(
        title=facts.title or body[:80],
        body=body,
        outlet=facts.outlet,
        authors=facts.authors,
        published=facts.published,
        updated=facts.updated,
        language=facts.language,
        section=facts.section,
        url=facts.url if facts.url.startswith(("http://", "https://")) else "",
        source=source,
    )


def _lines(tree: Any, facts: Metadata, opening: str) -> list[str]:
    """The article's paragraphs, without what is the page's."""
    lines = filled(_extracted(tree, precise=True), _extracted(tree, precise=False))
    kept = without_furniture(drop_page_lines(lines, facts.title), facts.headlines, facts.authors)
    if opening and kept and _missing(opening, kept):
        kept.insert(0, opening)
    return kept


def _extracted(tree: Any, *, precise: bool) -> list[str]:
    import trafilatura

    found = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, favor_precision=precise
    )
    lines = ((found and found.text) or "").split("\n")
    return [line.strip() for line in lines if line.strip()]


def read_plain(data: bytes) -> str:
    """What trafilatura alone makes of a page: the yardstick for the rules here."""
    import trafilatura

    tree = parsed(data)
    found = None if tree is None else trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, include_tables=True
    )  # fmt: skip
    return (found and found.text) or ""


def _missing(opening: str, kept: list[str]) -> bool:
    return containment(shingles(opening), shingles(" ".join(kept))) < _HALF


def _checked(lines: list[str], told: str) -> str:
    """The text, checked against the one in the page's JSON-LD, where that is the same story.

    Where extraction found a part of it only, JSON-LD's is taken; where it found all of it, what
    JSON-LD does not have is the page's.
    """
    body = "\n\n".join(lines)
    if len(told) < _HALF * len(body) or not told:
        return body
    known = shingles(told)
    if body and containment(shingles(body), known) < _CONSISTENT:
        return body
    if len(told) >= _FULLER * len(body):
        return told
    if told.endswith(("…", "...")):  # only its beginning
        return body
    own = [
        line
        for line in lines
        if len(line) < _TELLING or _share(line, known) >= _HALF or find_notes("", line)
    ]
    return "\n\n".join(own)


def _share(line: str, known: frozenset[tuple[str, ...]]) -> float:
    runs = shingles(line)
    return len(runs & known) / len(runs)
