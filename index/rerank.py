"""A second look at what a search found: which passage has a sentence that meets the question?

BM25 and a passage's vector count all of its words, wherever they stand. Here each piece of the
question looks for its nearest in every sentence, as late interaction does (Khattab and Zaharia
2020), but by the static table's vectors, so that fifty passages take some 20 milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.chunk import sentences
from index.embed import unit
from index.passage import Hit, short_title
from index.static import Static
from index.words import query_words

EVIDENCE = ("fused", "days off", "sentence", "meaning", "title")
"""What an order is made from: the score of both rankings; how far off the time is that the question
is about; what share of the question its best sentence meets, each piece by its nearest there or in
the title; the cosine of the nearest sentence; and what share the title meets alone, which all of an
article's passages have, so that it tells less about one of them."""
_WEIGHTS = (3.21, -0.21, 3.21, 1.98, -3.24)
_BASE = -6.14

_FAR = 365  # days; what is off by more is no farther
_AT_ONCE = 64  # hits, which bounds the memory that their pieces' rows take
_NOTHING = [0]  # the padding's row, for what has no piece


def rerank(question: str, hits: Sequence[Hit], static: Static) -> list[Hit]:
    """The hits in a new order, each with the probability that it answers as its score.

    It comes from `evidence` alone, and no network has read the passage: good for an order, and
    comparable over questions.

    Args:
        question: As it was searched for.
        hits: Found by both rankings together.
        static: The table of vectors, whatever embedder the archive has.
    """
    if not hits:
        return []
    parts = [hits[at : at + _AT_ONCE] for at in range(0, len(hits), _AT_ONCE)]
    told = np.concatenate([evidence(question, part, static) for part in parts])
    chances = 1 / (1 + np.exp(-(told @ np.array(_WEIGHTS) + _BASE)))
    scored = [replace(hit, score=float(p)) for hit, p in zip(hits, chances, strict=True)]
    return sorted(scored, key=lambda hit: -hit.score)


def evidence(question: str, hits: Sequence[Hit], static: Static) -> NDArray[np.float64]:
    """What there is on each hit, one at least: shape [len(hits), len(EVIDENCE)]."""
    rows, ids = static.rows(), static.ids
    asked = np.array(ids(" ".join(query_words(question))) or _NOTHING)
    titles, passages = [], []
    for hit in hits:
        text = hit.passage.text
        titles.append(ids(short_title(hit.article)) or _NOTHING)
        passages.append([ids(text[a:b]) or _NOTHING for a, b in sentences(text)] or [_NOTHING])
    met_by_titles, _ = _compared(asked, titles, rows)
    met, meaning = _compared(asked, [own for passage in passages for own in passage], rows)
    # From here on the sentences of all hits stand end to end.
    first = _starts(passages)
    own_title = np.repeat(np.arange(len(hits)), [len(passage) for passage in passages])
    weights = np.linalg.norm(rows[asked], axis=1)
    weights /= weights.sum() or 1.0
    by_sentence = weights @ np.maximum(met, met_by_titles[:, own_title])
    return np.stack(
        [
            np.array([hit.score for hit in hits]),
            np.array([math.log1p(min(hit.days_off, _FAR)) for hit in hits]),
            np.maximum.reduceat(by_sentence, first),
            np.maximum.reduceat(meaning, first),
            weights @ met_by_titles,
        ],
        axis=1,
    ).astype(np.float64)


def _compared(
    asked: NDArray[np.int64], segments: Sequence[list[int]], rows: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How near each segment comes to a question.

    Args:
        asked: The question's pieces.
        segments: The pieces of each segment, one at least.
        rows: The table.

    Returns:
        For each piece and segment the cosine of the nearest piece there, 0 where none is near,
        [pieces, segments]; and the cosine of each segment as a whole, [segments].
    """
    pieces, place = np.unique(np.concatenate(segments), return_inverse=True)
    starts = _starts(segments)
    own = rows[pieces]
    near = np.maximum(unit(rows[asked]) @ unit(own).T, 0)
    sums = np.add.reduceat(own[place], starts, axis=0)
    whole = unit(sums) @ unit(rows[asked].sum(axis=0, keepdims=True))[0]
    return np.maximum.reduceat(near[:, place], starts, axis=1), whole


def _starts(segments: Sequence[Sequence[object]]) -> list[int]:
    """Where each segment begins when they lie end to end."""
    return [0, *accumulate(len(segment) for segment in segments[:-1])]
