"""Reading: pointing at the answer in the passages that the search found, or at none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from index import Hit
from index.chunk import sentences
from index.embed import MiniLM
from index.passage import short_title
from qa.confidence import MODEL_FOLDER, calibration, sigmoid
from qa.evidence import of_search, of_span
from qa.listing import whole_list
from qa.network import Logits, Network, Row, Rows, best_span
from qa.question import FIGURES, asks_several, kind_of

_FEWEST_CHOSEN = 8  # passages; of fewer the search has brought all there were, and told nothing
_NEAR = 0.15  # of the best passage's score by search; in what is farther off no answer leads
_MOST_READ = 2  # passages of a search that both networks read
_WORTH = 0.02  # probability of a skimmed passage from which the large one reads it too
_WORTH_LATER = 0.1  # of one that may replace what the surest says
_WINDOW = 96  # tokens of a passage that the large one reads, unless one sentence has more
_SHARE = 0.7  # of the large one in what both say
_TOKENS_A_BATCH = 1024  # of the embedder: what goes through its layers stays in the cache


@dataclass(frozen=True, slots=True)
class Span:
    """A run of an article's text that may answer the question."""

    hit: Hit
    start: int
    """Offsets in the article's body: `body[start:end]`."""
    end: int
    probability: float
    """Of being a right answer by its own evidence, 0 to 1; comparable over passages."""

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.article.body[self.start : self.end]


class Reader(Protocol):
    """Points at answers. One method; anything that has it fits."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans that may answer the question, the most probable first."""
        ...


@dataclass(frozen=True, slots=True)
class Pointed:
    """A passage and the span that was pointed at in it, by one network or both."""

    hit: Hit
    row: Row
    logits: Logits
    start: int
    """Of the span, in characters of the passage, as `end`."""
    end: int
    own: tuple[float, ...]
    """Evidence of the span itself."""
    sentence: str
    """That it stands in, as the embedder gets it."""
    likeness: float | None = None
    """Of that sentence to the question, -1 to 1; None where the passage was only skimmed."""

    @property
    def extent(self) -> tuple[int, int]:
        """What was read of the passage, in its characters."""
        return self.row.offsets[0][0], self.row.offsets[-1][1]

    def evidence(self, searched: Sequence[float]) -> tuple[float, ...]:
        """All that speaks for the span, in the order of `qa.evidence`.

        Args:
            searched: Evidence of the search; empty where no search found the passage.
        """
        like = () if self.likeness is None else (self.likeness,)
        return (*self.own, *like, *searched)


