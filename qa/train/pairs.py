"""Pairs of what is asked and where it stands, for the static embedder: `index.distil` reads them.

    python -m qa.train.pairs DATA > pairs.jsonl

Questions with their passages, and from the news itself titles and sentences with a passage of the
same article. Articles and weeks that figures are reported on, or thresholds chosen on, are left
out, as everywhere in training.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from qa.train.mix import Documents
from qa.train.news import load_weeks, news_groups
from qa.train.sets import prefix, read_qamr, read_qasrl, read_squad, sentences

Pair = tuple[str, str]
_TITLED = 0.7  # share of the passages that carry their title, as embedded ones do


def pairs(data: Path, seed: int = 5) -> Iterator[Pair]:
    """All pairs, in no order."""
    rng = random.Random(seed)
    for origin in ("squad2", "squad1", "new_wiki", "reddit", "amazon_reviews"):
        for item in read_squad(data / f"squad/{origin}.json", origin, "train"):
            if item.spans:
                yield item.question, _titled(item.title, "", item.text, rng)
    qamr, qasrl = read_qamr(data / "qamr"), read_qasrl(data / "qasrl")
    documents = Documents(qasrl[0] | qamr[0])
    for row in [*qamr[1], *rng.sample(qasrl[1], len(qasrl[1]) // 3)]:
        yield row.question, documents.passage(row.sentence, row.spans, rng)[0]
    for group in list(news_groups(data / "realtimeqa", "train", positives=3, negatives=0)) * 2:
        for item in group:
            yield item.question, _titled(item.title, item.date, item.text, rng)
    yield from _within_articles(data, rng)


def _within_articles(data: Path, rng: random.Random) -> Iterator[Pair]:
    seen: set[tuple[str, str]] = set()
    for week in load_weeks(data / "realtimeqa", "train").values():
        for passage in week:
            if (passage.url, passage.text) in seen:
                continue
            seen.add((passage.url, passage.text))
            if rng.random() < 0.3 and passage.title:
                yield passage.title, passage.text
                continue
            parts = sentences(passage.text)
            if len(parts) > 2 and rng.random() < 0.7:
                a, b = rng.choice(parts)
                rest = f"{passage.text[:a]} {passage.text[b:]}"
                yield passage.text[a:b].strip(), _titled(passage.title, passage.date, rest, rng)


def _titled(title: str, date: str, text: str, rng: random.Random) -> str:
    return prefix(title, date) + text if rng.random() < _TITLED else text


def main() -> None:
    """Write the pairs to standard output, one JSON array a line."""
    for asked, passage in pairs(Path(sys.argv[1])):
        print(json.dumps([asked, passage], ensure_ascii=False))


if __name__ == "__main__":
    main()
