"""The shipped reader made again, with one command.

    python -m qa.train.recipe DATA MINILM FOLDER

Trains the runs into FOLDER, each from the average of some before it, the last four with hard
negatives that those before them fall for, and exports an average of the last ones to
FOLDER/reader (`qa.train.soup` compares such averages). Stopped and started again it goes on.
`qa.train.calibrate` is what then fits the probabilities. Some nine hours on two cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qa.engine import Engine
from qa.read import SpanReader
from qa.train import mine
from qa.train.__main__ import train
from qa.train.archive_cases import archive_articles
from qa.train.export import export
from qa.train.train import Settings


@dataclass(frozen=True)
class Run:
    """One training run."""

    settings: Settings
    start_from: tuple[str, ...] = ()
    """The runs of whose average it starts; none: MiniLM."""
    mined: str = ""
    """Which of `MINED` it learns from besides."""


@dataclass(frozen=True)
class Round:
    """One mining of hard negatives."""

    runs: Mapping[str, float]
    """Whose average falls for them, and what each counts for."""
    seed: int = 5
    """Of which questions are put."""


_FOUR = {"third": 0.1, "fourth": 0.2, "fifth": 0.3, "sixth": 0.4}
MINED = {
    "first-round": Round({"third": 1.0}),
    "second-round": Round({"third": 0.4, "fourth": 0.6}),
    "third-round": Round(_FOUR, seed=6),
}

_LATER = Settings(rate=2e-4, head_rate=4e-4, warm_up=0.03)
RUNS = {
    "first": Run(Settings(seed=7, tokens=8_000_000)),
    "second": Run(replace(_LATER, seed=8, tokens=8_200_000), ("first",)),
    "third": Run(replace(_LATER, seed=9, tokens=13_000_000, dropout=0.1), ("first", "second")),
    "fourth": Run(
        replace(_LATER, seed=10, tokens=9_500_000, dropout=0.1, scale=0.42),
        ("third",),
        "first-round",
    ),
    "fifth": Run(
        replace(_LATER, seed=11, tokens=9_500_000, dropout=0.1, scale=0.42),
        ("third", "fourth"),
        "second-round",
    ),
    "sixth": Run(
        replace(_LATER, seed=12, tokens=9_500_000, dropout=0.1, scale=0.42),
        ("third", "fourth", "fifth"),
        "second-round",
    ),
    "seventh": Run(
        replace(_LATER, seed=13, tokens=8_800_000, dropout=0.1, scale=0.42),
        ("third", "fourth", "fifth", "sixth"),
        "third-round",
    ),
}


SHIPPED = {"third": 0.1, "fourth": 0.15, "fifth": 0.2, "sixth": 0.25, "seventh": 0.3}
"""The runs that are averaged, and what each counts for."""


def main(arguments: list[str] | None = None) -> None:
    """Train and export."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.train.recipe",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("weights", type=Path, help="folder with MiniLM-L6")
    parser.add_argument("folder", type=Path, help="where to keep the runs and the reader")
    given = parser.parse_args(arguments)
    tokenizer = given.weights / "tokenizer.json"
    for name, run in RUNS.items():
        settings = run.settings
        if run.mined:
            file = mined(run.mined, given.folder, given.data, tokenizer)
            settings = replace(settings, mined=str(file))
        former = [given.folder / one for one in run.start_from]
        train(given.data, given.weights, given.folder / name, settings, former)
    _export(SHIPPED, given.folder, tokenizer, given.folder / "reader")


def mined(name: str, folder: Path, data: Path, tokenizer: Path) -> Path:
    """What an average of `MINED` falls for in an archive of all articles, made if missing."""
    file, reader = folder / f"mined-{name}.jsonl", folder / f"reader-{name}"
    if not file.exists():
        _export(MINED[name].runs, folder, tokenizer, reader)
        with Engine.open(folder / "archive", samples=False) as engine:
            engine.add(archive_articles(data))
            mine.write(file, mine.mine(data, engine, SpanReader(reader), MINED[name].seed))
    return file


def _export(runs: Mapping[str, float], folder: Path, tokenizer: Path, out: Path) -> None:
    export([folder / name for name in runs], list(runs.values()), tokenizer, out)


if __name__ == "__main__":
    main()
