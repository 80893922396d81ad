"""Retrieval metrics over one ranking. Agree with `ir-measures`, which the tests check."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Sequence


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


def ndcg(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """Discounted gain over the ideal, with relevance 0 or 1 (Järvelin and Kekäläinen 2002)."""
    gain = sum(1 / math.log2(n + 2) for n, item in enumerate(ranked[:k]) if item in relevant)
    ideal = sum(1 / math.log2(n + 2) for n in range(min(k, len(set(relevant)))))
    return gain / ideal if ideal else 0.0
