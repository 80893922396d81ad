"""From groups of passages to batches of token ids."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor

from qa.train.sets import Item, Span, prefix

MAX_QUESTION = 64
MAX_LENGTH = 320
LONGEST_ANSWER = 48
"""In WordPieces. Longer spans are never predicted, and answers longer than this not trained on."""


@dataclass(frozen=True)
class Encoded:
    """One question and passage as token ids: where the second segment and the passage begin."""

    ids: npt.NDArray[np.uint16]
    second: int
    passage: int
    spans: tuple[Span, ...]
    offsets: tuple[Span, ...] = ()


def encode(
    tokenizer: Tokenizer, items: Sequence[Item], length: int = MAX_LENGTH, offsets: bool = False
) -> list[Encoded]:
    """Encode items; a passage too long is cut at its end (evaluation makes windows before)."""
    questions = tokenizer.encode_batch([item.question for item in items], add_special_tokens=False)
    before = [prefix(item.title, item.date) for item in items]
    passages = tokenizer.encode_batch(
        [head + item.text for head, item in zip(before, items, strict=True)],
        add_special_tokens=False,
    )
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    made = []
    for item, head, question, passage in zip(items, before, questions, passages, strict=True):
        asked = question.ids[-MAX_QUESTION:]  # as the product does: the end is what is asked
        second = len(asked) + 2
        room = length - second - 1
        places = passage.offsets[:room]
        first = next((n for n, (_, b) in enumerate(places) if b > len(head)), len(places))
        spans = [(second + a, second + b) for a, b in _token_spans(item, places, first, len(head))]
        ids = np.array([cls, *asked, sep, *passage.ids[:room], sep], dtype=np.uint16)
        moved = tuple((a - len(head), b - len(head)) for a, b in places) if offsets else ()
        made.append(Encoded(ids, second, second + first, tuple(spans), moved))
    return made


def _token_spans(item: Item, places: Sequence[Span], first: int, head: int) -> list[Span]:
    found: set[Span] = set()
    for start, end in item.spans:
        a, b = start + head, end + head
        inside = [n for n in range(first, len(places)) if places[n][0] < b and places[n][1] > a]
        if not inside or places[inside[-1]][1] < b:
            continue
        if inside[-1] - inside[0] < LONGEST_ANSWER:
            found.add((inside[0], inside[-1]))
    return sorted(found)


@dataclass(frozen=True)
class Batch:
    """Padded tensors of several groups; `group` numbers the group of each row."""

    ids: Tensor
    mask: Tensor
    types: Tensor
    allowed: Tensor
    gold: Tensor
    group: Tensor

    @property
    def tokens(self) -> int:
        """Real tokens, padding not counted."""
        return int(self.mask.sum())


def collate(groups: Sequence[Sequence[Encoded]]) -> Batch:
    """Pad groups of encoded passages into one batch."""
    rows = [row for group in groups for row in group]
    longest = max(len(row.ids) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    allowed = torch.zeros(len(rows), longest, dtype=torch.bool)
    gold = torch.full((len(rows), max(1, *(len(row.spans) for row in rows)), 2), -1)
    for number, row in enumerate(rows):
        size = len(row.ids)
        ids[number, :size] = torch.from_numpy(row.ids.astype(np.int64))
        mask[number, :size] = 1
        types[number, row.second : size] = 1
        allowed[number, row.passage : size - 1] = True
        if row.spans:
            gold[number, : len(row.spans)] = torch.tensor(row.spans)
    group = torch.tensor([n for n, members in enumerate(groups) for _ in members])
    return Batch(ids, mask, types, allowed, gold, group)


def batches(
    groups: Sequence[Sequence[Encoded]], tokens: int, rng: random.Random, window: int = 40
) -> Iterator[list[Sequence[Encoded]]]:
    """Batches of about `tokens` tokens, in order but sorted by length within `window` batches."""
    for stretch in _stretches(groups, tokens * window):
        ordered = sorted(stretch, key=_extent)
        packed: list[list[Sequence[Encoded]]] = []
        held = tokens
        for group in ordered:
            size = sum(len(row.ids) for row in group)
            if held + size > tokens:
                packed.append([])
                held = 0
            packed[-1].append(group)
            held += size
        rng.shuffle(packed)
        yield from packed


def _extent(group: Sequence[Encoded]) -> Span:
    return max(len(row.ids) for row in group), len(group)


def _stretches(
    groups: Iterable[Sequence[Encoded]], tokens: int
) -> Iterator[list[Sequence[Encoded]]]:
    stretch: list[Sequence[Encoded]] = []
    held = 0
    for group in groups:
        stretch.append(group)
        held += sum(len(row.ids) for row in group)
        if held >= tokens:
            yield stretch
            stretch, held = [], 0
    if stretch:
        yield stretch
