"""What changed in articles: the difference of two versions, and the answers it took away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from corpus import Article
from index.library import Library
from index.passage import Version

_MOST_PAIRS = 25_000_000  # of words: more are not compared one by one


class Change(StrEnum):
    """What became of a run of text between two versions."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that is in both versions or in one of them."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One version and how the next one differs from it, in title and text."""

    version: Version
    title: tuple[Run, ...]
    body: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """A quote of a rated answer that no longer stands in its article."""

    question: str
    answer: str
    article_id: str
    title: str
    quote: str
    gone: bool
    """Whether the whole article was removed."""


def steps(library: Library, article: Article) -> list[Step]:
    """How an article came to be what it is, the oldest change first."""
    versions = library.versions(article.id)
    later = [(v.title, v.body) for v in versions[1:]] + [(article.title, article.body)]
    return [
        Step(version, difference(version.title, title), difference(version.body, body))
        for version, (title, body) in zip(versions, later, strict=True)
    ]


def stale_answers(library: Library) -> list[Stale]:
    """Quotes of the answers that readers rated which their articles, as they are, do not hold."""
    return [
        stale
        for feedback in library.feedback()
        for citation in feedback.answer.get("citations", ())
        if (stale := _stale(library, feedback.question, feedback.answer["answer"], citation))
    ]


def _stale(library: Library, question: str, answer: str, citation: dict[str, str]) -> Stale | None:
    article = library.article(citation["article_id"])
    if article and citation["quote"] in article.body:
        return None
    return Stale(
        question=question,
        answer=answer,
        article_id=citation["article_id"],
        title=article.title if article else citation["title"],
        quote=citation["quote"],
        gone=article is None,
    )


def difference(older: str, newer: str) -> tuple[Run, ...]:
    """The runs of words that two texts share and do not: joined, they give both texts back.

    Paragraphs are compared first, then the words of those that differ: comparing all words at
    once takes time with the square of the article.
    """
    runs: list[Run] = []
    before, after = (re.findall(r"[^\n]*\n+|[^\n]+", text) for text in (older, newer))
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[a:b]), "".join(after[c:d])
        runs += [Run(Change.SAME, old)] if tag == "equal" else _by_words(old, new)
    return tuple(_joined(runs))


def _by_words(older: str, newer: str) -> list[Run]:
    before, after = (re.findall(r"\s+|\d[\d.,]*\d|\w+|[^\w\s]", text) for text in (older, newer))
    if len(before) * len(after) > _MOST_PAIRS:
        return [Run(Change.REMOVED, older), Run(Change.ADDED, newer)]
    runs = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run(Change.SAME, "".join(before[a:b])))
            continue
        runs.append(Run(Change.REMOVED, "".join(before[a:b])))
        runs.append(Run(Change.ADDED, "".join(after[c:d])))
    return runs


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Neighbours of one kind as one run; empty ones gone."""
    last: Run | None = None
    for run in (run for run in runs if run.text):
        if last and last.change is run.change:
            last = Run(run.change, last.text + run.text)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last
