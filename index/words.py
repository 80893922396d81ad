"""The word index: tantivy, BM25 over stemmed words without accents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from corpus import Article
from corpus.dates import wall_clock
from index.passage import Filters, Passage, Ranking

_HEAP_BYTES = 64_000_000  # tantivy wants at least 15 MB a thread
# The commonest words of questions, which say nothing about what is asked.
_COMMON = (
    "a about am an and any are as at be been but by can could did do does doing for from had "
    "has have having he her him his how i if in into is it its just me my of on or our out "
    "she should so some such than that the their them then there these they this those to was "
    "we were what when where which who whom whose why will with would you your tell says said "
    "say "
)
_STOP_WORDS = frozenset(_COMMON.split())


class Words:
    """Finds passages by their words. Derived from the library; may be rebuilt at any time."""

    def __init__(self, folder: Path) -> None:
        """Open the index, making it where there is none.

        Raises:
            ValueError, OSError: it is damaged.
        """
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._index.register_tokenizer("news", _analyzer())
        self._index.reload()

    def close(self) -> None:
        """Let go of the files."""
        del self._index

    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.searcher().num_docs)

    def update(self, put: Iterable[tuple[Passage, Article]], drop: Iterable[int]) -> None:
        """Take passages in and drop others, all or nothing; both may be repeated."""
        import tantivy

        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for passage_id in drop:
            writer.delete_documents_by_term("id", passage_id)
        for passage, article in put:
            writer.delete_documents_by_term("id", passage.id)
            document: dict[str, Any] = {
                "id": passage.id,
                # One field: scored apart, a word of the title alone outweighs one of the text.
                "text": f"{article.title}. {passage.text}",
                "outlet": article.outlet.casefold(),
                "author": [name.casefold() for name in article.authors],
                "article": article.id,
            }
            if article.published:
                document["published"] = wall_clock(article.published)
            writer.add_document(tantivy.Document.from_dict(document, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, text: str, limit: int, filters: Filters) -> Ranking:
        """The best passages for the words of a text, with BM25 scores, best first."""
        words = query_words(text)
        if not words:
            return []
        query = self._index.parse_query(" ".join(words), ["text"])
        searcher = self._index.searcher()
        found = searcher.search(self._narrow(query, filters), limit, count=False)
        return [(searcher.doc(address)["id"][0], score) for score, address in found.hits]

    def _narrow(self, query: Any, filters: Filters) -> Any:
        from tantivy import FieldType, Occur, Query

        clauses = [(Occur.Must, query)]
        if filters.after or filters.before:
            low = wall_clock(filters.after) if filters.after else None
            high = wall_clock(filters.before) if filters.before else None
            within = Query.range_query(self._schema, "published", FieldType.Integer, low, high)
            clauses.append((Occur.Must, Query.const_score_query(within, 0.0)))
        for field, names in (
            ("outlet", filters.outlets),
            ("author", filters.authors),
            ("article", filters.articles),
        ):
            if names:
                folded = [name.casefold() for name in names]
                among = Query.term_set_query(self._schema, field, folded)
                clauses.append((Occur.Must, Query.const_score_query(among, 0.0)))
        return Query.boolean_query(clauses) if len(clauses) > 1 else query


def query_words(text: str) -> Sequence[str]:
    """The words worth looking for: all but the commonest, or all where nothing else is left."""
    words = re.findall(r"\w+", text.casefold())
    return [word for word in words if word not in _STOP_WORDS] or words


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True)
    builder.add_text_field("text", tokenizer_name="news")
    for name in ("outlet", "author", "article"):
        builder.add_text_field(name, tokenizer_name="raw")
    builder.add_integer_field("published", indexed=True, fast=True)
    return builder.build()


def _analyzer() -> Any:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(60), Filter.lowercase(), Filter.ascii_fold()):
        builder = builder.filter(step)
    return builder.filter(Filter.stemmer("english")).build()
