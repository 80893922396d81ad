"""Scoring a saved run: one score a case, then figures with intervals, whole and by slice."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evals.case import Case
from evals.outcome import Score, score_case
from evals.saved import Judgement, Run
from evals.statistics import (
    Figure,
    Indices,
    area_under_risk_coverage,
    balanced_accuracy,
    bootstrap,
    calibration_error,
    mean,
    proportion,
    quantile,
)

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model took in all."""

    calls: int
    tokens_in: int
    tokens_out: int
    counted: str
    """"usage" as the model told it, "tiktoken" as counted here, or both."""
    cost: float | None
    """In the currency of the prices given; None where a call had no price."""

    def __str__(self) -> str:
        cost = "no price given" if self.cost is None else f"cost {self.cost:.4f}"
        tokens = f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out ({self.counted})"
        return f"{self.calls:,} calls, {tokens}, {cost}"


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a run."""

    metrics: Mapping[str, Figure]
    slices: Mapping[str, Mapping[str, Figure]]
    """By "kind=..." and "tag=...", the metrics of those cases alone."""
    scores: Sequence[Score] = field(repr=False)
    unasked: int = 0
    """Cases of the set that have no answer yet."""
    judge: Usage | None = None
    """What the judge took, where there was one."""

    def frame(self) -> pandas.DataFrame:
        """One row a case, one column a measure (needs pandas, which comes with gradio)."""
        import pandas

        rows = [
            {"case": s.case, "right": s.right, "confidence": s.confidence, **s.values}
            for s in self.scores
        ]
        return pandas.DataFrame(rows).set_index("case")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "metrics": {name: asdict(figure) for name, figure in self.metrics.items()},
            "slices": {
                name: {metric: asdict(figure) for metric, figure in metrics.items()}
                for name, metrics in self.slices.items()
            },
            "unasked": self.unasked,
            **({"judge": asdict(self.judge)} if self.judge else {}),
        }


def score(run: Run) -> Report:
    """Score a run. Reads only what was saved, so it repeats bit for bit."""
    cases = [case for case in run.cases if case.id in run.answers]
    scores = [score_case(case, run.answers[case.id], run.judged.get(case.id)) for case in cases]
    slices: dict[str, Mapping[str, Figure]] = {}
    for name in _slice_names(cases):
        own = [n for n, case in enumerate(cases) if name in _slices_of(case)]
        slices[name] = _means([scores[n] for n in own], groups_of([cases[n] for n in own]))
    groups = groups_of(cases)
    metrics = _means(scores, groups) | _joint_figures(scores, groups)
    return Report(metrics, slices, scores, run.unasked, _usage(list(run.judged.values())))


def save_report(report: Report, folder: str | Path) -> Path:
    """Write the figures and the scores beside the answers; returns the file."""
    file = Path(folder) / "scores.json"
    data = report.as_dict() | {"scores": [asdict(s) for s in report.scores]}
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    return file


def groups_of(cases: Sequence[Case]) -> list[str]:
    """What cases stand and fall with: their first article, else themselves."""
    return [case.articles[0] if case.articles else case.id for case in cases]


def _means(scores: Sequence[Score], groups: Sequence[str]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for name in dict.fromkeys(name for s in scores for name in s.values):
        if name != "seconds":
            own = [n for n, s in enumerate(scores) if name in s.values]
            figures[name] = mean([scores[n].values[name] for n in own], [groups[n] for n in own])
    return figures


def _joint_figures(scores: Sequence[Score], groups: Sequence[str]) -> dict[str, Figure]:
    """Figures of all cases taken together rather than averaged one by one."""
    asked = [n for n, s in enumerate(scores) if "abstained" in s.values]
    given = [n for n in asked if not scores[n].values["abstained"]]
    return {
        **_confidence([scores[n] for n in given], [groups[n] for n in given]),
        **_latency([scores[n].values["seconds"] for n in asked]),
        **_abstention_balanced([scores[n] for n in asked], [groups[n] for n in asked]),
    }


def _confidence(given: Sequence[Score], groups: Sequence[str]) -> dict[str, Figure]:
    if not given:
        return {}
    sure = np.array([s.confidence or 0.0 for s in given])
    right = np.array([s.right for s in given])

    def error(some: Indices) -> float:
        return calibration_error(sure[some], right[some])

    def area(some: Indices) -> float:
        return area_under_risk_coverage(sure[some], right[some])

    return {
        "calibration_error": bootstrap(error, len(given), groups),
        "risk_coverage_area": _uncertain(bootstrap(area, len(given), groups)),
    }


def _uncertain(found: Figure) -> Figure:
    """A figure of answers that are all right, or all wrong, with the interval of that share."""
    if found.low < found.high or found.value not in (0.0, 1.0):
        return found
    around = proportion(int(found.value) * found.n, found.n)
    return replace(found, low=around.low, high=around.high)


def _latency(seconds: Sequence[float]) -> dict[str, Figure]:
    if not seconds:
        return {}
    took: NDArray[np.float64] = np.array(seconds)
    return {
        name: bootstrap(lambda some, share=share: quantile(took[some], share), len(took))  # type: ignore[misc]
        for name, share in (("latency_p50", 0.5), ("latency_p95", 0.95))
    }


def _abstention_balanced(asked: Sequence[Score], groups: Sequence[str]) -> dict[str, Figure]:
    """Answering what can be answered and refusing what cannot; where the set has both."""
    refuse = np.array(["abstention_recall" in s.values for s in asked])
    if not len(asked) or refuse.all() or not refuse.any():
        return {}
    abstained = np.array([s.values["abstained"] for s in asked])

    def balanced(some: Indices) -> float:
        return balanced_accuracy(refuse[some], abstained[some])

    found = bootstrap(balanced, len(asked), groups)
    if found.low == found.high:  # resampling shows no spread; that is not certainty
        right = abstained.astype(bool) == refuse
        sides = [proportion(int(right[side].sum()), int(side.sum())) for side in (refuse, ~refuse)]
        low, high = (sum(getattr(one, end) for one in sides) / 2 for end in ("low", "high"))
        found = replace(found, low=low, high=high)
    return {"abstention_balanced": found}


def _usage(judged: Sequence[Judgement]) -> Usage | None:
    if not judged:
        return None
    costs = [j.cost for j in judged if j.cost is not None]
    return Usage(
        calls=len(judged),
        tokens_in=sum(j.tokens_in for j in judged),
        tokens_out=sum(j.tokens_out for j in judged),
        counted=" and ".join(sorted({j.counted for j in judged})),
        cost=math.fsum(costs) if len(costs) == len(judged) else None,
    )


def _slices_of(case: Case) -> set[str]:
    kind = {f"kind={case.kind}"} if case.kind else set()
    return kind | {f"tag={tag}" for tag in case.tags}


def _slice_names(cases: Sequence[Case]) -> list[str]:
    return sorted({name for case in cases for name in _slices_of(case)})
