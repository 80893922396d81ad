"""Scoring a saved run: one score a case, then figures with intervals, whole and by slice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals import ranking
from evals.case import Case
from evals.run import Run
from evals.statistics import (
    Figure,
    area_under_risk_coverage,
    bootstrap,
    calibration_error,
    mean,
    quantile,
)
from evals.text import best, contains, exact_match, is_right, normalize, token_f1

if TYPE_CHECKING:
    import pandas

DEPTHS = (1, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Score:
    """How one case came out. A measure that does not apply is absent: unscored is not zero."""

    case: str
    right: bool
    """An answer that is right, or an abstention where there is none."""
    values: Mapping[str, float]
    explanation: str
    """Why it was counted as it was."""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a run."""

    metrics: Mapping[str, Figure]
    slices: Mapping[str, Mapping[str, Figure]]
    """By "kind=..." and "tag=...", the metrics of those cases alone."""
    scores: Sequence[Score] = field(repr=False)

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
        }


def score(run: Run) -> Report:
    """Score a run. Reads only what was saved, so it repeats bit for bit."""
    cases = [case for case in run.cases if case.id in run.answers]
    scores = [score_case(case, run.answers[case.id], run.judged.get(case.id)) for case in cases]
    slices: dict[str, Mapping[str, Figure]] = {}
    for name in _slice_names(cases):
        own = [n for n, case in enumerate(cases) if name in _slices_of(case)]
        slices[name] = _means([scores[n] for n in own], _groups([cases[n] for n in own]))
    groups = _groups(cases)
    return Report(_means(scores, groups) | _joint_figures(scores, groups), slices, scores)


def save_report(report: Report, folder: str | Path) -> Path:
    """Write the figures and the scores beside the answers; returns the file."""
    file = Path(folder) / "scores.json"
    data = report.as_dict() | {"scores": [asdict(s) for s in report.scores]}
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    return file


# -- one case -----------------------------------------------------------------------------


def score_case(case: Case, record: Mapping[str, Any], judged: bool | None = None) -> Score:
    """Score one saved answer against its case, and beside it the verdict of a judge."""
    if "error" in record:
        return Score(case.id, False, {"error": 1.0}, f"not asked: {record['error']}")
    answer = record["answer"]
    values: dict[str, float] = {"error": 0.0, "seconds": float(record["wall"])}
    values |= _abstention(case, answer) | _citations(case, answer, record["stands"])
    values |= _retrieval(case, record["hits"])
    if not case.unanswerable:
        values |= _answer(case, answer)
    right, why = _judge(case, answer)
    values["right"] = float(right)
    if judged is not None:
        values |= {"judge_right": float(judged), "judge_agreement": float(judged == right)}
    return Score(case.id, right, values, why, answer["confidence"])


def _judge(case: Case, answer: Mapping[str, Any]) -> tuple[bool, str]:
    if answer["abstained"]:
        if case.unanswerable:
            return True, "abstained, and there is no answer"
        return False, "abstained, though there is an answer"
    if case.unanswerable:
        return False, "answered, though there is no answer"
    if is_right(answer["short"], case.answers):
        return True, "the short answer holds a right one or shares half its words"
    if any(contains(answer["answer"], gold) for gold in case.answers):
        return False, "a right answer is in the text, but not the one it leads with"
    return False, "none of the right answers is in it"


def _answer(case: Case, answer: Mapping[str, Any]) -> dict[str, float]:
    short = answer["short"]
    values = {
        "em": best(exact_match, short, case.answers),
        "f1": best(token_f1, short, case.answers),
        "answer_recall": float(any(contains(answer["answer"], gold) for gold in case.answers)),
    }
    if case.kind == "conflict":
        given = [claim["value"] for claim in answer["claims"]]
        values["conflict_recall"] = _shown(case.answers, given)
    if not answer["abstained"]:
        values["agreement"] = float(
            any(is_right(claim["value"], case.answers) for claim in answer["claims"][:1])
        )
    return values


def _shown(golds: Iterable[str], given: Sequence[str]) -> float:
    """Share of the differing right values that are among the claims; variants count once."""
    groups: list[str] = []
    for gold in golds:
        if not any(_same(gold, other) for other in groups):
            groups.append(gold)
    return sum(any(_same(value, gold) for value in given) for gold in groups) / len(groups)


def _same(a: str, b: str) -> bool:
    numbers = [re.findall(r"\d[\d,.]*", text) for text in (a, b)]
    if all(numbers):
        return bool(set(numbers[0]) & set(numbers[1]))
    return normalize(a) == normalize(b) or contains(a, b) or contains(b, a)


