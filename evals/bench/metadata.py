"""Metadata of news pages: the share right for each field, against what a person read off them.

`metadata.jsonl` beside this holds the truth for 60 pages of the article-extraction benchmark,
chosen by hash and read by hand: facts only, with each form that a person would take as right. A
field that a page does not tell is left out there and not counted. `published` and `updated` are
right to the minute where the truth has a time, else to the day (`day` asks for no more of
`published`); an update that the page does not have must not be found. The rules were made on one
half of the pages, told by a hash; "held-out half" is the other.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from corpus import Article, OnRecordError
from corpus.names import squeeze
from corpus.page import read_html
from evals.bench.extraction import is_held_out
from evals.bench.result import Progress, Result, means, timings, tracked

_TRUTH = Path(__file__).with_name("metadata.jsonl")
_SAME_MINUTE = timedelta(seconds=60)
FIELDS = ("title", "day", "published", "updated", "outlet", "authors", "language", "section")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is true of it."""

    file: Path
    truth: Mapping[str, Any]

    @property
    def held_out(self) -> bool:
        """Whether it is of the half that no rule was made on."""
        return is_held_out(str(self.truth["page"]))


def load(folder: Path) -> Iterator[Page]:
    """The pages with known metadata.

    Raises:
        OnRecordError: a page is missing from the folder.
    """
    for line in _TRUTH.read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        file = folder / "html" / f"{truth['page']}.html.gz"
        if not file.is_file():
            raise OnRecordError(f"{file}: no such page; give the folder of the extraction pages")
        yield Page(file, truth)


def run(folder: Path, progress: Progress | None = None) -> Result:
    """Read every page and score its metadata, on all pages and on the held-out ones.

    Raises:
        OnRecordError: a page is missing.
    """
    pages = list(load(folder))
    right: dict[str, list[float]] = defaultdict(list)
    seconds = []
    for page in tracked(pages, progress):
        started = time.process_time()
        article = read_html(gzip.decompress(page.file.read_bytes()), str(page.file))
        seconds.append(time.process_time() - started)
        for field, verdict in score(article, page.truth).items():
            right[field].append(verdict)
            half = "held-out half" if page.held_out else "tuning half"
            right[f"{field}, {half}"].append(verdict)
    names = [f"{field}{of}" for of in ("", ", tuning half", ", held-out half") for field in FIELDS]
    metrics = means({name: right[name] for name in names})
    return Result("metadata", len(pages), metrics, timings(seconds))


def score(article: Article, truth: Mapping[str, Any]) -> dict[str, float]:
    """1.0 for each field that is right, 0.0 for each that is wrong; unknown ones are left out."""
    checks: dict[str, Callable[[Any], bool]] = {
        "title": lambda true: any(_plain(article.title) == _plain(one) for one in true),
        "published": lambda true: _same_moment(article.published, true),
        "updated": lambda true: _same_moment(article.updated, true),
        "outlet": lambda true: any(squeeze(article.outlet) == squeeze(one) for one in true),
        "authors": lambda true: any(_people(article.authors) == _people(one) for one in true),
        "language": lambda true: article.language == true,
        "section": lambda true: any(_plain(article.section) == _plain(one) for one in true),
    }
    found = {field: float(check(truth[field])) for field, check in checks.items() if field in truth}
    return found | {"day": float(_same_day(article.published, truth["published"]))}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).casefold().strip()


def _people(names: Any) -> set[str]:
    return {_plain(name) for name in names}


def _same_day(found: datetime | None, true: str) -> bool:
    """The day as it is written, or the same moment written in another time zone."""
    return found is not None and (
        found.date().isoformat() == true[:10] or _same_moment(found, true)
    )


def _same_moment(found: datetime | None, true: str | None) -> bool:
    """The same minute where the truth has a time, else the same day as it is written."""
    if true is None or found is None:
        return true is None and found is None
    if "T" not in true:
        return found.date().isoformat() == true
    return abs(found - datetime.fromisoformat(true)) < _SAME_MINUTE
