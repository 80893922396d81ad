"""From evidence to probability: logistic fits and two thresholds, on the calibration split.

    python -m qa.train.calibrate DATA qa/models/reader --archive FOLDER

Puts the held-out questions kept for this to an archive of all sets' articles (indexed into FOLDER
first, where it is empty), and those about stories to a small one of theirs (FOLDER/stories), with
the product's own search. Fits the weights of `qa.evidence` on every passage's span as one network
sees it (`skimmed`) and as both do (`given`), and once more on the passages that both would read
(`searched`); then those of `qa.confidence` on the value that leads. Chooses the thresholds on
confidences that a fit on other questions gave. Needs no torch.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Skipped
from index import Hit
from qa.agree import leading
from qa.cite import quote_around
from qa.confidence import Calibration, Evidence, log_odds, sigmoid
from qa.engine import Engine
from qa.evidence import GIVEN, NAMES, of_search
from qa.read import Pointed, Span, SpanReader, surest_first, worth_reading
from qa.settings import Settings
from qa.train.archive_cases import ArchiveCase, archive_articles, archive_cases, find
from qa.train.stories import story_articles, story_cases

PRECISION = 0.95
"""What *answered* is to promise."""
_RIDGE = 1.0
_FOLDS = 5
_CUTS = 12
"""Into folds: thresholds of one cut differ by .02 from those of the next."""
_NOTHING = Evidence((), 0.0)
_UNFITTED = Calibration(_NOTHING, _NOTHING, _NOTHING, own=1.0, rival=0.0, base=0.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """A span with all its evidence, and whether it is right."""

    hit: Hit
    start: int
    """In characters of the article, as `end`."""
    end: int
    evidence: Floats
    right: bool


@dataclass(frozen=True)
class Passage:
    """What was pointed at in one passage."""

    skimmed: Judged
    """By one network, with the features `SKIMMED`."""
    read: Judged
    """By both, with the features `NAMES`."""


@dataclass(frozen=True)
class Reading:
    """One question with what is pointed at in each passage."""

    question: str
    answerable: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Thresholds:
    """Where answers begin."""

    answered_at: float
    """Least confidence from which answers are right 95 % of the time; 1.0 if there is none."""
    tentative_at: float
    """Least probability of the best span, rivals aside, from which giving an answer gains more
    than it loses."""


@dataclass(frozen=True)
class Lead:
    """The value that leads: its probability, its strongest rival's, and whether it is right."""

    own: float
    rival: float
    best: float
    """Of the most probable span, whatever its value: what `tentative_at` is compared with."""
    right: bool


def fit(readings: Sequence[Reading]) -> Calibration:
    """Fit both levels: spans on their evidence, then values on their log-odds and rival's."""
    passages = [passage for reading in readings for passage in reading.passages]
    fitted = replace(
        _UNFITTED,
        skimmed=_evidence([passage.skimmed for passage in passages]),
        given=_evidence([passage.read for passage in passages], len(GIVEN)),
    )
    read = []
    for reading in readings:
        worth = _worth_reading(reading, fitted)
        read += [p.read for p in reading.passages if p.skimmed.hit.passage.id in worth]
    fitted = replace(fitted, searched=_evidence(read))
    led = [lead(reading, fitted) for reading in readings]
    own, rival, base = _rounded(
        logistic(
            np.array([(log_odds(one.own), log_odds(one.rival)) for one in led]),
            np.array([float(one.right) for one in led]),
        )
    )
    return replace(fitted, own=own, rival=rival, base=base)


def _worth_reading(reading: Reading, fitted: Calibration) -> set[int]:
    """Ids of the passages that both networks read, by what one of them sees."""
    skimmed = [_span(passage.skimmed, fitted.skimmed) for passage in reading.passages]
    return worth_reading(reading.question, surest_first(skimmed))


def _span(one: Judged, by: Evidence) -> Span:
    return Span(one.hit, one.start, one.end, sigmoid(by.log_odds(one.evidence.tolist())))


def _evidence(judged: Sequence[Judged], count: int | None = None) -> Evidence:
    """Weights of the first `count` features, all else."""
    values = np.array([one.evidence[:count] for one in judged])
    right = np.array([one.right for one in judged], dtype=np.float64)
    *weights, intercept = _rounded(logistic(values, right))
    return Evidence(tuple(weights), intercept)


def lead(reading: Reading, fitted: Calibration) -> Lead:
    """What an answer would be, were it given."""
    found, right = [], {}
    worth = _worth_reading(reading, fitted)
    for passage in reading.passages:
        was_read = passage.skimmed.hit.passage.id in worth
        one = passage.read if was_read else passage.skimmed
        found.append(_span(one, fitted.by(was_read=was_read, was_searched=True)))
        right[one.hit.passage.id] = one.right
    spans = surest_first(found)
    agreed, rival = leading(reading.question, spans, Settings().claim_at)
    if not agreed:
        return Lead(0.0, 0.0, 0.0, False)
    first = agreed[0].spans[0]
    return Lead(first.probability, rival, spans[0].probability, right[first.hit.passage.id])


