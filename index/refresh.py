"""Bringing feeds up to date: what is new in them is fetched, read and taken into the archive."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from corpus import Article, Skipped
from corpus.feeds import Feed, Item
from corpus.fetch import Fetcher
from corpus.parallel import ByHost
from corpus.web import from_summary
from index.archive import Ingested, Progress
from index.sources import Page, Seen, Source, Sources
from index.take import Taken, Wanted, host_of, take

ITEMS_AN_UPDATE = 200
"""Of one feed; what is left is taken at the next update, so that none crowds out the others."""
TRIES = 3
"""How many updates try a page that cannot be had for the moment before the summary is kept."""
_ARTICLES_A_BATCH = 64
_SECONDS_A_BATCH = 20.0

Add = Callable[[Sequence[Article | Skipped]], Ingested]
"""Takes articles into the archive; they are acknowledged when it returns."""


@dataclass(slots=True)
class FeedOutcome:
    """What became of one feed in an update."""

    url: str
    title: str = ""
    error: str = ""
    """Why the feed could not be had; "" where it could."""
    next_try: datetime | None = None
    unchanged: bool = False
    articles: int = 0
    """Items dealt with, those unchanged included."""
    summaries: int = 0
    """Of these, kept as the feed's summary because the page could not be had."""
    skipped: int = 0
    """Items without any text to be had."""
    without_link: int = 0
    """Items that name no address, and so none of these."""
    later: int = 0
    """Items that the next update tries again or gets to."""
    reason: str = ""
    """Of the first page that could not be had."""


@dataclass(slots=True)
class Updated:
    """What an update did."""

    feeds: list[FeedOutcome] = field(default_factory=list)
    ingested: Ingested = field(default_factory=Ingested)


@dataclass(slots=True)
class _Running:
    """A feed whose items are under way."""

    source: Source
    outcome: FeedOutcome
    items: frozenset[str]
    tried: dict[str, Seen]
    left: int
    complete: bool
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class _Waiter:
    """A feed's item that waits for its page."""

    running: _Running
    item: Item


@dataclass(slots=True)
class _Entry:
    """One page's outcome on its way into the archive."""

    url: str
    waiters: list[_Waiter]
    found: Article | Skipped | None = None
    page: Page | None = None
    again: str = ""
    asked: bool = True
    """Whether its host was asked for it: else that was no try."""
    cut_short: bool = False
    """Whether the time was over before its turn came."""
    summary: bool = False


