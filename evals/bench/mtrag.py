"""MTRAG-UN (IBM): conversations whose last question can, cannot, or cannot yet be answered.

A folder with `tasks.jsonl` and `passages.jsonl`. Every task is asked with its history over all
the passages together (the authors search each collection apart, in far larger pools).

- Abstention: unanswerable and underspecified questions are right to refuse, answerable ones to
  answer; balanced accuracy is the mean of both rates. The authors have an LLM judge tell "I do not
  know" from a question back; ours only abstains. Partly answerable ones are left out of it.
- `passage_recall@k` over the tasks with gold passages that can be answered, wholly or in part.
- `f1`: token F1 of the answer's text, without markers and quotation marks, against the reference,
  over the same; an abstention counts 0. The authors' own figures (RB_alg, RL_F, RB_llm) need other
  models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from corpus import Article, OnRecordError, Skipped
from evals import ranking
from evals.bench import files, pool
from evals.bench.result import Progress, Result, means, timings, tracked
from evals.statistics import Figure, Indices, balanced_accuracy, bootstrap
from qa.engine import Engine
from qa.likeness import token_f1

DEPTHS = (5, 10)
_PASSAGES_SEARCHED = 60  # a document may be cut in several; ten distinct ones are wanted
_OURS = re.compile(r"\[\d+\]|[“”]")  # what the answer's text adds to the words of the passages


class Kind(StrEnum):
    """Whether the passages answer a question."""

    ANSWERABLE = "ANSWERABLE"
    PARTIAL = "PARTIAL"
    UNANSWERABLE = "UNANSWERABLE"
    UNDERSPECIFIED = "UNDERSPECIFIED"


_TO_REFUSE = frozenset({Kind.UNANSWERABLE, Kind.UNDERSPECIFIED})


@dataclass(frozen=True, slots=True)
class Task:
    """The last question of a conversation."""

    question: str
    history: tuple[tuple[str, str], ...]
    kind: Kind
    gold: tuple[str, ...]
    """Ids of the passages that answer it."""
    reference: str


def load(folder: Path) -> Iterator[Task]:
    """The tasks of a folder, one by one.

    Raises:
        OnRecordError: naming file and line.
    """
    for where, record in files.records(files.find(folder, "tasks.jsonl")):
        kind = files.text(record, "answerability", where)
        if kind not in list(Kind):
            raise files.wrong(where, "answerability", " or ".join(Kind), kind)
        question, history = _turns(files.items(record, "history", where), where)
        gold = tuple(files.items(record, "gold", where, str))
        yield Task(question, history, Kind(kind), gold, files.text(record, "target", where))


def passages(folder: Path) -> Iterator[Article | Skipped]:
    """The pool's passages as articles that keep their ids.

    Raises:
        OnRecordError: naming file and line.
    """
    for where, record in files.records(files.find(folder, "passages.jsonl")):
        name, title = files.text(record, "id", where), files.text(record, "title", where, "")
        yield pool.document(name, title, files.text(record, "text", where), where)


def run(tasks: Iterable[Task], engine: Engine, progress: Progress | None = None) -> Result:
    """Ask every task of an engine that holds the passages, and score the answers.

    Raises:
        OnRecordError: there are none.
    """
    asked = list(tasks)
    if not asked:
        raise OnRecordError("no tasks are left to ask")
    scores, seconds = [], []
    for task in tracked(asked, progress):
        score, took = _ask(engine, task)
        scores.append(score)
        seconds.append(took)
    return Result("mtrag", len(asked), _figures(asked, scores), timings(seconds))


def _ask(engine: Engine, task: Task) -> tuple[dict[str, float], float]:
    answer = engine.ask(task.question, task.history)
    score = {"abstained": float(answer.abstained)}
    if task.kind not in _TO_REFUSE:
        text = "" if answer.abstained else _OURS.sub("", answer.text)
        score["f1"] = token_f1(text, task.reference)
        if task.gold:
            asked = answer.read_as or task.question
            found = pool.names_found(engine.archive.search(asked, _PASSAGES_SEARCHED))
            for k in DEPTHS:
                score[f"passage_recall@{k}"] = ranking.recall(found, task.gold, k)
    return score, answer.seconds["total"]


def _figures(tasks: Sequence[Task], scores: Sequence[Mapping[str, float]]) -> dict[str, Figure]:
    pairs = list(zip(tasks, scores, strict=True))
    figures = _balanced([(t, s) for t, s in pairs if t.kind is not Kind.PARTIAL])
    values: dict[str, list[float]] = {}
    for kind in Kind:
        label = "abstained" if kind in _TO_REFUSE else "answered"
        abstained = [s["abstained"] for t, s in pairs if t.kind is kind]
        own = abstained if kind in _TO_REFUSE else [1 - value for value in abstained]
        values[f"{label}_{kind.lower()}"] = own
    for name in (*(f"passage_recall@{k}" for k in DEPTHS), "f1"):
        values[name] = [score[name] for score in scores if name in score]
    return figures | means(values)


def _balanced(pairs: Sequence[tuple[Task, Mapping[str, float]]]) -> dict[str, Figure]:
    """Mean of both rates: refusing what is to be refused, answering the rest."""
    refuse = np.array([task.kind in _TO_REFUSE for task, _ in pairs])
    abstained = np.array([score["abstained"] for _, score in pairs])
    if not len(pairs) or refuse.all() or not refuse.any():
        return {}

    def balanced(some: Indices) -> float:
        return balanced_accuracy(refuse[some], abstained[some])

    return {"abstention_balanced": bootstrap(balanced, len(pairs))}


def _turns(history: Sequence[object], where: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The last question, and the earlier ones with their answers."""
    texts = [files.text(turn, "text", where) for turn in history]
    speakers = [files.text(turn, "speaker", where) for turn in history]
    if not texts or speakers[-1] != "user":
        raise files.wrong(where, "history", "turns that end with the user's", history)
    earlier = [
        (texts[n], texts[n + 1])
        for n in range(len(texts) - 1)
        if (speakers[n], speakers[n + 1]) == ("user", "agent")
    ]
    return texts[-1], tuple(earlier)
