"""Passages that our own search finds and our own reader falls for: negatives of a later run.

    python -m qa.train.mine DATA ARCHIVE OUT --reader READER

ARCHIVE holds `archive_articles(DATA)`. Each training question is put to it, what was found is read
by the reader in the folder READER, and OUT (JSON Lines) gets the question, passages with the
answer, and those without on which the reader is surest: it is wrong there. Without a reader it
gets the first ones that the search finds, in a twentieth of the time: for a larger reader, which
falls for others. Nothing comes from an article or a week that is held out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import track

from index import Hit
from qa.engine import Engine
from qa.quantity import WORD_NUMBER, number
from qa.read import SpanReader
from qa.train.archive_cases import WIKIPEDIA, ArchiveCase, archive_cases
from qa.train.negatives import terms
from qa.train.news import find_answer, held_out_urls
from qa.train.sets import Item, Span, split_titles, words

FOUND = 16
"""Passages read of what the search finds."""
MOST = {("squad2", True): 900, ("new_wiki", True): 900, ("squad2", False): 1000}
"""Questions with an answer, and without, where not all are mined."""
KEPT = (3, 8)
"""Passages with and without the answer, at most."""


@dataclass(frozen=True)
class HeldOut:
    """What no training question may see."""

    urls: frozenset[str]
    titles: frozenset[str]

    @classmethod
    def of(cls, data: Path) -> HeldOut:
        """The articles of held-out weeks and the held-out Wikipedia articles."""
        titles: set[str] = set()
        for origin in WIKIPEDIA:
            rows = json.loads((data / f"squad/{origin}.json").read_text(encoding="utf-8"))["data"]
            split = split_titles(origin, (row["title"] for row in rows))
            titles |= {name.replace("_", " ") for name in split if split[name] != "train"}
        return cls(held_out_urls(data / "realtimeqa"), frozenset(titles))

    def holds(self, hit: Hit) -> bool:
        """Whether a passage is of a held-out article."""
        article = hit.article
        return article.url in self.urls or (not article.url and article.title in self.titles)


def mined_groups(path: Path) -> Iterator[list[Item]]:
    """The groups of a file that `write` wrote."""
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        row = json.loads(line)
        yield [
            Item(row["question"], one["text"], tuple((a, b) for a, b in one["spans"]), "mined",
                 row["article"], one["title"], one["date"])
            for one in row["passages"]
        ]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Mine and write."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.train.mine",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("archive", type=Path, help="data folder with archive_articles(DATA)")
    parser.add_argument("out", type=Path, help="file to write, JSON Lines")
    parser.add_argument("--reader", type=Path, help="folder of the reader that is to be outwitted")
    parser.add_argument("--seed", type=int, default=5, help="of which questions are put")
    given = parser.parse_args(arguments)
    reader = SpanReader(given.reader) if given.reader else None
    with Engine.open(given.archive, samples=False) as engine:
        write(given.out, mine(given.data, engine, reader, given.seed))


def write(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write what was mined; the file is there once it is whole."""
    half = file.with_suffix(".part")
    with half.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    half.replace(file)


def mine(
    data: Path, engine: Engine, reader: SpanReader | None, seed: int = 5
) -> Iterator[dict[str, Any]]:
    """The lines of the file: each a question and its passages, with their answers' places."""
    held_out = HeldOut.of(data)
    for case in track(list(questions(data, seed)), "questions"):
        hits = engine.search(case.question, 2 * FOUND, now=case.now)
        hits = [hit for hit in hits if not held_out.holds(hit)][:FOUND]
        if passages := sorted_out(case, reader, hits):
            article = f"week/{case.now}" if case.now else case.origin
            yield {"question": case.question, "article": article, "passages": passages}


def questions(data: Path, seed: int) -> Iterator[ArchiveCase]:
    """Training questions, those of one set not all together."""
    cases = archive_cases(data, "train", most=10**9)
    random.Random(seed).shuffle(cases)
    left = dict(MOST)
    for case in cases:
        kind = case.origin, bool(case.gold or case.withheld)
        if left.get(kind, 1) > 0:
            if kind in left:
                left[kind] -= 1
            yield case


def sorted_out(
    case: ArchiveCase, reader: SpanReader | None, hits: Sequence[Hit]
) -> list[dict[str, Any]]:
    """Passages that hold the answer, and the wrong ones that the reader is surest of."""
    golds = case.gold or case.withheld
    parts = {_as_digits(word) for gold in golds for word in terms(gold) or words(gold)}
    wanted = set(terms(case.question))
    needed = max(2, 0.4 * len(wanted))
    places = {hit.passage.id: place for place, hit in enumerate(hits)}
    holding: list[tuple[float, Hit, list[Span]]] = []
    missing: list[tuple[float, Hit, list[Span]]] = []
    for hit, sure in _how_sure(case.question, reader, hits):
        title, text = hit.article.title, hit.passage.text
        spans = [span for gold in golds for span in find_answer(gold, text)]
        near = len(wanted & set(terms(f"{title} {text}"))) >= needed
        if spans and near:
            holding.append((sure, hit, spans))
        elif not spans and not parts & {_as_digits(word) for word in words(text) + terms(text)}:
            missing.append((sure, hit, []))
    holding.sort(key=lambda one: places[one[1].passage.id])
    missing.sort(key=lambda one: -one[0])
    chosen = holding[: KEPT[0]] + missing[: KEPT[1]]
    return [
        {
            "title": hit.article.title,
            "date": f"{hit.article.published:%Y-%m-%d}" if hit.article.published else "",
            "text": re.sub(r"\s", " ", hit.passage.text),
            "spans": spans,
            "score": round(score, 2),
        }
        for score, hit, spans in chosen
    ]


def _how_sure(
    question: str, reader: SpanReader | None, hits: Sequence[Hit]
) -> list[tuple[Hit, float]]:
    """The best span's score in each passage; the same for all where no reader is asked."""
    if reader is None:
        return [(hit, 0.0) for hit in hits]
    return [(one.hit, one.spans[0][2][0]) for one in reader.skim(question, hits)]


def _as_digits(word: str) -> str:
    return f"{number(word):g}" if re.fullmatch(WORD_NUMBER, word) else word


if __name__ == "__main__":
    main()
