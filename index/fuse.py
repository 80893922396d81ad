"""From two rankings to one list of hits, near-copies folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from corpus.copies import are_copies
from index.passage import Hit, Ranking

_PREFERRED = 0.3
# Figures and names, and small words that turn a sentence into another one.
_TURNS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand million billion trillion dozen half third quarter fifth tenth first second "
    "last not no never nobody none without denied before after until since by up down rose fell "
    "more fewer less over under above below about nearly almost hour hours day days week weeks "
    "month months year years minute minutes mile miles daily weekly monthly yearly annually percent"
).split()
_FACT = re.compile(rf"\d+(?:[.,]\d+)*|\b[A-ZÀ-Þ]\w+|\b(?:{'|'.join(_TURNS)})\b|n['’]t\b")


def fuse(
    words: Ranking, vectors: Ranking, preferred: Collection[int] = frozenset()
) -> list[tuple[int, float, dict[str, int]]]:
    """(id, score, rank in each ranking) of all passages of two rankings, best first, ties by id.

    score = BM25 / best BM25 + cosine, + 0.3 for a preferred one; a passage that a ranking lacks
    has the least score of it. The weights were chosen on news questions of 2023 and 2024.
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
    for passage_id in preferred:
        if passage_id in scores:
            scores[passage_id] += _PREFERRED
    return sorted(
        ((n, score, ranks[n]) for n, score in scores.items()), key=lambda item: (-item[1], item[0])
    )


def needed(
    ranked: Sequence[int], owners: Mapping[int, str], stories: Mapping[str, str], limit: int
) -> list[int]:
    """Those of the ranked passages that can be among, or folded into, the first `limit` hits.

    Args:
        ranked: Passages, best first; those without an owner are gone.
        owners: The article of each.
        stories: The story of each article.
        limit: How many hits are wanted.
    """
    articles = Counter(stories.values())
    kept, alone = [], 0
    for passage_id in ranked:
        if passage_id not in owners:
            continue
        # Only articles of one story are folded: of the others each passage is a hit of its own.
        if articles[stories[owners[passage_id]]] > 1:
            kept.append(passage_id)
        elif alone < limit:
            kept.append(passage_id)
            alone += 1
    return kept


def fold(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those that repeat one before them, which then lists their articles.

    Only passages of one story are compared; one with a figure or a name of its own is no
    repetition: sources that differ must both be seen.
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
    return _facts(first) <= _facts(second) and are_copies(first, second)


@lru_cache(maxsize=1024)  # in a large story a passage is compared with many
def _facts(text: str) -> frozenset[str]:
    return frozenset(_FACT.findall(text))


def merge(first: Ranking, second: Ranking) -> Ranking:
    """Two rankings by one score as one, best first."""
    return sorted((dict(first) | dict(second)).items(), key=lambda entry: (-entry[1], entry[0]))
