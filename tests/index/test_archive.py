"""The archive: incremental, level after any trouble, one writer, and never silently wrong."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from conftest import Run

from corpus import SAMPLES, Article, OnRecordError, load
from index import Archive, Filters
from index.archive import ManifestMismatchError
from index.chunk import ChunkSettings
from index.fuse import fuse
from index.library import Library
from index.lock import FolderInUseError
from qa import Engine


def article(n: int, body: str = "", **options: object) -> Article:
    body = body or f"Story number {n} tells of the mayor of town{n} and its bridge. It is long."
    return Article.create(title=f"Title {n}", body=body, **options)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive") as opened:
        yield opened


def agree(archive: Archive) -> None:
    """Library and both indexes hold the same, and every passage is exact."""
    assert archive.problems() == {}
    assert archive.library.count_pending() == 0
    for hit in archive.search("mayor bridge story", 50):
        assert hit.article.body[hit.passage.start : hit.passage.end] == hit.passage.text


class Counting:
    """An embedder that counts what it is given."""

    name = "counting"

    def __init__(self) -> None:
        self.seen = 0

    def encode(self, texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
        self.seen += len(texts)
        found = np.array([[len(t), *map(ord, t[:3].ljust(3))] for t in texts], dtype=np.float32)
        found = found.reshape(len(texts), 4)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def test_the_same_again_embeds_nothing(tmp_path: Path) -> None:
    embedder = Counting()
    with Archive.open(tmp_path, embedder=embedder) as archive:
        first = archive.add([article(n) for n in range(5)])
        seen = embedder.seen
        second = archive.add([article(n) for n in range(5)])
    assert (len(first.added), len(second.unchanged), embedder.seen) == (5, 5, seen)


def test_a_changed_article_replaces_its_old_passages(archive: Archive) -> None:
    archive.add([article(1, url="https://a.example/1")])
    done = archive.add([article(1, "Now it tells of a zeppelin.", url="https://a.example/1")])
    assert len(done.changed) == 1
    assert archive.library.count() == (1, 1)
    assert "zeppelin" in archive.search("mayor of town1")[0].passage.text
    agree(archive)


def test_the_last_of_one_batch_stands(archive: Archive) -> None:
    first = article(1, url="https://a.example/1")
    archive.add([first])
    archive.add([article(1, "Now it tells of a zeppelin.", url="https://a.example/1"), first])
    assert "mayor" in archive.search("mayor of town1")[0].passage.text
    agree(archive)


def test_an_edited_file_replaces_what_it_held(archive: Archive, articles: Path) -> None:
    archive.add(load([articles]))
    file = articles / "bridge.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("14 months", "15 months"), "utf-8")
    done = archive.add(load([articles]))
    assert (len(done.changed), len(done.unchanged)) == (1, 1)
    assert archive.library.count()[0] == 2
    agree(archive)


def test_a_file_renamed_and_then_edited_leaves_nothing_stale(
    archive: Archive, articles: Path
) -> None:
    archive.add(load([articles]))
    renamed = (articles / "bridge.txt").rename(articles / "crossing.txt")
    assert len(archive.add(load([articles])).unchanged) == 2
    renamed.write_text(renamed.read_text("utf-8").replace("14 months", "15 months"), "utf-8")
    assert len(archive.add(load([articles])).changed) == 1
    assert archive.library.count()[0] == 2
    agree(archive)


def test_an_edited_copy_of_a_file_leaves_the_other(archive: Archive, articles: Path) -> None:
    archive.add(load([articles]))
    copy = articles / "copy.txt"
    copy.write_bytes((articles / "bridge.txt").read_bytes())
    assert len(archive.add(load([copy])).unchanged) == 1
    text = copy.read_text("utf-8")

    def told() -> list[int]:
        bodies = [found.body for found in archive.library.articles()]
        return [sum(f"{n} months" in body for body in bodies) for n in (14, 15, 16)]

    (articles / "bridge.txt").write_text(text.replace("14 months", "15 months"), "utf-8")
    assert len(archive.add(load([articles])).added) == 1
    assert told() == [1, 1, 0]  # the copy still says so
    copy.write_text(text.replace("14 months", "16 months"), "utf-8")
    assert len(archive.add(load([articles])).changed) == 1
    assert told() == [0, 1, 1]
    agree(archive)


def test_a_library_without_a_record_of_its_files_knows_them(articles: Path, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "data") as archive:
        archive.add(load([articles]))
        with archive.library.transaction() as db:
            db.execute("DROP TABLE files")
    file = articles / "bridge.txt"
    file.write_text(file.read_text("utf-8").replace("14 months", "15 months"), "utf-8")
    with Archive.open(tmp_path / "data") as archive:
        assert len(archive.add(load([articles])).changed) == 1


def test_a_removed_article_is_gone_from_everything(archive: Archive) -> None:
    done = archive.add([article(n) for n in range(3)])
    assert archive.remove([done.added[1]]) == 1
    assert archive.remove([done.added[1]]) == 0
    assert {hit.article.id for hit in archive.search("mayor", 50)} == {done.added[0], done.added[2]}
    agree(archive)


def test_words_and_vectors_are_both_used(engine: Engine) -> None:
    hits = engine.archive.search("how many troops went to Tijuana?", 5)
    assert {"words", "vectors"} <= {name for hit in hits for name in hit.ranks}
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_accents_and_word_forms_do_not_matter(engine: Engine) -> None:
    words = engine.archive._derived.words
    found = [words.search(q, 5, Filters()) for q in ("Ciudad Juárez", "ciudad juarez")]
    assert found[0] == found[1] != []
    assert words.search("patrolling", 3, Filters()) == words.search("patrols", 3, Filters())


FEBRUARY_6 = datetime(2025, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(after=FEBRUARY_6),
        Filters(before=FEBRUARY_6),
        Filters(outlets=("rio norte wire (INVENTED)",)),
        Filters(after=FEBRUARY_6, outlets=("Baja Coast Tribune (invented)",)),
    ],
    ids=["after", "before", "outlet", "both"],
)
def test_filters_hold_and_lose_nothing(engine: Engine, filters: Filters) -> None:
    def passes(one: Article) -> bool:
        day = one.published.replace(tzinfo=UTC) if one.published else None
        return (
            (not filters.after or bool(day and day >= filters.after))
            and (not filters.before or bool(day and day <= filters.before))
            and (not filters.outlets or one.outlet.casefold() in map(str.casefold, filters.outlets))
        )

    wanted = {a.id for a in engine.articles() if passes(a)}
    hits = engine.archive.search("troops at the border", 100, filters)
    found = {one.id for hit in hits for one in (hit.article, *hit.copies)}
    assert found == wanted != set()


def test_an_unknown_outlet_is_an_error_that_names_the_known_ones(engine: Engine) -> None:
    with pytest.raises(OnRecordError, match=r"no outlet named 'Nowhere'.*Rio Norte Wire"):
        engine.archive.search("troops", filters=Filters(outlets=("Nowhere",)))


def test_fusion_by_hand() -> None:
    fused = fuse([(7, 12.0), (8, 9.0), (6, 3.0)], [(8, 0.9), (9, 0.5)])
    assert [n for n, _, _ in fused] == [8, 7, 6, 9]
    assert [score for _, score, _ in fused] == pytest.approx([0.75 - 0.25 + 0.9 - 0.5, 0.75, 0, 0])
    assert fused[0][2] == {"words": 2, "vectors": 1}


# -- trouble ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("intact") / "archive"
    with Archive.open(folder) as archive:
        archive.add(load([SAMPLES]))
    return folder


def damages(folder: Path) -> list[tuple[Path, str]]:
    files = [f for name in ("words", "vectors") for f in (folder / name).rglob("*") if f.is_file()]
    kept = [f for f in files if not f.name.startswith(".") and f.stat().st_size > 1]
    one_of_a_kind = {
        file.suffix if file.parent.name == "words" else file.name: file for file in kept
    }
    return [(file, how) for file in one_of_a_kind.values() for how in ("removed", "cut")]


def test_a_damaged_index_is_rebuilt_and_said(intact: Path, tmp_path: Path) -> None:
    cases = damages(intact)
    assert len(cases) > 15
    for n, (file, how) in enumerate(cases):
        copy = tmp_path / str(n)
        shutil.copytree(intact, copy)
        broken = copy / file.relative_to(intact)
        if how == "removed":
            broken.unlink()
        else:
            os.truncate(broken, broken.stat().st_size // 2)
        with Archive.open(copy) as archive:
            assert archive.repaired, f"{file.name} {how}"
            assert archive.problems() == {}
            found = archive.search("who won the marathon", 40)
            assert found[0].article.title.startswith("Achterberg")
            assert all("vectors" in hit.ranks for hit in found)
            assert len(found) + sum(len(hit.copies) for hit in found) == 39
        shutil.rmtree(copy)


def test_a_library_put_back_from_a_backup_gets_its_own_indexes(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "data") as archive:
        archive.add([article(1, url="https://a.example/1"), article(2)])
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    with Archive.open(tmp_path / "data") as archive:
        archive.add([article(1, "Now it tells of a zeppelin.", url="https://a.example/1")])
    for file in (tmp_path / "data").glob("library.db*"):
        file.unlink()
    shutil.copy(tmp_path / "copy" / "library.db", tmp_path / "data")
    with Archive.open(tmp_path / "data") as archive:
        assert "another state of the library" in archive.repaired[0]
        assert archive.search("mayor of town1")[0].article.title == "Title 1"
        agree(archive)
    with Archive.open(tmp_path / "data") as archive:
        assert not archive.repaired


def test_of_two_versions_of_an_address_the_later_stands(archive: Archive) -> None:
    day = datetime(2025, 2, 1, tzinfo=UTC)
    newer = Article.create(
        title="Toll", body="It is 12.", url="https://a.example/1", updated=day + timedelta(9)
    )
    older = Article.create(title="Toll", body="It is 7.", url="https://a.example/1", updated=day)
    for _ in range(3):
        archive.add([newer, older])
        assert [one.body for one in archive.library.articles()] == ["It is 12."]
    assert not archive.library.versions(newer.id)


def test_a_date_that_is_corrected_to_an_earlier_one_is_taken(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "dam.md"
    for day in ("2025-12-05", "2025-05-12"):
        file.write_text(
            f"---\ntitle: Dams\nurl: https://a.example/d\nupdated: {day}\n---\n\nIt held."
        )
        archive.add(load([file]))
        (found,) = archive.library.articles()
        assert found.updated and found.updated.strftime("%Y-%m-%d") == day


def test_what_came_from_an_address_as_well_outlives_its_file(
    archive: Archive, tmp_path: Path
) -> None:
    file, url = tmp_path / "page.md", "https://a.example/dam"
    fetched = Article.create(title="Dams", body="Three dams held.", url=url, source=url)
    archive.add([fetched])
    for head in (f"url: {url}\ntitle: Dams", "title: Harvest"):
        file.write_text(f"---\n{head}\n---\n\nThree dams held.", "utf-8")
        archive.add(load([file]))
    assert {found.title for found in archive.library.articles()} == {"Dams", "Harvest"}


def test_articles_of_a_former_identity_are_not_doubled(archive: Archive) -> None:
    now = Article.create(title="Dam", body="The dam held.", outlet="Herald", source="x.csv#1")
    archive.add([replace(now, id=now.former_id)])
    assert len(archive.add([now]).changed) == 1
    assert [found.id for found in archive.library.articles()] == [now.id]


def test_an_emptied_archive_is_no_damaged_one(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.remove(archive.add([article(1)]).added)
        archive.reindex()
    for _ in range(2):
        with Archive.open(tmp_path) as archive:
            assert not archive.repaired


def test_a_file_that_gains_an_address_replaces_what_it_held(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "dam.md"
    for head in ("", "url: https://a.example/dam\n", "url: https://a.example/dam-holds\n"):
        file.write_text(f"---\ntitle: Dams\n{head}---\n\nThree dams held on Tuesday.\n", "utf-8")
        archive.add(load([file]))
        assert archive.library.count()[0] == 1
    agree(archive)


def test_one_wire_story_in_two_outlets_is_two_articles(archive: Archive) -> None:
    body = "The dam above Orra held on Tuesday, engineers who watched it all night said."
    copies = [Article.create(title="Dam", body=body, outlet=name) for name in ("Herald", "Post")]
    assert len(archive.add(copies).added) == 2
    (hit,) = archive.search("dam above Orra")
    assert {one.outlet for one in (hit.article, *hit.copies)} == {"Herald", "Post"}


def test_a_damaged_library_is_said_and_not_touched(intact: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(intact, copy)
    library = copy / "library.db"
    os.truncate(library, library.stat().st_size // 2)
    before = library.read_bytes()
    with pytest.raises(OnRecordError, match="damaged"):
        Archive.open(copy)
    assert library.read_bytes() == before


def test_a_library_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with Archive.open(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "library.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(OnRecordError, match=r"another version.*pip install --upgrade"):
        Archive.open(tmp_path)


def test_another_embedder_or_chunker_is_refused_until_reindexed(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.add([article(1)])
    with pytest.raises(ManifestMismatchError, match=r"embedder.*onrecord reindex"):
        Archive.open(tmp_path, embedder=Counting())
    with pytest.raises(ManifestMismatchError, match="chunker"):
        Archive.open(tmp_path, chunks=ChunkSettings(max_tokens=50))
    with Archive.open(tmp_path, embedder=Counting(), check=False) as archive:
        archive.reindex()
    with Archive.open(tmp_path, embedder=Counting()) as archive:
        assert archive.search("mayor")


def test_a_folder_that_cannot_be_made_is_said() -> None:
    with pytest.raises(OnRecordError, match="choose another with --data"):
        Archive.open("/dev/null/data")


def test_a_reader_and_a_writer_exclude_each_other(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as first, Archive.open(tmp_path) as second:
        assert first.search("x") == second.search("x") == []
        with pytest.raises(FolderInUseError, match="in use by another process"):
            second.add([article(1)])
    with Archive.open(tmp_path) as archive, archive._lock.writing():  # noqa: SIM117
        with pytest.raises(FolderInUseError, match="is writing to"):
            Archive.open(tmp_path)
    with Archive.open(tmp_path) as archive:
        archive.add([article(1)])


def test_a_lost_library_is_not_taken_for_a_new_one(intact: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(intact, copy)
    (copy / "library.db").write_bytes(b"")
    with pytest.raises(OnRecordError, match="missing or empty"):
        Archive.open(copy)


def test_several_processes_may_begin_a_folder_together(tmp_path: Path) -> None:
    code = f"from index import Archive\nArchive.open({str(tmp_path / 'new')!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]


def test_opening_waits_for_another_that_makes_the_library(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE only_this (one)")
    other.execute("DROP TABLE only_this")
    other.execute("BEGIN IMMEDIATE")  # SQLite does not wait for this one by itself
    done = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    done.start()
    Library(file).close()
    done.join()
    other.close()


def test_a_name_left_by_a_killed_writer_is_not_believed(tmp_path: Path) -> None:
    with Archive.open(tmp_path):
        pass
    (tmp_path / "lock").write_text("onrecord ingest (process 999999)")
    expected = pytest.raises(FolderInUseError, match="in use by another process")
    with Archive.open(tmp_path), Archive.open(tmp_path) as second, expected:
        second.add([article(1)])


def test_kill_9_at_any_moment_loses_nothing_acknowledged(tmp_path: Path, run: Run) -> None:
    """Kill an ingest at random moments; the next start repairs, and what was in stays in."""
    source = tmp_path / "many.jsonl"
    body = "Story of the mayor. " + "Word " * 90
    records = ({"title": f"Title {n}", "body": f"{n} {body}"} for n in range(200))
    source.write_text("\n".join(map(json.dumps, records)))
    data, seed = tmp_path / "data", random.Random(7)
    acknowledged = 0
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "evals.cli", "ingest", str(source), "--data", str(data)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seed.uniform(0.3, 3.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (data / "library.db").exists():
            with sqlite3.connect(data / "library.db") as db:
                tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
                count = db.execute("SELECT count(*) FROM articles").fetchone()[0] if tables else 0
            assert count >= acknowledged
            acknowledged = count
    with Archive.open(data) as archive:
        assert archive.library.count()[0] >= acknowledged
        agree(archive)
    assert run("ingest", str(source), "--data", str(data)).returncode == 0
    with Archive.open(data) as archive:
        assert archive.library.count()[0] == 200
        agree(archive)
