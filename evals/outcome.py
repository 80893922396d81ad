"""How one saved answer came out against its case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals import ranking
from evals.case import Case
from evals.saved import Judgement
from qa.likeness import are_same, best, contains, exact_match, is_right, token_f1

DEPTHS = (1, 5, 10, 20)
_READ = ("article@1", "article@5", "passage@1", "passage@5", "passage_rr")


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


def score_case(case: Case, record: Mapping[str, Any], judged: Judgement | None = None) -> Score:
    """Score one saved answer against its case, and beside it the verdict of a judge."""
    if "error" in record:
        return Score(case.id, False, {"error": 1.0}, f"not asked: {record['error']}")
    answer = record["answer"]
    values: dict[str, float] = {"error": 0.0, "seconds": float(record["wall"])}
    values |= _abstention(case, answer) | _citations(case, answer, record["stands"])
    values |= _retrieval(case, record["hits"]) | _reading(case, record)
    if not case.unanswerable:
        values |= _answer(case, answer)
    right, why = _outcome(case, answer)
    values["right"] = float(right)
    if judged is not None:
        values |= _judged(judged, right)
    return Score(case.id, right, values, why, answer["confidence"])


def _judged(judged: Judgement, right: bool) -> dict[str, float]:
    values = {"judge_tokens": float(judged.tokens_in + judged.tokens_out)}
    if judged.cost is not None:
        values["judge_cost"] = judged.cost
    if judged.right is not None:
        values["judge_right"] = float(judged.right)
        values["judge_agreement"] = float(judged.right == right)
    return values


def _outcome(case: Case, answer: Mapping[str, Any]) -> tuple[bool, str]:
    if answer["abstained"]:
        if case.unanswerable:
            return True, "abstained, and there is no answer"
        return False, "abstained, though there is an answer"
    if case.unanswerable:
        return False, "answered, though there is no answer"
    if is_right(answer["short"], case.answers):
        return (
            True,
            "the short answer says or holds a right one, or half its words and no other value",
        )
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
    if given := [claim["value"] for claim in answer["claims"] if not claim["superseded"]]:
        agreeing = [is_right(value, case.answers) for value in given]
        values["claim_agreement"] = sum(agreeing) / len(agreeing)
    return values


def _shown(golds: Iterable[str], given: Sequence[str]) -> float:
    """Share of the differing right values that are among the claims; variants count once."""
    groups: list[str] = []
    for gold in golds:
        if not any(are_same(gold, other) for other in groups):
            groups.append(gold)
    return sum(any(are_same(value, gold) for value in given) for gold in groups) / len(groups)


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
        values["answered_precision"] = float(_outcome(case, answer)[0])
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
    """Share of the claims whose value stands in the first quote that is cited for it."""
    quotes = {citation["n"]: citation["quote"] for citation in answer["citations"]}
    held = [claim["value"] in quotes[claim["citations"][0]] for claim in answer["claims"]]
    return sum(held) / len(held) if held else 0.0


def _retrieval(case: Case, hits: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    values: dict[str, float] = {}
    if case.articles:
        ranked = list(dict.fromkeys(h["article"] for h in hits))
        wanted = set(case.articles)
        names = {h["article"]: {h["article"], h["title"], h["source"]} for h in hits}
        right = {article for article, own in names.items() if wanted & own}
        unseen = wanted.difference(*(names[article] for article in right))
        values |= {f"article@{k}": ranking.success(ranked, right, k) for k in DEPTHS}
        values["article_rr"] = ranking.reciprocal_rank(ranked, right)
        # All that is relevant counts, found or not: unfound ones stand in as unseen items.
        relevant = {*right, *range(len(unseen))}
        values["article_ndcg@10"] = ranking.ndcg(ranked, dict.fromkeys(relevant, 1), 10)
    if case.quotes:
        places = list(range(len(hits)))
        right_places = {n for n in places if any(q in hits[n]["text"] for q in case.quotes)}
        values |= {f"passage@{k}": ranking.success(places, right_places, k) for k in DEPTHS}
        values["passage_rr"] = ranking.reciprocal_rank(places, right_places)
    return values


def _reading(case: Case, record: Mapping[str, Any]) -> dict[str, float]:
    """The same for the ranking that the reader ends up with: what it read, surest first."""
    hits = record["hits"]
    read = [span["hit"] for span in record.get("spans", ()) if span["hit"] is not None]
    if not read:
        return {}
    order = dict.fromkeys([*read, *range(len(hits))])
    found = _retrieval(case, [hits[n] for n in order])
    return {f"read_{name}": found[name] for name in _READ if name in found}
