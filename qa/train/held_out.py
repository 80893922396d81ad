"""Held-out questions with the passages a search would bring, with and without the answer."""

from __future__ import annotations

import json
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class RgbCase:
    """One RGB question: five snippets and the answer's parts, each a list of accepted forms."""

    passages: tuple[Item, ...]
    parts: tuple[tuple[str, ...], ...]

    def right(self, given: str) -> bool:
        """Every part is contained in one of its forms."""
        lowered = given.lower()
        return all(any(form.lower() in lowered for form in forms) for forms in self.parts)


def rgb_cases(data: Path, rate: float) -> list[RgbCase]:
    """RGB's questions with the given share of passages that do not answer, as its authors draw."""
    cases = []
    for line in (data / "rgb/en_fact.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wrong = math.ceil(PASSAGES * rate)
        right = PASSAGES - wrong
        if rate < 1 and wrong > len(row["negative"]):
            wrong = len(row["negative"])
            right = PASSAGES - wrong
        elif rate < 1 and right > len(row["positive"]):
            right = len(row["positive"])
            wrong = PASSAGES - right
        texts = row["positive"][:right] + row["negative"][:wrong]
        items = tuple(Item(row["query"], text, (), "rgb", "rgb") for text in texts)
        cases.append(RgbCase(items, _parts(row["answer"])))
    return cases


def _parts(answer: Any) -> tuple[tuple[str, ...], ...]:
    given = answer if isinstance(answer, list) else [answer]
    return tuple(tuple(part) if isinstance(part, list) else (part,) for part in given)


def reported(data: Path, origin: str) -> list[Item]:
    """The questions of a SQuAD-shaped set that figures are reported on."""
    items = list(read_squad(data / f"squad/{origin}.json", origin, "report"))
    kept: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        kept[item.article].append(item)
    return [item for article in sorted(kept) for item in kept[article]]
