"""Feeds: RSS, RDF, Atom and JSON Feed, whole or broken, to items."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from corpus.article import plain_text
from corpus.dates import parse_date
from corpus.markup import as_html, html_text, join, read_loosely, read_xml

MAX_ITEMS = 20_000
"""Items looked at of one feed."""
MAX_CHARACTERS = 4_000_000
"""Read of one feed. What is newest comes first, so of a longer one the rest is left; broken off
there, it is mended like any other."""
_LONGEST_TITLE = 500
_LONGEST_SUMMARY = 50_000
_LONGEST_HTML = 200_000
_MOST_AUTHORS = 20
_MOST_PIECES = 100

_PLAIN = frozenset(
    [
        "",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
    ]
)
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
}
_BEGUN = re.compile(r"<(?:item|entry)[\s>]")
_ENDED, _END = re.compile(r"(?i)</(?:rss|rdf:rdf|feed)\s*>"), 10_000  # characters
_ITEMS = ("{*}item", "item", "{*}entry", "entry")
_PUBLISHED = (
    "published",
    "pubDate",
    "pubdate",
    "issued",
    "dc:date",
    "dc:created",
    "created",
    "date",
)
_UPDATED = ("updated", "modified", "dc:modified", "lastBuildDate")
_BODIES = ("content:encoded", "content", "description", "summary", "dc:description")
_AUTHORS = ("author", "dc:creator", "managingEditor")


@dataclass(frozen=True, slots=True)
class Item:
    """What a feed says of one article."""

    url: str
    title: str
    summary: str = ""
    """What the feed gives of the text, as plain text: a teaser, or all of it."""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Changes when anything the feed says of the article changes."""
        days = [str(self.published or ""), str(self.updated or "")]
        content = "\x1f".join([self.url, self.title, self.summary, *days, *self.authors])
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, and its items in its own order, each address once."""

    title: str
    items: tuple[Item, ...]
    without_link: int = 0
    """Items that name no address, of which nothing can be taken."""


def parse_feed(text: str, url: str) -> Feed:
    """Read a feed.

    Args:
        text: The feed, decoded.
        url: Where it is from; relative links start there.

    Raises:
        ValueError: it is no feed; the text says what it is instead.
    """
    text = _without_half_a_field(text[:MAX_CHARACTERS])
    start = text[:200].lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return _json_feed(text, url)
    if not start.startswith("<"):
        raise ValueError("not a feed (neither XML nor JSON)")
    root = read_xml(text)
    if root is None:
        raise ValueError("not a feed (broken XML)")
    if _name(root).casefold() == "html":
        raise ValueError("not a feed, but a web page")
    head = next((node for node in root.iter() if _name(node) in ("channel", "feed")), None)
    if head is None:
        raise ValueError(f"not a feed (XML of another kind: {_name(root)[:40]!r})")
    title = _title(_fields(head).get("title", []))
    items = list(_xml_items(root, url))
    if _linked(items) < min(MAX_ITEMS, len(_BEGUN.findall(text))):  # mending it as XML lost some
        loose = read_loosely(text)
        items = max(items, [] if loose is None else list(_xml_items(loose, url)), key=_linked)
    return Feed(title, _unique(items), len(items) - _linked(items))


def _linked(items: Iterable[Item]) -> int:
    return sum(bool(item.url) for item in items)


def _without_half_a_field(text: str) -> str:
    """What broke off on its way, without the field that it broke off in: half a link is another."""
    start, end = text.lstrip("\ufeff \t\r\n"), text[-_END:].rstrip()
    whole = (
        not (start.startswith("<") and _BEGUN.search(text))
        or end.endswith(">")
        or _ENDED.search(end)
    )
    return text if whole else text[: text.rfind("<")]


def _unique(items: Iterable[Item]) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for item in items:
        if item.url and len(item.url) <= 2000:
            found.setdefault(item.url, item)
        if len(found) == MAX_ITEMS:
            break
    return tuple(found.values())


# -- XML ------------------------------------------------------------------------------------


def _xml_items(root: Any, url: str) -> Iterator[Item]:
    base = _base(root, url)
    for node in islice(root.iter(*_ITEMS), MAX_ITEMS):
        fields = _fields(node)
        yield Item(
            url=_link(fields, _base(node, base)),
            title=_title(fields.get("title", []) or fields.get("dc:title", [])),
            summary=_summary(fields),
            published=_date(fields, _PUBLISHED),
            updated=_date(fields, _UPDATED),
            authors=_authors(fields),
        )


def _name(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _fields(node: Any) -> dict[str, list[Any]]:
    """A node's children by name; those of vocabularies we do not know are left out."""
    found: dict[str, list[Any]] = {}
    for child in node:
        if not isinstance(child.tag, str):
            continue
        space, _, name = child.tag.rpartition("}")
        space = space.removeprefix("{")
        prefix = _PREFIXES.get(space) if space not in _PLAIN else ""
        if prefix is not None:
            found.setdefault(prefix + name, []).append(child)
    return found