class SpanReader:
    """Two networks trained to point at the answer in a passage, or to say that there is none.

    The small one skims every passage. Of those few that may hold the answer, the large one reads
    the sentences around what was pointed at, and what both say counts, which is right more often.
    How like their sentences are to the question is told by an embedder that has seen a billion
    pairs, many of them questions with their answers: that is what both networks have seen too few
    of.
    """

    def __init__(
        self, folder: Path = MODEL_FOLDER, near: float = _NEAR, read_all: bool = False
    ) -> None:
        """A reader, loaded at its first use.

        Args:
            folder: With `skim.onnx`, `read.onnx` and `calibration.json`.
            near: Share of the best passage's score by search from which a passage is skimmed.
            read_all: Whether both networks read every passage that is skimmed, as a measure.
        """
        self._folder = folder
        self._near = near
        self._read_all = read_all
        self._rows = Rows()
        self._skims, self._reads = Network(folder / "skim.onnx"), Network(folder / "read.onnx")
        self._embedder = MiniLM(tokens_a_batch=_TOKENS_A_BATCH)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """The best span of each passage that is near enough, the most probable first."""
        searched = _searched(hits)
        skimmed = self.skim(question, self.near(hits))
        # Passages that are just given are few, and all are read.
        given = [one for one in skimmed if not searched[one.hit.passage.id]]
        found = [one for one in skimmed if searched[one.hit.passage.id]]
        spans = {one.hit.passage.id: self._span(one, searched) for one in found}
        if not self._read_all:
            worth = worth_reading(question, surest_first(spans.values()))
            found = [one for one in found if one.hit.passage.id in worth]
        for one in self.reread(question, given + found):
            spans[one.hit.passage.id] = self._span(one, searched)
        return surest_first(spans.values())

    def near(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those worth skimming: where a search is clear, few; passages that are just given, all."""
        if len(hits) < _FEWEST_CHOSEN:
            return list(hits)
        least = self._near * max(hit.score for hit in hits)
        return [hit for hit in hits if hit.score >= least or not hit.ranks]

    def skim(self, question: str, hits: Sequence[Hit]) -> list[Pointed]:
        """What the small network points at in each passage; none where it sees no token of it."""
        rows = self._rows.of(question, hits)
        said = zip(hits, rows, self._skims.logits(rows), strict=True)
        return [_pointed(question, hit, row, logits) for hit, row, logits in said if row.offsets]

    def reread(self, question: str, skimmed: Sequence[Pointed]) -> list[Pointed]:
        """What both networks point at together, and how like it is to the question."""
        if not skimmed:
            return []
        kept = [one.row.within(*_window(one)) for one in skimmed]
        rows = [one.row.take(places) for one, places in zip(skimmed, kept, strict=True)]
        both = [
            _pointed(question, one.hit, row, one.logits.take(places).mixed(logits, _SHARE))
            for one, places, row, logits in zip(
                skimmed, kept, rows, self._reads.logits(rows), strict=True
            )
        ]
        asked, *vectors = self._embedder.encode([question, *(one.sentence for one in both)])
        return [
            replace(one, likeness=float(asked @ vector))
            for one, vector in zip(both, vectors, strict=True)
        ]

    def _span(self, one: Pointed, searched: dict[int, tuple[float, ...]]) -> Span:
        """What was pointed at, with its probability, all evidence taken together."""
        fitted, found = calibration(self._folder), searched[one.hit.passage.id]
        by = fitted.by(was_read=one.likeness is not None, was_searched=bool(found))
        at = one.hit.passage.start
        probability = sigmoid(by.log_odds(one.evidence(found)))
        return Span(one.hit, at + one.start, at + one.end, probability)


def surest_first(spans: Iterable[Span]) -> list[Span]:
    """The most probable first."""
    return sorted(spans, key=lambda span: -span.probability)


def worth_reading(question: str, skimmed: Sequence[Span]) -> set[int]:
    """Ids of the passages of a search that both networks read: the few surest ones.

    Where a figure is asked for, also what the outlet of the very surest wrote last, if it may hold
    one: it may say that the figure has changed, which replaces the earlier one.

    Args:
        question: What is asked.
        skimmed: As the small one sees them, the most probable first.
    """
    worth = [s for n, s in enumerate(skimmed[:_MOST_READ]) if n == 0 or s.probability >= _WORTH]
    if kind_of(question) in FIGURES:
        likely = [s for s in skimmed[_MOST_READ:] if s.probability >= _WORTH_LATER]
        later = [s for s in likely if s.hit.article.follows(worth[0].hit.article)]
        worth += sorted(later, key=lambda s: s.hit.article.told or datetime.min)[-1:]
    return {span.hit.passage.id for span in worth}


def _searched(hits: Sequence[Hit]) -> dict[int, tuple[float, ...]]:
    """What the search tells of each passage; nothing of those that are just given."""
    chosen = len(hits) >= _FEWEST_CHOSEN
    return {
        hit.passage.id: (of_search(hit, place) or ()) if chosen else ()
        for place, hit in enumerate(hits)
    }


def _pointed(question: str, hit: Hit, row: Row, logits: Logits) -> Pointed:
    """A passage's best span by these logits, grown to whole words and lists."""
    passage = hit.passage.text
    parts = sentences(passage)
    left, right, score = best_span(logits, row, parts)
    start, end = _grown(passage, left, right)
    if _UNDOTTED.search(passage[start:end]) and passage.startswith(".", end):
        end += 1
    if asks_several(question):
        start, end = whole_list(passage, start, end)
    own = of_span(score, question, hit, passage[start:end], _around(passage, parts, start, end))
    sentence = _titled(hit, _around(passage, parts, left, right))
    return Pointed(hit, row, logits, start, end, own, sentence)


def _window(one: Pointed) -> tuple[int, int]:
    """The sentences around the span, in characters of the passage, that are worth reading.

    One by one, from the side of which less is read so far, while all fit the window.
    """
    parts = sentences(one.hit.passage.text)
    sizes = [sum(a < e and b > s for a, b in one.row.offsets) for s, e in parts]
    own = [n for n, (s, e) in enumerate(parts) if s < one.end and e > one.start]
    own = own or list(range(len(parts)))
    first, last = left, right = own[0], own[-1] + 1
    room = _WINDOW - sum(sizes[first:last])
    while True:
        beside = (sum(sizes[left:first]), left - 1), (sum(sizes[last:right]), right)
        fitting = [(has, n) for has, n in beside if 0 <= n < len(parts) and sizes[n] <= room]
        if not fitting:
            return parts[left][0], parts[right - 1][1]
        _, n = min(fitting)
        room -= sizes[n]
        left, right = min(left, n), max(right, n + 1)


def _titled(hit: Hit, sentence: str) -> str:
    """A sentence as the embedder gets it: "he resigned" is about whom the title names."""
    title = short_title(hit.article)
    return f"{title}. {sentence}" if title else sentence


def _around(passage: str, parts: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """The sentence a span stands in; all that it touches, if several."""
    return " ".join(passage[a:b] for a, b in parts if a < end and b > start)


_UNDOTTED = re.compile(r"\b[ap]\.m$")
# A word, or a number with its separators and sign.
_WORD = re.compile(r"(?:(?:US|C|AU?|NZ|HK|S|R)?\$|[€£¥₹₩])?\d+(?:[.,]\d+)*(?:%|\w+)?|\w+")


def _grown(passage: str, start: int, end: int) -> tuple[int, int]:
    """A span grown to whole words and numbers, which tokens may cut: "1,949", not "949"."""
    words = (match.span() for match in _WORD.finditer(passage))
    touched = [(a, b) for a, b in words if a < end and b > start]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])
