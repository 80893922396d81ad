"""Comparing answers as texts, as the SQuAD scorer does (Rajpurkar et al. 2016)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable

from qa.quantity import figures_agree

_PUNCTUATION = frozenset(string.punctuation)


def normalize(text: str) -> str:
    """Lower case, without ASCII punctuation, a/an/the, and extra white space."""
    text = "".join(c for c in text.lower() if c not in _PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact_match(answer: str, gold: str) -> float:
    """1.0 where both are equal once normalised, else 0.0."""
    return float(normalize(answer) == normalize(gold))


def token_f1(answer: str, gold: str) -> float:
    """Harmonic mean of precision and recall over normalised tokens, 0 to 1.

    Where either is empty: 1.0 when both are, else 0.0.
    """
    first, second = normalize(answer).split(), normalize(gold).split()
    if not first or not second:
        return float(first == second)
    shared = sum((Counter(first) & Counter(second)).values())
    return 2 * shared / (len(first) + len(second)) if shared else 0.0


def contains(text: str, gold: str) -> bool:
    """Whether the words of one stand in the other, normalised, as whole words."""
    return bool(normalize(gold)) and f" {normalize(gold)} " in f" {normalize(text)} "


def best(measure: Callable[[str, str], float], answer: str, golds: Iterable[str]) -> float:
    """The measure against the gold answer that fits best; 0.0 where there is none."""
    return max((float(measure(answer, gold)) for gold in golds), default=0.0)


def is_right(answer: str, golds: Iterable[str]) -> bool:
    """Whether a short answer counts as right: half its tokens are shared, or it holds the gold.

    In either case no figure may differ: "1,130 troops" is not "1,949 troops".
    """
    return any(
        figures_agree(answer, gold) and (token_f1(answer, gold) >= 0.5 or contains(answer, gold))
        for gold in golds
    )
