"""PDF files: their text layer in reading order, without running heads, with page numbers kept."""

from __future__ import annotations

import io
import logging
import re
from itertools import pairwise
from typing import Any

from corpus.article import Article
from corpus.clean import clean
from corpus.columns import Fragment, in_reading_order
from corpus.wrapped import unwrapped

_MOST_PAGES = 2000
# A page's start travels through the cleaning of the text as a mark that no article holds.
_MARK = "\ue000{}\ue001"
_MARKS = re.compile("\ue000(\\d+)\ue001")


def read_pdf(data: bytes, source: str) -> Article:
    """The article of one PDF.

    Raises:
        ValueError: the file is damaged, locked by a password, or has no text layer.
    """
    pages, title, author = _read(data)
    if not "".join(pages).strip():
        raise ValueError("PDF has no text layer (a scan?)")
    found = clean(joined(without_running_heads(pages)), title=title.strip())
    body, starts = _places(found.body, len(pages))
    if not body:
        raise ValueError("PDF has no text but headings")
    return Article.create(
        title=_MARKS.sub("", found.title),
        body=body,
        outlet=found.outlet,
        authors=found.authors or ((author.strip(),) if author.strip() else ()),
        published=found.published,  # when the file was made says nothing about the article
        source=source,
        references=tuple(_MARKS.sub("", reference) for reference in found.references),
        pages=starts,
    )


def _read(data: bytes) -> tuple[list[str], str, str]:
    """The text of each page, and title and author as the file gives them."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # we report damage ourselves, once
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("PDF is locked by a password")
        if len(reader.pages) > _MOST_PAGES:
            raise ValueError(f"PDF has more than {_MOST_PAGES:,} pages; split it by articles")
        pages = [_text(page) for page in reader.pages]
        info = reader.metadata
        return pages, (info and info.title) or "", (info and info.author) or ""
    except ValueError as error:
        own = str(error) if str(error).startswith("PDF ") else "unreadable PDF"
        raise ValueError(own) from error
    except (PyPdfError, OSError, KeyError, TypeError, AttributeError, IndexError, OverflowError,
            ArithmeticError, AssertionError, RecursionError,
            NotImplementedError) as error:  # fmt: skip
        raise ValueError(f"unreadable PDF ({type(error).__name__})") from error


def _text(page: Any) -> str:
    """A page's text: by columns where it has them, else in the order it was written in."""
    fragments: list[Fragment] = []

    def visit(text: str, cm: list[float], tm: list[float], _: Any, size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            height = abs(size * (tm[3] or tm[1]) * (cm[3] or cm[1])) or abs(size) or 10.0
            fragments.append(Fragment(x, y, height, text.strip("\n")))

    plain: str = page.extract_text(visitor_text=visit)
    return in_reading_order(fragments) or plain


_HEAD = 3  # lines that may be a headline's
_NUMBER = re.compile(r"(?i)[\s\-–—|]*(?:page|seite|página|pagina|p\.)?\s*\d{1,4}"
                     r"(?:\s*(?:of|/|von|de|di)\s*\d{1,4})?[\s\-–—|]*")  # fmt: skip
_EDGE = 2  # lines at the top and at the bottom of a page where running heads stand


def without_running_heads(pages: list[str]) -> list[str]:
    """The pages without page numbers and what most of them repeat at their edges."""
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in pages]
    counts: dict[str, int] = {}
    for lines in split:
        for form in {_form(line) for line in lines[:_EDGE] + lines[-_EDGE:]}:
            counts[form] = counts.get(form, 0) + 1
    repeated = {form for form, n in counts.items() if n >= max(2, (len(pages) + 1) // 2)}
    return ["\n".join(_inner(lines, repeated, len(pages))) for lines in split]


def _inner(lines: list[str], repeated: set[str], pages: int) -> list[str]:
    last = len(lines)
    return [
        line
        for n, line in enumerate(lines)
        if not (
            (n < _EDGE or n >= last - _EDGE)
            and ((_form(line) in repeated) or (pages > 1 and _NUMBER.fullmatch(line)))
        )
    ]


def _form(line: str) -> str:
    """A line with its numbers made alike: "Orra Post 3" and "Orra Post 4" are one."""
    return re.sub(r"\d+", "#", line.casefold())


def joined(pages: list[str]) -> str:
    """The pages as one text, with a mark where each but the first begins, lines made whole."""
    texts = [(_MARK.format(n) if n > 1 and text else "") + text for n, text in enumerate(pages, 1)]
    whole = "\n".join(text for text in texts if text)
    for left, right in pairwise(texts):
        if left and right and left.rstrip().endswith((".", "!", "?", "”", '"')):
            whole = whole.replace(f"\n{right}", f"\n\n{right}", 1)
    return _join_lines(whole)


def _join_lines(text: str) -> str:
    """Undo the layout's line breaks: hyphenated words, and lines that end in mid-sentence."""
    compounds = {word.casefold() for word in re.findall(r"\w{1,40}-\w{1,40}", text)}

    def whole(match: re.Match[str]) -> str:
        first, mark, second = match.group(1), match.group(2) or "", match.group(3)
        kept = "-" if f"{first}-{second}".casefold() in compounds else ""
        return f"{mark}{first}{kept}{second}"

    text = unwrapped(text, keep=_HEAD)
    text = re.sub("(\\w{1,40})-\n(\ue000\\d+\ue001)?([a-zà-ÿ]\\w*)", whole, text)
    text = re.sub("(?<=[.])\n(?=(?:\ue000\\d+\ue001)?[a-zà-ÿ])", " ", text)  # "the U.S."
    return re.sub('(?<![.!?:”"\n])\n(?=(?:\ue000\\d+\ue001)?[a-zà-ÿ0-9(“"])', " ", text)


def _places(text: str, pages: int) -> tuple[str, tuple[int, ...]]:
    """The text without marks, and where each page starts in it.

    A page whose start was cleaned away starts where the next one does.
    """
    starts: dict[int, int] = {}
    parts: list[str] = []
    end = size = 0
    for match in _MARKS.finditer(text):
        parts.append(text[end : match.start()])
        size += len(parts[-1])
        end = match.end()
        starts[int(match.group(1))] = size
    parts.append(text[end:])
    body = "".join(parts)
    found: list[int] = []
    after = len(body)
    for number in range(pages, 1, -1):
        after = starts.get(number, after)
        found.append(after)
    return body, (0, *reversed(found))
