"""Questions put to a whole archive, half of them with every article that answers taken away.

What the product meets: its own search over thousands of articles, its own passages, and questions
that the archive cannot answer. Thresholds are chosen on the `calibrate` split of it and reported
on the `report` split; neither was trained on.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpus import Article, Skipped
from corpus.records import read_jsonl
from index import Hit
from qa.engine import Engine
from qa.likeness import best, differs, is_same_value, token_f1
from qa.train.held_out import gold_of
from qa.train.news import read_questions
from qa.train.sets import Split, fixed_order, read_squad

WIKIPEDIA = ("squad2", "new_wiki")
_ARTICLES = frozenset(("a", "an", "the"))
_RIGHT_F1 = 0.5
_SAME_SENTENCE = 0.8  # sentences are not cut alike everywhere
_SEARCHED = 100  # of which those that answer are taken away where the question is to have none


@dataclass(frozen=True)
class ArchiveCase:
    """A question to the archive. No `gold`: the articles do not say."""

    origin: str
    question: str
    gold: tuple[str, ...]
    now: date | None = None
    """When it is asked; None where the question does not depend on it."""
    withheld: tuple[str, ...] = ()
    """Articles that hold one of these are kept from the search, so that none answers."""
    quotes: tuple[str, ...] = ()
    """Sentences that answer, where the product answers with a sentence."""
    article: str = ""
    """What it was asked about, or the story; what is asked about one is resampled together."""

    @property
    def group(self) -> str:
        """Its article, or else the question alone."""
        return self.article or self.question

    def is_right(self, answer: str, quote: str = "") -> bool:
        """Whether it has a gold's value, or a token F1 of one half with it and no other value.

        An answer that was withheld counts as well: where it is given all the same, an article
        that words it otherwise did answer. So does the sentence around an answer, where the case
        has sentences.

        Args:
            answer: The short answer.
            quote: The sentence that it stands in.
        """
        golds = self.gold or self.withheld
        for gold in golds:
            alike = token_f1(answer, gold) >= _RIGHT_F1 and not differs(answer, gold)
            if alike or is_same_value(answer, gold):
                return True
        return best(token_f1, quote, self.quotes) >= _SAME_SENTENCE


def archive_articles(data: Path) -> Iterator[Article | Skipped]:
    """All Wikipedia articles of the sets, of whatever split, and all of RealTimeQA's news."""
    for origin in WIKIPEDIA:
        text = (data / f"squad/{origin}.json").read_text(encoding="utf-8")
        for article in json.loads(text)["data"]:
            yield Article.create(
                title=article["title"].replace("_", " "),
                body="\n\n".join(part["context"] for part in article["paragraphs"]),
            )
    path = data / "realtimeqa/articles.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from read_jsonl(lines, str(path))


def archive_cases(data: Path, split: Split, most: int = 300) -> list[ArchiveCase]:
    """At most `most` questions of each set, half of them without an answer in the archive."""
    cases = []
    for origin in WIKIPEDIA:
        items = read_squad(data / f"squad/{origin}.json", origin, split)
        own = [
            ArchiveCase(origin, item.question, gold_of([item]), article=item.article)
            for item in items
        ]
        cases += _half_unanswerable(own, most)
    news = [
        ArchiveCase("realtimeqa", row["question_sentence"], tuple(row["answers"]), day_of(row))
        for row in read_questions(data / "realtimeqa", split)
    ]
    return cases + _half_unanswerable(news, most)


def find(engine: Engine, case: ArchiveCase) -> list[Hit]:
    """The passages that the reader would get."""
    hits = engine.search(case.question, _SEARCHED, now=case.now)
    kept = [hit for hit in hits if not _holds(hit.article, case.withheld)]
    return kept[: engine.settings.passages_read]


def _half_unanswerable(cases: Sequence[ArchiveCase], most: int) -> list[ArchiveCase]:
    by_question = {case.question: case for case in cases}
    drawn = [by_question[question] for question in fixed_order(by_question)]
    some = [case for case in drawn if case.gold]
    none = [case for case in drawn if not case.gold][: most // 2]
    some = some[: min(most - len(none), len(some))]
    surplus = max(0, (len(some) - len(none) + 1) // 2)
    emptied = [replace(case, gold=(), withheld=case.gold) for case in some[:surplus]]
    return emptied + none + some[surplus:]


def _holds(article: Article, answers: Sequence[str]) -> bool:
    text = words_of(f"{article.title} {article.body}")
    return any(words_of(answer) in text for answer in answers)


def words_of(text: str) -> str:
    """The words alone, so that "mole-rats" and "Mole rats" are the same; spaces around each."""
    kept = [word for word in re.findall(r"\w+", text.casefold()) if word not in _ARTICLES]
    return f" {' '.join(kept)} "


def day_of(row: dict[str, str]) -> date:
    """When a quiz was asked."""
    week = row["week"]
    return date(int(week[:4]), int(week[4:6]), int(week[6:8]))
