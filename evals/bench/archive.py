"""A whole archive's questions, half of them unanswerable: what each status is worth.

The project's own mixture, of public files in one folder: SQuAD 2.0 and New-Wiki articles as
Wikipedia has them, beside RealTimeQA's 19,173 news articles. Questions are of articles and weeks
that neither training nor calibration saw, at most 300 of each set, and half of them have no
answer: SQuAD 2.0's own, and questions from whose results every article with the answer is taken
away. All are put to the product's own search.

An answer is right where its token F1 with a gold answer (as SQuAD normalises) is at least one
half and it has no other figure, the measure that confidence was calibrated to; so is one that was
taken away and is given all the same, from an article that words it otherwise.
`abstention_balanced` is the mean of the share of answerable questions that are answered or
tentative and the share of unanswerable ones refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import OnRecordError
from evals.bench.result import Progress, Result, means, timings, tracked
from evals.listen import never_abstaining
from evals.statistics import (
    Figure,
    area_under_risk_coverage,
    balanced_accuracy,
    bootstrap,
    calibration_error,
)
from qa.answer import Answer, Status
from qa.conclude import conclude
from qa.engine import Engine
from qa.likeness import best, exact_match, token_f1
from qa.train.archive_cases import ArchiveCase, archive_articles, archive_cases, find

articles = archive_articles


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what came of it."""

    case: ArchiveCase
    best: Answer
    """The best value found, however improbable."""
    status: Status
    """What the product makes of it."""
    seconds: float

    @property
    def f1(self) -> float:
        """Token F1 of the best value; 0 where the question has no answer."""
        return best(token_f1, self.best.short, self.case.gold)

    @property
    def right(self) -> bool:
        """Whether the best value is right, or the sentence that it stands in."""
        if not self.best.claims:
            return False
        quote = self.best.citations[self.best.claims[0].citations[0] - 1].quote
        return self.case.is_right(self.best.short, quote)

    @property
    def dealt_with(self) -> bool:
        """Whether a right answer is given, or an unanswerable question refused."""
        return not self.case.gold if self.status is Status.ABSTAINED else self.right


def load(folder: Path) -> list[ArchiveCase]:
    """The questions reported on.

    Raises:
        OnRecordError: the folder does not hold the sets.
    """
    try:
        return archive_cases(folder, "report")
    except FileNotFoundError as error:
        raise OnRecordError(
            f"{folder}: lacks {error.filename}; it needs squad/ and realtimeqa/"
        ) from error


def run(cases: Sequence[ArchiveCase], engine: Engine, progress: Progress | None = None) -> Result:
    """Put every question to an engine that holds the articles, and score the answers.

    Raises:
        OnRecordError: there are none.
    """
    if not cases:
        raise OnRecordError("no questions are left to ask")
    asked = [ask(engine, case) for case in tracked(cases, progress)]
    return Result("archive", len(asked), score(asked), timings([one.seconds for one in asked]))


def ask(engine: Engine, case: ArchiveCase) -> Asked:
    """Put one question, keeping from the search what the case withholds."""
    started = time.perf_counter()
    hits = find(engine, case)
    spans = engine.reader.read(case.question, hits)
    answer = conclude(case.question, case.question, hits, spans, engine.settings)
    took = time.perf_counter() - started
    best = never_abstaining(case.question, spans, engine.settings)
    return Asked(case, best, answer.status, took)


def score(asked: Sequence[Asked]) -> dict[str, Figure]:
    """The figures: of each status, of confidence, and of the answerable questions alone.

    Questions about one article or story are resampled together.
    """
    figures = _means(_of_status(one) for one in asked)
    return figures | _of_confidence(asked) | _means(_of_answers(one) for one in asked)


def _means(scores: Iterable[tuple[str, Mapping[str, float]]]) -> dict[str, Figure]:
    """The mean of each measure over the questions that have it, from groups with scores."""
    kept = list(scores)
    figures: dict[str, Figure] = {}
    for name in sorted({name for _, values in kept for name in values}):
        own = [(group, values[name]) for group, values in kept if name in values]
        figures |= means({name: [value for _, value in own]}, [group for group, _ in own])
    return figures


def _of_status(one: Asked) -> tuple[str, dict[str, float]]:
    shares = {f"share_{status.value}": float(one.status is status) for status in Status}
    if one.status is Status.ABSTAINED:
        return one.case.group, shares
    return one.case.group, {f"precision_{one.status.value}": float(one.right), **shares}


def _of_confidence(asked: Sequence[Asked]) -> dict[str, Figure]:
    sure = np.array([one.best.confidence for one in asked])
    right = np.array([one.right for one in asked])
    dealt = np.array([float(one.dealt_with) for one in asked])
    has = np.array([bool(one.case.gold) for one in asked])
    said = np.array([one.status is not Status.ABSTAINED for one in asked])

    def over(measure: Callable[..., float], *columns: NDArray[Any]) -> Figure:
        groups = [one.case.group for one in asked]
        return bootstrap(lambda some: measure(*(c[some] for c in columns)), len(asked), groups)

    return {
        "calibration_error": over(calibration_error, sure, right),
        "risk_coverage_area": over(area_under_risk_coverage, sure, right),
        "abstention_balanced": over(balanced_accuracy, has, said),
        "dealt_with_rightly": over(lambda some: float(some.mean()), dealt),
    }


def _of_answers(one: Asked) -> tuple[str, dict[str, float]]:
    """An abstention is no answer and scores 0; `best_...` is of always answering."""
    case = one.case
    values = {f"dealt_with_rightly_{case.origin}": float(one.dealt_with)}
    if case.gold:
        same = best(exact_match, one.best.short, case.gold)
        said = one.status is not Status.ABSTAINED
        values |= {"exact": same * said, "f1": one.f1 * said, "best_exact": same,
                   "best_f1": one.f1, f"best_f1_{case.origin}": one.f1}  # fmt: skip
    return case.group, values
