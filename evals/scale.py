"""What an archive costs as it grows: time, disk, memory, latency; a table and a plot.

    python -m evals.scale ARTICLES.jsonl --marks 10000,50000,180000,1000000 --svg docs/scale.svg

ARTICLES is a file of records. When they run out they come again with words changed, so that they
are neither the same nor near-copies. Searches are measured in a process that has opened the
archive anew; a mark's questions are the titles of articles in it. "Filtered" is the mean over
four filters that leave about 1/2, 1/10, 1/100 and one outlet.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus import Article, OnRecordError
from corpus.records import read_jsonl
from evals.bench.files import open_text
from evals.scale_plot import draw
from evals.statistics import quantile
from index import Archive, Filters

_FEWEST, _MOST = 250, 5000  # articles taken in at a time, between looks at the mark
_PASSAGES_AN_ARTICLE = 12  # about
_SEARCHES = 60
_LONG = re.compile(r"\b[A-Za-z]{6,}\b")


@dataclass(slots=True)
class Ingest:
    """What has been taken in so far."""

    articles: int = 0
    seconds: float = 0.0


def main() -> None:
    """Grow an archive mark by mark and measure at each."""
    parser = argparse.ArgumentParser(prog="python -m evals.scale", description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--marks", default="10000,50000,180000")
    parser.add_argument("--svg", type=Path, help="where to draw the plot")
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.search:
        print(json.dumps(search(given.search)))
        return
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        data, done, endless = Path(folder, "archive"), Ingest(), _endless(given.articles)
        for mark in map(int, given.marks.split(",")):
            rows.append(_grow(data, mark, done, endless, given.articles))
            print(("" if rows[1:] else _head(rows[0])) + _line(rows[-1]), flush=True)
            if given.svg and len(rows) > 1:
                given.svg.write_text(draw(rows), encoding="utf-8")


def _grow(
    data: Path, mark: int, done: Ingest, endless: Iterator[Article], source: Path
) -> dict[str, Any]:
    with Archive.open(data) as archive:
        while (left := mark - archive.library.count()[1]) > 0:
            count = min(max(left // _PASSAGES_AN_ARTICLE, _FEWEST), _MOST)
            some = [next(endless) for _ in range(count)]
            started = time.perf_counter()
            added = archive.add(some).added
            done.seconds += time.perf_counter() - started
            done.articles += len(added)
            if not added:
                raise OnRecordError(f"{source}: too few articles, and too few words to change")
        passages = archive.library.count()[1]
    command = [sys.executable, "-m", "evals.scale", str(source), "--search", str(data)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
    return {
        "passages": passages,
        "articles": done.articles,
        "indexing, s": round(done.seconds),
        "passages/s": round(passages / done.seconds),
        "disk, MB": round(size / 1e6),
        "memory indexing, MB": _peak(),
        **found,
    }


def search(data: Path) -> dict[str, float]:
    """Latencies in milliseconds and the peak memory, of this process alone."""
    with Archive.open(data) as archive:
        rows = archive.library.rows("SELECT title, published, outlet FROM articles")
        rng = random.Random(3)
        titles = [row[0] for row in rng.sample(rows, min(_SEARCHES, len(rows)))]
        archive.search(titles[0], 20)
        plain = [_timed(archive, title, None) for title in titles]
        narrow = _filters(rows)
        archive.search(titles[0], 20, narrow[0])
        filtered = [_timed(archive, t, narrow[n % len(narrow)]) for n, t in enumerate(titles)]
    return {
        "search p50, ms": round(quantile(plain, 0.5), 1),
        "p95": round(quantile(plain, 0.95), 1),
        "filtered p50, ms": round(quantile(filtered, 0.5), 1),
        "filtered p95": round(quantile(filtered, 0.95), 1),
        "memory serving, MB": _peak(),
    }


def _peak() -> int:
    """Peak memory of this process in megabytes; `ru_maxrss` would begin with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _filters(rows: list[tuple[Any, ...]]) -> list[Filters]:
    """Filters that leave about a half, a tenth and a hundredth by date, and one outlet."""
    days = sorted(datetime.fromisoformat(row[1]) for row in rows if row[1])
    dated = [Filters(after=days[int(len(days) * (1 - share))]) for share in (0.5, 0.1, 0.01)]
    outlet = next((row[2] for row in rows if row[2]), "")
    return [*dated, Filters(outlets=(outlet,))] if outlet else dated


def _timed(archive: Archive, title: str, filters: Filters | None) -> float:
    started = time.perf_counter()
    archive.search(title, 20, filters)
    return 1000 * (time.perf_counter() - started)


def _endless(path: Path) -> Iterator[Article]:
    round_ = 0
    while True:
        with open_text(path) as lines:
            for one in read_jsonl(lines, str(path)):
                if isinstance(one, Article):
                    yield _changed(one, round_) if round_ else one
        round_ += 1


def _changed(article: Article, number: int) -> Article:
    """The article with a third of its longer words replaced by words of their own."""
    rng = random.Random(f"{article.id}{number}")

    def other(match: re.Match[str]) -> str:
        word = match.group()
        return word[:4] + rng.choice("aeiou") + rng.choice("lmnrst") if rng.random() < 0.3 else word

    made = Article.create(
        title=_LONG.sub(other, article.title), body=_LONG.sub(other, article.body),
        outlet=article.outlet, published=article.published,
    )  # fmt: skip
    return replace(made, source=article.source)


def _head(row: dict[str, Any]) -> str:
    return "| " + " | ".join(row) + " |\n" + "|---" * len(row) + "|\n"


def _line(row: dict[str, Any]) -> str:
    return "| " + " | ".join(f"{value:,}" for value in row.values()) + " |"


if __name__ == "__main__":
    main()
