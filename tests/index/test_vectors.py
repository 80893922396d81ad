"""Vectors: a filter loses nothing, whatever it leaves; one file holds them exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from corpus import Article, OnRecordError
from index import Archive, Filters
from index.rows import Rows

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
TOPICS = ("ferry", "harvest", "election", "bridge", "strike", "marathon", "museum")
COUNT = 700


def article(n: int) -> Article:
    return Article.create(
        title=f"Report {n} on the {TOPICS[n % 7]}",
        body=f"On day {n} the {TOPICS[n % 7]} was discussed by {n * 37 % 101} people in hall {n}.",
        outlet="Rare Post" if n % 100 == 0 else "Daily" if n % 2 else "Courier",
        authors=(f"Writer {n % 5}", "Ann Lee"),
        published=FIRST + timedelta(days=n),
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("filtered")) as opened:
        opened.add(article(n) for n in range(COUNT))
        yield opened


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(), 700),
        (Filters(after=FIRST + timedelta(days=10)), 690),
        (Filters(outlets=("courier",)), 343),
        (Filters(authors=("writer 3",)), 140),
        (Filters(before=FIRST + timedelta(days=29)), 30),
        (Filters(outlets=("Rare Post",), authors=("Ann Lee",)), 7),
        (Filters(articles=(article(5).id,)), 1),
    ],
    ids=["none", "nearly all", "half", "a fifth", "few days", "rare outlet", "one article"],
)
def test_a_filter_gives_what_comparing_all_gives(
    archive: Archive, filters: Filters, left: int
) -> None:
    allowed = archive._facets.allowed(filters)
    assert len(allowed) == left
    known = archive.library.passages([int(n) for n in allowed])
    from index.derived import context

    vector = archive.embedder.encode(["how many people discussed the harvest?"])[0]
    vectors = archive.embedder.encode([context(*known[int(n)]) for n in allowed])
    best = [int(n) for n in allowed[np.argsort(-(vectors @ vector), kind="stable")][:20]]
    found = archive._derived.vectors.search(vector, 20, allowed if filters else None)
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert len({n for n, _ in found} & set(best)) >= 0.9 * min(
        20, left
    )  # ties, and rows kept in a byte
    words = archive._derived.words.search("people discussed the harvest", 1000, filters)
    assert {n for n, _ in words} == {int(n) for n in allowed}


def test_a_name_that_is_nowhere_is_an_error_with_near_ones(archive: Archive) -> None:
    with pytest.raises(OnRecordError, match=r"no author named 'Writr 3'; there are: .*Writer 3"):
        archive.search("people", filters=Filters(authors=("Writr 3",)))
    with pytest.raises(OnRecordError, match="no article named 'ffff'"):
        archive.search("people", filters=Filters(articles=("ffff",)))


def test_filters_follow_what_is_added_and_removed(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.add([article(1), article(2)])
        courier = Filters(outlets=("Courier",))
        assert len(archive.search("people", filters=courier)) == 1
        archive.add([article(4)])
        assert len(archive.search("people", filters=courier)) == 2
        archive.remove([article(2).id, article(4).id])
        with pytest.raises(OnRecordError, match="no outlet named 'Courier'"):
            archive.search("people", filters=courier)


def test_rows_survive_a_write_cut_short(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(50, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = np.arange(10, 60)
    file = tmp_path / "rows.bin"
    Rows(file).add(ids[:30], vectors[:30])
    with file.open("ab") as half:
        half.write(b"half a row")
    rows = Rows(file)
    assert rows.search(vectors[3], ids, 1) == [(13, pytest.approx(1, abs=0.01))]
    rows.add(ids[20:], vectors[20:])
    assert [rows.search(vector, ids, 1)[0][0] for vector in vectors] == list(ids)
    assert rows.search(vectors[0], np.array([5, 700]), 3) == []
    best = np.argsort(-(vectors @ vectors[7]))[:10] + 10
    assert [n for n, _ in rows.search(vectors[7], ids, 10)][:5] == list(best[:5])
