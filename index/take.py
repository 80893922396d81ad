"""One thing fetched and read, in a thread of its own: a feed's items, or a page's article."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from corpus import Article, OnRecordError
from corpus.address import RefusedError
from corpus.body import Fetched, FetchError
from corpus.feeds import Feed, Item, parse_feed
from corpus.fetch import Fetcher
from corpus.web import fill_in, read_fetched
from index.sources import Page, Source

FULL_AFTER = timedelta(days=1)
"""A feed is asked for whole at least this often, whatever its server says has not changed."""
_GONE = 410
_LEAST = 0.5
_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch, with what a feed says of it where it is from one."""

    url: str
    known: Page | None = None
    item: Item | None = None
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one fetch: one of `feed`, `article`, `unchanged` and `error`."""

    error: str = ""
    again: bool = False
    """Whether what went wrong may go better later."""
    wait: float | None = None
    resting: bool = False
    """Whether its host is left alone for now and was not asked."""
    cut_short: bool = False
    """Whether the time of the update was over and nobody was asked."""
    unchanged: bool = False
    feed: Feed | None = None
    source: Source | None = None
    """The feed's state after this, to be kept once all its items are dealt with."""
    article: Article | None = None
    page: Page | None = None


def host_of(url: str) -> str:
    """The host of a URL, "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def take(fetcher: Fetcher, wanted: Source | Wanted) -> Taken:
    """Fetch and read one thing; what goes wrong is in the result, never raised."""
    try:
        return _feed(fetcher, wanted) if isinstance(wanted, Source) else _page(fetcher, wanted)
    except FetchError as error:
        wait = _A_DAY if error.status == _GONE else error.wait
        return Taken(str(error), again=error.again, wait=wait, resting=error.resting)
    except (RefusedError, OnRecordError, ValueError) as error:
        return Taken(error=str(error))
    except Exception as error:  # a parser's own kind: one bad page must not stop the rest
        return Taken(error=f"cannot be read ({type(error).__name__})")


def _feed(fetcher: Fetcher, source: Source) -> Taken:
    now = datetime.now(UTC)
    # Servers lie about what changed, both ways: hence the hash, and the whole feed once a day.
    whole = source.last_full is None or now - source.last_full > FULL_AFTER
    found = (
        fetcher.get(source.url)
        if whole
        else fetcher.get(source.url, etag=source.etag, last_modified=source.last_modified)
    )
    if found.unchanged:
        return Taken(unchanged=True, source=source)
    body_hash = _hash(found)
    after = replace(
        source, etag=found.etag, last_modified=found.last_modified, body_hash=body_hash,
        last_full=now,
    )  # fmt: skip
    if body_hash == source.body_hash:
        return Taken(unchanged=True, source=after)
    return Taken(feed=parse_feed(found.text, found.url), source=after)


def _page(fetcher: Fetcher, wanted: Wanted) -> Taken:
    known = wanted.known
    found = (
        fetcher.get(wanted.url, etag=known.etag, last_modified=known.last_modified)
        if known
        else fetcher.get(wanted.url)
    )
    if found.unchanged:
        return Taken(unchanged=True, page=known)
    body_hash = _hash(found)
    if known and body_hash == known.body_hash:
        page = replace(known, etag=found.etag, last_modified=found.last_modified)
        return Taken(unchanged=True, page=page)
    item = wanted.item
    article = read_fetched(found, (item.published or item.updated) if item else None)
    if wanted.item:
        if len(article.body) < _LEAST * len(wanted.item.summary):  # a wall, or made by scripts
            raise ValueError("the page holds less of the text than the feed itself")
        article = fill_in(article, wanted.item, wanted.outlet)
    page = Page(wanted.url, found.etag, found.last_modified, body_hash, article.id)
    return Taken(article=article, page=page)


def _hash(found: Fetched) -> str:
    return hashlib.sha256(found.data).hexdigest()[:16]