def _abstention(case: Case, answer: Mapping[str, Any]) -> dict[str, float]:
    abstained = bool(answer["abstained"])
    values = {"abstained": float(abstained), "answered": float(answer["status"] == "answered")}
    if abstained:
        values["abstention_precision"] = float(case.unanswerable)
    if case.unanswerable:
        values["abstention_recall"] = float(abstained)
    else:
        values["answer_rate"] = float(not abstained)
    if answer["status"] == "answered":
        values["answered_precision"] = float(_judge(case, answer)[0])
    return values


def _citations(
    case: Case, answer: Mapping[str, Any], stands: Sequence[str | None]
) -> dict[str, float]:
    cited = [*answer["citations"], *answer["nearest"]]
    values: dict[str, float] = {}
    if cited:
        exact = [c["quote"] == text for c, text in zip(cited, stands, strict=True)]
        values["citation_exactness"] = sum(exact) / len(exact)
    if answer["citations"]:
        values["citation_coverage"] = _coverage(answer)
        if not case.unanswerable:
            quotes = [c["quote"] for c in answer["citations"]]
            holds = [any(contains(q, gold) for gold in case.answers) for q in quotes]
            values["citation_precision"] = sum(holds) / len(holds)
            values["citation_recall"] = float(any(holds))
    return values


def _coverage(answer: Mapping[str, Any]) -> float:
    """Share of the claims whose value stands in every quote cited first for it."""
    quotes = {citation["n"]: citation["quote"] for citation in answer["citations"]}
    held = [claim["value"] in quotes[claim["citations"][0]] for claim in answer["claims"]]
    return sum(held) / len(held) if held else 0.0


def _retrieval(case: Case, hits: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    values: dict[str, float] = {}
    if case.articles:
        ranked = list(dict.fromkeys(h["article"] for h in hits))
        wanted = set(case.articles)
        right = {h["article"] for h in hits if wanted & {h["article"], h["title"], h["source"]}}
        values |= {f"article@{k}": ranking.success(ranked, right, k) for k in DEPTHS}
        values["article_rr"] = ranking.reciprocal_rank(ranked, right)
        # All that is relevant counts, found or not: unfound ones stand in as unseen items.
        relevant = {*right, *range(len(wanted) - len(right))}
        values["article_ndcg@10"] = ranking.ndcg(ranked, relevant, 10)
    if case.quotes:
        places = list(range(len(hits)))
        right_places = {n for n in places if any(q in hits[n]["text"] for q in case.quotes)}
        values |= {f"passage@{k}": ranking.success(places, right_places, k) for k in DEPTHS}
        values["passage_rr"] = ranking.reciprocal_rank(places, right_places)
    return values


# -- all of them --------------------------------------------------------------------------


def _groups(cases: Sequence[Case]) -> list[str]:
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
    figures: dict[str, Figure] = {}
    asked = [n for n, s in enumerate(scores) if "abstained" in s.values]
    given = [n for n in asked if not scores[n].values["abstained"]]
    for name, statistic in (
        ("calibration_error", calibration_error),
        ("risk_coverage_area", area_under_risk_coverage),
    ):
        sure = [scores[n].confidence or 0.0 for n in given]
        right = [scores[n].right for n in given]
        if given:
            figures[name] = _joint(statistic, sure, right, [groups[n] for n in given])
    seconds = [scores[n].values["seconds"] for n in asked]
    for name, share in (("latency_p50", 0.5), ("latency_p95", 0.95)):
        if seconds:
            figures[name] = _quantile(seconds, share)
    recalls = [[n for n in asked if name in scores[n].values] for name in _BALANCED]
    if all(recalls):
        figures["abstention_balanced"] = bootstrap(
            lambda some: _balanced([scores[asked[n]] for n in some]), len(asked)
        )
    return figures


def _joint(
    statistic: Callable[[Sequence[float], Sequence[bool]], float],
    sure: Sequence[float],
    right: Sequence[bool],
    groups: Sequence[str],
) -> Figure:
    def of(some: Sequence[int]) -> float:
        return statistic([sure[n] for n in some], [right[n] for n in some])

    return bootstrap(of, len(sure), groups)


def _quantile(values: Sequence[float], share: float) -> Figure:
    return bootstrap(lambda some: quantile([values[n] for n in some], share), len(values))


_BALANCED = ("abstention_recall", "answer_rate")


def _balanced(scores: Sequence[Score]) -> float:
    """Mean of both recalls: answering what can be answered, refusing what cannot."""
    rates = []
    for name in _BALANCED:
        own = [s.values[name] for s in scores if name in s.values]
        rates.append(sum(own) / len(own) if own else 0.0)
    return sum(rates) / len(rates)


def _slices_of(case: Case) -> set[str]:
    kind = {f"kind={case.kind}"} if case.kind else set()
    return kind | {f"tag={tag}" for tag in case.tags}


def _slice_names(cases: Sequence[Case]) -> list[str]:
    return sorted({name for case in cases for name in _slices_of(case)})
