"""From evidence to probability: the logistic fit and its two thresholds, on the calibration split.

    python -m qa.train.calibrate DATA qa/models/reader

Reads the held-out questions kept for this with the shipped reader, fits the weights of
`qa.evidence` on every passage's best span, and chooses the thresholds on each question's best.
Needs no torch.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Article
from index import Hit, Passage
from qa.evidence import NAMES, features
from qa.read import SpanReader, sentence_of
from qa.train.held_out import Case, calibration_cases
from qa.train.scoring import f1
from qa.train.sets import Item

PRECISION = 0.95
"""What *answered* is to promise."""
_RIDGE = 1.0
_RIGHT_F1 = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """probability = 1 / (1 + exp(-(weights . features + intercept))), and where answers begin."""

    weights: tuple[float, ...]
    intercept: float
    answered_at: float
    """Least probability from which answers are right 95 % of the time; 1.0 if there is none."""
    tentative_at: float
    """Probability with most questions dealt with rightly: right answers given, and questions
    without an answer refused. It is what SQuAD 2.0's best-threshold score rewards."""
    questions: int


@dataclass(frozen=True)
class Reading:
    """The evidence of each passage's best span of one question, and whether it is right."""

    evidence: Floats
    right: Floats
    answerable: bool


def fit(readings: Sequence[Reading]) -> Calibration:
    """Fit on all passages; choose the thresholds on the best span of each question."""
    x = np.concatenate([r.evidence for r in readings])
    y = np.concatenate([r.right for r in readings])
    *weights, intercept = logistic(x, y)
    best = []
    for reading in readings:
        logits = reading.evidence @ np.array(weights) + intercept
        n = int(logits.argmax())
        best.append((1 / (1 + np.exp(-logits[n])), reading.right[n], float(reading.answerable)))
    sure, right, answerable = np.array(best).T
    return Calibration(
        tuple(round(w, 4) for w in weights),
        round(intercept, 4),
        round(precise_from(sure, right), 3),
        round(separating(sure, right, answerable), 3),
        len(readings),
    )


def logistic(x: Floats, y: Floats, rounds: int = 100) -> list[float]:
    """Weights and, last, the intercept of a ridge logistic fit with Platt's smoothed targets.

    Newton's method; the intercept is not shrunk (Platt 1999).
    """
    positive, negative = y.sum(), len(y) - y.sum()
    target = np.where(y > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    shrink = _RIDGE * np.diag([1.0] * x.shape[1] + [1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-(design @ weights)))
        gradient = design.T @ (p - target) + shrink @ weights
        step = np.linalg.solve((design.T * (p * (1 - p))) @ design + shrink, gradient)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return [float(w) for w in weights]


def precise_from(sure: Floats, y: Floats, least: int = 20) -> float:
    """The lowest probability from which at least 95 % of the answers, and at least 20, are right.

    1.0 where there is none.
    """
    order = np.argsort(-sure)
    precision = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    good = good[good >= least - 1]
    return float(sure[order][good[-1]]) if len(good) else 1.0


def separating(sure: Floats, right: Floats, answerable: Floats) -> float:
    """The threshold with most right answers given and unanswerable questions refused."""
    order = np.argsort(-sure)
    given = np.cumsum(right[order])
    refused = (1 - answerable).sum() - np.cumsum(1 - answerable[order])
    return float(sure[order][int(np.argmax(given + refused))])


def read_cases(reader: SpanReader, cases: Sequence[Case]) -> list[Reading]:
    """Read the questions that have several passages, as questions to an archive do."""
    found = []
    for case in cases:
        if len(case.passages) < 2:
            continue
        question = case.passages[0].question
        evidence, right = [], []
        for hit, candidates in reader.candidates(question, [_hit(i) for i in case.passages]):
            text = hit.passage.text
            start, end, score = candidates[0]
            sentence = sentence_of(text, start, end)
            around = f"{hit.article.title} {text}"
            evidence.append(features(question, text[start:end], sentence, around, score))
            right.append(float(bool(case.gold) and f1(text[start:end], case.gold) >= _RIGHT_F1))
        found.append(Reading(np.array(evidence), np.array(right), bool(case.gold)))
    return found


def _hit(item: Item) -> Hit:
    day = None
    if item.date:
        day = datetime.fromisoformat(item.date).replace(tzinfo=UTC)
    article = Article.create(title=item.title, body=item.text, published=day)
    return Hit(Passage(0, article.id, 0, len(article.body), article.body), article, 0.0)


def main() -> None:
    """Fit and write `calibration.json` beside the model."""
    parser = argparse.ArgumentParser(prog="python -m qa.train.calibrate", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path, help="folder with reader.onnx and tokenizer.json")
    given = parser.parse_args()
    readings = read_cases(SpanReader(given.model), calibration_cases(given.data))
    found = fit(readings)
    text = json.dumps({"features": NAMES, **asdict(found)}, indent=1)
    (given.model / "calibration.json").write_text(text + "\n", encoding="utf-8")
    print(found)


if __name__ == "__main__":
    main()
