"""Make the static embedder's table: MiniLM's word vectors, weighed by frequency, tuned on pairs.

    python -m qa.train.pairs DATA > pairs.jsonl
    python -m index.distil --pairs pairs.jsonl --weights MINILM

Needs torch. Each WordPiece goes through MiniLM alone; the vectors are cut to 256 dimensions by
PCA and weighed by a / (a + frequency) (Arora et al. 2017); then all rows are tuned so that a
question lies nearer to its own passage than to the others of its batch (InfoNCE).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from index.embed import load_tokenizer
from index.pieces import WordPieces
from index.static import TABLE, save_table

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Settings:
    """Everything that decides what comes out, apart from the data."""

    dimensions: int = 256
    smoothing: float = 1e-3
    epochs: int = 8
    batch: int = 1024
    rate: float = 2e-3
    temperature: float = 0.05
    longest: int = 260
    seed: int = 3


class Texts:
    """Token ids of many texts, end to end."""

    def __init__(self, pieces: WordPieces, texts: Sequence[str], longest: int) -> None:
        ids = [np.array(pieces.ids(text)[:longest], dtype=np.int32) for text in texts]
        self.flat: Ids = np.concatenate(ids)
        self.ends = np.cumsum([len(own) for own in ids])

    def bag(self, places: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Ids of some texts and where each begins, as `embedding_bag` takes them."""
        starts = np.where(places > 0, self.ends[places - 1], 0)
        own = [self.flat[a:b] for a, b in zip(starts, self.ends[places], strict=True)]
        sizes = [len(ids) for ids in own]
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        return torch.from_numpy(np.concatenate(own)).long(), torch.from_numpy(offsets).long()


def word_vectors(weights: Path, vocabulary: int, dimensions: int) -> Tensor:
    """MiniLM's vector of each WordPiece alone, cut by PCA, shape [vocabulary, dimensions]."""
    from transformers import AutoModel

    model = AutoModel.from_pretrained(weights).eval()
    found = []
    with torch.inference_mode():
        for first in range(0, vocabulary, 1024):
            own = torch.arange(first, min(first + 1024, vocabulary))
            ids = torch.stack([torch.full_like(own, 101), own, torch.full_like(own, 102)], 1)
            found.append(model(ids).last_hidden_state.mean(1))
    full = torch.cat(found).clone()
    full -= full.mean(0)
    _, _, directions = torch.linalg.svd(full, full_matrices=False)
    return functional.normalize(full @ directions[:dimensions].T, dim=1)


def tune(rows: Tensor, asked: Texts, passages: Texts, settings: Settings) -> Tensor:
    """Rows tuned on the pairs."""
    table = torch.nn.Parameter(rows.clone())
    optimizer = torch.optim.Adam([table], lr=settings.rate, betas=(0.9, 0.98))
    rng = np.random.default_rng(settings.seed)
    count = len(asked.ends)
    steps = settings.epochs * (count // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, steps, pct_start=0.05, anneal_strategy="cos"
    )
    started, losses = time.monotonic(), []
    for step in range(steps):
        if step % (count // settings.batch) == 0:
            order = rng.permutation(count)
        at = step % (count // settings.batch) * settings.batch
        places = order[at : at + settings.batch]
        left = functional.normalize(functional.embedding_bag(*_bag(asked, places, table)), dim=1)
        right = functional.normalize(
            functional.embedding_bag(*_bag(passages, places, table)), dim=1
        )
        scores = left @ right.T / settings.temperature
        own = torch.arange(len(places))
        loss = (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 50 == 49:
            pace = (step + 1) / (time.monotonic() - started)
            print(
                f"step {step + 1}/{steps} loss {np.mean(losses[-50:]):.4f} {pace:.2f}/s", flush=True
            )
    return table.detach()


def _bag(texts: Texts, places: NDArray[np.int64], table: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    ids, offsets = texts.bag(places)
    return ids, table, offsets


def main(arguments: list[str] | None = None) -> None:
    """Distil, tune and write the table."""
    parser = argparse.ArgumentParser(prog="python -m index.distil", description=main.__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="pairs, a JSON array a line")
    parser.add_argument("--weights", type=Path, required=True, help="folder with MiniLM-L6")
    parser.add_argument("--out", type=Path, default=TABLE, help="the table file to write")
    given = parser.parse_args(arguments)
    settings = Settings()
    torch.manual_seed(settings.seed)
    tokenizer = load_tokenizer()
    pieces = WordPieces(tokenizer)
    lines = given.pairs.read_text(encoding="utf-8").splitlines()
    pairs = [pair for pair in map(json.loads, lines) if pieces.ids(pair[0]) and pieces.ids(pair[1])]
    asked = Texts(pieces, [pair[0] for pair in pairs], settings.longest)
    passages = Texts(pieces, [pair[1] for pair in pairs], settings.longest)
    print(f"{len(pairs)} pairs, {len(asked.flat) + len(passages.flat)} tokens", flush=True)
    vocabulary = tokenizer.get_vocab_size()
    seen = np.bincount(passages.flat, minlength=vocabulary) / len(passages.flat)
    weights = settings.smoothing / (settings.smoothing + seen)
    rows = word_vectors(given.weights, vocabulary, settings.dimensions)
    rows *= torch.from_numpy(weights).float()[:, None]
    save_table(given.out.with_name("untuned.npz"), rows.numpy())
    save_table(given.out, tune(rows, asked, passages, settings).numpy())


if __name__ == "__main__":
    main()
