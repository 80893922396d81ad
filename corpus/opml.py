"""OPML: the lists of feeds that feed readers exchange."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from corpus.markup import NOT_XML

_MOST = 10_000


def read_opml(data: bytes) -> list[tuple[str, str]]:
    """The (address, title) of each feed in a list, each address once.

    Raises:
        ValueError: it is not OPML, or declares entities.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data, forbid_entities=True)
    except DefusedXmlException:
        raise ValueError("it declares entities, which no list of feeds needs") from None
    except (ParseError, ValueError, LookupError) as error:
        raise ValueError(f"not OPML ({error})") from None
    if root.tag.casefold() != "opml":
        raise ValueError(f"not OPML (XML of another kind: {root.tag[:40]!r})")
    found: dict[str, str] = {}
    for node in root.iter("outline"):
        kept = {key.casefold(): value for key, value in node.attrib.items()}
        url = kept.get("xmlurl", "").strip()
        if url and len(found) < _MOST:
            found.setdefault(url, (kept.get("title") or kept.get("text") or "").strip())
    return list(found.items())


def write_opml(feeds: Iterable[tuple[str, str]]) -> str:
    """A list of feeds, given as (address, title), for other feed readers."""
    lines = [
        f'    <outline type="rss" text={_quoted(title or url)} xmlUrl={_quoted(url)}/>'
        for url, title in feeds
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<opml version="2.0">',
            "  <head><title>Feeds</title></head>",
            "  <body>",
            *lines,
            "  </body>",
            "</opml>",
            "",
        ]
    )


def _quoted(text: str) -> str:
    return quoteattr(NOT_XML.sub("", text))
