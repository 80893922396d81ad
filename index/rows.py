"""All vectors in one file, to be compared one by one where a filter leaves few passages.

Chroma's own filters cost more the more passages there are. Here the file is mapped, not read: a
search touches the rows that the filter lets through and no others.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from index.passage import Ranking

Ids = NDArray[np.int64]

_FEW = 0.3  # share of the rows


class Rows:
    """A file of (passage id, scale, int8 vector), only ever added to."""

    def __init__(self, file: Path) -> None:
        """Use this file, making it with the first rows."""
        self._file = file
        self._one_thread = threading.Lock()
        self._mapped: NDArray[np.void] | None = None
        self._row_of: Ids = np.zeros(0, dtype=np.int64)  # by passage id; -1 for none

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Write rows for passages; of rows with one id the last counts."""
        made = np.zeros(len(ids), dtype=_kind(vectors.shape[1]))
        scales = np.abs(vectors).max(axis=1) / 127
        made["id"], made["scale"] = ids, scales
        made["row"] = np.round(vectors / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
        with self._one_thread, self._file.open("ab") as file:
            self._mapped = None
            if not file.tell():
                file.write(np.array([vectors.shape[1]], dtype="<i8").tobytes())
            file.truncate(8 + (file.tell() - 8) // made.itemsize * made.itemsize)  # after a crash
            file.write(made.tobytes())

    def search(self, vector: Vectors, allowed: Ids, limit: int) -> Ranking:
        """The nearest of the allowed passages, with cosines; ids without a row are left out."""
        with self._one_thread:
            mapped, row_of = self._map(), self._row_of
        if mapped is None:
            return []
        rows = row_of[allowed[allowed < len(row_of)]]
        rows = rows[rows >= 0]
        if not len(rows):
            return []
        scores = _products(mapped["row"], rows, vector) * mapped["scale"][rows]
        best = np.arange(len(scores))
        if len(best) > limit:  # all that reach the score of the last one wanted
            best = best[scores >= -np.partition(-scores, limit - 1)[limit - 1]]
        best = best[np.argsort(-scores[best], kind="stable")][:limit]
        return [(int(mapped["id"][rows[n]]), float(scores[n])) for n in best]

    def _map(self) -> NDArray[np.void] | None:
        """The rows as they are in the file; `_row_of` tells where a passage's is."""
        if not self._file.exists():
            return None
        size = self._file.stat().st_size
        if self._mapped is None or self._mapped.nbytes + 8 != size:
            kind = _kind(int(np.fromfile(self._file, dtype="<i8", count=1)[0]))
            whole = (size - 8) // kind.itemsize  # a row cut short by a crash is written again
            mapped = np.memmap(self._file, kind, "r", offset=8, shape=(whole,))
            self._mapped = mapped.view(np.ndarray)  # memmap's own indexing is slow
            ids = np.array(self._mapped["id"])
            self._row_of = np.full(int(ids.max(initial=-1)) + 1, -1, dtype=np.int64)
            self._row_of[ids] = np.arange(whole)  # of rows with one id the last counts
        return self._mapped


def _products(stored: NDArray[np.int8], rows: Ids, vector: Vectors) -> Vectors:
    """Dot products of some of the stored vectors with one that is rounded to 8 bits as well."""
    from simsimd import cdist

    scale = float(np.abs(vector).max()) / 127
    asked = np.round(vector / scale).astype(np.int8)[None]
    few = len(rows) < _FEW * len(stored)
    # To go through all of them in order takes less time than to pick out a good part.
    found = np.asarray(cdist(asked, stored[rows] if few else stored, metric="dot"))[0]
    products: Vectors = (found if few else found[rows]).astype(np.float32)
    return products * np.float32(scale)


def _kind(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("id", "<i8"), ("scale", "<f4"), ("row", "i1", (dimensions,))])
