"""Word (`.docx`) and OpenDocument (`.odt`): the text of the document itself.

Both are ZIP files of XML. Heads and feet of pages, comments, footnotes and what a tracked change
struck out are in parts or elements of their own, which are not read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from corpus.article import Article
from corpus.clean import clean
from corpus.tree import drop

_MOST_BYTES = 50_000_000  # of one part unpacked: a small file may unpack to anything
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NO_TEXT = (
    *(f"{_ODF}{name}" for name in ("tracked-changes", "note", "sequence-decls")),
    "{*}annotation", "{*}annotation-end",  # what an editor remarked
    "{*}title", "{*}desc",  # what a picture shows
)  # fmt: skip
_DC = "{http://purl.org/dc/elements/1.1/}"


def read_docx(data: bytes, source: str) -> Article:
    """The article of one Word document.

    Raises:
        ValueError: it is damaged, locked by a password, or holds no text.
    """
    with _opened(data, "Word") as package:
        body = _parsed(package, "word/document.xml", "Word")
        core = _parsed(package, "docProps/core.xml", "Word", needed=False)
    paragraphs = (
        (_style(p), "".join(_word_text(p))) for p in body.iter(f"{_WORD}p") if not _in_box(p)
    )
    return _article(paragraphs, core, source)


def read_odt(data: bytes, source: str) -> Article:
    """The article of one OpenDocument text.

    Raises:
        ValueError: it is damaged, locked by a password, or holds no text.
    """
    with _opened(data, "OpenDocument") as package:
        content = _parsed(package, "content.xml", "OpenDocument")
        meta = _parsed(package, "meta.xml", "OpenDocument", needed=False)
    for element in list(content.iter(*_NO_TEXT)):
        drop(element)
    paragraphs = (
        ("heading" if p.tag.endswith("}h") else "", "".join(_odf_text(p)))
        for p in content.iter(f"{_ODF}p", f"{_ODF}h")
    )
    return _article(paragraphs, meta, source)


def _article(paragraphs: Iterator[tuple[str, str]], meta: Any, source: str) -> Article:
    """Headline from a title or a first heading, else as in any text; the rest is the body."""
    lines = [(style, text.strip()) for style, text in paragraphs if text.strip()]
    if not lines:
        raise ValueError("no text in this document")
    first = lines[0][1] if re.match(r"(?i)title|heading", lines[0][0]) else ""
    title = first or _told(meta, "title")
    found = clean("\n".join(text for _, text in lines[bool(first) :]), title=title)
    author = _told(meta, "creator")
    return Article.create(
        title=found.title or title,
        body=found.body or "\n\n".join(text for _, text in lines),
        outlet=found.outlet,
        authors=found.authors or ((author,) if author else ()),
        published=found.published,  # when the file was saved says nothing about the article
        source=source,
        references=found.references,
    )


def _opened(data: bytes, kind: str) -> zipfile.ZipFile:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError(f"{kind} document is locked by a password, or of the format before 2007")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"unreadable {kind} document") from error


def _parsed(package: zipfile.ZipFile, name: str, kind: str, *, needed: bool = True) -> Any:
    """A part as a tree; None where it is missing and not needed."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with package.open(name) as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ValueError(f"{kind} document unpacks to more than {_MOST_BYTES / 1e6:g} MB")
        return etree.fromstring(data, parser)
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, OSError,
            NotImplementedError, RuntimeError, ArithmeticError) as error:  # fmt: skip
        if not needed:
            return None
        raise ValueError(f"unreadable {kind} document") from error
    except Exception as error:
        if "zlib" in type(error).__module__ or "lzma" in type(error).__module__:
            raise ValueError(f"unreadable {kind} document") from error
        raise


def _style(paragraph: Any) -> str:
    found = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    return "" if found is None else str(found.get(f"{_WORD}val", ""))


def _in_box(paragraph: Any) -> bool:
    """Whether it is in a text box, which stands twice: for new programs and for old ones."""
    return any(True for _ in paragraph.iterancestors("{*}Fallback"))


def _word_text(paragraph: Any) -> Iterator[str]:
    names = (f"{_WORD}{name}" for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
    for element in paragraph.iter(*names):
        if next(element.iterancestors(f"{_WORD}p")) is not paragraph:
            continue  # of a text box in it, which is a paragraph of its own
        if any(True for _ in element.iterancestors(f"{_WORD}moveFrom")):
            continue
        kind = element.tag.removeprefix(_WORD)
        yield {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}.get(kind, element.text or "")


def _odf_text(element: Any) -> Iterator[str]:
    if element.tag in (f"{_ODF}s", f"{_ODF}tab", f"{_ODF}line-break"):
        yield " "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in (f"{_ODF}p", f"{_ODF}h"):
            yield from _odf_text(child)
        yield child.tail or ""


def _told(meta: Any, name: str) -> str:
    """What the document's properties say; made by "python-docx" and the like says nothing."""
    found = None if meta is None else next(meta.iter(f"{_DC}{name}"), None)
    text = "" if found is None else " ".join((found.text or "").split())
    return "" if re.fullmatch(r"(?i)python-docx|unknown|user|author|admin.*", text) else text
