"""The archive as a LlamaIndex retriever, to plug into other people's LlamaIndex code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.archive import Archive
from index.passage import Filters, Hit


class ArchiveRetriever(BaseRetriever):
    """Finds passages as `TextNode`s with exact offsets into their article's body."""

    def __init__(
        self,
        archive: Archive | Callable[[], Archive],
        limit: int = 10,
        filters: Filters | None = None,
        **options: Any,
    ) -> None:
        """Retrieve passages.

        Args:
            archive: Where to look, or what gives it each time: an engine's is another one once
                the first articles took the samples' place, hence `lambda: engine.archive`.
            limit: How many a question at most.
            filters: Only of articles that pass.
            options: For `BaseRetriever`.
        """
        self._archive = archive
        self._limit = limit
        self._filters = filters
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        archive = self._archive if isinstance(self._archive, Archive) else self._archive()
        hits = archive.search(query_bundle.query_str, self._limit, self._filters)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


def _node(hit: Hit) -> TextNode:
    article, passage = hit.article, hit.passage
    return TextNode(
        id_=str(passage.id),
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "outlet": article.outlet,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
        },
    )
