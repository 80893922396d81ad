"""Cutting beside: the same cuts, whatever becomes of the process; nothing lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import Article
from index import Archive, archive
from index.chunk import ChunkSettings
from index.cutter import Beside, Cutter, begun_early

BODIES = [
    "The dam held. “It was close,” said Zoë. " * 40,
    "Short.",
    "線路は週末まで閉鎖される。\n\nTwo trains a day run.",
]


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return Cutter(ChunkSettings(max_tokens=60, overlap_tokens=15))


def test_another_process_cuts_alike(cutter: Cutter) -> None:
    with Beside(cutter) as beside:
        cuts = beside.cut(BODIES)
        assert beside._process and beside._process.poll() is None
        assert beside.cut(BODIES[:1]) == cuts[:1]
    assert cuts == [cutter.cut(body) for body in BODIES]
    assert len(cuts[0][0]) > 3
    assert beside._process.poll() is not None


def test_a_process_that_dies_loses_nothing(cutter: Cutter) -> None:
    with Beside(cutter) as beside:
        beside.cut(BODIES)
        assert beside._process
        os.kill(beside._process.pid, signal.SIGKILL)
        beside._process.wait()
        assert beside.cut(BODIES) == [cutter.cut(body) for body in BODIES]


def test_a_folder_of_that_name_is_not_run(
    cutter: Cutter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index").mkdir()
    for name in ("__init__.py", "cutter.py"):
        (tmp_path / "index" / name).write_text("open('was-run', 'w')")
    monkeypatch.chdir(tmp_path)
    with Beside(cutter) as beside:
        assert beside.cut(BODIES) == [cutter.cut(body) for body in BODIES]
    assert not (tmp_path / "was-run").exists()


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
        assert opened.library.count() == (8, 8)
        assert opened.search("dam number 7", 1)[0].article.title == "Dam 7"
        assert opened.problems() == {}
