"""Questions about stories in the news, of every kind that readers ask: yes or no, why, how, lists.

SQuAD's and RealTimeQA's questions ask for short facts. `stories.jsonl` has questions about some
sixty stories of RealTimeQA's held-out weeks, each told by three or four articles, half of which no
article of the story answers; with the answers' places, the articles themselves lie in the data
set. They were written with a language model's help, story by story. An archive of the stories of
one split is small, as one that a reader keeps of a subject.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import Article, Skipped
from corpus.records import read_jsonl
from qa.question import SENTENCES, kind_of
from qa.train.archive_cases import ArchiveCase
from qa.train.sets import Split, sentences, split_week
from qa.train.written import key

FILE = Path(__file__).with_name("stories.jsonl")


@dataclass(frozen=True)
class Story:
    """Articles of one week about one thing, and what is asked about them."""

    articles: tuple[str, ...]
    """RealTimeQA's rows, as they stand in its file."""
    asked: tuple[list[Any], ...]
    """Of each question its kind, its words, and [article, start, end] of each answer."""


def stories(data: Path, split: Split) -> list[Story]:
    """The stories whose articles are of weeks of one split.

    Args:
        data: Folder of the data sets.
        split: Reported on, or used for calibration.

    Raises:
        ValueError: the set lacks an article.
    """
    path = data / "realtimeqa/articles.jsonl.xz"
    lines, found = FILE.read_text(encoding="utf-8").splitlines(), []
    rows = [json.loads(line) for line in lines]
    named = {name for row in rows for name in row["articles"]}
    held: dict[str, str] = {}
    splits: dict[str, Split] = {}
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if (name := key(row["url"])) in named and name not in held:
                held[name], splits[name] = line, split_week(row["week"])
    if missing := named - held.keys():
        raise ValueError(f"{path}: lacks {len(missing)} articles of {FILE.name}: is it whole?")
    for row in rows:
        if splits[row["articles"][0]] == split:
            articles = tuple(held[name] for name in row["articles"])
            found.append(Story(articles, tuple(row["asked"])))
    return found


def story_articles(data: Path, split: Split) -> Iterator[Article | Skipped]:
    """The articles of one split's stories."""
    lines = [line for story in stories(data, split) for line in story.articles]
    yield from read_jsonl(lines, str(data / "realtimeqa/articles.jsonl.xz"))


def story_cases(data: Path, split: Split) -> list[ArchiveCase]:
    """Their questions; the kind that they were written as is their origin."""
    return [_case(story, one) for story in stories(data, split) for one in story.asked]


def _case(story: Story, asked: list[Any]) -> ArchiveCase:
    kind, question, *places = asked
    texts = [json.loads(line)["text"] for line in story.articles]
    gold = tuple(dict.fromkeys(texts[n][start:end] for n, start, end in places))
    quotes: tuple[str, ...] = ()
    if kind_of(question) in SENTENCES:
        around = (_around(texts[n], start, end) for n, start, end in places)
        quotes = tuple(dict.fromkeys(around))
    first = json.loads(story.articles[0])["url"]
    return ArchiveCase(kind, question, gold, quotes=quotes, article=first)


def _around(text: str, start: int, end: int) -> str:
    touched = [(a, b) for a, b in sentences(text) if a < end and b > start]
    return text[touched[0][0] : touched[-1][1]].strip()
