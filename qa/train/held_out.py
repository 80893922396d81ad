"""Held-out questions with the passages a search would bring, with and without the answer."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.train.negatives import Bm25
from qa.train.news import news_groups
from qa.train.sets import Item, read_squad

PASSAGES = 5


@dataclass(frozen=True)
class Case:
    """A question with its passages and gold answers; no gold answers: the passages do not say."""

    origin: str
    passages: tuple[Item, ...]
    gold: tuple[str, ...]


def gold_of(items: Sequence[Item]) -> tuple[str, ...]:
    """The gold answers' texts."""
    return tuple(sorted({item.text[a:b] for item in items for a, b in item.spans}))


def calibration_cases(data: Path, seed: int = 11) -> list[Case]:
    """Questions of the articles and weeks kept for choosing thresholds; about half unanswerable."""
    rng = random.Random(seed)
    cases: list[Case] = []
    for origin in ("squad2", "new_wiki"):
        items = list(read_squad(data / f"squad/{origin}.json", origin, "calibrate"))
        cases += [Case(origin, (item,), gold_of([item])) for item in items]
        cases += _among_near(items, rng)
    for group in news_groups(data / "realtimeqa", "calibrate", positives=2, negatives=8):
        holding = [item for item in group if item.spans]
        missing = [item for item in group if not item.spans]
        if holding:
            shown = tuple(holding + missing[: PASSAGES - len(holding)])
            cases.append(Case("realtimeqa", shown, gold_of(holding)))
        if len(missing) >= PASSAGES:
            cases.append(Case("realtimeqa", tuple(missing[:PASSAGES]), ()))
    return cases


def _among_near(items: Sequence[Item], rng: random.Random) -> Iterator[Case]:
    texts = list(dict.fromkeys(item.text for item in items))
    index = Bm25(texts)
    first = {item.text: item for item in items}
    for item in items:
        if not item.spans:
            continue
        answers = {answer.lower() for answer in gold_of([item])}
        near: list[Item] = []
        for place in index.top(item.question, 15):
            other = first[texts[place]]
            lowered = other.text.lower()
            if other.text != item.text and not any(answer in lowered for answer in answers):
                near.append(replace(other, question=item.question, spans=()))
        if len(near) < PASSAGES:
            continue
        origin = f"{item.origin}+near"
        if rng.random() < 0.5:
            yield Case(origin, (item, *near[: PASSAGES - 1]), gold_of([item]))
        else:
            yield Case(origin, tuple(near[:PASSAGES]), ())


def reported(data: Path, origin: str) -> list[Item]:
    """The questions of a SQuAD-shaped set that figures are reported on."""
    items = list(read_squad(data / f"squad/{origin}.json", origin, "report"))
    kept: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        kept[item.article].append(item)
    return [item for article in sorted(kept) for item in kept[article]]
