"""The shipped reader made again, with one command.

    python -m qa.train.recipe DATA MINILM FOLDER

Trains the runs into FOLDER, each from the average of those before it, and exports the last one to
FOLDER/reader (`qa.train.soup` compares it with averages). Stopped and started again it goes on.
`qa.train.calibrate` is what then fits the probabilities. Some three hours on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.train.__main__ import train
from qa.train.export import export
from qa.train.train import Settings

RUNS = {
    "first": Settings(seed=7, tokens=8_000_000),
    "second": Settings(seed=8, tokens=8_200_000, rate=2e-4, head_rate=4e-4, warm_up=0.03),
    "third": Settings(
        seed=9, tokens=13_000_000, rate=2e-4, head_rate=4e-4, warm_up=0.03, dropout=0.1
    ),
}


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
    done: list[Path] = []
    for name, settings in RUNS.items():
        train(given.data, given.weights, given.folder / name, settings, done)
        done.append(given.folder / name)
    export(done[-1:], None, given.weights / "tokenizer.json", given.folder / "reader")


if __name__ == "__main__":
    main()
