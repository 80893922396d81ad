"""Reading: pointing at the answer in the passages that the search found, or at none."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from index import Hit
from index.chunk import sentences
from index.embed import MiniLM, load_session, load_tokenizer
from qa.confidence import MODEL_FOLDER, calibration, sigmoid
from qa.evidence import of_passage, of_search, of_span
from qa.listing import whole_list
from qa.question import asks_several

# As it was trained: see qa/train/batches.py.
_MOST_QUESTION = 64
_MOST_TOKENS = 320
_LONGEST_ANSWER = 48
_TOKENS_A_BATCH = 1024  # what goes through the layers stays in the cache
_FEWEST_CHOSEN = 8  # passages; of fewer the search has brought all there were, and told nothing
_LONGEST_TITLE = 200  # characters; behind a longer one the embedder would see no sentence
_CANDIDATES = 4  # spans of a passage that other evidence chooses from
# No calibration question is answered otherwise for these two.
_NEAR = 0.4  # of the best passage's score by search; in what is farther off no answer leads
_WORTH = 0.05


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


Candidate = tuple[int, int, float]
"""(first character, end, score) of a span in its passage; the score in logits against none."""


Evident = tuple[int, int, tuple[float, ...]]
"""(first character, end, features but those of the search) of a span in its passage."""


class Reader(Protocol):
    """Points at answers. One method; anything that has it fits."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Spans that may answer the question, the most probable first."""
        ...


@dataclass(frozen=True, slots=True)
class _Row:
    """A question and a passage as the model takes them."""

    ids: list[int]
    second: int
    """Where the second segment begins: title and date, then the passage."""
    first: int
    """The first token of the passage itself."""
    offsets: list[tuple[int, int]]
    """Of the passage's tokens, in characters of the passage."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A passage with its candidates, before it is known how like it is to the question."""

    hit: Hit
    sentence: str
    """That of the best candidate, as the embedder gets it."""
    spans: list[tuple[int, int, float, tuple[float, ...]]]
    """(first character, end, score, features of its words) of each candidate."""

    def evident(self, likeness: float) -> list[Evident]:
        """The candidates with their features but those of the search."""
        shared = of_passage(self.hit, likeness)
        return [(start, end, (score, *shared, *own)) for start, end, score, own in self.spans]


