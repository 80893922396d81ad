"""Updating feeds: what is new goes in, what has not changed costs nothing, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from http_server import Handler, Site, bomb, endless, page, rss, slow, truncated

from corpus.fetch import Fetcher, FetchSettings
from corpus.web import is_summary
from index import Archive
from index.lock import FolderInUseError
from index.refresh import ITEMS_AN_UPDATE, TRIES, FeedOutcome, Refresh, Updated
from index.sources import Sources

TEASER = "The teaser that the feed itself gives goes on for long enough to be called a text of it."


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


class World:
    """An archive, its sources, and a way to update them from the server."""

    def __init__(self, archive: Archive, site: Site) -> None:
        self.archive = archive
        self.site = site
        self.sources = Sources(archive.library)
        self.settings = FetchSettings(
            allow_hosts=(site.host,), pause=0, timeout=10, total=20, max_bytes=2_000_000,
            backoff=0.01, longest_wait=0.1,
        )  # fmt: skip

    def follow(self, path: str, text: str | bytes | None = None, **headers: str) -> str:
        url = self.site.url + path
        if text is not None:
            self.site.put(path, text, **headers)
        self.sources.add(url, "", 900)
        return url

    def update(self) -> Updated:
        with Fetcher(self.settings) as fetcher:
            return Refresh(self.sources, fetcher, self.archive.add).feeds(self.sources.all())

    def titles(self) -> list[str]:
        return sorted(article.title for article in self.archive.library.articles())

    def outcome(self) -> FeedOutcome:
        (found,) = self.update().feeds
        return found


@pytest.fixture
def world(tmp_path: Path, site: Site) -> Iterator[World]:
    with Archive.open(tmp_path / "data") as archive:
        yield World(archive, site)


def put_stories(site: Site, count: int, *, etag: bool = True) -> list[tuple[str, str]]:
    return [
        (
            site.put(f"/s{n}", page(f"Dam {n} holds"), etag=f'"{n}"' if etag else ""),
            f"Dam {n} holds",
        )
        for n in range(count)
    ]


def test_the_article_is_taken_not_the_summary(world: World, site: Site) -> None:
    extra = f"<description>{TEASER}</description><pubDate>Wed, 05 Feb 2025 10:00:00 EST</pubDate>"
    world.follow("/feed", rss(put_stories(site, 2), extra=extra))
    done = world.update()
    assert len(done.ingested.added) == 2 and done.feeds[0].articles == 2
    for article in world.archive.library.articles():
        assert "witness number 5" in article.body and TEASER not in article.body
        assert article.published == datetime(2025, 2, 5, 15, tzinfo=UTC)
        assert article.url.startswith(site.url) and not is_summary(article)
        assert article.outlet in ("Orra Post", "127.0.0.1")


@pytest.mark.parametrize("server", ["etag", "no etag", "etag that changes", "body that changes"])
def test_a_second_time_no_page_is_fetched(world: World, site: Site, server: str) -> None:
    stories = put_stories(site, 3)
    count = [0]

    def answer(handler: Handler) -> None:
        count[0] += 1
        tag = {"etag": '"f"', "etag that changes": f'"{count[0]}"'}.get(server, "")
        if tag and handler.headers["If-None-Match"] == tag:
            handler.reply(b"", status=304)
            return
        note = f"<!-- made {count[0]} -->" if server == "body that changes" else ""
        handler.reply((rss(stories) + note).encode(), etag=tag)

    site.answers["/feed"] = answer
    world.follow("/feed")
    assert world.outcome().articles == 3
    before = len(site.paths())
    again = world.update()
    assert site.paths()[before:] == ["/feed"]
    assert not again.ingested.added and not again.feeds[0].articles
    assert again.feeds[0].unchanged is (server != "body that changes")


def test_an_item_that_changed_is_fetched_and_no_other(world: World, site: Site) -> None:
    stories = put_stories(site, 3)
    world.follow("/feed", rss(stories), etag='"1"')
    world.update()
    site.put("/s1", page("Dam 1 breaks"), etag='"new"')
    stories[1] = (stories[1][0], "Dam 1 breaks")
    site.put("/feed", rss(stories), etag='"2"')
    before = len(site.paths())
    done = world.update()
    assert site.paths()[before:] == ["/feed", "/s1"]
    assert len(done.ingested.changed) == 1
    assert world.titles() == ["Dam 0 holds", "Dam 1 breaks", "Dam 2 holds"]


def test_a_feed_that_only_says_a_page_changed_costs_one_question(world: World, site: Site) -> None:
    stories = put_stories(site, 2)
    world.follow("/feed", rss(stories))
    world.update()
    world.site.put("/feed", rss(stories, extra="<pubDate>2025-02-07T00:00:00Z</pubDate>"))
    done = world.update()
    assert len(done.ingested.unchanged) == 2
    assert site.asked[-1][1].get("If-None-Match") in ('"0"', '"1"')


def test_a_liar_is_asked_for_everything_once_a_day(world: World, site: Site) -> None:
    stories = put_stories(site, 1)
    world.follow("/feed", rss(stories), etag='"always"')
    world.update()
    site.put("/feed", rss([*stories, *put_stories(site, 2)]), etag='"always"')
    assert world.outcome().unchanged
    with world.archive.library.transaction() as db:
        db.execute("UPDATE sources SET last_full = '2025-01-01T00:00:00+00:00'")
    assert world.outcome().articles == 1


def test_only_where_the_page_cannot_be_had_the_summary_stands_in(world: World, site: Site) -> None:
    gone, empty = site.put_status("/gone", 404), site.put("/empty", "<html><nav>x</nav></html>")
    site.put("/robots.txt", "User-agent: *\nDisallow: /closed")
    feed = rss([(gone, "Gone"), (empty, "Empty"), (site.url + "/closed", "Closed")],
               extra=f"<description>{TEASER}</description>")  # fmt: skip
    world.follow("/feed", feed)
    outcome = world.outcome()
    assert (outcome.articles, outcome.summaries) == (3, 3)
    assert all(map(is_summary, world.archive.library.articles()))
    assert {article.body for article in world.archive.library.articles()} == {TEASER}
    before = len(site.paths())
    world.update()
    assert site.paths()[before:] == ["/feed"]


def test_a_summary_never_takes_the_place_of_the_article(world: World, site: Site) -> None:
    url = site.put("/s", page("Dam holds"))
    world.follow("/feed", rss([(url, "Dam holds")]))
    world.update()
    (whole,) = world.archive.library.articles()
    site.put_status("/s", 403)
    site.put("/feed", rss([(url, "Dam")], extra=f"<description>{TEASER}</description>"))
    assert world.outcome().summaries == 0
    assert list(world.archive.library.articles()) == [whole]
    site.put("/s", page("Dam holds on"))
    site.put("/feed", rss([(url, "Dam holds on")]))
    world.update()
    assert world.titles() == ["Dam holds on"]


def test_without_page_and_summary_it_is_skipped_with_the_reason(world: World, site: Site) -> None:
    world.follow("/feed", rss([(site.put_status("/gone", 410), "Gone")]))
    done = world.update()
    assert done.feeds[0].skipped == 1
    assert "gone for good" in done.ingested.skipped[0].reason


def test_a_page_in_trouble_is_tried_again_and_then_given_up(world: World, site: Site) -> None:
    stories = put_stories(site, 1)
    bad = site.put_status("/bad", 500)
    feed = rss([*stories, (bad, "Bad")], extra=f"<description>{TEASER}</description>")
    world.follow("/feed", feed, etag='"f"')
    for _ in range(TRIES - 1):
        assert world.outcome().later == 1
    assert world.titles() == ["Dam 0 holds"]
    assert world.outcome().summaries == 1
    assert site.paths().count("/s0") == 1
    assert world.outcome().unchanged


def test_a_page_that_recovers_is_taken(world: World, site: Site) -> None:
    bad = site.put_status("/bad", 503)
    world.follow("/feed", rss([(bad, "Bad")]), etag='"f"')
    assert world.outcome().later == 1
    site.put("/bad", page("Good again"))
    assert world.outcome().articles == 1
    assert world.titles() == ["Good again"]


def test_pages_of_a_host_that_is_left_alone_are_not_given_up(world: World, site: Site) -> None:
    limited = [site.put_status(f"/s{n}", 429, retry_after="7200") for n in range(3)]
    feed = rss([(url, "Dam") for url in limited], extra=f"<description>{TEASER}</description>")
    world.follow("/feed", feed)
    (source,) = world.sources.all()
    with Fetcher(world.settings) as fetcher:  # one for all updates, as while the chat is served
        Refresh(world.sources, fetcher, world.archive.add).feeds([source])
        tries = {url: seen.tries for url, seen in world.sources.seen(source.url).items()}
    assert len([path for path in site.paths() if path.startswith("/s")]) == 1
    assert sorted(tries.values()) == [0, 0, 1]
    assert not world.titles()


def test_what_a_round_has_no_time_for_is_due_at_once_and_no_try(world: World, site: Site) -> None:
    world.follow("/feed", rss(put_stories(site, 3)), etag='"feed"')
    for _ in range(4):  # more often than a page is tried
        with Fetcher(world.settings) as fetcher:
            refresh = Refresh(world.sources, fetcher, world.archive.add, seconds=0)
            (outcome,) = refresh.feeds(world.sources.all()).feeds
        assert (outcome.later, outcome.articles, outcome.summaries) == (3, 0, 0)
        (source,) = world.sources.all()
        assert source.is_due(datetime.now(UTC))
    assert not [path for path in site.paths() if path.startswith("/s")]
    assert world.outcome().articles == 3
    (source,) = world.sources.all()
    assert not source.is_due(datetime.now(UTC))


RUBBISH = {
    "html": "<html><p>we moved</html>", "empty": b"", "binary": bytes(range(256)) * 50,
    "no items": "<rss><channel/></rss>", "broken": "<rss><channel><item><title>x",
    "bomb": bomb(50), "json": "[1, 2",
    "entities": '<!DOCTYPE r [<!ENTITY a "b">]><rss><channel><item>&a;</item></channel></rss>',
}  # fmt: skip


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_loses_nothing(world: World, site: Site, name: str) -> None:
    stories = put_stories(site, 2)
    url = world.follow("/feed", rss(stories))
    world.update()
    headers = {"content_encoding": "gzip"} if name == "bomb" else {}
    site.put("/feed", RUBBISH[name], **headers)
    done = world.update()
    assert world.titles() == ["Dam 0 holds", "Dam 1 holds"]
    assert "\n" not in done.feeds[0].error
    assert world.archive.library.check() == []
    site.put("/feed", rss(stories))
    before = len(site.paths())
    assert not world.outcome().error
    assert site.paths()[before:] == ["/feed"], "what was seen is still known"
    assert world.sources.all()[0].url == url


def test_a_broken_feed_holds_up_no_other_and_is_left_alone_longer_each_time(
    world: World, site: Site
) -> None:
    world.settings = replace(world.settings, timeout=1, total=2)
    for n, answer in enumerate((slow, endless, truncated)):
        site.answers[f"/bad{n}"] = answer
        world.follow(f"/bad{n}")
    world.follow("/loop")
    site.put_status("/loop", 302, location="/loop")
    world.follow("/private")
    site.put_status("/private", 302, location="http://10.0.0.1/feed")
    world.follow("/good", rss(put_stories(site, 1)))
    done = world.update()
    errors = {one.url.rpartition("/")[2]: one.error for one in done.feeds}
    assert all(errors[name] for name in ("bad0", "bad1", "bad2", "loop", "private"))
    assert not errors["good"] and world.titles() == ["Dam 0 holds"]
    waits = []
    for _ in range(3):
        source = next(s for s in world.sources.all() if s.url.endswith("/loop"))
        assert source.last_error_at and source.next_try
        waits.append(source.next_try - source.last_error_at)
        world.update()
    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    good = next(s for s in world.sources.all() if s.url.endswith("/good"))
    assert good.last_success and not good.last_error and good.failures == 0


def test_back_off_ends_at_a_day_and_honours_what_the_server_asks(world: World, site: Site) -> None:
    world.follow("/feed")
    site.put_status("/feed", 429, retry_after="7200")
    error = world.outcome()
    assert error.next_try and error.next_try - datetime.now(UTC) > timedelta(minutes=119)
    source = replace(world.sources.all()[0], failures=500)
    now = datetime.now(UTC)
    assert world.sources.failed(source, "x", now) - now == timedelta(days=1)


def test_ten_thousand_items_come_in_turns(world: World, site: Site) -> None:
    stories = [(f"{site.url}/n{n}", f"N {n}") for n in range(10_000)]
    world.follow("/feed", rss(stories), etag='"f"')
    outcome = world.outcome()
    assert outcome.skipped == ITEMS_AN_UPDATE
    assert outcome.later == 10_000 - ITEMS_AN_UPDATE
    assert len(site.paths()) == 1 + ITEMS_AN_UPDATE
    assert world.outcome().later == 10_000 - 2 * ITEMS_AN_UPDATE


def test_one_story_in_two_feeds_is_fetched_once(world: World, site: Site) -> None:
    stories = put_stories(site, 2)
    world.follow("/a", rss(stories))
    world.follow("/b", rss(stories, extra="<description>other</description>"))
    assert [one.articles for one in world.update().feeds] == [2, 2]
    assert sorted(site.paths()) == ["/a", "/b", "/s0", "/s1"]
    world.update()
    assert len(site.paths()) == 6


def test_a_page_cannot_take_another_sites_place(world: World, site: Site) -> None:
    claim = '<link rel="canonical" href="https://good.example/story">'
    html = page("False news").replace("<head>", f"<head>{claim}")
    world.follow("/feed", rss([(site.put("/a", html), "A")]))
    world.update()
    (article,) = world.archive.library.articles()
    assert article.url == site.url + "/a"


def test_what_is_not_acknowledged_is_asked_for_again(world: World, site: Site) -> None:
    world.follow("/feed", rss(put_stories(site, 2)), etag='"f"')

    def busy(items: object) -> object:
        raise FolderInUseError("another process is writing")

    with Fetcher(world.settings) as fetcher, pytest.raises(FolderInUseError):
        Refresh(world.sources, fetcher, busy).feeds(world.sources.all())  # type: ignore[arg-type]
    assert world.outcome().articles == 2 and len(world.titles()) == 2


def test_a_feed_that_is_removed_leaves_its_articles(world: World, site: Site) -> None:
    url = world.follow("/feed", rss(put_stories(site, 2)))
    world.update()
    assert world.sources.remove(url) and not world.sources.remove(url)
    assert not world.sources.all() and not world.sources.seen(url) and len(world.titles()) == 2