class Refresh:
    """One run over feeds or pages. Made anew for each."""

    def __init__(
        self, sources: Sources, fetcher: Fetcher, add: Add, progress: Progress | None = None,
        seconds: float = math.inf,
    ) -> None:  # fmt: skip
        """Make it.

        Args:
            sources: The state, read and written.
            fetcher: What fetches.
            add: What takes the articles.
            progress: Called with (pages done, pages known so far).
            seconds: After so many no further page is asked for: feeds with pages left are due at
                once, and those that became due meanwhile have waited no longer than that.
        """
        self._until = time.monotonic() + seconds
        self._sources = sources
        self._fetcher = fetcher
        self._add = add
        self._progress = progress
        self._waiters: dict[str, list[_Waiter]] = {}
        self._batch: list[_Entry] = []
        self._past: dict[str, _Entry] = {}
        self._flushed = time.monotonic()
        self._done = 0
        self._updated = Updated()

    def feeds(self, which: Iterable[Source]) -> Updated:
        """Bring feeds up to date, each on its own: one that fails holds up no other.

        An item counts as dealt with once its article is in the archive, and a feed's ETag is
        kept once all its items are; whatever interrupts this, the next update goes on there.

        Raises:
            FolderInUseError: another process uses the data folder; what was taken in is kept.
        """
        with ByHost[Source | Wanted, Taken](self._take, self._fetcher.settings.workers) as hosts:
            for source in which:
                hosts.submit(host_of(source.url), source)
            for wanted, taken in hosts.results():
                if isinstance(wanted, Source):
                    for page in self._feed_came(wanted, taken):
                        hosts.submit(host_of(page.url), page)
                else:
                    self._page_came(wanted, taken)
                self._flush_if_due()
        self._flush()
        return self._updated

    def pages(self, urls: Iterable[str]) -> Ingested:
        """Take in the articles of single pages.

        Args:
            urls: Their addresses.
        """
        with ByHost[Source | Wanted, Taken](self._take, self._fetcher.settings.workers) as hosts:
            for url in dict.fromkeys(urls):
                self._waiters[url] = []
                hosts.submit(host_of(url), Wanted(url, self._sources.page(url)))
            for wanted, taken in hosts.results():
                if isinstance(wanted, Wanted):
                    self._page_came(wanted, taken)
                self._flush_if_due()
        self._flush()
        return self._updated.ingested

    def _take(self, wanted: Source | Wanted) -> Taken:
        if isinstance(wanted, Wanted) and time.monotonic() > self._until:
            return Taken(error="the time for this update was over", again=True, cut_short=True)
        return take(self._fetcher, wanted)

    # -- feeds ----------------------------------------------------------------------------

    def _feed_came(self, source: Source, taken: Taken) -> list[Wanted]:
        """Note how a feed fared; the pages to fetch for it."""
        outcome = FeedOutcome(source.url, source.title)
        self._updated.feeds.append(outcome)
        now = datetime.now(UTC)
        if taken.error or taken.source is None:
            outcome.error = taken.error
            outcome.next_try = self._sources.failed(source, taken.error, now, taken.wait)
            return []
        if taken.feed is None:
            outcome.unchanged = True
            self._sources.succeeded(taken.source, source.title, now)
            return []
        outcome.title = source.title or taken.feed.title
        outcome.without_link = taken.feed.without_link
        return self._new_pages(taken.source, taken.feed, outcome)

    def _new_pages(self, source: Source, feed: Feed, outcome: FeedOutcome) -> list[Wanted]:
        seen = self._sources.seen(source.url)
        new = [item for item in feed.items if seen.get(item.url, Seen("")).hash != item.hash]
        some = sorted(new, key=_newest_first)[:ITEMS_AN_UPDATE]
        outcome.later = len(new) - len(some)
        there = frozenset(item.url for item in feed.items)
        running = _Running(source, outcome, there, seen, len(some), len(some) == len(new))
        if not some:
            self._finish(running)
        pages = []
        for item in some:
            if item.url in self._past:  # another feed had it, and its page came
                self._dealt_with(self._past[item.url], _Waiter(running, item))
                continue
            if item.url in self._waiters:  # another feed has it, and its page is under way
                self._waiters[item.url].append(_Waiter(running, item))
                continue
            self._waiters[item.url] = [_Waiter(running, item)]
            known = self._sources.page(item.url)
            pages.append(Wanted(item.url, known, item, outcome.title))
        return pages

    def _finish(self, running: _Running) -> None:
        """All items of a feed are dealt with, or left for the next update."""
        source, outcome = running.source, running.outcome
        if not running.complete:  # asked for whole next time, so that nothing is missed
            source = replace(source, etag="", last_modified="", body_hash="")
        now = datetime.now(UTC)
        self._sources.succeeded(source, outcome.title, now, due=running.cut_short)
        self._sources.forget(source.url, running.items)

    # -- pages ----------------------------------------------------------------------------

    def _page_came(self, wanted: Wanted, taken: Taken) -> None:
        waiters = self._waiters[wanted.url]
        self._done += 1
        if self._progress:
            self._progress(self._done, len(self._waiters))
        entry = _Entry(wanted.url, waiters, taken.article, taken.page)
        if taken.error:
            self._without_page(entry, wanted, taken)
        elif taken.unchanged and taken.page:
            self._updated.ingested.unchanged.append(taken.page.article_id)
        self._batch.append(entry)

    def _without_page(self, entry: _Entry, wanted: Wanted, taken: Taken) -> None:
        """A page that cannot be had: another try, its feed's summary, or a line about it."""
        tries = max(
            (w.running.tried.get(wanted.url, Seen("")).tries for w in entry.waiters), default=0
        )
        asked = not (taken.resting or taken.cut_short)
        if taken.again and entry.waiters and (not asked or tries + 1 < TRIES):
            entry.again, entry.asked, entry.cut_short = taken.error, asked, taken.cut_short
            return
        for waiter in entry.waiters:
            waiter.running.outcome.reason = waiter.running.outcome.reason or taken.error
        if wanted.item and wanted.known:  # the article of an earlier time says more than a summary
            self._updated.ingested.unchanged.append(wanted.known.article_id)
            return
        try:
            if wanted.item is None:
                raise ValueError(taken.error)
            entry.found = from_summary(wanted.item, wanted.outlet)
            entry.summary = True
        except ValueError:
            entry.found = Skipped(wanted.url, taken.error)

    # -- into the archive -------------------------------------------------------------------

    def _flush_if_due(self) -> None:
        late = time.monotonic() - self._flushed > _SECONDS_A_BATCH
        if len(self._batch) >= _ARTICLES_A_BATCH or (late and self._batch):
            self._flush()

    def _flush(self) -> None:
        """Hand over what came, and only then note it as dealt with."""
        batch, self._batch = self._batch, []
        found = [entry.found for entry in batch if entry.found is not None]
        if found:
            done, total = self._add(found), self._updated.ingested
            total.added += done.added
            total.changed += done.changed
            total.unchanged += done.unchanged
            total.skipped += done.skipped
        with self._sources.together():
            self._sources.put_pages(entry.page for entry in batch if entry.page)
            for entry in batch:
                for waiter in entry.waiters:
                    self._dealt_with(entry, waiter)
        for entry in batch:
            if isinstance(entry.found, Article):
                entry.found = None  # a run may see many
            self._past[entry.url] = entry
        self._flushed = time.monotonic()

    def _dealt_with(self, entry: _Entry, waiter: _Waiter) -> None:
        running, item = waiter.running, waiter.item
        outcome = running.outcome
        if entry.again:
            outcome.later += 1
            outcome.reason = outcome.reason or entry.again
            running.complete = False
            running.cut_short |= entry.cut_short
            tries = running.tried.get(item.url, Seen("")).tries
            seen = Seen("", tries + entry.asked)
        else:
            outcome.skipped += isinstance(entry.found, Skipped)
            outcome.articles += not isinstance(entry.found, Skipped)
            outcome.summaries += entry.summary
            seen = Seen(item.hash)
        self._sources.mark(running.source.url, {item.url: seen})
        running.left -= 1
        if not running.left:
            self._finish(running)


def _newest_first(item: Item) -> float:
    moment = item.updated or item.published
    return -moment.timestamp() if moment else 0.0
