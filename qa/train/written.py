"""Questions written for this project about training passages, half of them without an answer.

`twins.jsonl`: ones that are answered, and twins. A twin shares its sister's passage, topic, style
and most words, and differs in one thing (another person, role, year, part, condition), so that the
passage holds a tempting span and no answer. As SQuAD 2.0's unanswerable questions were written by
people (Rajpurkar et al. 2018, arXiv 1806.03822).

`kinds.jsonl`: what readers ask of the news besides short facts: yes or no, this or that, why, how,
lists, what somebody said, what a thing is, what holds now; with twins too.

Either has the questions and where their answers stand, by a hash of the passage; the passages lie
in the data sets. They were written with a language model's help, passage by passage.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from qa.train.news import load_weeks
from qa.train.sets import Item, read_squad

FOLDER = Path(__file__).parent
WRITTEN = ("twins", "kinds")
CALIBRATE = "0"
"""Passages whose hash begins so are kept for choosing weights: one in sixteen."""
WIKIPEDIA = ("squad1", "new_wiki", "squad2")


def key(text: str) -> str:
    """A passage's hash, as the file has it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def written(data: Path, name: str, kept: bool = False) -> Iterator[list[Item]]:
    """Groups of an answered question and its twin, or of one that has none.

    Args:
        data: Folder of the data sets.
        name: "twins" or "kinds", which becomes the questions' origin.
        kept: Those kept for choosing weights, else those for training.

    Raises:
        ValueError: The sets lack a passage that was asked about.
    """
    passages = _passages(data)
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["passage"] not in passages:
            raise ValueError(f"no passage {row['passage']} in {data}: are the sets whole?")
        if row["passage"].startswith(CALIBRATE) == kept:
            passage = replace(passages[row["passage"]], origin=name)
            yield from _groups(passage, row["asked"])


def _groups(passage: Item, asked: list[list[str | int]]) -> Iterator[list[Item]]:
    group: list[Item] = []
    for question, *span in asked:
        start, end = (int(place) for place in span) if span else (0, 0)
        item = replace(passage, question=str(question), spans=((start, end),) if span else ())
        if group and not (group[-1].spans and not item.spans):
            yield group
            group = []
        group.append(item)
        if len(group) == 2:
            yield group
            group = []
    if group:
        yield group


def _passages(data: Path) -> dict[str, Item]:
    """Training passages of Wikipedia and the news by their hash, with no question yet."""
    found: dict[str, Item] = {}
    for origin in WIKIPEDIA:
        for item in read_squad(data / f"squad/{origin}.json", origin, "train"):
            found[key(item.text)] = Item("", item.text, (), "", item.article, item.title, item.date)
    for passages in load_weeks(data / "realtimeqa", "train").values():
        for one in passages:
            found[key(one.text)] = Item("", one.text, (), "", one.url, one.title, one.date)
    return found
