"""Keeping an archive fresh while it answers, and the page that shows how that goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from http_server import Site, page, rss

from corpus import OnRecordError
from corpus.fetch import FetchSettings
from index.sources import Source
from qa import Engine
from qa.keep import Keeper, Watched
from qa.show_feeds import state
from qa.web import create_app, sources

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'"


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine.open(tmp_path / "data") as opened:
        yield opened


def test_feeds_and_folders_are_taken_in_while_questions_are_answered(
    engine: Engine, tmp_path: Path, articles: Path
) -> None:
    assert engine.uses_samples
    with Site() as site:
        story = site.put("/s", page("Dam holds"))
        engine.sources.add(site.put("/feed", rss([(story, "Dam holds")])), "", 900)
        engine.sources.add(site.put_status("/bad", 500), "", 900)
        fetch = FetchSettings(allow_hosts=(site.host,), pause=0, backoff=0.01)
        keeper = Keeper(engine, feeds=True, folders=[articles], fetch=fetch, look_every=0.1)
        keeper.start()

        def count() -> int:
            engine.ask("how many tons of apples?")
            return 0 if engine.uses_samples else len(list(engine.articles()))

        wait_for(lambda: count() == 3)
        assert engine.ask("how many tons of apples were picked?").short.startswith("5,300")
        (articles / "late.txt").write_text("Ferry sinks\n\nThe ferry sank on Monday in Orra.\n")
        (articles / "junk.txt").write_bytes(bytes(range(256)))
        wait_for(lambda: count() == 4)
        wait_for(lambda: "junk.txt" in keeper.folders[0].last_error)
        (articles / "later.txt").write_text("Ferry raised\n\nThe ferry was raised on Friday.\n")
        wait_for(lambda: count() == 5)
        assert "junk.txt" in keeper.folders[0].last_error, "it was still not read"
        assert state(keeper.folders[0]) == "partly" and keeper.folders[0].last_success
        (articles / "junk.txt").unlink()
        wait_for(lambda: not keeper.folders[0].last_error)
        keeper.stop()
        states = {source.url: source for source in engine.sources.all()}
        assert states[site.url + "/feed"].last_success
        assert "500" in states[site.url + "/bad"].last_error
        assert site.paths().count("/feed") == 1, "it was not due again"


def test_a_file_is_taken_once_it_is_left_alone(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    file = tmp_path / "a.txt"
    file.write_text("half")
    assert not watched.look()
    file.write_text("half and more")
    assert not watched.look()
    found = watched.look()
    assert list(found) == [file]
    assert watched.look() == found, "still to be taken"
    watched.taken(found, [])
    assert not watched.look()
    (tmp_path / ".hidden").write_text("x")
    assert not watched.look() and not watched.look()
    with pytest.raises(OnRecordError, match="no such folder"):
        Watched(tmp_path / "gone")


def test_trouble_with_the_folder_is_kept_and_passes(
    engine: Engine, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Engine.ingest
    busy = [True]

    def ingest(self: Engine, *args: object, **options: object) -> object:
        if busy[0]:
            raise OnRecordError("another process is writing")
        return real(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "ingest", ingest)
    keeper = Keeper(engine, folders=[articles], look_every=0.05)
    keeper.start()
    wait_for(lambda: "another process" in keeper.folders[0].last_error)
    busy[0] = False
    wait_for(lambda: keeper.folders[0].last_success is not None)
    keeper.stop()
    assert keeper.folders[0].last_error == "" and len(list(engine.articles())) == 2


def test_whatever_a_feed_says_is_escaped_on_the_page() -> None:
    now = datetime.now(UTC)
    evil = Source(url=f"https://x.example/{EVIL}", title=EVIL, last_error=EVIL, last_error_at=now)
    html = sources.page([evil], [replace(evil, url=EVIL)], kept=True, trouble=EVIL)
    assert "<script" not in html and "<img" not in html and 'onerror=alert(1)>"' not in html
    script = replace(evil, url="javascript:alert(1)")
    assert 'href="javascript' not in sources.page([script], [], kept=False)
    assert "prefers-color-scheme: dark" in html and "color-scheme: light dark" in html


def test_the_page_is_served(engine: Engine) -> None:
    from fastapi.testclient import TestClient

    engine.sources.add("https://paper.example/rss", "Orra Post", 900)
    client = TestClient(create_app(engine), base_url="http://localhost")
    html = client.get("/sources").text
    assert "https://paper.example/rss" in html and "Orra Post" in html
    assert "Updated by: onrecord feeds update" in html
    keeper = Keeper(engine, feeds=True)
    client = TestClient(create_app(engine, keeper=keeper), base_url="http://localhost")
    assert "Updated in the background" in client.get("/sources").text
