"""JSON-LD: what a page says of its article in schema.org's words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from itertools import chain
from typing import Any

from corpus.tree import words

Node = Mapping[str, Any]

_LONGEST = 2_000_000  # characters of one script: an article is far shorter
_DEEPEST = 12
_LONG, _SEVERAL = 25, 4  # characters and words of a headline that no other has by chance
_ARTICLE = re.compile(
    r"(?:.*Article|BlogPosting|LiveBlogPosting|Report|Review|ClaimReview|Recipe|HowTo)"
)


# What else a page shows: entries of a live blog, lists of other stories, readers' words.
_OTHERS = frozenset(
    "liveBlogUpdate itemListElement hasPart mentions citation comment relatedLink".split()
)


def article_node(tree: Any) -> Node:
    """The node that describes the page's article, its references resolved; empty if none.

    Args:
        tree: The page, as lxml gives it.
    """
    nodes = list(_nodes(tree, _OTHERS))
    if not any(_is_article(node) for node in nodes):  # some pages have their own in such a list
        nodes = list(_nodes(tree, frozenset()))
    known = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1
    }
    articles = [node for node in nodes if _is_article(node)]
    if not articles:
        return {}
    names = [words(node).casefold() for node in chain(tree.iter("h1"), tree.iter("title"))]
    names += [re.split(r"\s[|–—-]\s", name)[0] for name in names]  # before the outlet's
    best = max(articles, key=lambda node: (_is_named(node, names), _told(node)))
    return {key: _resolved(value, known) for key, value in best.items()}


def _is_article(node: Node) -> bool:
    return any(map(_ARTICLE.fullmatch, types(node)))


def _is_named(node: Node, names: list[str]) -> bool:
    """Whether a node's headline is the page's own title: a page may describe others too."""
    headline = node.get("headline")
    plain = " ".join(headline.split()).casefold() if isinstance(headline, str) else ""
    long = len(plain) >= _LONG and len(plain.split()) >= _SEVERAL
    return bool(plain) and any(plain == name or (long and plain in name) for name in names)


def types(node: Node) -> list[str]:
    """The types of a node, without the vocabulary's address."""
    value = node.get("@type") or node.get("type") or []
    return [str(v).rsplit("/", 1)[-1] for v in (value if isinstance(value, list) else [value])]


def _told(node: Node) -> int:
    """How much a node tells; the first of equals is taken, as the page's own stands first."""
    return sum(
        bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleSection")
    )


def _resolved(value: Any, known: Mapping[str, Node]) -> Any:
    """A reference to another node of the page, as that node; anything else as it is."""
    if isinstance(value, list):
        return [_resolved(item, known) for item in value]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return known.get(value["@id"], value)
    return value


def _nodes(tree: Any, without: Set[str]) -> Iterator[Node]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:_LONGEST]
        try:
            data = json.loads(re.sub(r"<!--|-->|//<!\[CDATA\[|//\]\]>", "", text), strict=False)
        except (ValueError, RecursionError):
            continue  # pages hold a lot of broken JSON; the other sources of metadata remain
        yield from _walk(data, 0, without)


def _walk(data: Any, depth: int, without: Set[str]) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        yield data
        for key, value in data.items():
            if key not in without:
                yield from _walk(value, depth + 1, without)
    elif isinstance(data, list):
        for value in data:
            yield from _walk(value, depth + 1, without)
