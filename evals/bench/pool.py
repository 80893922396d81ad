"""A benchmark's articles in a data folder of their own, indexed once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from corpus import Article, OnRecordError, Skipped
from corpus.records import article_from_record
from evals.bench.result import Progress
from index import Hit
from qa.engine import Engine
from qa.read import Reader
from qa.settings import Settings


@contextmanager
def opened(
    data: Path,
    articles: Iterable[Article | Skipped],
    *,
    reader: Reader | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Engine, float]]:
    """An engine over these articles, and the seconds that indexing took.

    Articles that the folder holds already, by URL, are not read into it again, so that a second
    run begins at once. They are streamed: nothing needs to hold all of them.

    Raises:
        OnRecordError: the folder cannot be used, or holds no articles afterwards.
    """
    started = time.perf_counter()
    with Engine.open(
        data, reader=reader, settings=settings, progress=progress, samples=False
    ) as engine:
        known = engine.archive.library.content_hash
        new = (a for a in articles if isinstance(a, Article) and known(a.id) is None)
        engine.archive.add(new, progress)
        if not engine.archive.library.count()[0]:
            raise OnRecordError(f"{data}: no articles to search; is the benchmark's file empty?")
        yield engine, time.perf_counter() - started


def default_folder(benchmark: str, source: Path) -> Path:
    """Where a benchmark's index goes when nobody says: never among the user's own articles."""
    import platformdirs

    digest = hashlib.sha256(str(source.resolve()).encode()).hexdigest()[:8]
    cache = platformdirs.user_cache_path("onrecord", appauthor=False)
    return cache / "bench" / f"{benchmark}-{digest}"


def document(name: str, title: str, text: str, source: str) -> Article | Skipped:
    """A document that goes by a name rather than a URL, as an article that keeps the name."""
    record = {"title": title, "body": text, "url": f"https://document.invalid/{quote(name, '')}"}
    try:
        return article_from_record(record, source)
    except ValueError as error:
        return Skipped(source, str(error))


def name_of(article: Article) -> str:
    """The name that `document` was given."""
    return unquote(urlsplit(article.url).path.removeprefix("/"))


def names_found(hits: Iterable[Hit]) -> list[str]:
    """Names of the documents of some hits, each once, the best first."""
    return list(dict.fromkeys(name_of(hit.article) for hit in hits))
