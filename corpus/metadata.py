"""What a page says about its article: headline, dates, outlet, authors, language, section.

JSON-LD and meta elements first (for authors the other way round), then what is marked up in the
text, then trafilatura's guess: on the tuning half of the pages of `onrecord bench metadata`, no
other order of the four did better.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from corpus.dates import parse_date
from corpus.jsonld import Node, article_node
from corpus.names import authors_from, is_outlet, outlet_from, squeeze
from corpus.tree import words

_LONGEST_TITLE = 1000  # characters
_SAVED_AGAIN = timedelta(seconds=60)  # editors save twice: that is no update


@dataclass(frozen=True, slots=True)
class Metadata:
    """An article's metadata as its page gives it; blank or None where it does not."""

    title: str = ""
    headlines: frozenset[str] = frozenset()
    """All the forms the page gives its headline in."""
    published: datetime | None = None
    updated: datetime | None = None
    """When it was last changed, where that is later than `published`."""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    """As declared: "en", "pt-BR"."""
    section: str = ""
    description: str = ""
    url: str = ""
    body: str = ""
    """The article's text as JSON-LD gives it, which is seldom."""


_LONGEST_META = 2000  # characters: what is longer is no metadata


def cut_metas(tree: Any) -> None:
    """Cut overlong contents of meta elements, in place: reading them costs time squared."""
    for meta in tree.iter("meta"):
        if len(meta.get("content") or "") > _LONGEST_META:
            meta.set("content", meta.get("content")[:_LONGEST_META])


def read_metadata(tree: Any, guess: Any, told: datetime | None = None) -> Metadata:
    """The metadata of a page.

    Args:
        tree: The page, as lxml gives it.
        guess: trafilatura's document, for what the page does not mark up; or None.
        told: When it was published by what is known from elsewhere. It counts before what is found
            by looks alone.
    """
    node, metas = article_node(tree), _metas(tree)
    url = (guess and guess.url) or ""
    outlet = outlet_from(_outlets(node, metas, tree, guess), urlsplit(url).hostname or "")
    headlines = _headlines(tree, node, metas, outlet)
    published, updated = _dates(tree, node, metas, guess, told)
    return Metadata(
        title=headlines[0] if headlines else _without_outlet((guess and guess.title) or "", outlet),
        headlines=frozenset(headlines),
        published=published,
        updated=updated,
        outlet=outlet,
        authors=_authors(tree, node, metas, guess, outlet),
        language=_first(
            _text(node.get("inLanguage")), *_of(metas, _LANGUAGE), tree.get("lang", "")
        ),
        section=_section(tree, node, metas, url, outlet),
        description=_first(*_of(metas, ("og:description", "description")),
                           _text(node.get("description"))),
        url=url,
        body=_body(node.get("articleBody")),
    )  # fmt: skip


_LANGUAGE = ("inlanguage", "dc.language", "language", "content-language", "og:locale")
_PUBLISHED = (
    "article:published_time", "datepublished", "article.published", "article:published",
    "og:pubdate", "pubdate", "pub_date", "parsely-pub-date", "published", "publish-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "date",
    "article_date_original", "datecreated", "sn-post-date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "datemodified", "article.updated", "article:modified",
    "og:updated_time", "lastmod", "dcterms.modified", "article_date_updated", "last-modified",
)  # fmt: skip
_AUTHORS = ("byl", "sailthru.author", "parsely-author", "dc.creator", "dcterms.creator", "author",
            "article:author", "article_author")  # fmt: skip
_SECTIONS = ("article:section", "articlesection", "article.section", "section", "parsely-section",
             "prism.section", "nypost-section", "sailthru.vertical", "sailthru_section",
             "outbrainsection")  # fmt: skip


def _metas(tree: Any) -> dict[str, str]:
    """The first content of each meta element, by its name in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        if not content or meta.get("itemtype"):
            continue
        for kind in ("property", "name", "itemprop", "http-equiv"):
            for name in (meta.get(kind) or "").lower().split():
                found.setdefault(name, content)
    return found


def _of(metas: dict[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (metas[name] for name in names if name in metas)


def _first(*values: str) -> str:
    return next((value for value in values if value), "")


def _text(value: Any) -> str:
    """The text of a JSON-LD value: itself, its name, or that of the first of a list."""
    if isinstance(value, list):
        return next((text for text in map(_text, value) if text), "")
    if isinstance(value, dict):
        return _text(value.get("name"))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _body(value: Any) -> str:
    """JSON-LD's text of an article, of which some outlets make HTML."""
    text = html.unescape(value) if isinstance(value, str) else ""
    text = re.sub(r"(?i)<(?:/p|br|/div|/h\d|/li)\b[^<>]{0,200}>", "\n", text)
    lines = re.sub(r"<[a-zA-Z/!][^<>]{0,500}>", "", text).split("\n")
    return "\n\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


