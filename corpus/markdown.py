"""Markdown with optional YAML front matter."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from corpus.article import Article
from corpus.clean import clean
from corpus.markup import html_text
from corpus.records import FIELDS, article_from_record, pick

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def read_markdown(text: str, source: str) -> Article:
    """The article of one Markdown file; front matter takes the same field names as JSON.

    Raises:
        ValueError: the front matter is not YAML, or there is no text.
    """
    meta, text = _front_matter(text.lstrip("\ufeff").replace("\r\n", "\n"))
    blocks = _blocks(text)
    known = {name: pick(meta, names) for name, names in FIELDS.items()}
    if not known["title"] and blocks and blocks[0][0] == "h1":
        known["title"] = blocks.pop(0)[1]
    found = clean("\n\n".join(block for _, block in blocks), title=str(known["title"] or ""))
    record = {
        "title": known["title"] or found.title,
        "outlet": known["outlet"] or found.outlet,
        "authors": known["authors"] or list(found.authors),
        "published": known["published"] or found.published,
        "url": known["url"],
        "updated": known["updated"],
        "language": known["language"],
        "section": known["section"],
        "body": found.body,
    }
    return article_from_record(record, source)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    import yaml

    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        meta = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"front matter is not valid YAML ({str(error).splitlines()[0]})") from None
    return (meta, text[match.end() :]) if isinstance(meta, dict) else ({}, text)


def _blocks(text: str) -> list[tuple[str, str]]:
    """(tag, plain text) of each paragraph, heading and list item."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    blocks = []
    for opening, token in pairwise(tokens):
        if token.type == "inline":
            plain = "".join(_plain(child.type, child.content) for child in token.children or ())
            blocks.append((opening.tag, plain.strip()))
        elif token.type in ("fence", "code_block"):
            blocks.append(("code", token.content.strip()))
        elif token.type == "html_block":
            blocks += [("html", part) for part in html_text(token.content).split("\n\n")]
    return [(tag, block) for tag, block in blocks if block]


def _plain(kind: str, content: str) -> str:
    if kind in ("softbreak", "hardbreak"):
        return " "
    return content if kind in ("text", "code_inline") else ""
