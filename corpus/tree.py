"""Small helpers over a page's tree, whatever its size."""

from __future__ import annotations

from typing import Any

_LONGEST = 100_000


def parsed(html: bytes | str) -> Any:
    """The tree of a page, or None where there is none in it."""
    import trafilatura

    return trafilatura.load_html(html)


def words(element: Any, limit: int = _LONGEST) -> str:
    """The text in an element with single spaces, at most about `limit` characters of it.

    Boxes stand in boxes: reading each of them whole would take time with the square of the page.
    """
    parts: list[str] = []
    size = 0
    for text in element.itertext():
        parts.append(text)
        size += len(text)
        if size > limit:
            break
    return " ".join("".join(parts).split())


def drop(element: Any) -> None:
    """Remove an element; the text that follows it stays."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    before = element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
