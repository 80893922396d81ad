"""The vector index: Chroma, cosine, in the data folder or on a server. Ids and vectors; no text."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from corpus import OnRecordError
from index.embed import Vectors as Array
from index.passage import Ranking
from index.rows import Ids, Rows

_COLLECTION = "passages"
_MOST_A_BATCH, _MOST_SENT = 4096, 1000
"""Passages that Chroma gets at once: in the folder, where many cost a fifth less than 1,000 do,
and over the network."""
_HNSW = {"space": "cosine", "ef_search": 200, "sync_threshold": 10_000}


class Vectors:
    """Finds passages by their vectors. Derived from the library; may be rebuilt at any time."""

    def __init__(self, folder: Path, server: str = "") -> None:
        """Open the index, making it where there is none.

        Args:
            folder: Where it is kept, apart from what a server keeps.
            server: URL of a Chroma server that several processes share; "" for none.

        Raises:
            OnRecordError: the server cannot be reached.
            Exception: whatever Chroma raises on files it cannot read.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._rows = Rows(folder / "rows.bin")
        self._folder, self._server, self._name = folder, server, ""
        self._most = _MOST_SENT if server else _MOST_A_BATCH
        self._client: Any = _connect(server) if server else _embedded(folder)
        self._opened: Any = None
        self._collection()

    def _collection(self) -> Any:
        """The collection that is there now: another process may have made it anew."""
        name = _name(self._folder / "collection") if self._server else _COLLECTION
        if name != self._name:
            self._opened = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            self._name = name
        return self._opened

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()

    def clear(self) -> None:
        """Have a server forget the passages; a folder is simply deleted."""
        if self._server:
            self._client.delete_collection(self._collection().name)

    def count(self) -> int:
        """How many passages it holds."""
        with self._reached():
            return int(self._collection().count())

    def update(self, put: Sequence[int], vectors: Array, drop: Sequence[int]) -> None:
        """Take passages in, with vectors of shape [len(put), dimensions], and drop others."""
        with self._reached():
            collection = self._collection()
            for at in range(0, len(drop), self._most):
                collection.delete(ids=[str(n) for n in drop[at : at + self._most]])
            for at in range(0, len(put), self._most):
                ids = [str(n) for n in put[at : at + self._most]]
                collection.upsert(ids=ids, embeddings=vectors[at : at + self._most])
        if len(put):
            self._rows.add(np.array(put, dtype=np.int64), vectors)

    def search(self, vector: Array, limit: int, allowed: Ids | None = None) -> Ranking:
        """The passages nearest to a vector of shape [dimensions], with cosines, nearest first.

        Args:
            vector: Of unit length.
            limit: How many at most.
            allowed: Ids that a filter lets through, each of which is compared; None for all,
                of which Chroma's graph finds nearly all of the nearest.
        """
        if allowed is not None:
            return self._rows.search(vector, allowed, limit)
        with self._reached():
            found = self._collection().query(
                query_embeddings=vector[None], n_results=limit, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(passage_id), 1 - distance) for passage_id, distance in pairs]

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say what it means that a server is gone."""
        import httpx

        try:
            yield
        except httpx.TransportError as error:
            raise OnRecordError(
                f"the Chroma server at {self._server} does not answer ({error}); start it again"
            ) from error


def _embedded(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException:
        # Chroma keeps the client that failed and would hand it out for this folder again.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _connect(server: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(server)
    try:
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("no http:// or https:// address")
        return chromadb.HttpClient(
            parts.hostname, parts.port or (443 if parts.scheme == "https" else 80),
            ssl=parts.scheme == "https", settings=Settings(anonymized_telemetry=False),
        )  # fmt: skip
    except Exception as error:  # Chroma's and httpx's many kinds
        raise OnRecordError(
            f"cannot reach a Chroma server at {server} ({error}); start one with: "
            "chroma run --path FOLDER --host 127.0.0.1 --port 8000"
        ) from error


def _name(file: Path) -> str:
    """The name of this folder's collection on the server, made up once."""
    if not file.exists():
        file.write_text(f"onrecord-{uuid.uuid4().hex}", encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()
