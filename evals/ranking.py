"""Retrieval metrics over one ranking. Agree with `ir-measures`, which the tests check."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def success(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """1.0 where one of the first k is relevant (Success@k)."""
    return float(any(item in relevant for item in ranked[:k]))


def recall(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """Share of the relevant that is among the first k (R@k); 0.0 where nothing is relevant."""
    found = len(set(ranked[:k]) & set(relevant))
    return found / len(set(relevant)) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """1 / rank of the first relevant one (RR); 0.0 where there is none."""
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in relevant), 0.0)


def ndcg(ranked: Sequence[Item], grades: Mapping[Item, int], k: int) -> float:
    """Discounted gain of the first k over the ideal one, by grade (Järvelin and Kekäläinen 2002).

    0.0 where none is relevant. What is not graded counts as 0, and so does what is below.
    """
    ideal = _gain(sorted((max(0, grade) for grade in grades.values()), reverse=True)[:k])
    return _gain([max(0, grades.get(item, 0)) for item in ranked[:k]]) / ideal if ideal else 0.0


def _gain(grades: Sequence[int]) -> float:
    return math.fsum(grade / math.log2(place + 2) for place, grade in enumerate(grades))
