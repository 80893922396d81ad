"""Averaging the weights of several runs of one lineage, and what each average scores.

    python -m qa.train.soup --data DATA --run RUN1 RUN2 --share .5 .5 \\
      --share .35 .65

They are better together than any of them (Wortsman et al. 2022, model soups). Which shares are
best is told by the articles and weeks kept for calibration, on which nothing is reported.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from index.embed import load_tokenizer
from qa.train.decode import torch_forward
from qa.train.evaluate import Reading, outcome
from qa.train.four_bits import matrices, round_to_four_bits
from qa.train.held_out import calibration_cases
from qa.train.model import Reader
from qa.train.scoring import best_threshold, ranking_area, separating_threshold
from qa.train.sets import read_squad
from qa.train.shipped import shipped
from qa.train.train import load_averaged
from qa.train.written import WRITTEN, written


def average(folders: Sequence[Path], shares: Sequence[float] | None = None) -> Reader:
    """The averaged weights of several runs, in equal or the given shares.

    A run is the folder of its checkpoint, or the file that was exported from it.

    Raises:
        ValueError: there are not as many shares as runs, or they do not sum to one.
    """
    shares = shares or [1 / len(folders)] * len(folders)
    if len(shares) != len(folders) or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"{len(folders)} runs need as many shares that sum to one, not {shares}")
    model, *others = [
        shipped(run) if run.suffix == ".onnx" else load_averaged(run) for run in folders
    ]
    with torch.no_grad():
        for mine, *theirs in zip(*(m.parameters() for m in (model, *others)), strict=True):
            mine.mul_(shares[0])
            for share, other in zip(shares[1:], theirs, strict=True):
                mine.add_(other, alpha=share)
    return model


def scores(model: Reader, tokenizer: Tokenizer, data: Path) -> dict[str, float]:
    """What a model reaches on the calibration articles and weeks, in percent."""
    reading = Reading(torch_forward(model), tokenizer)
    found = {}
    for origin in ("squad2", "new_wiki"):
        items = list(read_squad(data / f"squad/{origin}.json", origin, "calibrate"))
        found[origin] = reading.outcomes(items)
    cases = [case for case in calibration_cases(data) if len(case.passages) > 1]
    answers = reading.best_of([case.passages for case in cases])
    several = [outcome(answer, case.gold) for answer, case in zip(answers, cases, strict=True)]
    answerable = [one.f1 for one in found["squad2"] if one.answerable]
    made = {}
    for name in WRITTEN:
        asked = [item for group in written(data, name, kept=True) for item in group]
        told = reading.outcomes(asked)
        made[f"{name}, balanced"] = separating_threshold(told)[1]
        made[f"{name}, ranking"] = ranking_area(told)
    return {
        "squad2, best threshold": best_threshold(found["squad2"])[1],
        "answerable": 100 * sum(answerable) / len(answerable),
        "ranking": ranking_area(found["squad2"]),
        "new_wiki": 100 * sum(one.f1 for one in found["new_wiki"]) / len(found["new_wiki"]),
        "several passages, balanced": separating_threshold(several)[1],
        "several passages, ranking": ranking_area(several),
        **made,
    }


def main(arguments: list[str] | None = None) -> None:
    """Score averages of runs on the calibration articles and weeks."""
    parser = argparse.ArgumentParser(prog="python -m qa.train.soup", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--run", type=Path, nargs="+", required=True, help="folders of runs")
    parser.add_argument(
        "--share", type=float, nargs="+", action="append", required=True,
        help="what each run counts for; give it several times to compare",
    )  # fmt: skip
    given = parser.parse_args(arguments)
    tokenizer = load_tokenizer()
    for shares in given.share:
        with torch.inference_mode():
            model = average(given.run, shares).eval()
            round_to_four_bits(matrices(model))
            reached = scores(model, tokenizer, given.data)
        print(shares, *(f"{name} {value:.2f}" for name, value in reached.items()), sep="  ")


if __name__ == "__main__":
    main()
