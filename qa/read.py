"""Reading: pointing at the answer in the passages that the search found."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from index import Hit
from index.chunk import sentences
from index.words import query_words
from qa.question import Kind, kind_of
from qa.values import DATE, DURATION, NUMBER


@dataclass(frozen=True, slots=True)
class Span:
    """A run of an article's text that may answer the question."""

    hit: Hit
    start: int
    """Offsets in the article's body: `body[start:end]`."""
    end: int
    score: float
    """Higher is better; comparable within one reading."""
    probability: float
    """Of being a right answer, 0 to 1."""

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.article.body[self.start : self.end]


class Reader(Protocol):
    """Points at answers. One method; anything that has it fits."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans that may answer the question, the best first; none when nothing does."""
        ...


Encode = Callable[[list[str]], Any]
"""Texts to unit vectors, shape [len(texts), dimensions]."""

_SENTENCES_EMBEDDED = 12
_NAME = re.compile(r"(?:(?:[A-ZÀ-Þ][\w'’.-]*)(?:\s+(?:of|de|la|del|the)\b)?\s*)+(?<![\s.])")
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    Kind.HOW_MANY: NUMBER,
    Kind.HOW_MUCH: NUMBER,
    Kind.PERCENT: re.compile(r"(?i)\d[\d.,]*\s?(?:%|per\s?cent)"),
    Kind.HOW_LONG: DURATION,
    Kind.WHEN: DATE,
    Kind.WHO: _NAME,
    Kind.WHERE: _NAME,
}


class SentenceReader:
    """A reader without a trained model: the sentence that matches best, by words and vectors,
    and in it the shortest span of the kind that is asked for."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans from the dozen sentences that share most words with the question."""
        words = _stems(question)
        found: dict[tuple[str, int, int], tuple[Hit, float]] = {}
        for hit in hits:
            passage = hit.passage
            for start, end in sentences(passage.text):
                at = (passage.article_id, passage.start + start, passage.start + end)
                shared = words & _stems(passage.text[start:end])
                title = words & _stems(hit.article.title)
                cover = (len(shared) + 0.5 * len(title - shared)) / max(len(words), 1)
                found.setdefault(at, (hit, cover))
        best = sorted(found.items(), key=lambda item: -item[1][1])[:_SENTENCES_EMBEDDED]
        if not best:
            return []
        texts = [hit.article.body[at[1] : at[2]] for at, (hit, _) in best]
        vectors = self._encode([question, *texts])
        cosines = vectors[1:] @ vectors[0]
        spans = [
            span
            for (at, (hit, cover)), cosine in zip(best, cosines, strict=True)
            if (span := _point(question, hit, at[1:], cover + float(cosine)))
        ]
        return sorted(spans, key=lambda span: -span.score)


def _point(question: str, hit: Hit, sentence: tuple[int, int], score: float) -> Span | None:
    """The span of the right kind that stands nearest to the question's words."""
    kind, (start, end) = kind_of(question), sentence
    probability = 1 / (1 + math.exp(-6 * (score - 1.2)))
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return Span(hit, start, end, score, probability)
    body, asked, words = hit.article.body, question.casefold(), _stems(question)
    found = [
        (m.start(), m.end())
        for m in pattern.finditer(body, start, end)
        if m.group().strip() and m.group().strip().casefold() not in asked
    ]
    if not found:
        return None
    anchors = [m.start() for m in re.finditer(r"\w+", body[start:end]) if _stems(m.group()) & words]
    centre = start + (float(np.mean(anchors)) if anchors else 0.0)
    left, right = min(found, key=lambda span: abs(span[0] - centre))
    text = body[left:right]
    left += len(text) - len(text.lstrip())
    return Span(hit, left, left + len(text.strip()), score, probability)


def _stems(text: str) -> set[str]:
    return {re.sub(r"(ing|ed|es|s)$", "", word) for word in query_words(text)}
