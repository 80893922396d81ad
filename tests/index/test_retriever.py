"""The LlamaIndex retriever gives the same passages, with their places."""

from __future__ import annotations

from pathlib import Path

from index.retriever import ArchiveRetriever
from qa import Engine


def test_nodes_are_the_hits(engine: Engine) -> None:
    question = "how many troops went to Tijuana?"
    nodes = ArchiveRetriever(engine.archive, limit=4).retrieve(question)
    hits = engine.search(question, 4)
    assert [node.node_id for node in nodes] == [str(hit.passage.id) for hit in hits]
    bodies = {article.id: article.body for article in engine.articles()}
    for found in nodes:
        node = found.node
        body = bodies[node.metadata["article_id"]]
        assert body[node.start_char_idx : node.end_char_idx] == node.get_content()  # type: ignore[attr-defined]


def test_it_follows_an_engine_to_its_own_articles(tmp_path: Path, articles: Path) -> None:
    with Engine.open(tmp_path / "data") as engine:
        retriever = ArchiveRetriever(lambda: engine.archive)
        engine.ingest(articles)
        titles = {found.node.metadata["title"] for found in retriever.retrieve("bridge")}
    assert "Bridge reopens in Lindqvist" in titles
