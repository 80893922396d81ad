"""The vector index: Chroma, embedded, cosine. Ids and small metadata only; no text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus import Article
from corpus.dates import wall_clock
from index.embed import Vectors as Array
from index.passage import Filters, Passage

_COLLECTION = "passages"
_MOST_A_BATCH = 1000


class Vectors:
    """Finds passages by their vectors. Derived from the library; may be rebuilt at any time."""

    def __init__(self, folder: Path) -> None:
        """Open the index, making it where there is none.

        Raises:
            Exception: whatever Chroma raises on files it cannot read.
        """
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False)
        try:
            self._client: Any = chromadb.PersistentClient(str(folder), settings=settings)
        except BaseException:
            # Chroma keeps the client that failed and would hand it out for this folder again.
            SharedSystemClient._identifier_to_system.pop(str(folder), None)
            raise
        self._collection: Any = self._client.get_or_create_collection(
            _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()

    def count(self) -> int:
        """How many passages it holds."""
        return int(self._collection.count())

    def update(
        self, put: Sequence[tuple[Passage, Article]], vectors: Array, drop: Sequence[int]
    ) -> None:
        """Take passages in, with vectors of shape [len(put), dimensions], and drop others."""
        for at in range(0, len(drop), _MOST_A_BATCH):
            self._collection.delete(ids=[str(n) for n in drop[at : at + _MOST_A_BATCH]])
        for at in range(0, len(put), _MOST_A_BATCH):
            some = put[at : at + _MOST_A_BATCH]
            self._collection.upsert(
                ids=[str(passage.id) for passage, _ in some],
                embeddings=vectors[at : at + _MOST_A_BATCH],
                metadatas=[_metadata(article) for _, article in some],
            )

    def search(self, vector: Array, limit: int, filters: Filters) -> list[int]:
        """Ids of the passages nearest to a vector of shape [dimensions], nearest first."""
        limit = min(limit, self.count())
        if not limit:
            return []
        found = self._collection.query(
            query_embeddings=vector[None, :], n_results=limit, where=_where(filters), include=[]
        )
        return [int(passage_id) for passage_id in found["ids"][0]]


def _metadata(article: Article) -> dict[str, str | int]:
    metadata: dict[str, str | int] = {"outlet": article.outlet.casefold()}
    if article.published:
        metadata["published"] = wall_clock(article.published)
    return metadata


def _where(filters: Filters) -> dict[str, Any] | None:
    clauses: list[dict[str, Any]] = []
    if filters.after:
        clauses.append({"published": {"$gte": wall_clock(filters.after)}})
    if filters.before:
        clauses.append({"published": {"$lte": wall_clock(filters.before)}})
    if filters.outlets:
        clauses.append({"outlet": {"$in": [name.casefold() for name in filters.outlets]}})
    return {"$and": clauses} if len(clauses) > 1 else (clauses[0] if clauses else None)
