"""HTML and XML by lxml: the text of a fragment, a page's feeds, and a tree of broken XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5
from typing import Any
from urllib.parse import urljoin

from corpus.article import plain_text

_FEEDS = frozenset(
    "application/rss+xml application/atom+xml application/feed+json application/rdf+xml "
    "application/xml text/xml application/json".split()
)
_BREAKS = frozenset(
    "p br div li tr h1 h2 h3 h4 h5 h6 blockquote section article ul ol table pre figure".split()
)
_UNSEEN = frozenset(["script", "style", "template", "noscript", "iframe", "object", "svg"])
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]{0,80})([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w:.-]{0,80})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'=]+)""")
_LONGEST_TAG = 4000
_DEEPEST = 200
_PROLOG = 4096


def html_text(html: str) -> str:
    """The text of an HTML fragment, its paragraphs separated by a blank line."""
    from lxml import etree
    from lxml import html as lxml_html

    if "<" not in html and "&" not in html:
        return _tidy(html)
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring(NOT_XML.sub("", html).encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    return _tidy("".join(_pieces(tree)))


def _pieces(tree: Any) -> list[str]:
    """Texts in reading order, blocks set apart; without recursion, for fragments nest deep."""
    from lxml import etree

    found: list[str] = []
    unseen = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            unseen += name in _UNSEEN
            found.append("\n\n" if name in _BREAKS else "")
            found.append("" if unseen else node.text or "")
        else:
            unseen -= name in _UNSEEN
            found.append("\n\n" if name in _BREAKS else "")
            found.append("" if unseen else node.tail or "")
    return found


def _tidy(text: str) -> str:
    text = plain_text(text)  # an entity may name any character
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[ \t\r\xa0]*\n", text))
    return "\n\n".join(part for part in paragraphs if part)


def as_html(node: Any) -> str:
    """What is inside a node of an XML tree, as HTML."""
    from lxml import etree

    inside = [str(etree.tostring(child, encoding="unicode", method="html")) for child in node]
    return escape(node.text or "") + "".join(inside)


def feed_links(html: str, url: str) -> list[str]:
    """The feeds that a page names in its head, those of comments last."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring(NOT_XML.sub("", html).encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    base = next((node.get("href") or "" for node in tree.iter("base")), "")
    found: dict[str, bool] = {}
    for node in tree.iter("link"):
        kind = (node.get("type") or "").split(";")[0].strip().casefold()
        rels = (node.get("rel") or "").casefold().split()
        if kind in _FEEDS and ("alternate" in rels or "feed" in rels):
            link = join(join(url, base) or url, node.get("href") or "")
            if link:
                found.setdefault(link, "comment" in (link + (node.get("title") or "")).casefold())
    return sorted(found, key=lambda link: found[link])


def join(base: str, link: str) -> str:
    """A link as a web address without its fragment; "" where it is none."""
    try:
        link = re.sub(r"[\x00-\x1f\x7f]+", "", link).strip().replace(" ", "%20")
        whole = urljoin(base, link).split("#", maxsplit=1)[0]
    except ValueError:
        return ""
    return whole if whole.startswith(("http://", "https://")) else ""


def read_xml(text: str) -> Any:
    """The root of an XML tree, mended where it is broken; None where nothing can be made of it.

    Entities that a document declares itself are not expanded, so that none of them can swell or
    read a file; nothing is fetched; trees deeper than 256 are cut by the parser.
    """
    from lxml import etree

    text = _without_doctype(NOT_XML.sub("", text)).lstrip()
    for mend in (False, True):
        data = _mended(text) if mend else text
        parser = etree.XMLParser(
            recover=mend, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8",
        )  # fmt: skip
        try:
            root = etree.fromstring(data.encode(), parser)
        except (etree.LxmlError, ValueError):
            continue
        if root is not None:
            return root
    return None


def read_loosely(text: str) -> Any:
    """The root of a tree of something like XML whose tags do not match; None where nothing can
    be made of it. Ends of what was never begun are dropped, and what was not ended is."""
    text = _without_doctype(_without_cdata(NOT_XML.sub("", text))).lstrip()
    return read_xml("".join(_balanced(_mended(text))))


def _balanced(text: str) -> Iterator[str]:
    """The text with each tag written out and matched, in one pass over it."""
    begun: list[str] = []
    at = 0
    for found in _TAG.finditer(text):
        closing, name, rest = found.groups()
        yield text[at : found.start()].replace("<", "&lt;") if begun else ""
        at = found.end()
        if closing and name in begun:
            while (last := begun.pop()) != name:
                yield f"</{last}>"
            yield f"</{name}>"
        elif not closing and len(begun) < _DEEPEST:
            empty = rest.endswith("/")
            yield f"<{name}{_attributes(rest)}{'/' if empty else ''}>"
            begun += [] if empty else [name]
    yield from (f"</{name}>" for name in reversed(begun))


def _attributes(text: str) -> str:
    """Those of a tag that can be read, each once and in quotes."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text[:_LONGEST_TAG]):
        found.setdefault(name, value.strip("\"'"))
    return "".join(f' {name}="{escape(value, quote=True)}"' for name, value in found.items())


def _without_cdata(text: str) -> str:
    """CDATA sections as text with entities. By hand: a pattern would begin at each opening."""
    parts, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end
        parts += [text[at:start], escape(text[start + 9 : end], quote=False)]
        at = end + 3
    return "".join([*parts, text[at:]])


def _mended(text: str) -> str:
    """HTML's entities, and ampersands that stand for themselves, as XML has them."""
    text = _ENTITY.sub(lambda found: html5.get(f"{found[1]};", found[0]), text)
    return _BARE.sub("&amp;", text)


def _without_doctype(text: str) -> str:
    """Without the document type and whatever entities it declares."""
    start = text[:_PROLOG].casefold().find("<!doctype")
    if start < 0:
        return text
    end, inside = text.find(">", start), text.find("[", start)
    if 0 <= inside < end:
        end = text.find("]", inside)
        end = text.find(">", end) if end >= 0 else -1
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]
