"""Scores of a reader on what it was not trained on: `python -m qa.train.evaluate`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from index.embed import load_tokenizer
from qa.likeness import best, exact_match, token_f1
from qa.train.decode import Answer, Forward, mean_forward, onnx_forward, read, torch_forward
from qa.train.four_bits import matrices, round_to_four_bits
from qa.train.held_out import Case, calibration_cases, gold_of, reported
from qa.train.scoring import (
    Outcome,
    best_threshold,
    f1_at,
    ranking_area,
    separating_threshold,
)
from qa.train.sets import Item
from qa.train.train import load_averaged
from qa.train.written import WRITTEN, written

Scores = dict[str, float]


@dataclass(frozen=True)
class Reading:
    """A reader ready to use."""

    forward: Forward
    tokenizer: Tokenizer

    def best(self, items: Sequence[Item]) -> list[Answer]:
        """The best answer of every passage."""
        return read(self.forward, self.tokenizer, items)

    def best_of(self, groups: Sequence[Sequence[Item]]) -> list[Answer]:
        """The best answer over each group's passages."""
        answers = iter(self.best([item for group in groups for item in group]))
        return [max((next(answers) for _ in group), key=lambda a: a.score) for group in groups]

    def outcomes(self, items: Sequence[Item]) -> list[Outcome]:
        """How good the best answer of every passage is."""
        return [
            outcome(answer, gold_of([item]))
            for answer, item in zip(self.best(items), items, strict=True)
        ]


def outcome(answer: Answer, gold: Sequence[str]) -> Outcome:
    """How good an answer is."""
    exact, f1 = (best(measure, answer.text, gold) for measure in (exact_match, token_f1))
    return Outcome(answer.score, exact, f1, bool(gold))


def score_squad2(reading: Reading, data: Path) -> Scores:
    """Best-threshold F1 with refusals, and F1 of the answerable questions alone."""
    items = reported(data, "squad2")
    found = reading.outcomes(items)
    answerable = [one for one in found if one.answerable]
    threshold, best, best_exact = best_threshold(found)
    return {
        "questions": len(found),
        "articles": len({item.article for item in items}),
        "f1": best,
        "em": best_exact,
        "threshold": threshold,
        "f1_at_zero": f1_at(found, 0.0),
        "refuse_all": 100 * (1 - len(answerable) / len(found)),
        "ranking_area": ranking_area(found),
        "answerable": len(answerable),
        "answerable_f1": _mean([one.f1 for one in answerable]),
        "answerable_em": _mean([one.exact for one in answerable]),
    }


def score_answerable(reading: Reading, data: Path, origin: str) -> Scores:
    """F1 and EM of a set whose questions all have answers."""
    items = reported(data, origin)
    found = reading.outcomes(items)
    return {
        "questions": len(found),
        "articles": len({item.article for item in items}),
        "f1": _mean([one.f1 for one in found]),
        "em": _mean([one.exact for one in found]),
    }


def score_written(reading: Reading, data: Path, name: str) -> Scores:
    """How well written questions with and without an answer are told apart, one passage each."""
    items = [item for group in written(data, name, kept=True) for item in group]
    found = reading.outcomes(items)
    answerable = [one.f1 for one in found if one.answerable]
    return {
        "questions": len(found),
        "f1": best_threshold(found)[1],
        "balanced_accuracy": separating_threshold(found)[1],
        "ranking_area": ranking_area(found),
        "answerable": len(answerable),
        "answerable_f1": _mean(answerable),
    }


def calibration_pairs(reading: Reading, cases: Sequence[Case]) -> list[tuple[Case, Outcome]]:
    """The best answer's score of every calibration case, and whether it is right."""
    answers = reading.best_of([case.passages for case in cases])
    return [(case, outcome(answer, case.gold)) for answer, case in zip(answers, cases, strict=True)]


def _mean(values: Sequence[float]) -> float:
    return 100 * sum(values) / max(1, len(values))


def evaluate(reading: Reading, data: Path) -> dict[str, Scores]:
    """All figures."""
    pairs = calibration_pairs(reading, calibration_cases(data))
    chosen = [one for case, one in pairs if len(case.passages) > 1]
    threshold, balanced = separating_threshold(chosen)
    return {
        "squad2": score_squad2(reading, data),
        "new_wiki": score_answerable(reading, data, "new_wiki"),
        **{name: score_written(reading, data, name) for name in WRITTEN},
        "calibration": {
            "questions": len(pairs),
            "several_passages": len(chosen),
            "threshold": threshold,
            "balanced_accuracy": balanced,
            "ranking_area": ranking_area([one for _, one in pairs]),
        },
    }


def main(arguments: list[str] | None = None) -> None:
    """Score an exported reader (`--model`, or the mean of several) or a checkpoint (`--run`)."""
    parser = argparse.ArgumentParser(prog="python -m qa.train.evaluate", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--model", type=Path, nargs="+", help=".onnx files, for their mean")
    which.add_argument("--run", type=Path, help="folder of a checkpoint")
    parser.add_argument("--shares", type=float, nargs="+", help="of each; equal by default")
    parser.add_argument("--threads", type=int, default=2, help="of torch")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    if given.model:
        forward = mean_forward([onnx_forward(file) for file in given.model], given.shares)
    else:
        model = load_averaged(given.run)
        round_to_four_bits(matrices(model))
        forward = torch_forward(model)
    reading = Reading(forward, load_tokenizer())
    scores = evaluate(reading, given.data)
    rounded = {
        name: {key: round(value, 2) for key, value in part.items()} for name, part in scores.items()
    }
    print(json.dumps(rounded, indent=1))


if __name__ == "__main__":
    main()
