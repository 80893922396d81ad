"""The weights of `index.rerank`: what tells a passage that answers from the others found.

    python -m qa.train.rerank DATA --archive FOLDER

Puts training questions to an archive of all sets' articles (indexed into FOLDER first, where it is
empty) and fits what `index.rerank.evidence` says of the first passages found: does one answer?
Prints the weights, and how often an answer stands in the first passages for the calibration
questions, before and after. Needs no torch.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Hit
from index.rerank import EVIDENCE, evidence, rerank
from index.static import Static
from qa.engine import Engine
from qa.train.archive_cases import WIKIPEDIA, archive_articles, day_of, words_of
from qa.train.calibrate import logistic
from qa.train.news import read_questions
from qa.train.sets import Split, fixed_order, read_squad
from qa.when import period

DEPTHS = (1, 3, 5, 12, 20)
_MOST = 1500  # questions of a Wikipedia set
_FITTED = 20  # passages of a question; what is farther down differs from those that answer anyway
_SEARCHED = 100

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question with an answer, and the paragraph that has it where that is known."""

    origin: str
    question: str
    gold: tuple[str, ...]
    now: date | None = None
    title: str = ""
    context: str = ""

    def holds(self, hit: Hit) -> bool:
        """Whether a passage has the answer's words."""
        text = words_of(hit.passage.text)
        return any(words_of(gold) in text for gold in self.gold)

    def answers(self, hit: Hit) -> bool:
        """Whether it has them and, where the paragraph is known, is cut from around it."""
        if not self.context:
            return self.holds(hit)
        near = hit.passage.text[:40] in self.context or hit.passage.text[-40:] in self.context
        return near and hit.article.title == self.title and self.holds(hit)


def questions(data: Path, split: Split, most: int = _MOST) -> Iterator[Asked]:
    """The answerable questions of a split, at most so many of each Wikipedia set."""
    for origin in WIKIPEDIA:
        items = {
            item.question: item
            for item in read_squad(data / f"squad/{origin}.json", origin, split)
            if item.spans
        }
        for question in fixed_order(items)[:most]:
            item = items[question]
            gold = tuple(item.text[a:b] for a, b in item.spans)
            yield Asked(origin, question, gold, title=item.title, context=item.text)
    for row in read_questions(data / "realtimeqa", split):
        yield Asked("realtimeqa", row["question_sentence"], tuple(row["answers"]), day_of(row))


def found(engine: Engine, one: Asked) -> list[Hit]:
    """The passages that both rankings find for it, in their order."""
    now = datetime.combine(one.now, time.min, UTC) if one.now else None
    prefer = period(one.question, now, engine.archive.library.newest())
    return engine.archive.search(one.question, _SEARCHED, prefer=prefer, by="both")


def fit(engine: Engine, asked: Sequence[Asked], static: Static) -> list[float]:
    """The weights of the evidence and, last, the base."""
    rows: list[Floats] = []
    right: list[bool] = []
    for one in asked:
        if hits := found(engine, one)[:_FITTED]:
            rows.append(evidence(one.question, hits, static))
            right += [one.answers(hit) for hit in hits]
    return logistic(np.concatenate(rows), np.array(right, dtype=np.float64))


def main(arguments: list[str] | None = None) -> None:
    """Fit on the training questions and print."""
    parser = argparse.ArgumentParser(prog="python -m qa.train.rerank", description=main.__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--archive", type=Path, required=True, help="data folder for the articles")
    given = parser.parse_args(arguments)
    static = Static()
    with Engine.open(given.archive, samples=False) as engine:
        engine.add(archive_articles(given.data))  # those that are there cost little
        *weights, base = fit(engine, list(questions(given.data, "train")), static)
        for name, weight in zip((*EVIDENCE, "base"), (*weights, base), strict=True):
            print(f"{name:10} {weight:7.2f}")
        shares: dict[tuple[str, str], list[list[bool]]] = defaultdict(list)
        for one in questions(given.data, "calibrate"):
            before = found(engine, one)
            for name, hits in (("before", before), ("after", rerank(one.question, before, static))):
                has = [one.holds(hit) for hit in hits]
                shares[one.origin, name].append([any(has[:depth]) for depth in DEPTHS])
    for (origin, name), rows in shares.items():
        values = " ".join(f"{value:.3f}" for value in np.mean(rows, axis=0))
        print(f"{origin:10} {name:6} (n={len(rows)}) in the first {DEPTHS}: {values}")


if __name__ == "__main__":
    main()