def thresholds(readings: Sequence[Reading]) -> Thresholds:
    """Chosen on probabilities that fits on other questions gave, the means of several cuts."""
    sure, alone, right = np.mean([_held_out(readings, cut) for cut in range(_CUTS)], axis=0)
    answerable = np.array([float(reading.answerable) for reading in readings])
    return Thresholds(
        round(precise_from(sure, right), 3), round(separating(alone, right, answerable), 3)
    )


def _held_out(readings: Sequence[Reading], cut: int) -> Floats:
    """What a fit on the other four fifths tells of each question, [3, questions].

    The confidence, the probability of the best span, and whether what leads is right.
    """
    order = list(range(len(readings)))
    random.Random(cut).shuffle(order)
    told = np.zeros((3, len(order)))
    for fold in range(_FOLDS):
        inside = order[fold::_FOLDS]
        held = set(inside)
        fitted = fit([reading for n, reading in enumerate(readings) if n not in held])
        for n in inside:
            led = lead(readings[n], fitted)
            told[:, n] = fitted.confidence(led.own, led.rival), led.best, led.right
    return told


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
    last_of_tie = np.diff(sure[order], append=-np.inf) != 0  # all of them are given, or none
    good = np.flatnonzero((precision >= PRECISION) & last_of_tie)
    good = good[good >= least - 1]
    return float(sure[order][good[-1]]) if len(good) else 1.0


def separating(sure: Floats, right: Floats, answerable: Floats) -> float:
    """The threshold from which an answer gains more than it loses.

    Dealt with rightly are right answers given and unanswerable questions refused, which is what
    SQuAD 2.0's best threshold rewards: giving an answer gains one where it is right, loses one
    where there is none, and does nothing where an answerable question is answered wrongly. So it
    is where a logistic curve through the first two kinds crosses one half. The threshold that was
    best for these very questions is a noisy peak on a flat curve, and does worse on others.
    """
    telling = (right >= 0.5) | (answerable == 0)
    logits = np.array([[log_odds(one)] for one in sure[telling]])
    slope, intercept = logistic(logits, (right[telling] >= 0.5).astype(np.float64))
    return sigmoid(-intercept / slope)


def read(engine: Engine, reader: SpanReader, cases: Iterable[ArchiveCase]) -> list[Reading]:
    """Put questions to the archive and read what it finds, every passage with both networks."""
    found = []
    for case in cases:
        hits = find(engine, case)
        searched = {hit.passage.id: of_search(hit, place) or () for place, hit in enumerate(hits)}
        skimmed = reader.skim(case.question, reader.near(hits))
        passages = tuple(
            Passage(*(_judged(one, searched[one.hit.passage.id], case) for one in both))
            for both in zip(skimmed, reader.reread(case.question, skimmed), strict=True)
        )
        found.append(Reading(case.question, bool(case.gold), passages))
    return found


def _judged(pointed: Pointed, searched: Sequence[float], case: ArchiveCase) -> Judged:
    hit, at = pointed.hit, pointed.hit.passage.start
    start, end = at + pointed.start, at + pointed.end
    first, last = quote_around(hit.article, start, end)
    body = hit.article.body
    right = case.is_right(body[start:end], body[first:last])
    evidence = np.array(pointed.evidence(searched))
    return Judged(hit, start, end, evidence, right)


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)


@contextmanager
def _holding(
    folder: Path, reader: SpanReader, articles: Iterable[Article | Skipped]
) -> Iterator[Engine]:
    """An engine over articles, indexed into a folder as far as they are not there."""
    with Engine.open(folder, reader=reader, samples=False) as engine:
        engine.add(articles)
        yield engine


def main() -> None:
    """Fit and write `calibration.json` beside the model."""
    parser = argparse.ArgumentParser(prog="python -m qa.train.calibrate", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path, help="folder of the reader, to write to")
    parser.add_argument("--archive", type=Path, required=True, help="data folder for the articles")
    given = parser.parse_args()
    reader = SpanReader(given.model)
    with _holding(given.archive, reader, archive_articles(given.data)) as engine:
        readings = read(engine, reader, archive_cases(given.data, "calibrate"))
    few = story_articles(given.data, "calibrate")
    with _holding(given.archive / "stories", reader, few) as engine:
        readings += read(engine, reader, story_cases(given.data, "calibrate"))
    chosen, fitted = thresholds(readings), fit(readings)
    made = {"features": NAMES, **asdict(fitted), **asdict(chosen), "questions": len(readings)}
    text = json.dumps(made, indent=1)
    (given.model / "calibration.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