def _base(node: Any, url: str) -> str:
    own = node.get("{http://www.w3.org/XML/1998/namespace}base")
    return (join(url, own) or url) if own else url


def _link(fields: dict[str, list[Any]], base: str) -> str:
    """The article's address: that of the article before that of a counting redirect."""
    for node in fields.get("feedburner:origLink", []):
        if link := join(base, _text(node)):
            return link
    for node in fields.get("link", []):
        rel = (node.get("rel") or "alternate").casefold()
        given = node.get("href") or _text(node)
        if rel == "alternate" and given.strip() and (link := join(base, given)):
            return link
    for node in (*fields.get("guid", []), *fields.get("id", [])):
        permanent = (node.get("isPermaLink") or "true").casefold() == "true"
        given = _text(node).strip()
        if permanent and given.startswith(("http://", "https://")):
            return join(base, given)
    return ""


def _summary(fields: dict[str, list[Any]]) -> str:
    """The longest of the texts that the feed gives."""
    texts = [_prose(node) for name in _BODIES for node in fields.get(name, [])[:3]]
    return max(texts, key=len, default="")[:_LONGEST_SUMMARY]


def _prose(node: Any) -> str:
    # Atom's XHTML is markup as such, not as text. What holds other items is a broken field: read
    # whole, each of those would be read again for every one around it.
    if len(node) and next(node.iter(*_ITEMS), None) is None:
        return html_text(as_html(node)[:_LONGEST_HTML])
    return html_text((node.text or "")[:_LONGEST_HTML])


def _title(nodes: list[Any]) -> str:
    text = _prose(nodes[0]) if nodes else ""
    return " ".join(text.split())[:_LONGEST_TITLE]


def _text(node: Any) -> str:
    return "".join(islice(node.itertext(), _MOST_PIECES))[: _LONGEST_TITLE * 4]


def _date(fields: dict[str, list[Any]], names: tuple[str, ...]) -> datetime | None:
    for name in names:
        for node in fields.get(name, [])[:1]:
            if found := parse_date(_text(node)):
                return found
    return None


def _authors(fields: dict[str, list[Any]]) -> tuple[str, ...]:
    found: list[str] = []
    for name in _AUTHORS:
        for node in fields.get(name, [])[:_MOST_AUTHORS]:
            own = _fields(node).get("name")
            found.append(_person(_text(own[0]) if own else _text(node)))
    return tuple(dict.fromkeys(name for name in found if name))


def _person(text: str) -> str:
    """A name as it stands in a feed: "desk@paper.example (Anna Berg)" is Anna Berg."""
    text = " ".join(text.split())[:200]
    if "@" in text and text.endswith(")") and "(" in text:
        text = text[text.index("(") + 1 : -1]
    return "" if "@" in text else text


# -- JSON -----------------------------------------------------------------------------------


def _json_feed(text: str, url: str) -> Feed:
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise ValueError("not a feed (broken JSON)") from None
    items = data.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in str(data.get("version")):
        raise ValueError("not a feed (JSON of another kind)")
    read = [_json_item(item, url) for item in items if isinstance(item, dict)]
    title = _string(data.get("title"))[:_LONGEST_TITLE]
    return Feed(title, _unique(read), len(read) - _linked(read))


def _json_item(item: dict[str, Any], url: str) -> Item:
    own = _string(item.get("id"))
    link = _string(item.get("url")) or _string(item.get("external_url"))
    link = link or (own if own.startswith(("http://", "https://")) else "")
    html = html_text(_string(item.get("content_html"))[:_LONGEST_HTML])
    texts = [html, _string(item.get("content_text")), _string(item.get("summary"))]
    people = item.get("authors")
    people = people if isinstance(people, list) else [item.get("author")]
    names = [_person(_string(one.get("name"))) for one in people if isinstance(one, dict)]
    return Item(
        url=join(url, link) if link else "",
        title=" ".join(_string(item.get("title")).split())[:_LONGEST_TITLE],
        summary=max(texts, key=len)[:_LONGEST_SUMMARY],
        published=parse_date(_string(item.get("date_published"))),
        updated=parse_date(_string(item.get("date_modified"))),
        authors=tuple(dict.fromkeys(name for name in names[:_MOST_AUTHORS] if name)),
    )


def _string(value: Any) -> str:
    return plain_text(value) if isinstance(value, str) else ""  # JSON can name half a character
