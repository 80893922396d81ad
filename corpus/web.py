"""From what was fetched to an article, with what its feed says of it filled in."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from corpus.article import Article
from corpus.body import Fetched
from corpus.feeds import Item, parse_feed
from corpus.load import read_text
from corpus.page import read_html
from corpus.pdf import read_pdf

SUMMARY_OF = "feed summary of "
"""How the `source` of an article begins whose page could not be had."""
_SHORTEST_SUMMARY = 80
_SECTION = re.compile(r"/?|/[a-z]{1,20}/?")  # "/news"


def read_fetched(found: Fetched, told: datetime | None = None) -> Article:
    """The article of a page, a PDF or a plain text that was fetched.

    Args:
        found: What was fetched.
        told: When its feed says that it was published.

    Raises:
        ValueError: there is none in it.
    """
    if found.data.startswith(b"%PDF-"):
        return _at(read_pdf(found.data, found.url), found.url)
    text = found.text
    kind = found.content_type.split(";")[0].strip().casefold()
    start = text[:1000].lstrip("\ufeff \t\r\n").casefold()
    if kind == "text/plain" and not start.startswith(("<!doctype html", "<html")):
        if "\0" in text:
            raise ValueError("not text (binary data)")
        return _at(read_text(text, found.url), found.url)
    if _is_feed(text, found.url):
        raise ValueError(f"this is a feed; follow it with: onrecord feeds add {found.url}")
    # Decoded by us, who know the header, and handed on in the one charset nobody mistakes.
    article = read_html(text.encode("utf-8", "replace"), found.url, told)
    return _at(article, _own_url(article.url, found.url))


def from_summary(item: Item, outlet: str) -> Article:
    """An article of what the feed itself gives, marked as such.

    Raises:
        ValueError: that is too little to be called a text.
    """
    if len(item.summary) < _SHORTEST_SUMMARY:
        raise ValueError("the feed gives no text either")
    return Article.create(
        title=item.title or item.summary[:80].split("\n")[0],
        body=item.summary,
        outlet=outlet,
        authors=item.authors,
        published=item.published or item.updated,
        url=item.url,
        source=SUMMARY_OF + item.url,
    )


def is_summary(article: Article) -> bool:
    """Whether an article is no more than what its feed says of it."""
    return article.source.startswith(SUMMARY_OF)


def summary_mark(article: Article) -> str:
    """What a reader must know of an article that is a summary; "" where it is whole."""
    return "the feed's summary, not the article" if is_summary(article) else ""


def fill_in(article: Article, item: Item, outlet: str) -> Article:
    """An article with what its page leaves out, as its feed has it."""
    said = item.published or item.updated
    return _changed(
        article,
        published=_moment(article.published, said),
        updated=article.updated or (item.updated if item.published else None),
        authors=article.authors or item.authors,
        outlet=article.outlet or outlet,
        title=article.title or item.title,
    )


def _moment(page: datetime | None, feed: datetime | None) -> datetime | None:
    """The page's date; the feed's where the page has none, or only the day of the feed's."""
    if page is None or feed is None:
        return page or feed
    only_a_day = (page.hour, page.minute, page.second) == (0, 0, 0)
    return feed if only_a_day and abs(feed - page) < timedelta(days=1, hours=14) else page


def _own_url(claimed: str, fetched: str) -> str:
    """The address a page gives itself, where that is of the same site and names an article.

    A page that calls itself another site's, or a section's, would otherwise take another article's
    place.
    """
    same = _site(claimed) == _site(fetched)
    return claimed if claimed and same and not _SECTION.fullmatch(_path(claimed)) else fetched


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _at(article: Article, url: str) -> Article:
    return _changed(article, url=url)


def _changed(article: Article, **parts: Any) -> Article:
    """An article made again with other parts, so that its id and hash are right."""
    derived = ("id", "content_hash", "notes")
    given = {f.name: getattr(article, f.name) for f in fields(article) if f.name not in derived}
    return Article.create(**(given | parts)) if given != given | parts else article


def _is_feed(text: str, url: str) -> bool:
    start = text[:2000].casefold()
    if not any(sign in start for sign in ("<rss", "<rdf:rdf", "<feed", "jsonfeed.org")):
        return False
    try:
        parse_feed(text, url)
    except ValueError:
        return False
    return True
