"""Preparing beside: the same, whatever becomes of the process; nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus import Article
from index import Archive, archive
from index.chunk import ChunkSettings
from index.derived import context
from index.prepare import Beside, Prepared, Preparer, begun_early
from index.static import Static

TEXTS = [
    ("Dam (May 2, 2025). ", "The dam held. “It was close,” said Zoë. " * 40),
    ("Brief. ", "Short."),
    ("Line. ", "線路は週末まで閉鎖される。\n\nTwo trains a day run."),
]
SETTINGS = ChunkSettings(max_tokens=60, overlap_tokens=15)


@pytest.fixture(scope="module")
def here() -> Preparer:
    return Preparer(SETTINGS)


def cuts(made: Sequence[Prepared]) -> list[tuple[object, object]]:
    return [(one.spans, one.keys) for one in made]


def test_another_process_prepares_alike(here: Preparer) -> None:
    with Beside(here, Static()) as beside:
        made = beside.prepare(TEXTS)
        child = beside._process._child
        assert child and child.poll() is None
        assert cuts(beside.prepare(TEXTS[:1])) == cuts(made[:1])
    assert cuts(made) == cuts([here.prepare(text) for text in TEXTS])
    assert len(made[0].spans) > 3
    for (heading, body), one in zip(TEXTS, made, strict=True):
        own = Static().encode([heading + body[a:b] for a, b in one.spans])
        assert one.vectors is not None
        np.testing.assert_array_equal(one.vectors, own)
    assert child.poll() is not None


def test_without_a_static_embedder_vectors_are_left_to_be_made(here: Preparer) -> None:
    with Beside(here) as beside:
        assert [one.vectors for one in beside.prepare(TEXTS)] == [None] * 3


def test_a_process_that_dies_loses_nothing(here: Preparer) -> None:
    with Beside(here) as beside:
        beside.prepare(TEXTS)
        assert beside._process._child
        beside._process._child.kill()
        assert cuts(beside.prepare(TEXTS)) == cuts([here.prepare(text) for text in TEXTS])


def test_vectors_made_beside_stand_with_their_passages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_ARTICLES_A_BATCH", 2)
    prepared_here = []
    prepare = Preparer.prepare
    monkeypatch.setattr(
        Preparer, "prepare", lambda own, text: prepared_here.append(text) or prepare(own, text)
    )
    articles = [
        Article.create(title=f"Dam {n}", body=f"Dam number {n} held on day {n}. " * (10 * n))
        for n in range(1, 9)
    ]
    articles.append(Article.create(title="Dam 8 again", body="Never.", url="https://a.example/1"))
    # Replaced by one of the same address in its own batch: what is dropped leaves no vector.
    articles.append(Article.create(title="Lake", body="It is full.", url="https://a.example/1"))
    with Archive.open(tmp_path, chunks=SETTINGS) as opened:
        opened.add(articles)
        passages = opened.library.count()[1]
        assert passages > 20
        known = opened.library.passages(range(1, 2 * passages))
        kept = opened._derived.vectors._collection().get(include=["embeddings"])
        assert len(kept["ids"]) == passages
        for name, vector in zip(kept["ids"], kept["embeddings"], strict=True):
            own = opened.embedder.encode([context(*known[int(name)])])[0]
            np.testing.assert_allclose(vector, own, atol=1e-6)
    assert len(prepared_here) == 4  # the first two batches


def test_work_on_a_batch_begins_before_the_one_before_is_used() -> None:
    order: list[str] = []

    def batches() -> Iterator[int]:
        for n in range(3):
            order.append(f"come {n}")
            yield n

    for batch, made in begun_early(batches(), lambda n: n * n):
        order.append(f"used {batch} {made}")
    assert order == ["come 0", "come 1", "used 0 0", "come 2", "used 1 1", "used 2 4"]


def test_what_came_before_an_error_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_ARTICLES_A_BATCH", 2)

    def articles() -> Iterator[Article]:
        for n in range(9):
            yield Article.create(title=f"Dam {n}", body=f"Dam number {n} held on day {n}.")
        raise OSError("the disk is gone")

    with Archive.open(tmp_path) as opened:
        with pytest.raises(OSError, match="the disk is gone"):
            opened.add(articles())
        assert opened.library.count() == (9, 9)
        assert opened.search("dam number 7", 1)[0].article.title == "Dam 7"
        assert opened.problems() == {}
