"""The shipped reader made again, with one command.

    python -m qa.train.recipe DATA MINILM MPNET FOLDER

Trains the runs of both networks into FOLDER, each from the average of some before it, with hard
negatives that those before it fall for or that a search finds, and exports an average of each to
FOLDER/reader (`qa.train.soup` compares such averages). Stopped and started again it goes on.
`qa.train.calibrate` is what then fits the probabilities. Some fifteen hours on two cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qa.engine import Engine
from qa.read import SpanReader
from qa.train import mine
from qa.train.__main__ import Sources, train
from qa.train.archive_cases import archive_articles
from qa.train.export import export
from qa.train.train import Settings


@dataclass(frozen=True)
class Run:
    """One training run."""

    settings: Settings
    start_from: tuple[str, ...] = ()
    """The runs of whose average it starts; none: MiniLM, or MPNet."""
    mined: str = ""
    """Which of `MINED` it learns from besides."""


@dataclass(frozen=True)
class Round:
    """One mining of hard negatives."""

    runs: Mapping[str, float]
    """Whose average falls for them, and what each counts for; none: the search's first."""
    seed: int = 5
    """Of which questions are put."""


_FOUR = {"third": 0.1, "fourth": 0.2, "fifth": 0.3, "sixth": 0.4}
MINED = {
    "first-round": Round({"third": 1.0}),
    "second-round": Round({"third": 0.4, "fourth": 0.6}),
    "third-round": Round(_FOUR, seed=6),
    "searched": Round({}, seed=6),
}

# What is in `qa.train.written` came later: only the last runs of each network have seen it. Most
# of `kinds.jsonl` was written after them; they saw as many questions as these shares leave.
_LATER = Settings(rate=2e-4, head_rate=4e-4, warm_up=0.03, twins=0.0, kinds=0.0)
_LARGE = Settings(
    network="mpnet", precision="bfloat16", frozen_layers=6, average=0.995, rate=6e-5,
    head_rate=1.5e-4, near=0.28, plain=0.03, made=0.22, twins=0.0, kinds=0.0,
)  # fmt: skip
_TWINS = replace(
    _LATER, seed=81, tokens=2_000_000, rate=1.5e-4, head_rate=3e-4, average=0.995, dropout=0.1,
    near=0.12, plain=0.03, made=0.08, twins=1.0, fewest_words=30, most_words=95,
)  # fmt: skip
_KINDS = replace(
    _TWINS, seed=101, tokens=1_600_000, near=0.06, plain=0.02, made=0.03, twins=0.15, kinds=0.37
)
_LARGE_TWINS = replace(
    _LARGE, seed=92, tokens=2_050_000, rate=5e-5, average=0.99, batch_tokens=2_400, dropout=0.1,
    near=0.115, plain=0.02, made=0.1, twins=0.61, fewest_words=30, most_words=60,
)  # fmt: skip
_LARGE_KINDS = replace(
    _LARGE_TWINS, seed=93, tokens=1_000_000, average=0.985, near=0.03, plain=0.008, made=0.03,
    twins=0.1, kinds=0.3,
)  # fmt: skip
RUNS = {
    "first": Run(Settings(seed=7, tokens=8_000_000, twins=0.0, kinds=0.0)),
    "second": Run(replace(_LATER, seed=8, tokens=8_200_000), ("first",)),
    "third": Run(replace(_LATER, seed=9, tokens=13_000_000, dropout=0.1), ("first", "second")),
    "fourth": Run(
        replace(_LATER, seed=10, tokens=9_500_000, dropout=0.1, near=0.42, plain=0.42),
        ("third",),
        "first-round",
    ),
    "fifth": Run(
        replace(_LATER, seed=11, tokens=9_500_000, dropout=0.1, near=0.42, plain=0.42),
        ("third", "fourth"),
        "second-round",
    ),
    "sixth": Run(
        replace(_LATER, seed=12, tokens=9_500_000, dropout=0.1, near=0.42, plain=0.42),
        ("third", "fourth", "fifth"),
        "second-round",
    ),
    "seventh": Run(
        replace(_LATER, seed=13, tokens=8_800_000, dropout=0.1, near=0.42, plain=0.42),
        ("third", "fourth", "fifth", "sixth"),
        "third-round",
    ),
    "eighth": Run(_TWINS, ("third", "fourth", "fifth", "sixth", "seventh")),
    "ninth": Run(_KINDS, ("seventh", "eighth")),
    "large-first": Run(
        replace(_LARGE, seed=21, tokens=2_800_000, head_rate=4e-4, warm_up=0.06),
        mined="searched",
    ),
    "large-second": Run(
        replace(_LARGE, seed=31, tokens=3_800_000, rate=5e-5), ("large-first",), "searched"
    ),
    "large-third": Run(
        replace(_LARGE, seed=61, tokens=3_650_000, warm_up=0.03), ("large-second",), "searched"
    ),
    "large-fourth": Run(_LARGE_TWINS, ("large-third",), "searched"),
    "large-fifth": Run(_LARGE_KINDS, ("large-fourth",), "searched"),
}


SHIPPED = (
    {"third": 0.03, "fourth": 0.045, "fifth": 0.06, "sixth": 0.075, "seventh": 0.09, "ninth": 0.7},
    {"large-third": 0.4, "large-fifth": 0.6},
)
"""The runs that are averaged for each network, and what each counts for."""


def main(arguments: list[str] | None = None) -> None:
    """Train and export."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.train.recipe",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("minilm", type=Path, help="folder with all-MiniLM-L6-v2")
    parser.add_argument("mpnet", type=Path, help="folder with all-mpnet-base-v2")
    parser.add_argument("folder", type=Path, help="where to keep the runs and the reader")
    given = parser.parse_args(arguments)
    for name, run in RUNS.items():
        settings = run.settings
        if run.mined:
            file = mined(run.mined, given.folder, given.data)
            settings = replace(settings, mined=str(file))
        former = [given.folder / one for one in run.start_from]
        weights = given.mpnet if settings.network == "mpnet" else given.minilm
        train(Sources(given.data, weights), given.folder / name, settings, former)
    for runs in SHIPPED:
        _export(runs, given.folder, given.folder / "reader")


def mined(name: str, folder: Path, data: Path) -> Path:
    """What one of `MINED` brings from an archive of all articles, made if missing."""
    file, reader = folder / f"mined-{name}.jsonl", folder / f"reader-{name}"
    wanted = MINED[name]
    if not file.exists():
        if wanted.runs:
            _export(wanted.runs, folder, reader)
        with Engine.open(folder / "archive", samples=False) as engine:
            engine.add(archive_articles(data))
            outwitted = SpanReader(reader) if wanted.runs else None
            cases = mine.questions(data, wanted.seed)
            mine.write(file, mine.mine(data, engine, outwitted, cases))
    return file


def _export(runs: Mapping[str, float], folder: Path, out: Path) -> None:
    export([folder / name for name in runs], list(runs.values()), out)


if __name__ == "__main__":
    main()
