"""Quotes in the passages that hold them, cut into pieces so that a template can mark them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.case import Case
from evals.report.measures import day
from qa.likeness import contains

_SHORTEST = 2  # characters of a right answer that is worth marking


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is a right answer."""

    text: str
    gold: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with what stands around it in its passage."""

    n: int
    """The number of its marker; 0 for a nearest passage."""
    title: str
    url: str
    """"" unless it is one of the web's."""
    meta: str
    """Outlet and day."""
    before: Sequence[Piece]
    quote: Sequence[Piece]
    after: Sequence[Piece]
    exact: bool
    """Whether the archive has it at its place, to the letter."""
    stands: str | None
    """What the archive has at its place."""
    holds: bool
    """Whether it holds a right answer."""


def quotes(case: Case, record: Mapping[str, Any]) -> tuple[list[Quote], list[Quote]]:
    """The citations of a saved answer, and its nearest passages."""
    answer = record["answer"]
    cited, nearest = answer["citations"], answer["nearest"]
    golds = _golds(case)
    made = [
        _quote(citation, stands, record["hits"], case, golds)
        for citation, stands in zip([*cited, *nearest], record["stands"], strict=True)
    ]
    return made[: len(cited)], made[len(cited) :]


def _quote(
    citation: Mapping[str, Any],
    stands: str | None,
    hits: Sequence[Mapping[str, Any]],
    case: Case,
    golds: re.Pattern[str] | None,
) -> Quote:
    text = citation["quote"]
    before, after = _around(citation, hits)
    url = citation["url"] or ""
    return Quote(
        n=citation["n"],
        title=citation["title"] or "Untitled",
        url=url if url.startswith(("http://", "https://")) else "",
        meta=" · ".join(part for part in (citation["outlet"], day(citation["published"])) if part),
        before=list(_pieces(before, golds)),
        quote=list(_pieces(text, golds)),
        after=list(_pieces(after, golds)),
        exact=stands == text,
        stands=stands,
        holds=any(contains(text, gold) for gold in case.answers),
    )


def _around(citation: Mapping[str, Any], hits: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """What stands before and after a quote in a passage found; nothing where none holds it."""
    for hit in hits:
        if hit["article"] == citation["article_id"]:
            start, end = citation["start"] - hit["start"], citation["end"] - hit["start"]
            if start >= 0 and hit["text"][start:end] == citation["quote"]:
                return hit["text"][:start], hit["text"][end:]
    return "", ""


def _golds(case: Case) -> re.Pattern[str] | None:
    """Finds the right answers as whole words; "yes" and "no" stand everywhere and say nothing."""
    if case.kind == "yes_no":
        return None
    texts = sorted({a.strip() for a in case.answers}, key=len, reverse=True)
    words = "|".join(re.escape(text) for text in texts if len(text) >= _SHORTEST)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None


def _pieces(text: str, golds: re.Pattern[str] | None) -> Iterator[Piece]:
    at = 0
    for found in golds.finditer(text) if golds else ():
        if found.start() > at:
            yield Piece(text[at : found.start()], gold=False)
        yield Piece(found.group(), gold=True)
        at = found.end()
    if at < len(text):
        yield Piece(text[at:], gold=False)
