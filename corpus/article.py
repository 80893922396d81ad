"""What an article is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit


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

    @classmethod
    def create(  # noqa: PLR0913 - an article has this many parts
        cls,
        *,
        title: str,
        body: str,
        outlet: str = "",
        authors: tuple[str, ...] = (),
        published: datetime | None = None,
        url: str = "",
        source: str = "",
        references: tuple[str, ...] = (),
    ) -> Article:
        """Build an article with its id and content hash.

        Raises:
            ValueError: the body is blank, or `published` has no time zone.
        """
        title, body, outlet = (_text(part) for part in (title, body, outlet))
        authors, references = tuple(map(_text, authors)), tuple(map(_text, references))
        if not body.strip():
            raise ValueError("no article text")
        if published is not None and published.tzinfo is None:
            raise ValueError("published must be an aware datetime")
        identity = _canonical_url(url) or f"{title}\n{body}"
        day = published.isoformat() if published else ""
        content = "\x1f".join([title, body, outlet, *authors, day, url, *references])
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
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source that gave no article, and why, in words for the user."""

    source: str
    reason: str


Loaded = Iterator[Article | Skipped]


# What no article needs, and what would command a terminal that prints it.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _text(text: str) -> str:
    """Without control characters and lone halves of surrogate pairs."""
    return _CONTROLS.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def _canonical_url(url: str) -> str:
    """The part of a URL that names the article: no fragment, host in lower case.

    A site's front page names no article: it gives "".
    """
    parts = urlsplit(url)
    if not parts.path.strip("/") and not parts.query:
        return ""
    return urlunsplit(("", parts.netloc.lower(), parts.path.rstrip("/"), parts.query, ""))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
