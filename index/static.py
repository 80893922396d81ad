"""A static embedder: a vector for each WordPiece, added up. No network to run, so thousands of
passages a second; made from MiniLM by `index.distil`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import OnRecordError
from index.embed import Embedder, MiniLM, Vectors, load_tokenizer, unit
from index.pieces import WordPieces

TABLE = Path(__file__).parent / "models" / "static" / "table.npz"
_TEXTS_A_BATCH = 64  # bounds the memory that gathered rows take


class Static:
    """Sum of the rows of a text's pieces; a row's length is the piece's weight."""

    def __init__(self, table: Path = TABLE) -> None:
        self.table = table
        self._rows: Vectors | None = None
        self._pieces: Any = None
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        """Recorded in the manifest."""
        return "static-minilm-256"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape [len(texts), dimensions]; zero where no piece is known."""
        rows = self.rows()
        made = [self._some(rows, texts[n : n + _TEXTS_A_BATCH])
                for n in range(0, len(texts), _TEXTS_A_BATCH)]  # fmt: skip
        return np.concatenate(made) if made else np.zeros((0, rows.shape[1]), dtype=np.float32)

    def _some(self, rows: Vectors, texts: Sequence[str]) -> Vectors:
        ids = [self.ids(text) for text in texts]
        return unit(np.stack([rows[own].sum(axis=0) for own in ids]))

    def ids(self, text: str) -> list[int]:
        """The rows of a text's pieces, in order."""
        self.rows()
        found: list[int] = self._pieces.ids(text)
        return found

    def rows(self) -> Vectors:
        """The table, shape [vocabulary, dimensions]."""
        with self._loading:
            if self._rows is None:
                self._rows = load_table(self.table)
                self._pieces = WordPieces(load_tokenizer())
            return self._rows


def embedder_named(name: str) -> Embedder:
    """The shipped embedder that has this name in a manifest; the default one for any other."""
    return MiniLM() if name == MiniLM.name else Static()


def embedder_called(name: str) -> Embedder:
    """A shipped embedder by its short name.

    Raises:
        OnRecordError: there is none of that name.
    """
    if name not in ("static", "minilm"):
        raise OnRecordError(f"no embedder named {name!r}; there are: static, minilm")
    return MiniLM() if name == "minilm" else Static()


def load_table(file: Path) -> Vectors:
    """The rows of a table file, shape [vocabulary, dimensions]: int8 times a scale a row."""
    with np.load(file, allow_pickle=False) as held:
        scales: NDArray[np.float16] = held["scales"]
        return np.asarray(held["rows"] * scales.astype(np.float32)[:, None], dtype=np.float32)


def save_table(file: Path, rows: Vectors) -> None:
    """Write rows of shape [vocabulary, dimensions] as int8 with a scale a row."""
    scales = (np.abs(rows).max(axis=1) / 127).astype(np.float16)
    whole = np.round(rows / np.maximum(scales.astype(np.float32), 1e-8)[:, None])
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, rows=whole.clip(-127, 127).astype(np.int8), scales=scales)
