"""Passages that our own search finds and our own reader falls for: negatives of a later run.

    python -m qa.train.mine DATA ARCHIVE OUT --reader READER

ARCHIVE holds `archive_articles(DATA)`. Each training question is put to it, what was found is read
by the reader in the folder READER, and OUT (JSON Lines) gets the question, passages with the
answer, and those without on which the reader is surest: it is wrong there. With `--both` its large
network reads too, and OUT gets the sentences that it saw: for that network's own training. Without
a reader it gets the first ones that the search finds, in a twentieth of the time. With `--own` the
questions are those written for this project. Nothing comes from an article or a week that is held
out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from rich.progress import track

from index import Hit
from qa.engine import Engine
from qa.quantity import WORD_NUMBER, number
from qa.read import SpanReader
from qa.train.archive_cases import WIKIPEDIA, ArchiveCase, archive_articles, archive_cases
from qa.train.negatives import terms
from qa.train.news import address, find_answer, held_out_urls
from qa.train.sets import Item, Span, split_titles, words
from qa.train.written import WRITTEN, written

FOUND = 16
"""Passages skimmed of what the search finds."""
MOST = {
    ("squad2", True): 900, ("new_wiki", True): 900, ("squad2", False): 1000,
    ("twins", True): 2500, ("kinds", True): 2500,
}  # fmt: skip
"""Questions with an answer, and without, where not all are mined."""
READ = 6
"""Of those, how many both networks read: what the small one is surest of."""
KEPT = (3, 8)
"""Passages with and without the answer, at most."""


@dataclass(frozen=True)
class Sure:
    """A passage, what was read of it, and the best span's score there."""

    hit: Hit
    text: str
    score: float


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
        if article.url:
            return address(article.url) in self.urls
        return article.title in self.titles


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
    parser.add_argument("archive", type=Path, help="data folder for the articles")
    parser.add_argument("out", type=Path, help="file to write, JSON Lines")
    parser.add_argument("--reader", type=Path, help="folder of the reader that is to be outwitted")
    parser.add_argument("--both", action="store_true", help="with its large network as well")
    parser.add_argument("--own", action="store_true", help="put the questions of qa/train/*.jsonl")
    parser.add_argument("--seed", type=int, default=5, help="of which questions are put")
    given = parser.parse_args(arguments)
    reader = SpanReader(given.reader) if given.reader else None
    with Engine.open(given.archive, samples=False) as engine:
        engine.add(archive_articles(given.data))  # those that are there cost little
        cases = (own_questions if given.own else questions)(given.data, given.seed)
        write(given.out, mine(given.data, engine, reader, cases, given.both))


def write(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write what was mined; the file is there once it is whole."""
    half = file.with_suffix(".part")
    with half.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    half.replace(file)


def mine(
    data: Path,
    engine: Engine,
    reader: SpanReader | None,
    cases: Iterable[ArchiveCase],
    both: bool = False,
) -> Iterator[dict[str, Any]]:
    """The lines of the file: each a question and its passages, with their answers' places.

    Args:
        data: Folder of the data sets.
        engine: Whose archive is asked.
        reader: Who is to be outwitted; None takes what the search finds first.
        cases: What is put, `questions` or `own_questions`.
        both: Whether both networks read; else the small one alone.
    """
    held_out = HeldOut.of(data)
    for case in track(list(cases), "questions"):
        hits = engine.search(case.question, 2 * FOUND, now=case.now)
        hits = [hit for hit in hits if not held_out.holds(hit)][:FOUND]
        if passages := sorted_out(case, _how_sure(case.question, reader, hits, both)):
            article = f"week/{case.now}" if case.now else case.origin
            yield {"question": case.question, "article": article, "passages": passages}


def questions(data: Path, seed: int) -> Iterator[ArchiveCase]:
    """The sets' training questions, those of one set not all together."""
    return _drawn(archive_cases(data, "train", most=10**9), seed)


def own_questions(data: Path, seed: int) -> Iterator[ArchiveCase]:
    """What was written for this project and is answered (`qa.train.written`), likewise."""
    groups = chain.from_iterable(written(data, name) for name in WRITTEN)
    answered = (item for item in chain.from_iterable(groups) if item.spans)
    return _drawn([_case(item) for item in answered], seed)


def _case(item: Item) -> ArchiveCase:
    gold = tuple(item.text[start:end] for start, end in item.spans)
    now = date.fromisoformat(item.date) if item.date else None
    return ArchiveCase(item.origin, item.question, gold, now)


def _drawn(cases: list[ArchiveCase], seed: int) -> Iterator[ArchiveCase]:
    random.Random(seed).shuffle(cases)
    left = dict(MOST)
    for case in cases:
        kind = case.origin, bool(case.gold or case.withheld)
        if left.get(kind, 1) > 0:
            if kind in left:
                left[kind] -= 1
            yield case


def sorted_out(case: ArchiveCase, found: Sequence[Sure]) -> list[dict[str, Any]]:
    """Passages that hold the answer, and the wrong ones that the reader is surest of.

    Args:
        case: The question.
        found: Passages in the search's order.
    """
    golds = case.gold or case.withheld
    parts = {_as_digits(word) for gold in golds for word in terms(gold) or words(gold)}
    wanted = set(terms(case.question))
    needed = max(2, 0.4 * len(wanted))
    allowed = len(parts) // 4  # a few words of a sentence do not say it
    holding: list[tuple[Sure, list[Span]]] = []
    missing: list[tuple[Sure, list[Span]]] = []
    for one in found:
        title, text = one.hit.article.title, one.text
        spans = [span for gold in golds for span in find_answer(gold, text)]
        near = len(wanted & set(terms(f"{title} {text}"))) >= needed
        if spans and near:
            holding.append((one, spans))
        elif not spans and len(parts & _parts(text)) <= allowed:
            missing.append((one, []))
    missing.sort(key=lambda entry: -entry[0].score)
    return [_line(one, spans) for one, spans in holding[: KEPT[0]] + missing[: KEPT[1]]]


def _line(one: Sure, spans: Sequence[Span]) -> dict[str, Any]:
    article = one.hit.article
    return {
        "title": article.title,
        "date": f"{article.published:%Y-%m-%d}" if article.published else "",
        "text": re.sub(r"\s", " ", one.text),
        "spans": spans,
        "score": round(one.score, 2),
    }


def _how_sure(
    question: str, reader: SpanReader | None, hits: Sequence[Hit], both: bool
) -> list[Sure]:
    """What is read of each passage and how sure the reader is of an answer there."""
    if reader is None:
        return [Sure(hit, hit.passage.text, 0.0) for hit in hits]
    pointed = reader.skim(question, hits)
    if both:
        surest = sorted(range(len(pointed)), key=lambda n: -pointed[n].own[0])[:READ]
        pointed = reader.reread(question, [pointed[n] for n in sorted(surest)])
    return [
        Sure(one.hit, one.hit.passage.text[slice(*one.extent)] if both else one.hit.passage.text,
             one.own[0])
        for one in pointed
    ]  # fmt: skip


def _parts(text: str) -> set[str]:
    return {_as_digits(word) for word in words(text) + terms(text)}


def _as_digits(word: str) -> str:
    return f"{number(word):g}" if re.fullmatch(WORD_NUMBER, word) else word


if __name__ == "__main__":
    main()
