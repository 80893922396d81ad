"""Finding a site's feed from any of its addresses: the feed itself, or a page that names it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.address import RefusedError
from corpus.body import FetchError
from corpus.feeds import Feed, parse_feed
from corpus.fetch import Fetcher
from corpus.markup import feed_links

_MOST_TRIED = 5


@dataclass(frozen=True, slots=True)
class Discovered:
    """A feed that was found and read."""

    url: str
    feed: Feed
    others: tuple[str, ...] = ()
    """Other feeds that the page names."""


def find_feed(fetcher: Fetcher, url: str) -> Discovered:
    """The feed at an address, or the first readable one that the page there names.

    Raises:
        FetchError: the address could not be had.
        RefusedError: it is not fetched at all.
        ValueError: there is no feed.
    """
    found = fetcher.get(url)
    text = found.text
    try:
        return Discovered(url, parse_feed(text, found.url))
    except ValueError as error:
        links = feed_links(text, found.url)
        if not links:
            raise ValueError(
                f"{error}, and it names no feed; give the address of the feed itself"
            ) from None
    problem = ""
    for link in links[:_MOST_TRIED]:
        try:
            other = fetcher.get(link)
            feed = parse_feed(other.text, other.url)
        except (FetchError, RefusedError, ValueError) as error:
            problem = problem or f"{link}: {error}"
            continue
        return Discovered(link, feed, tuple(one for one in links if one != link))
    raise ValueError(f"the page names a feed, but {problem}")
