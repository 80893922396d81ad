"""The reader's networks: a question and passages in as tokens, the best span of each out.

Two networks read the same rows: a small one, and a large one that takes five times as long and is
right more often. Both were trained alike (`qa.train`) but err on different passages, so what they
say together is better than either.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from index import Hit
from index.embed import load_session, load_tokenizer

# As they were trained: see qa/train/batches.py.
_MOST_QUESTION = 64
_MOST_TOKENS = 320
_LONGEST_ANSWER = 48
_TOKENS_A_BATCH = 1024  # what goes through the layers stays in the cache


@dataclass(frozen=True, slots=True)
class Row:
    """A question and a passage as the networks take them."""

    ids: list[int]
    second: int
    """Where the second segment begins: title and date, then the passage."""
    first: int
    """The first token of the passage itself."""
    offsets: list[tuple[int, int]]
    """Of the passage's tokens, in characters of the passage."""

    def within(self, start: int, end: int) -> list[int]:
        """Places of the tokens to keep where the passage is cut to these of its characters."""
        own = [n for n, (a, b) in enumerate(self.offsets, self.first) if a < end and b > start]
        return [*range(self.first), *own, len(self.ids) - 1]

    def take(self, places: Sequence[int]) -> Row:
        """The row with these tokens alone, as `within` gives them."""
        offsets = [self.offsets[n - self.first] for n in places[self.first : -1]]
        return Row([self.ids[n] for n in places], self.second, self.first, offsets)


@dataclass(frozen=True, slots=True)
class Logits:
    """What a network says of a row."""

    start: NDArray[np.float32]
    """For each token, [tokens], as `end`."""
    end: NDArray[np.float32]
    none: float

    def take(self, places: Sequence[int]) -> Logits:
        """Those of the tokens at these places."""
        return Logits(self.start[places], self.end[places], self.none)

    def mixed(self, other: Logits, share: float) -> Logits:
        """With another network's, which counts for a share from 0 to 1."""
        own, its = np.float32(1 - share), np.float32(share)
        start, end = own * self.start + its * other.start, own * self.end + its * other.end
        return Logits(start, end, (1 - share) * self.none + share * other.none)


class Rows:
    """Turns questions and passages into rows. Both networks have the embedder's words."""

    def __init__(self) -> None:
        self._tokenizer: Any = None
        self._loading = threading.Lock()

    def of(self, question: str, hits: Sequence[Hit]) -> list[Row]:
        """A row for each passage; what is too long is cut off."""
        with self._loading:
            if self._tokenizer is None:
                self._tokenizer = load_tokenizer()
        # A follow-up stands last, behind the question it leans on: the end is what to keep.
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[-_MOST_QUESTION:]
        return [self._row(asked, hit) for hit in hits]

    def _row(self, asked: list[int], hit: Hit) -> Row:
        head = _head(hit)
        encoding = self._tokenizer.encode(head + hit.passage.text, add_special_tokens=False)
        room = _MOST_TOKENS - len(asked) - 3
        ids, offsets = encoding.ids[:room], encoding.offsets[:room]
        before = next((n for n, (_, end) in enumerate(offsets) if end > len(head)), len(offsets))
        cls, sep = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
        second = len(asked) + 2
        own = [(max(0, a - len(head)), b - len(head)) for a, b in offsets[before:]]
        return Row([cls, *asked, sep, *ids, sep], second, second + before, own)


class Network:
    """One network in a file, loaded at its first use."""

    def __init__(self, file: Path) -> None:
        """A network.

        Args:
            file: ONNX. Matrices that it lacks lie beside it as `.npz`, see `unpacked`.
        """
        self._file = file
        self._session: Any = None
        self._loading = threading.Lock()

    def logits(self, rows: Sequence[Row]) -> list[Logits]:
        """Of each row, in order."""
        with self._loading:
            if rows and self._session is None:
                self._session = load(self._file)
        found: dict[int, Logits] = {}
        for some in _batches([len(row.ids) for row in rows]):
            start, end, none = self._run([rows[n] for n in some])
            for at, n in enumerate(some):
                size = len(rows[n].ids)
                found[n] = Logits(start[at, :size], end[at, :size], float(none[at]))
        return [found[n] for n in range(len(rows))]

    def _run(self, rows: Sequence[Row]) -> Any:
        length = max(len(row.ids) for row in rows)
        ids = np.zeros((len(rows), length), dtype=np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        for n, row in enumerate(rows):
            size = len(row.ids)
            ids[n, :size], mask[n, :size], types[n, row.second : size] = row.ids, 1, 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        return self._session.run(["start", "end", "none"], inputs)


def load(file: Path) -> Any:
    """A session for a network's file, with the matrices that lie beside it."""
    beside = file.with_suffix(".npz")
    if not beside.exists():
        return load_session(file, keep_memory=True)
    with np.load(beside) as packed:
        return load_session(file, keep_memory=True, initializers=dict(unpacked(packed)))


def unpacked(packed: Mapping[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[np.int8]]]:
    """Matrices that are kept in four bits a weight, made int8.

    Each weight is a code from -8 to 7, in half a byte, times the multiplier of its group of 32, so
    that their product fits eight bits (`qa.train.four_bits`).

    Args:
        packed: For each NAME: "NAME/bytes", the codes of its first half in their low halves,
            "NAME/multiplier" [groups, 1, columns], "NAME/shape", and where some of its rows come
            again behind the last one, which, as "NAME/more".

    Yields:
        Name and matrix.
    """
    names = [key.removesuffix("/bytes") for key in packed if key.endswith("/bytes")]
    for name in names:
        halves, multiplier = packed[f"{name}/bytes"], packed[f"{name}/multiplier"]
        codes = np.concatenate([halves & 15, halves >> 4]).view(np.int8)
        codes -= 8
        groups = codes.reshape(len(multiplier), -1, multiplier.shape[-1])
        groups *= multiplier
        matrix = groups.reshape(packed[f"{name}/shape"])
        if f"{name}/more" in packed:
            matrix = np.concatenate([matrix, matrix[packed[f"{name}/more"]]])
        yield name, matrix


def best_span(
    logits: Logits, row: Row, sentences: Sequence[tuple[int, int]]
) -> tuple[int, int, float]:
    """A passage's best span within one sentence: first character, end and score.

    The score of a span is `start + end - none` in logits, so "no answer" stands at zero in every
    passage and scores compare over passages (Clark and Gardner 2018).

    Args:
        logits: Of the row.
        row: The question and the passage, of which it has one token at least.
        sentences: Where each of the passage's begins and ends, in characters, in order.
    """
    own = slice(row.first, row.first + len(row.offsets))
    begins, ends = logits.start[own], logits.end[own]
    # Row i: the spans from token i to each of the next ones.
    scores = begins[:, None] + _ahead(ends, -np.inf)
    # Where two networks differ, the one may begin in one sentence and the other end in the next.
    own_sentence = np.searchsorted(
        [start for start, _ in sentences], [start for start, _ in row.offsets], side="right"
    )
    scores[_ahead(own_sentence, -1) != own_sentence[:, None]] = -np.inf
    i, more = divmod(int(scores.argmax()), _LONGEST_ANSWER)
    return row.offsets[i][0], row.offsets[i + more][1], float(scores[i, more]) - logits.none


def _ahead(values: NDArray[Any], beyond: float) -> NDArray[Any]:
    """For each token its own value and those of the next ones, [tokens, longest answer]."""
    padding = np.full(_LONGEST_ANSWER - 1, beyond, dtype=values.dtype)
    return sliding_window_view(np.append(values, padding), _LONGEST_ANSWER)


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
