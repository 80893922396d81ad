"""Drafting a set from an archive, or from what readers thought, for a person to correct.

A draft is a sentence with one of its values left out: the value is the answer and the sentence the
quote. What the question should be in plain words, a person writes better than a rule.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from corpus import Article
from evals.case import Case
from index.chunk import sentences
from qa import Engine
from qa.dates import DATE
from qa.quantity import NUMBER

_BLANK = "____"
_SHORTEST, _LONGEST = 60, 260
_KINDS = (("when", DATE), ("how_many", NUMBER))


def draft(engine: Engine, count: int, seed: int = 0) -> list[Case]:
    """Up to `count` drafts, from different articles as far as there are enough."""
    rng = random.Random(seed)
    queues = [list(_drafts(article)) for article in engine.articles()]
    for queue in queues:
        rng.shuffle(queue)
    rng.shuffle(queues)
    found: list[Case] = []
    while len(found) < count and any(queues):
        for queue in queues:
            if queue and len(found) < count:
                found.append(queue.pop())
    return found


def _drafts(article: Article) -> Iterator[Case]:
    for number, (start, end) in enumerate(sentences(article.body)):
        sentence = article.body[start:end]
        if not _SHORTEST <= len(sentence) <= _LONGEST:
            continue
        for kind, pattern in _KINDS:
            if match := pattern.search(sentence):
                left, right = match.span()
                value = match.group().strip()
                yield Case(
                    id=f"draft-{article.id[:8]}-{number}-{kind}",
                    question=f"{sentence[:left]}{_BLANK}{sentence[right:]}",
                    answers=(value,),
                    kind=kind,
                    articles=(article.id,),
                    quotes=(sentence,),
                    tags=("draft",),
                    note="drafted: put this as a question, and check the answer",
                )
                break


def from_feedback(engine: Engine) -> list[Case]:
    """The answers that readers marked, as cases: right ones as they are, wrong ones to correct."""
    found = []
    for number, entry in enumerate(engine.marked(), 1):
        short = entry.answer["short"]
        note = (
            "" if entry.good else f"marked wrong, put what is right; given was: {short or 'none'}"
        )
        found.append(
            Case(
                id=f"feedback-{number}",
                question=entry.question,
                answers=(short,) if short else (),
                history=entry.history,
                articles=_of_what_was_answered(entry.answer),
                unanswerable=not short,
                note=note,
                tags=("feedback",) if entry.good else ("feedback", "draft"),
            )
        )
    return found


def _of_what_was_answered(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The articles that give the value, of all that the answer cites."""
    wanted = answer["claims"][0]["citations"] if answer["claims"] else ()
    cited = [c["article_id"] for c in answer["citations"] if c["n"] in wanted]
    return tuple(dict.fromkeys(cited))
