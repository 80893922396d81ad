"""`onrecord feeds` and `onrecord ingest URL`, as a user types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from http_server import Site, page, rss


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_from_a_home_page_to_an_answer(run: Run, site: Site, tmp_path: Path) -> None:
    allow = {"ONRECORD_ALLOW_HOSTS": site.host}
    text = "The harvest came to 5,300 tons of apples, growers said. " * 3
    story = site.put("/story", page("Apple harvest", text), etag='"s"')
    site.put_status("/gone", 404)
    site.put("/feed", rss([(story, "Apple harvest"), (site.url + "/gone", "Gone")]), etag='"f"')
    site.put("/", '<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>')
    site.put_status("/bad", 403)

    added = run("feeds", "add", site.url + "/", site.url + "/bad", **allow)
    assert added.returncode == 3
    assert f"following, every 15m: {site.url}/feed" in added.stdout
    assert f"not added {site.url}/bad: the server answers 403" in added.stderr

    done = run("feeds", "update", "--pause", "0", **allow)
    assert done.returncode == 3
    assert "1 feeds, 0 unchanged, 0 failed; articles: added 1" in done.stdout
    (line,) = done.stderr.split("\n\n")[-1].strip().splitlines()
    assert line.startswith(f"partly {site.url}/feed: 1 could not be had at all")

    again = run("feeds", "update", "--pause", "0", "--json", **allow)
    assert again.returncode == 0
    assert json.loads(again.stdout)["feeds"][0]["unchanged"] is True
    (listed,) = json.loads(run("feeds", "list", "--json").stdout)
    assert listed["state"] == "ok" and listed["last_success"] and listed["next_try"]
    answer = json.loads(run("ask", "--json", "how many tons of apples?").stdout)
    assert answer["short"].startswith("5,300")

    exported = tmp_path / "feeds.opml"
    assert run("feeds", "export", str(exported)).returncode == 0
    assert run("feeds", "remove", site.url + "/feed").returncode == 0
    assert "No feeds yet" in run("feeds", "list").stdout
    imported = run("feeds", "import", str(exported), **allow)
    assert imported.stdout == "1 feeds added, 0 followed before\n"
    assert f"{site.url}/feed" in run("feeds", "list").stdout


def test_web_addresses_among_paths(run: Run, site: Site, articles: Path) -> None:
    story = site.put("/story", page("Dam holds"), etag='"s"')
    feed = site.put("/feed", rss([(story, "Dam holds")]))
    words = ["ingest", str(articles), story, feed, "file:///etc/passwd", "--pause", "0"]
    done = run(*words, "--allow-host", site.host)
    assert done.returncode == 3
    assert "added 3, changed 0, unchanged 0, skipped 2; now 3 articles" in done.stdout
    assert "onrecord feeds add" in done.stderr and "only http and https" in done.stderr
    again = run(*words, "--allow-host", site.host)
    assert "added 0, changed 0, unchanged 3, skipped 2" in again.stdout
    refused = run("ingest", story)
    assert refused.returncode == 3 and "--allow-host" in refused.stderr
    refused = run("ingest", "http://localhost:8080/")
    assert "not on the public internet" in refused.stderr and "--allow-host" in refused.stderr


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["feeds", "update"], "no feeds yet"),
        (["feeds", "remove", "http://a.example/"], "no feed 'http://a.example/' is followed"),
        (["feeds", "add", "http://a.example/", "--every", "soon"], "cannot use --every 'soon'"),
        (["feeds", "add", "http://a.example/", "--every", "3s"], "at least 1m"),
        (["feeds", "import", "nowhere.opml"], "cannot read nowhere.opml"),
        (["serve", "--port", "0", "--watch", "/nowhere"], "cannot watch /nowhere"),
    ],
)
def test_a_mistake_is_one_line(run: Run, words: list[str], text: str) -> None:
    done = run(*words)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("onrecord: ")]
    assert len(errors) == 1 and text in errors[0]
    assert "Traceback" not in done.stderr


def test_a_hostile_list_of_feeds_is_one_line_each(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.opml"
    file.write_text(
        '<opml><body><outline xmlUrl="file:///etc/passwd"/>'
        '<outline text="ok" xmlUrl="https://a.example/f"/></body></opml>'
    )
    done = run("feeds", "import", str(file))
    assert done.returncode == 3 and "1 feeds added" in done.stdout
    assert "only http and https" in done.stderr
    file.write_text('<!DOCTYPE o [<!ENTITY a "b">]><opml>&a;</opml>')
    assert "declares entities" in run("feeds", "import", str(file)).stderr


@pytest.mark.parametrize("command", ["add", "list", "remove", "update", "import", "export"])
def test_help_has_an_example(run: Run, command: str) -> None:
    assert f"Example: onrecord feeds {command}" in run("feeds", command, "--help").stdout
