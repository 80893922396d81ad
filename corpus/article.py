"""What an article is."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from corpus.dates import day_in_url
from corpus.language import language_of
from corpus.notes import Note, find_notes


@dataclass(frozen=True, slots=True)
class Article:
    """One published piece. Make it with `Article.create`, which derives the two hashes."""

    id: str
    """Stable: from the URL where there is one, else from title and body. 16 hex digits."""
    title: str
    body: str
    """The text quotes are cut from. Paragraphs are separated by a blank line."""
    outlet: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """Always aware. A source that gives no time zone is taken as UTC."""
    url: str = ""
    source: str = ""
    """Where it was read from: a path, `path#record`, or `-` for standard input."""
    references: tuple[str, ...] = ()
    """Sources the article itself lists under its text."""
    content_hash: str = ""
    """Changes when anything a reader can see changes."""
    updated: datetime | None = None
    """When it was last changed, where the source says so; aware, as `published` is."""
    language: str = ""
    """ISO 639-1, such as "en"; "" where it cannot be told."""
    section: str = ""
    notes: tuple[Note, ...] = ()
    """Corrections and the like, as they stand in the text."""
    pages: tuple[int, ...] = ()
    """Where each page of a printed source starts in `body`; empty for a source without pages."""

    @classmethod
    def create(  # noqa: PLR0913 - an article has this many parts
        cls,
        *,
        title: str,
        body: str,
        outlet: str = "",
        authors: Iterable[str] | str = (),
        published: datetime | None = None,
        url: str = "",
        source: str = "",
        references: tuple[str, ...] = (),
        updated: datetime | None = None,
        language: str = "",
        section: str = "",
        pages: tuple[int, ...] = (),
    ) -> Article:
        """Build an article with its id, content hash, language and notes.

        Args:
            title: The headline.
            body: Paragraphs separated by a blank line.
            outlet: Who published it.
            authors: Their names; one alone is one.
            published: When it was first published; where not given, the day that the URL names.
            url: Where it stands.
            source: Where it was read from.
            references: Sources it lists under its text.
            updated: When it was last changed.
            language: As the source declares it ("pt-BR"); the text itself decides.
            section: Of the outlet.
            pages: Where each page starts in the body, if it came on pages.

        Raises:
            ValueError: the body is blank, or a date has no time zone.
        """
        given = body
        title, body, outlet, section, url, source = (
            plain_text(part) for part in (title, body, outlet, section, url, source)
        )
        authors = (authors,) if isinstance(authors, str) else authors
        authors, references = tuple(map(plain_text, authors)), tuple(map(plain_text, references))
        if not body.strip():
            raise ValueError("no article text")
        for name, moment in (("published", published), ("updated", updated)):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name} must be an aware datetime")
        published = published or day_in_url(url)
        # Two outlets that print one wire story without an address are two articles.
        identity = _canonical_url(url) or "\n".join(filter(None, (outlet, title, body)))
        days = [moment.isoformat() if moment else "" for moment in (published, updated)]
        content = "\x1f".join([title, body, outlet, *authors, *days, url, section, *references])
        return cls(
            id=_digest(identity),
            title=title,
            body=body,
            outlet=outlet,
            authors=authors,
            published=published,
            url=url,
            source=source,
            references=references,
            content_hash=_digest(content),
            updated=updated,
            language=language_of(body, language),
            section=section,
            notes=find_notes(title, body),
            pages=pages if body == given else (),  # offsets hold for the text they were made for
        )

    @property
    def former_id(self) -> str:
        """The id that it had while its outlet was no part of it, where it has no address."""
        return _digest(f"{self.title}\n{self.body}")

    def page_at(self, offset: int) -> int | None:
        """The number of the page, from 1, that a place in the body stands on; None without."""
        return bisect_right(self.pages, offset) or None

    @property
    def told(self) -> datetime | None:
        """When it was last changed, else published, by the clock of its place: without a zone.

        A page that is changed weeks later was seldom written anew: that tells of no later news.
        """
        moment = self._moment
        return moment.replace(tzinfo=None) if moment else None

    @property
    def _moment(self) -> datetime | None:
        published, updated = self.published, self.updated
        anew = updated and (not published or updated - published <= _REWRITTEN)
        return updated if anew else published

    def follows(self, other: Article) -> bool:
        """Whether it is the same outlet's, and later; of two told on one day, one of them without
        its time, neither is."""
        if not self.outlet or bare_outlet(self.outlet) != bare_outlet(other.outlet):
            return False
        own, its = self._moment, other._moment
        if not own or not its:
            return False
        if _is_a_day(own) or _is_a_day(its):
            return own.date() > its.date()
        # UTC may stand for a zone that was not told: then both readings must agree.
        by_clock = own.replace(tzinfo=None) > its.replace(tzinfo=None)
        told = bool(own.utcoffset() and its.utcoffset())
        return own > its if told else by_clock and own > its


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source that gave no article, and why, in words for the user."""

    source: str
    reason: str


Loaded = Iterator[Article | Skipped]


_REWRITTEN = timedelta(days=14)


def _is_a_day(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)


# What no article needs, and what would command a terminal that prints it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def bare_outlet(name: str) -> str:
    """An outlet's name to compare by: "The Herald" is the Herald."""
    return re.sub(r"^the\s+", "", name.casefold())


def plain_text(text: str) -> str:
    """Without control characters and lone halves of surrogate pairs."""
    return _CONTROLS.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def _canonical_url(url: str) -> str:
    """The part of a URL that names the article: no fragment, host in lower case.

    A site's front page names no article: it gives "", as does what is no URL.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.path.strip("/") and not parts.query:
        return ""
    return urlunsplit(("", parts.netloc.lower(), parts.path.rstrip("/"), parts.query, ""))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
