"""From two rankings to one list of hits, near-copies folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.copies import are_copies
from index.passage import Hit, Ranking

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def fuse(words: Ranking, vectors: Ranking) -> list[tuple[int, float, dict[str, int]]]:
    """(id, score, rank in each ranking) of all passages of two rankings, best first, ties by id.

    score = BM25 / best BM25 + cosine; a passage that a ranking lacks has the least score of it.
    """
    scores: dict[int, float] = {}
    ranks: dict[int, dict[str, int]] = {}
    best = max((score for _, score in words), default=0.0) or 1.0
    scaled = [(passage_id, score / best) for passage_id, score in words]
    for name, ranking in (("words", scaled), ("vectors", vectors)):
        least = min((score for _, score in ranking), default=0.0)
        for rank, (passage_id, score) in enumerate(ranking, 1):
            ranks.setdefault(passage_id, {})[name] = rank
            scores[passage_id] = scores.get(passage_id, 0.0) + score - least
    return sorted(
        ((n, score, ranks[n]) for n, score in scores.items()), key=lambda item: (-item[1], item[0])
    )


def fold(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those that repeat one before them, which then lists their articles.

    Only passages of one story are compared; one that gives another figure is no repetition.
    """
    kept: list[Hit] = []
    of_story: dict[str, list[int]] = {}
    for hit in hits:
        places = of_story.setdefault(hit.story, [])
        same = next((place for place in places if _repeats(hit, kept[place])), None)
        if same is None:
            places.append(len(kept))
            kept.append(hit)
        elif hit.article.id not in {article.id for article in kept[same].copies}:
            kept[same] = replace(kept[same], copies=(*kept[same].copies, hit.article))
    return kept


def _repeats(hit: Hit, other: Hit) -> bool:
    """Whether a hit says what another of its story says."""
    if hit.article.id == other.article.id:
        return False
    first, second = hit.passage.text, other.passage.text
    figures = (set(_NUMBER.findall(first)), set(_NUMBER.findall(second)))
    return figures[0] <= figures[1] and are_copies(first, second)
