"""The second look at what a search found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import Article
from index import Archive
from index.rerank import EVIDENCE, evidence, rerank
from index.static import Static
from qa import Engine

SCATTERED = (
    "The harbour was quiet. Bridge players met at six. Shoes are repaired while one waits. "
    "Harbour lights went on. The bridge club won. Bicycles were repaired at the fair."
)
STATED = (
    "The council met on Monday about its budget for the coming year. Engineers from Holm repaired "
    "the harbour bridge in winter. Schools open again next week, said a spokesman for the county, "
    "who added that buses would run as before."
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive") as opened:
        opened.add(
            Article.create(title=title, body=body)
            for title, body in (("Town notes", SCATTERED), ("County notes", STATED))
        )
        yield opened


def test_a_sentence_that_meets_the_question_beats_its_words_here_and_there(
    archive: Archive,
) -> None:
    question = "who repaired the harbour bridge?"
    assert archive.search(question, by="both")[0].article.title == "Town notes"
    assert archive.search(question)[0].article.title == "County notes"


def test_the_order_is_by_falling_probability_and_loses_none(engine: Engine) -> None:
    question = "how many troops went to Tijuana?"
    before = engine.archive.search(question, 50, by="both")
    after = rerank(question, before, Static())
    assert [hit.score for hit in after] == sorted((hit.score for hit in after), reverse=True)
    assert all(0 < hit.score < 1 for hit in after)
    assert {hit.passage.id for hit in after} == {hit.passage.id for hit in before}
    assert [replace(hit, score=0.0) for hit in after] != [replace(hit, score=0.0) for hit in before]


def test_the_evidence_is_of_each_hit_alone(engine: Engine) -> None:
    """A passage's evidence does not depend on which others are looked at with it."""
    question = "how many troops went to Tijuana?"
    hits = engine.archive.search(question, 12, by="both")
    together = evidence(question, hits, Static())
    assert together.shape == (len(hits), len(EVIDENCE))
    alone = np.concatenate([evidence(question, [hit], Static()) for hit in hits])
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("question", ["??", "🚢", "哪里", "the of", "a" * 300])
def test_what_the_table_does_not_know_is_no_error(archive: Archive, question: str) -> None:
    hits = [replace(hit, score=0.1) for hit in archive.search("bridge", by="both")]
    bare = replace(hits[0].passage, text="…")
    untitled = replace(hits[0].article, title="")
    odd = [*hits, replace(hits[0], passage=bare, article=untitled)]
    assert np.isfinite(evidence(question, odd, Static())).all()
    assert len(rerank(question, odd, Static())) == len(odd)
    assert rerank(question, [], Static()) == []
