"""A Chroma server behind the archive: several processes read while one writes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Run

from corpus import Article, OnRecordError
from index import Archive, Filters
from index.archive import ManifestMismatchError
from index.lock import FolderInUseError


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A real `chroma run` of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", folder,
               "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("chroma")) as url:
        yield url


def article(n: int) -> Article:
    return Article.create(title=f"Title {n}", body=f"Story {n} tells of the mayor of town{n}.")


SEARCH = """
import json, sys
from index import Archive, Filters
with Archive.open(sys.argv[1], chroma=sys.argv[2]) as archive:
    hits = archive.search("the mayor of town2")
    print(json.dumps([[hit.article.title, sorted(hit.ranks)] for hit in hits]))
"""


def elsewhere(folder: Path, server: str) -> list[tuple[str, list[str]]]:
    command = [sys.executable, "-c", SEARCH, str(folder), server]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return [(title, ranks) for title, ranks in json.loads(done.stdout)]


def test_others_read_while_one_holds_the_folder_and_writes(server: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path, chroma=server) as archive:
        archive.add([article(1), article(2)])
        assert elsewhere(tmp_path, server)[0] == ("Title 2", ["vectors", "words"])
        with archive._lock.writing():  # in the middle of a long ingest
            assert len(elsewhere(tmp_path, server)) == 2
        with Archive.open(tmp_path, chroma=server) as reader:
            archive.add([article(3)])
            time.sleep(1)  # tantivy notices a commit of another process after half a second
            assert len(reader.search("the mayor of town3")) == 3
        archive.remove([article(1).id])
        assert len(elsewhere(tmp_path, server)) == 2


def test_a_reader_follows_when_another_process_makes_the_index_anew(
    server: str, tmp_path: Path
) -> None:
    with Archive.open(tmp_path, chroma=server) as archive:
        archive.add([article(1), article(2)])
    with Archive.open(tmp_path, chroma=server) as reader:
        assert len(reader.search("the mayor", by="vectors")) == 2
        with Archive.open(tmp_path, chroma=server, check=False) as other:
            other.reindex()
        outlet = Filters(articles=(article(1).id,))
        assert len(reader.search("the mayor", by="vectors")) == 2
        assert len(reader.search("the mayor", filters=outlet, by="vectors")) == 1


def test_a_second_writer_is_refused(server: str, tmp_path: Path) -> None:
    first, second = (Archive.open(tmp_path, chroma=server) for _ in range(2))
    with first, second, first._lock.writing(), pytest.raises(FolderInUseError, match="is writing"):
        second.add([article(1)])


def test_two_folders_share_a_server(server: str, tmp_path: Path) -> None:
    for n in (1, 2):
        with Archive.open(tmp_path / str(n), chroma=server) as archive:
            archive.add([article(n)])
            assert archive.problems() == {}
    with Archive.open(tmp_path / "1", chroma=server, check=False) as archive:
        archive.reindex()
    assert [title for title, _ in elsewhere(tmp_path / "2", server)] == ["Title 2"]


def test_where_the_vectors_are_is_remembered(server: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path, chroma=server) as archive:
        archive.add([article(1)])
    with pytest.raises(ManifestMismatchError, match="on a Chroma server"):
        Archive.open(tmp_path)


def test_no_server_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(OnRecordError, match=r"cannot reach a Chroma server.*chroma run"):
        Archive.open(tmp_path, chroma="http://127.0.0.1:9")
    with pytest.raises(OnRecordError, match="cannot reach a Chroma server at ftp://x"):
        Archive.open(tmp_path, chroma="ftp://x")


def test_the_command_line_and_the_environment_name_the_server(
    server: str, run: Run, articles: Path
) -> None:
    assert run("--chroma", server, "ingest", str(articles)).returncode == 0
    assert "frost" in run("search", "frost", ONRECORD_CHROMA=server).stdout
    without = run("search", "frost")
    assert (without.returncode, "on a Chroma server" in without.stderr) == (1, True)
    dead = run("--chroma", "http://127.0.0.1:9", "search", "frost")
    assert (dead.returncode, "cannot reach a Chroma server" in dead.stderr) == (1, True)


def test_a_server_that_goes_away_is_said(tmp_path: Path) -> None:
    with running(tmp_path / "chroma") as url:
        archive = Archive.open(tmp_path / "data", chroma=url)
        archive.add([article(1)])
    with archive, pytest.raises(OnRecordError, match=r"does not answer.*start it again"):
        archive.search("the mayor")
