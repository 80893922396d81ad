"""SQuAD's best threshold, and other measures over many questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One question: the best answer's score and how good it is; `answerable` tells the truth."""

    score: float
    exact: float
    f1: float
    answerable: bool


def best_threshold(outcomes: Sequence[Outcome]) -> tuple[float, float, float]:
    """The threshold below which to answer nothing that gives the best F1; with that F1 and EM."""
    right_by_silence = sum(not outcome.answerable for outcome in outcomes)
    best = current = float(right_by_silence)
    exact_now = exact_best = float(right_by_silence)
    threshold = max(outcome.score for outcome in outcomes) + 1.0
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.score):
        silence = 0.0 if outcome.answerable else 1.0
        current += outcome.f1 * outcome.answerable - silence
        exact_now += outcome.exact * outcome.answerable - silence
        if current > best:
            best, exact_best, threshold = current, exact_now, outcome.score
    count = len(outcomes)
    return threshold, 100 * best / count, 100 * exact_best / count


def f1_at(outcomes: Sequence[Outcome], threshold: float) -> float:
    """F1 when everything scored below the threshold is refused."""
    gained = [
        (o.f1 if o.answerable else 0.0) if o.score >= threshold else float(not o.answerable)
        for o in outcomes
    ]
    return 100 * sum(gained) / max(1, len(gained))


def separating_threshold(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """The threshold with the best balanced accuracy at telling right answers from all others."""
    right = [outcome.f1 >= 0.5 and outcome.answerable for outcome in outcomes]
    ordered = sorted(zip(outcomes, right, strict=True), key=lambda pair: -pair[0].score)
    positives = max(1, sum(right))
    negatives = max(1, len(right) - sum(right))
    kept = wrong = 0
    best, threshold = 0.5, ordered[0][0].score + 1.0
    for outcome, is_right in ordered:
        kept, wrong = kept + is_right, wrong + (not is_right)
        balanced = (kept / positives + 1 - wrong / negatives) / 2
        if balanced > best:
            best, threshold = balanced, outcome.score
    return threshold, 100 * best


def ranking_area(outcomes: Sequence[Outcome]) -> float:
    """How often an answerable question outscores an unanswerable one (area under the ROC)."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.score)
    answerable = unanswerable = 0
    area = 0.0
    for outcome in ordered:
        if outcome.answerable:
            answerable += 1
            area += unanswerable
        else:
            unanswerable += 1
    return 100 * area / max(1, answerable * unanswerable)
