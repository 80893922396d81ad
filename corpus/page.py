"""Web pages: article text and metadata through trafilatura."""

from __future__ import annotations

from corpus.article import Article
from corpus.clean import drop_page_lines
from corpus.dates import parse_date


def read_html(data: bytes, source: str) -> Article:
    """The article of one HTML page.

    Raises:
        ValueError: the page holds no article text.
    """
    import trafilatura

    tree = trafilatura.load_html(data)
    found = None
    if tree is not None:
        found = trafilatura.bare_extraction(
            tree, with_metadata=True, include_comments=False, include_tables=True
        )
    if found is None or not (found.text or "").strip():
        raise ValueError("no article text found in this page")
    title = found.title or ""
    paragraphs = [line.strip() for line in found.text.split("\n")]
    body = "\n\n".join(drop_page_lines(paragraphs, title))
    url = found.url or ""
    return Article.create(
        title=title or body[:80],
        body=body,
        outlet=found.sitename or found.hostname or "",
        authors=tuple(name.strip() for name in (found.author or "").split(";") if name.strip()),
        published=parse_date(found.date or ""),
        url=url if url.startswith(("http://", "https://")) else "",
        source=source,
    )
