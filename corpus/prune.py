"""What a page holds that is never its article, taken out before the text is looked for.

Each rule looks at how a page is built, not at its words, so that it serves any language.
"""

from __future__ import annotations

import re
from typing import Any

from corpus.tree import drop, words

_HOVER = re.compile(r"(?i)\b(?:rollover|hovercard|tooltip|popover|flyout)")
_TEASER = re.compile(r"(?i)\b(?:read-?more|related|teaser|promo)\b")
_CREDIT = re.compile(r"(?i)\b(?:image|photo|picture)[_-]?credits?\b")
_LONGEST_CREDIT = 300  # characters
_LEADS_AWAY = re.compile(
    r"(?i)(?:\w+ )?(?:read|see|more|also|related|recommended|latest|other|further|previous|you)\b"
)
_LONGEST_LABEL = 24  # characters of "Also on this site", "SEE MORE:", "Lesen Sie auch:"
_MOST_LABEL_WORDS = 3
_SHORTEST_LINK = 25  # characters: a headline, not the name of a source
_FEWEST_LINKS = 2
_LINKED = 0.8  # the share of a block's letters that are in links from which it is a link list


def prune(tree: Any) -> None:
    """Take hover boxes and links to other stories out of a page's tree, in place.

    Args:
        tree: The page, as lxml gives it.
    """
    for element in list(tree.iter("div", "span", "aside", "section")):
        if _is_hover_box(element):
            drop(element)
    for element in list(tree.iter("p", "ul", "ol")):
        if _links_elsewhere(element):
            drop(element)
    for element in list(tree.iter("div", "p", "span")):
        if _is_credit(element):
            drop(element)
    for element in list(tree.iter("a")):
        if _TEASER.search(element.get("class", "")) and len(element):
            drop(element)


def _is_hover_box(element: Any) -> bool:
    """What appears under the pointer: its text would stand in mid-sentence.

    The word that it belongs to is in a box of the same name around it, and stays.
    """
    if element.get("role") == "tooltip":
        return True
    return bool(_HOVER.search(element.get("class", ""))) and any(
        _HOVER.search(outer.get("class", "")) for outer in element.iterancestors("div", "span")
    )


def _is_credit(element: Any) -> bool:
    """A picture's credit; captions proper are left out by trafilatura itself."""
    return bool(_CREDIT.search(element.get("class", ""))) and len(words(element)) <= _LONGEST_CREDIT


def _links_elsewhere(element: Any) -> bool:
    """A list of nothing but links, or a labelled link to another story ("See more: ...")."""
    links = [text for link in element.iter("a") if (text := words(link))]
    if not links or max(map(len, links)) < _SHORTEST_LINK:
        return False
    if _is_announced(element):
        return False
    text = words(element)
    if len(links) >= _FEWEST_LINKS:
        return sum(map(len, links)) >= _LINKED * len(text)
    label = text.removesuffix(links[0])
    return (
        0 < len(label) <= _LONGEST_LABEL
        and len(label.split()) <= _MOST_LABEL_WORDS
        and len(label) + len(links[0]) == len(text)
        and not links[0].endswith((".", "。"))
        and not links[0].startswith(("“", '"', "‘", "«", "„"))  # She said: "..."
        and "://" not in links[0]
    )


def _is_announced(element: Any) -> bool:
    """Whether a list belongs to the sentence above it: "The five winners are:"."""
    above = element.getprevious()
    if element.tag == "p" or above is None or above.tag != "p":
        return False
    text = words(above, 300)
    return text.endswith(":") and not _LEADS_AWAY.match(text)


_SHORTEST_LEDE = 60  # characters
_LONGEST_LEDE = 1000
_SAME_START = 50  # characters that a page's description and its opening share
_BREAKS = frozenset(("br", "p", "div", "ul", "ol", "table", "figure", "img", "h2", "h3"))


def lede(tree: Any, description: str) -> str:
    """The opening that stands bare in a box, before the paragraphs that follow it there.

    Extraction keeps the paragraphs and loses the bare text; that it is the opening, the page's
    own description says.

    Returns:
        The whole of it as it stands on the page, or "" where the page has no such text.
    """
    if len(description) < _SHORTEST_LEDE:
        return ""
    start = description[:_SAME_START]
    for element in tree.iter("div", "section", "article"):
        text = _opening(element)
        if text.startswith(start) and len(text) <= _LONGEST_LEDE:
            return text if len(words(element)) > 2 * len(text) else ""
    return ""


def _opening(element: Any) -> str:
    """The text of an element down to the first break in it."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in _BREAKS:
            break
        if isinstance(child.tag, str):
            parts += child.itertext()
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())
