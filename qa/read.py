"""Reading: pointing at the answer in the passages that the search found, or at none."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index import Hit
from index.embed import load_session, load_tokenizer

MODEL_FOLDER = Path(__file__).parent / "models" / "reader"

# As it was trained: see qa/train/batches.py.
_MOST_QUESTION = 64
_MOST_TOKENS = 320
_LONGEST_ANSWER = 48
_TOKENS_A_BATCH = 2048


@dataclass(frozen=True, slots=True)
class Span:
    """A run of an article's text that may answer the question."""

    hit: Hit
    start: int
    """Offsets in the article's body: `body[start:end]`."""
    end: int
    score: float
    """Log-odds against "no answer", before calibration; comparable over passages."""
    probability: float
    """Of being a right answer, 0 to 1; calibrated."""

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
class _Row:
    """A question and a passage as the model takes them."""

    ids: list[int]
    second: int
    """Where the second segment begins: title and date, then the passage."""
    first: int
    """The first token of the passage itself."""
    offsets: list[tuple[int, int]]
    """Of the passage's tokens, in characters of the passage."""


class SpanReader:
    """MiniLM trained to point at the answer in a passage, or to say that there is none.

    For each passage the score of its best span is `start + end - none` in logits, so "no answer"
    stands at zero in every passage and scores compare over passages (Clark and Gardner 2018).
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        self._folder = folder
        self._session: Any = None
        self._tokenizer: Any = None
        self._slope, self._intercept = 1.0, 0.0
        self._loading = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """The best span of each passage, the most probable first."""
        if not hits:
            return []
        self._load()
        # A follow-up stands last, behind the question it leans on: the end is what to keep.
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[-_MOST_QUESTION:]
        rows = [self._row(asked, hit) for hit in hits]
        spans: list[Span] = []
        for some in _batches([len(row.ids) for row in rows]):
            start, end, none = self._run([rows[n] for n in some])
            for at, n in enumerate(some):
                if found := _best_span(start[at], end[at], rows[n]):
                    left, right, score = found
                    spans.append(self._span(hits[n], left, right, score - float(none[at])))
        return sorted(spans, key=lambda span: -span.score)

    def _span(self, hit: Hit, left: int, right: int, score: float) -> Span:
        at = hit.passage.start
        probability = 1 / (1 + math.exp(-(self._slope * score + self._intercept)))
        return Span(hit, at + left, at + right, score, probability)

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
            fitted = json.loads((self._folder / "calibration.json").read_text("utf-8"))
            self._slope, self._intercept = fitted["slope"], fitted["intercept"]
            self._session = load_session(self._folder / "reader.onnx")


def _head(hit: Hit) -> str:
    """Title and date, which tell what the passage is about."""
    title, day = hit.article.title, hit.article.published
    if not day:
        return f"{title}. " if title else ""
    return f"{title} ({day:%Y-%m-%d}). " if title else f"{day:%Y-%m-%d}. "


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Row numbers by falling length, cut so that a padded batch stays small."""
    batches: list[list[int]] = []
    for n in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        if not batches or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > _TOKENS_A_BATCH:
            batches.append([])
        batches[-1].append(n)
    return batches


def _best_span(
    start: NDArray[np.float32], end: NDArray[np.float32], row: _Row
) -> tuple[int, int, float] | None:
    """(first character, last character, start + end logits) of the best span of a passage."""
    size = len(row.offsets)
    if not size:
        return None
    begins, ends = start[row.first : row.first + size], end[row.first : row.first + size]
    reach = np.arange(size)[None, :] - np.arange(size)[:, None]
    scores = np.where((reach >= 0) & (reach < _LONGEST_ANSWER), begins[:, None] + ends, -np.inf)
    i, j = np.unravel_index(int(scores.argmax()), scores.shape)
    return row.offsets[i][0], row.offsets[j][1], float(scores[i, j])
