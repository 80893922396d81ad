"""Running a reader over passages, from a checkpoint or from the exported file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from qa.network import load
from qa.train.batches import LONGEST_ANSWER, MAX_LENGTH, Encoded, encode
from qa.train.model import Reader
from qa.train.sets import Item, sentences

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Forward = Callable[[Ids, Ids, Ids], tuple[Array, Array, Array]]


@dataclass(frozen=True)
class Answer:
    """The best span of a passage and its score against 'no answer'."""

    score: float
    start: int
    end: int
    text: str
    sentence: str


def torch_forward(model: Reader) -> Forward:
    """A forward function over a torch model."""

    def forward(ids: Ids, mask: Ids, types: Ids) -> tuple[Array, Array, Array]:
        with torch.inference_mode():
            tensors = (torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(types))
            start, end, none = model(*tensors)
        return start.numpy(), end.numpy(), none.numpy()

    return forward


def onnx_forward(path: Path) -> Forward:
    """A forward function over an exported file."""
    session = load(path)

    def forward(ids: Ids, mask: Ids, types: Ids) -> tuple[Array, Array, Array]:
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        start, end, none = session.run(["start", "end", "none"], fed)
        return start, end, none

    return forward


def mean_forward(several: Sequence[Forward], shares: Sequence[float] | None = None) -> Forward:
    """What several readers say together: the mean of their logits, weighted by `shares`."""

    def forward(ids: Ids, mask: Ids, types: Ids) -> tuple[Array, Array, Array]:
        start, end, none = (
            np.average(each, axis=0, weights=shares)
            for each in zip(*(one(ids, mask, types) for one in several), strict=True)
        )
        return start, end, none

    return forward


def pad(rows: Sequence[Encoded]) -> tuple[Ids, Ids, Ids]:
    """Ids, mask and segment types, padded to the longest row."""
    longest = max(len(row.ids) for row in rows)
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = row.ids
        mask[number, : len(row.ids)] = 1
        types[number, row.second : len(row.ids)] = 1
    return ids, mask, types


def windows(tokenizer: Tokenizer, item: Item) -> list[Item]:
    """The item, halved with an overlap of one sentence until each part fits the reader."""
    size = len(tokenizer.encode(item.question, item.title + " " + item.text).ids)
    parts = sentences(item.text)
    if size < MAX_LENGTH - 12 or len(parts) < 3:
        return [item]
    middle = len(parts) // 2
    cut = (item.text[: parts[middle][1]], item.text[parts[middle][0] :])
    return [part for text in cut for part in windows(tokenizer, replace(item, text=text, spans=()))]


def read(
    forward: Forward, tokenizer: Tokenizer, items: Sequence[Item], tokens: int = 4000
) -> list[Answer]:
    """The best answer of each item, whatever its score; long passages are read in windows."""
    pieces = [(n, part) for n, item in enumerate(items) for part in windows(tokenizer, item)]
    rows = encode(tokenizer, [part for _, part in pieces], offsets=True)
    order = sorted(range(len(rows)), key=lambda place: len(rows[place].ids))
    best: dict[int, Answer] = {}
    at = 0
    while at < len(order):
        count = max(1, tokens // max(len(rows[order[at]].ids), 1))
        chosen = order[at : at + count]
        at += count
        start, end, none = forward(*pad([rows[place] for place in chosen]))
        for line, place in enumerate(chosen):
            number, item = pieces[place]
            answer = best_span(start[line], end[line], float(none[line]), rows[place], item.text)
            if number not in best or answer.score > best[number].score:
                best[number] = answer
    return [best[number] for number in range(len(items))]


def best_span(start: Array, end: Array, none: float, row: Encoded, text: str) -> Answer:
    """The best-scored span inside the passage of one row."""
    first, last = row.passage, len(row.ids) - 1
    begins, ends = start[first:last], end[first:last]
    if not len(begins):
        return Answer(-1e4, 0, 0, "", "")
    grid = begins[:, None] + ends[None, :]
    size = len(begins)
    reach = np.arange(size)[None, :] - np.arange(size)[:, None]
    grid = np.where((reach >= 0) & (reach < LONGEST_ANSWER), grid, -np.inf)
    i, j = np.unravel_index(int(grid.argmax()), grid.shape)
    a = max(0, row.offsets[first - row.second + i][0])
    b = row.offsets[first - row.second + j][1]
    around = next((text[x:y].strip() for x, y in sentences(text) if x <= a < y), "")
    return Answer(float(grid[i, j]) - none, a, b, text[a:b], around)
