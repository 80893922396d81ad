"""All vectors in one file, to be compared one by one where a filter lets only some through.

Chroma's own filters cost more the more passages there are; this takes some 10 ms for a million
vectors, and misses none. The file is mapped, not read.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from index.passage import Ranking

Ids = NDArray[np.int64]

_FEW = 0.2
"""Share of the rows up to which they are picked out. To go through all in order, with several
threads, takes less time than to pick out more."""
_THREADS = min(os.cpu_count() or 1, 4)


class Rows:
    """A file of (passage id, scale, int8 vector), only ever added to."""

    def __init__(self, file: Path) -> None:
        """Use this file, making it with the first rows."""
        self._file = file
        self._one_thread = threading.Lock()
        self._mapped: NDArray[np.void] | None = None
        self._stamp = (0, 0, 0)  # of the file as it was mapped
        self._scales: Vectors = np.zeros(0, dtype=np.float32)  # by row
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
            mapped, row_of, scales = self._map(), self._row_of, self._scales
        if mapped is None:
            return []
        rows = row_of[allowed[allowed < len(row_of)]]
        rows = rows[rows >= 0]
        if not len(rows):
            return []
        scores = _products(mapped["row"], rows, vector) * scales[rows]
        best = np.arange(len(scores))
        if len(best) > limit:  # all that reach the score of the last one wanted
            best = best[scores >= -np.partition(-scores, limit - 1)[limit - 1]]
        best = best[np.argsort(-scores[best], kind="stable")][:limit]
        return [(int(mapped["id"][rows[n]]), float(scores[n])) for n in best]

    def _map(self) -> NDArray[np.void] | None:
        """The rows as they are in the file; `_row_of` tells where a passage's is."""
        if not self._file.exists():
            return None
        found = self._file.stat()
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._mapped is None or self._stamp != stamp:
            kind = _kind(int(np.fromfile(self._file, dtype="<i8", count=1)[0]))
            # A row that a crash cut short is written again.
            whole = (found.st_size - 8) // kind.itemsize
            mapped = np.memmap(self._file, kind, "r", offset=8, shape=(whole,))
            self._mapped = mapped.view(np.ndarray)  # memmap's own indexing is slow
            self._stamp = stamp
            self._scales = np.array(self._mapped["scale"])
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
    found = cdist(asked, stored[rows] if few else stored, metric="dot", threads=_THREADS)
    products: Vectors = np.asarray(found, dtype=np.float32)[0]
    return (products if few else products[rows]) * np.float32(scale)


def _kind(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("id", "<i8"), ("scale", "<f4"), ("row", "i1", (dimensions,))])
