"""Command line: `python -m qa.train --data ... --weights ... --out ...`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import torch

from index.embed import load_tokenizer
from qa.train.model import SHAPES, Reader, load_encoder
from qa.train.soup import average
from qa.train.train import Settings, Trainer, prepare


def main(arguments: list[str] | None = None) -> None:
    """Train a reader, going on from the checkpoint in `--out` if there is one."""
    parser = argparse.ArgumentParser(prog="python -m qa.train", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument(
        "--weights", type=Path, help="folder with MiniLM-L6 or MPNet, for a first run"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    for field in fields(Settings):
        kind = type(field.default)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    parser.add_argument(
        "--start-from",
        type=Path,
        nargs="+",
        help="former runs, or exported files, of whose average to start",
    )
    given = parser.parse_args(arguments)
    names = [field.name for field in fields(Settings)]
    settings = replace(Settings(), **{name: getattr(given, name) for name in names})
    train(Sources(given.data, given.weights), given.out, settings, given.start_from)


@dataclass(frozen=True)
class Sources:
    """What a run is made from."""

    data: Path
    """Folder of the data sets."""
    weights: Path | None
    """Folder with MiniLM-L6 or, as the settings have it, MPNet; a first run needs it."""


def train(
    sources: Sources, out: Path, settings: Settings, start_from: Sequence[Path] | None = None
) -> None:
    """Train a reader into a folder; a run that was stopped goes on, one that was done is left.

    Args:
        sources: Data and first weights.
        out: Folder for checkpoints.
        settings: Of this run.
        start_from: Former runs, or exported files, of whose average to start.

    Raises:
        ValueError: There is nothing to start from.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(settings.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(settings.seed)
    model = Reader(SHAPES[settings.network], dropout=settings.dropout)
    if start_from:
        model.load_state_dict(average(start_from).state_dict())
    elif sources.weights is None:
        raise ValueError("a first run needs --weights, a later one --start-from")
    else:
        load_encoder(model, sources.weights / "model.safetensors")
    trainer = Trainer(model, settings, out)
    resumed = trainer.resume()
    if trainer.state.seen >= settings.tokens:
        return
    groups = prepare(sources.data, load_tokenizer(), settings)
    rows = [row for group in groups for row in group]
    print(f"{len(groups)} groups, {len(rows)} passages, {sum(bool(r.spans) for r in rows)} with "
          f"answer, {sum(len(r.ids) for r in rows)} tokens", flush=True)  # fmt: skip
    print("going on" if resumed else "starting", flush=True)
    for layer in model.layers:
        layer.compile(dynamic=True)  # what stands between the products is half of the time
    trainer.run(groups)


if __name__ == "__main__":
    main()