# -- headline -------------------------------------------------------------------------------


def _headlines(tree: Any, node: Node, metas: dict[str, str], outlet: str) -> list[str]:
    """The forms of the headline, the best first: a heading that the page's title bears out."""
    title = next((words(t) for t in tree.iter("title") if words(t)), "")
    named = [_first(*_of(metas, ("og:title", "twitter:title"))), _text(node.get("headline")), title]
    named = [cut for name in named if (cut := _without_outlet(name, outlet))]
    shown = [text for h1 in tree.iter("h1") if (text := words(h1))]
    borne = [h for h in shown if squeeze(h) != squeeze(outlet) and _alike(h, named)]
    return list(dict.fromkeys(borne[:1] + named[1:2] + named)) if borne else named


def _alike(heading: str, named: list[str]) -> bool:
    own = set(re.findall(r"\w+", heading.casefold()))
    return any(
        2 * len(own & set(re.findall(r"\w+", name.casefold()))) >= len(own) for name in named
    )


def _without_outlet(title: str, outlet: str) -> str:
    """A title without the outlet's name behind it ("Dam holds | Orra Post")."""
    title = " ".join(title[:_LONGEST_TITLE].split())
    while match := re.search(r"\s+[|–—\-»:]+\s+([^|–—»]{2,60})$", title):
        if not is_outlet(match.group(1), outlet):
            break
        title = title[: match.start()]
    return title


# -- dates ----------------------------------------------------------------------------------


def _dates(
    tree: Any, node: Node, metas: dict[str, str], guess: Any, told: datetime | None
) -> tuple[datetime | None, datetime | None]:
    published = _moment(
        [_text(node.get("datePublished")), *_of(metas, _PUBLISHED), *_times(tree, "datepublished"),
         _text(node.get("dateCreated"))]
    )  # fmt: skip
    updated = _moment(
        [_text(node.get("dateModified")), *_of(metas, _UPDATED), *_times(tree, "datemodified")]
    )
    published = published or told or _shown(tree) or _guessed(tree, guess)
    if updated and published and updated - published < _SAVED_AGAIN:
        updated = None
    return published, updated


def _guessed(tree: Any, guess: Any) -> datetime | None:
    """trafilatura's date, but for the first of January that it makes of "© 2025" in a footer."""
    found = parse_date((guess and guess.date) or "")
    if found and (found.month, found.day) == (1, 1) and not _NEW_YEAR.search(words(tree)):
        return None
    return found


def _moment(texts: list[str]) -> datetime | None:
    """The first that is a date."""
    return next((date for text in texts if (date := parse_date(text))), None)


def _times(tree: Any, prop: str) -> Iterator[str]:
    for time in tree.iter("time"):
        if prop in (time.get("itemprop") or "").lower() or (
            prop == "datepublished" and time.get("pubdate") is not None
        ):
            yield time.get("datetime") or words(time)


_LABEL = re.compile(
    r"(?i)^(?:first\s+)?(?:published|posted|publish date|date)\s*(?:on|at)?\s*:?\s*"
)
_NEW_YEAR = re.compile(r"(?i)\bjan(?:uary|\.)? 1\b|\b1(?:st)? jan|-01-01\b|\b0?1[./]0?1[./]")
_NOT_SHOWN = re.compile(r"(?i)updated|modified")
_OF_THE_TEXT = 150  # characters: below a paragraph so long, dates are of what the story tells


def _shown(tree: Any) -> datetime | None:
    """A full date with its time as the page prints it near the headline."""
    seen, long = False, 0
    for element in tree.iter("h1", "time", "span", "div", "p", "li"):
        if element.tag == "h1":
            seen = True
        elif seen and element.tag == "p" and len(words(element, 200)) >= _OF_THE_TEXT:
            long += 1
            if long > 1:  # the first may be the page's summary
                return None
        elif seen and element.tag == "time" and "T" in (element.get("datetime") or ""):
            if date := parse_date(element.get("datetime")):
                return date
        elif seen and len(element) <= 1:
            text = words(element, 200)
            if not 8 <= len(text) <= 60 or _NOT_SHOWN.search(text) or ":" not in text:
                continue
            if date := parse_date(_LABEL.sub("", text)):
                return date
    return None


