"""Which way of finding is best: words, vectors of two embedders, both, and then by sentences.

    python -m evals.finding REALTIMEQA [--from 2023-01-14] [--to 2023-03-17] [--limit 130]

The articles of the weeks between two days are indexed twice, with the static embedder and with
MiniLM. A question counts as found at k where its answer stands in the first k passages. "Read"
is the order after the reader has read the first twelve: its most probable passages come first.
The default weeks are kept out of the training of both the static embedder and the reader.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from corpus import Article
from corpus.records import read_jsonl
from evals.bench import files
from evals.bench.realtimeqa import Question, found_at, load, ranked
from index import Archive
from index.archive import By
from index.embed import Embedder, MiniLM
from index.static import Static
from qa.read import SpanReader
from qa.when import period

DEPTHS = (5, 10, 50)
_READ = 12  # as the engine does


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m evals.finding", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--from", dest="first", default="2023-01-14")
    parser.add_argument("--to", dest="last", default="2023-03-17")
    parser.add_argument("--limit", type=int, help="only so many questions, spread evenly")
    given = parser.parse_args()
    questions = [q for q in load(given.folder, given.first, given.last) if not q.skipped]
    step = max(1, len(questions) // (given.limit or len(questions)))
    questions = questions[::step][: given.limit]
    chosen = list(articles(given.folder, given.first, given.last))
    print(f"{len(questions)} questions, {len(chosen)} articles\n")
    print("| way | " + " | ".join(f"@{k}" for k in DEPTHS) + " | read "
          + " | read ".join(f"@{k}" for k in DEPTHS) + " | index, s | search, ms |")  # fmt: skip
    print("|---" * (2 * len(DEPTHS) + 3) + "|")
    ways: list[tuple[Embedder, list[By]]] = [
        (Static(), ["words", "vectors", "both", "sentences"]),
        (MiniLM(), ["vectors", "both", "sentences"]),
    ]
    for embedder, by in ways:
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            with Archive.open(folder, embedder=embedder) as archive:
                archive.add(chosen)
                took = time.perf_counter() - started
                for way in by:
                    name = way if way == "words" else f"{way}, {embedder.name}"
                    print(_row(name, measure(archive, questions, way), took), flush=True)


def measure(archive: Archive, questions: Sequence[Question], by: By) -> dict[str, Any]:
    """Shares of questions found at each depth, before and after reading, and milliseconds."""
    reader = SpanReader()
    found, read = [0.0] * len(DEPTHS), [0.0] * len(DEPTHS)
    searching = 0.0
    for question in questions:
        started = time.perf_counter()
        prefer = period(question.question, _midnight(question.day), None)
        hits = archive.search(question.question, max(DEPTHS), prefer=prefer, by=by)
        searching += time.perf_counter() - started
        spans = reader.read(question.question, hits[:_READ])
        reordered = ranked([span.hit for span in spans], hits)
        for sums, order in ((found, hits), (read, reordered)):
            score = found_at(question, order)
            for place, k in enumerate(DEPTHS):
                sums[place] += score[f"answer_in_top@{k}"]
    count = len(questions)
    return {
        "found": [total / count for total in found],
        "read": [total / count for total in read],
        "ms": 1000 * searching / count,
    }


def articles(folder: Path, first: str, last: str) -> Iterator[Article]:
    """The articles that were found for the quizzes of the weeks between two days."""
    days = (date.fromisoformat(first), date.fromisoformat(last))
    weeks = {}
    path = files.find(folder, "articles.jsonl")
    for _, record in files.records(path):
        week = str(record.get("week", ""))
        if week.isdigit() and len(week) == 8:
            day = date(int(week[:4]), int(week[4:6]), int(week[6:]))
            weeks[record.get("url")] = days[0] <= day <= days[1]
    with files.open_text(path) as lines:
        for one in read_jsonl(lines, str(path)):
            if isinstance(one, Article) and weeks.get(one.url):
                yield one


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _row(name: str, measured: dict[str, Any], took: float) -> str:
    cells = [f"{value:.3f}" for value in (*measured["found"], *measured["read"])]
    return f"| {name} | " + " | ".join(cells) + f" | {took:.0f} | {measured['ms']:.0f} |"


if __name__ == "__main__":
    main()
