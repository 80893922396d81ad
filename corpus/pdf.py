"""PDF files: their text layer."""

from __future__ import annotations

import io
import logging
import re

from corpus.article import Article
from corpus.clean import clean


def read_pdf(data: bytes, source: str) -> Article:
    """The article of one PDF.

    Raises:
        ValueError: the file is damaged, locked by a password, or has no text layer.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # we report damage ourselves, once
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("PDF is locked by a password")
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        info = reader.metadata
        title, author = (info and info.title) or "", (info and info.author) or ""
    except ValueError as error:
        raise ValueError(str(error) if "password" in str(error) else "unreadable PDF") from error
    except (PyPdfError, OSError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, NotImplementedError) as error:  # fmt: skip
        raise ValueError(f"unreadable PDF ({type(error).__name__})") from error
    if not text.strip():
        raise ValueError("PDF has no text layer (a scan?)")
    found = clean(_join_lines(text), title=title.strip())
    return Article.create(
        title=found.title,
        body=found.body or text.strip(),
        outlet=found.outlet,
        authors=found.authors or ((author.strip(),) if author.strip() else ()),
        published=found.published,  # when the file was made says nothing about the article
        source=source,
        references=found.references,
    )


def _join_lines(text: str) -> str:
    """Undo the line breaks of the layout: a line that ends in mid-sentence goes on."""
    text = re.sub(r"(?<=\w)-\n(?=[a-z])", "", text)
    return re.sub(r"(?<![.!?:”\"\n])\n(?=[a-z0-9(“\"])", " ", text)