# -- the rest -------------------------------------------------------------------------------


def _outlets(node: Node, metas: dict[str, str], tree: Any, guess: Any) -> Iterator[str]:
    yield metas.get("og:site_name", "")
    yield _text(node.get("publisher"))
    yield from _of(metas, ("application-name", "apple-mobile-web-app-title", "dc.publisher"))
    title = next((words(t) for t in tree.iter("title") if words(t)), "")
    if match := re.search(r"\s[|–—\-]\s([^|–—]{2,40})$", title):
        yield match.group(1)
    yield (guess and guess.sitename) or ""


def _authors(
    tree: Any, node: Node, metas: dict[str, str], guess: Any, outlet: str
) -> tuple[str, ...]:
    """Those of the first source that names a person."""
    for texts in (
        *([name] for name in _of(metas, _AUTHORS)),
        _people(node.get("author") or node.get("creator")),
        _bylines(tree),
        [(guess and guess.author) or ""],
    ):
        if found := authors_from(texts, outlet):
            return found
    return ()


_MARKED = re.compile(r"(?i)(?:^|[\s_-])(?:by-?line|authors?)(?:[\s_-]|$)|author__?name|authorname")
_COMMENT = re.compile(r"(?i)comment|reply|respond")
_PERSON = re.compile(r"(?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_][\w.'’-]+")
_LONGEST_BYLINE = 100


def _bylines(tree: Any) -> list[str]:
    """The first short text that the page marks as its byline, or that opens with "By"."""
    for element in tree.iter("a", "span", "p", "div", "address", "li"):
        marks = " ".join(element.get(key) or "" for key in ("rel", "itemprop", "class"))
        marked = bool(_MARKED.search(marks)) and not _COMMENT.search(marks)
        text = re.split(
            r"\s(?:on|at)\s|\s[-–|·]\s|\d", words(element, _LONGEST_BYLINE)[:_LONGEST_BYLINE]
        )[0]
        if not marked and not text.startswith(("By ", "BY ")):
            continue
        names = authors_from([text])
        if names and all(map(_PERSON.fullmatch, names)):
            return [text]
    return []


def _people(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := _text(one))]


_NO_SECTION = re.compile(
    r"(?i)\d+|news|story|stories|articles?|blog|content|home|index\W?.*|\w\w|\w\w-\w\w"
)


def _section(tree: Any, node: Node, metas: dict[str, str], url: str, outlet: str) -> str:
    """What the page calls its section: said outright, in its title, as a crumb, in its address."""
    for told in (
        _text(node.get("articleSection")),
        *_of(metas, _SECTIONS),
        _in_title(tree, outlet),
    ):
        if told and squeeze(told) != squeeze(outlet):
            return told.split(",")[0].strip()
    if crumb := _crumb(tree):
        return crumb
    parts = urlsplit(url).path.strip("/").split("/")[:-1]
    return next((p for p in parts[:2] if not _NO_SECTION.fullmatch(p)), "")


def _in_title(tree: Any, outlet: str) -> str:
    """The middle of "Dam holds | Region | Orra Post"."""
    title = next((words(t) for t in tree.iter("title") if words(t)), "")
    parts = [part.strip() for part in re.split(r"\s[|–—-]\s", title)]
    known = len(parts) == 3 and squeeze(outlet) and squeeze(parts[2]) in squeeze(outlet)
    return parts[1] if known and len(parts[1]) <= 30 else ""


def _crumb(tree: Any) -> str:
    """The last link of a breadcrumb trail that is not the way home."""
    for element in tree.iter("nav", "ol", "ul", "div", "p"):
        if re.search(r"(?i)bread-?crumb", f"{element.get('class')} {element.get('id')}"):
            crumbs = [words(link) for link in element.iter("a")]
            crumbs = [c for c in crumbs if 1 < len(c) <= 40 and not re.fullmatch("(?i)home", c)]
            if crumbs:
                return crumbs[-1]
    return ""