class SpanReader:
    """MiniLM trained to point at the answer in a passage, or to say that there is none.

    For each passage the score of its best span is `start + end - none` in logits, so "no answer"
    stands at zero in every passage and scores compare over passages (Clark and Gardner 2018).
    How like its sentence is to the question is told by an embedder that has seen a billion pairs,
    many of them questions with their answers: that is what the reader itself has seen too few of.
    """

    def __init__(
        self, folder: Path = MODEL_FOLDER, near: float = _NEAR, worth: float = _WORTH
    ) -> None:
        """A reader, loaded at its first use.

        Args:
            folder: With `reader.onnx`, `tokenizer.json` and `calibration.json`.
            near: Share of the best passage's score by search from which a passage is read.
            worth: Probability of a passage, likeness aside, from which likeness is asked for.
        """
        self._folder = folder
        self._near = near
        self._worth = worth
        self._embedder = MiniLM(tokens_a_batch=_TOKENS_A_BATCH)
        self._session: Any = None
        self._tokenizer: Any = None
        self._loading = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """The best span of each passage that is near enough, the most probable first."""
        chosen = len(hits) >= _FEWEST_CHOSEN
        places = {hit.passage.id: place if chosen else None for place, hit in enumerate(hits)}
        near = self.near(hits)
        gathered = [_gathered(question, *one) for one in self.candidates(question, near)]
        usual = calibration(self._folder).usual
        spans = [self._best(one, places[one.hit.passage.id], usual) for one in gathered]
        # The likeness takes as long as all else: of what a search found it is asked for only where
        # it can matter. Passages that are just given are few, and for them it weighs more.
        worth = [
            n for n, span in enumerate(spans)
            if not (chosen and span.hit.ranks) or span.probability >= self._worth
        ]  # fmt: skip
        likenesses = self._likenesses(question, [gathered[n] for n in worth])
        for n, likeness in zip(worth, likenesses, strict=True):
            spans[n] = self._best(gathered[n], places[gathered[n].hit.passage.id], likeness)
        return sorted(spans, key=lambda span: -span.probability)

    def near(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those worth reading: where a search is clear, few; passages that are just given, all."""
        if len(hits) < _FEWEST_CHOSEN:
            return list(hits)
        least = self._near * max(hit.score for hit in hits)
        return [hit for hit in hits if hit.score >= least or not hit.ranks]

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[tuple[Hit, list[Candidate]]]:
        """Each passage with its best spans by the model alone, before other evidence."""
        if not hits:
            return []
        self._load()
        # A follow-up stands last, behind the question it leans on: the end is what to keep.
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[-_MOST_QUESTION:]
        rows = [self._row(asked, hit) for hit in hits]
        found: list[tuple[Hit, list[Candidate]]] = []
        for some in _batches([len(row.ids) for row in rows]):
            start, end, none = self._run([rows[n] for n in some])
            for at, n in enumerate(some):
                if spans := _candidates(start[at], end[at], float(none[at]), rows[n]):
                    found.append((hits[n], spans))
        return found

    def evidence(
        self, question: str, found: Sequence[tuple[Hit, list[Candidate]]]
    ) -> list[tuple[Hit, list[Evident]]]:
        """The candidates grown to whole words and lists, with all that speaks for each."""
        gathered = [_gathered(question, *one) for one in found]
        likenesses = self._likenesses(question, gathered)
        return [
            (one.hit, one.evident(likeness))
            for one, likeness in zip(gathered, likenesses, strict=True)
        ]

    def _likenesses(self, question: str, gathered: Sequence[_Gathered]) -> list[float]:
        """How like each passage's sentence is to the question, -1 to 1."""
        if not gathered:
            return []
        asked, *vectors = self._embedder.encode([question, *(one.sentence for one in gathered)])
        return [float(asked @ vector) for vector in vectors]

    def _best(self, one: _Gathered, place: int | None, likeness: float) -> Span:
        """The most probable of a passage's candidates, all evidence taken together."""
        fitted = calibration(self._folder)
        searched = None if place is None else of_search(one.hit, place)
        by = fitted.given if searched is None else fitted.searched
        logit, start, end = max(
            (by.log_odds((*own, *(searched or ()))), start, end)
            for start, end, own in one.evident(likeness)
        )
        at = one.hit.passage.start
        return Span(one.hit, at + start, at + end, sigmoid(logit))

    def _row(self, asked: list[int], hit: Hit) -> _Row:
        head = _head(hit)
        encoding = self._tokenizer.encode(head + hit.passage.text, add_special_tokens=False)
        room = _MOST_TOKENS - len(asked) - 3
        ids, offsets = encoding.ids[:room], encoding.offsets[:room]
        before = next((n for n, (_, end) in enumerate(offsets) if end > len(head)), len(offsets))
        cls, sep = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
        second = len(asked) + 2
        own = [(max(0, a - len(head)), b - len(head)) for a, b in offsets[before:]]
        return _Row([cls, *asked, sep, *ids, sep], second, second + before, own)

    def _run(self, rows: Sequence[_Row]) -> Any:
        length = max(len(row.ids) for row in rows)
        ids = np.zeros((len(rows), length), dtype=np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        for n, row in enumerate(rows):
            size = len(row.ids)
            ids[n, :size], mask[n, :size], types[n, row.second : size] = row.ids, 1, 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        return self._session.run(["start", "end", "none"], inputs)

    def _load(self) -> None:
        with self._loading:
            if self._session is not None:
                return
            self._tokenizer = load_tokenizer(self._folder / "tokenizer.json")
            self._session = load_session(self._folder / "reader.onnx", keep_memory=True)


def _head(hit: Hit) -> str:
    """Title and date, which tell what the passage is about."""
    title, day = hit.article.title, hit.article.published
    if not day:
        return f"{title}. " if title else ""
    return f"{title} ({day:%Y-%m-%d}). " if title else f"{day:%Y-%m-%d}. "


def _titled(hit: Hit, sentence: str) -> str:
    """A sentence as the embedder gets it: "he resigned" is about whom the title names."""
    title = hit.article.title[:_LONGEST_TITLE]
    return f"{title}. {sentence}" if title else sentence


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Row numbers by falling length, cut so that a padded batch stays small."""
    batches: list[list[int]] = []
    for n in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        if not batches or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > _TOKENS_A_BATCH:
            batches.append([])
        batches[-1].append(n)
    return batches


def _candidates(
    start: NDArray[np.float32], end: NDArray[np.float32], none: float, row: _Row
) -> list[Candidate]:
    """(first character, end, score against "no answer") of a passage's best spans, best first."""
    size = len(row.offsets)
    if not size:
        return []
    begins, ends = start[row.first : row.first + size], end[row.first : row.first + size]
    ahead = np.append(ends, np.full(_LONGEST_ANSWER - 1, -np.inf, dtype=ends.dtype))
    # Row i: the spans from token i to each of the next ones.
    scores = (begins[:, None] + sliding_window_view(ahead, _LONGEST_ANSWER)).ravel()
    least = np.partition(scores, -_CANDIDATES)[-_CANDIDATES]
    near = np.flatnonzero((scores >= least) & np.isfinite(scores))
    best = near[np.argsort(-scores[near], kind="stable")][:_CANDIDATES]
    places = (divmod(int(place), _LONGEST_ANSWER) for place in best)
    return [
        (row.offsets[i][0], row.offsets[i + more][1], float(begins[i] + ends[i + more]) - none)
        for i, more in places
    ]


def _gathered(question: str, hit: Hit, found: Sequence[Candidate]) -> _Gathered:
    """A passage's candidates, grown, with all that speaks for them but search and likeness."""
    passage = hit.passage.text
    parts = sentences(passage)
    words = [match.span() for match in _WORD.finditer(passage)]
    several = asks_several(question)
    spans = []
    for left, right, score in found:
        start, end = _grown(words, left, right)
        if several:
            start, end = whole_list(passage, start, end)
        own = of_span(question, passage[start:end], _around(passage, parts, start, end))
        spans.append((start, end, score, own))
    # Of each passage one sentence, that of its best span: of all spans' it takes thrice as long
    # and tells no more.
    return _Gathered(hit, _titled(hit, _around(passage, parts, *found[0][:2])), spans)


def _around(passage: str, parts: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """The sentence a span stands in; all that it touches, if several."""
    return " ".join(passage[a:b] for a, b in parts if a < end and b > start)


# A word, or a number with its separators and sign.
_WORD = re.compile(r"[$€£¥]?\d+(?:[.,]\d+)*(?:%|\w+)?|\w+")


def _grown(words: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """A span grown to whole words and numbers, which tokens may cut: "1,949", not "949"."""
    touched = [(a, b) for a, b in words if a < end and b > start]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])
