"""The shipped reader made again, with one command.

    python -m qa.train.recipe DATA MINILM FOLDER

Trains the runs into FOLDER, each from the average of some before it, mines hard negatives with the
third for the fourth, and exports an average of the last two to FOLDER/reader (`qa.train.soup`
compares such averages). Stopped and started again it goes on. `qa.train.calibrate` is what then
fits the probabilities. Some five hours on two cores.
"""

from __future__ import annotations

import argparse
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
    mined_with: str = ""
    """The run that mines hard negatives for it."""


_LATER = Settings(rate=2e-4, head_rate=4e-4, warm_up=0.03)
RUNS = {
    "first": Run(Settings(seed=7, tokens=8_000_000)),
    "second": Run(replace(_LATER, seed=8, tokens=8_200_000), ("first",)),
    "third": Run(replace(_LATER, seed=9, tokens=13_000_000, dropout=0.1), ("first", "second")),
    "fourth": Run(
        replace(_LATER, seed=10, tokens=9_500_000, dropout=0.1, scale=0.42), ("third",), "third"
    ),
}


SHIPPED = {"third": 0.4, "fourth": 0.6}
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
        if run.mined_with:
            mined = mined_by(given.folder / run.mined_with, given.data, tokenizer)
            settings = replace(settings, mined=str(mined))
        former = [given.folder / one for one in run.start_from]
        train(given.data, given.weights, given.folder / name, settings, former)
    shipped = [given.folder / name for name in SHIPPED]
    export(shipped, list(SHIPPED.values()), tokenizer, given.folder / "reader")


def mined_by(run: Path, data: Path, tokenizer: Path) -> Path:
    """The file of what a run's reader falls for in an archive of all articles, made if missing."""
    file = run / "mined.jsonl"
    if not file.exists():
        export([run], None, tokenizer, run / "reader")
        with Engine.open(run / "archive", samples=False) as engine:
            engine.add(archive_articles(data))
            mine.write(file, mine.mine(data, engine, SpanReader(run / "reader")))
    return file


if __name__ == "__main__":
    main()
