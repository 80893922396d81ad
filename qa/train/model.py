"""The reader's network: MiniLM with a start/end head and a no-answer score.

Plain torch rather than `transformers`: six layers of BERT are short to write, and writing them
lets training skip padding (every position-wise step runs on real tokens only), which on a CPU is
a third of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

FLOOR = -1e4
"""Logit of a place where no answer can be. Finite, so that int8 and bf16 arithmetic stay sane."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder; the defaults are MiniLM-L6-H384."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536


class Layer(nn.Module):  # type: ignore[misc]  # torch is untyped where not installed
    """One BERT layer. `rows` lists the real tokens of the padded batch when padding is skipped."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.dropout = dropout
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=1e-12)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor, rows: Tensor | None = None) -> Tensor:
        """Attend, then transform. `x` is [batch, length, width], or [tokens, width] with `rows`."""
        batch, length = bias.shape[0], bias.shape[-1]
        qkv = self.qkv(x)
        if rows is not None:
            padded = qkv.new_zeros(batch * length, qkv.shape[-1])
            qkv = padded.index_copy(0, rows, qkv)
        qkv = qkv.view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = _attend(qkv[0], qkv[1], qkv[2], bias)
        mixed = mixed.transpose(1, 2).reshape(batch, length, -1)
        if rows is not None:
            mixed = mixed.view(batch * length, -1).index_select(0, rows)
        x = self.norm1(x + functional.dropout(self.out(mixed), self.dropout, self.training))
        inner = self.down(functional.gelu(self.up(x)))
        return self.norm2(x + functional.dropout(inner, self.dropout, self.training))


def _attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    # Written out: of passages this short torch's fused attention takes half as long again on a CPU.
    logits = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + bias.to(query.dtype)
    mixed: Tensor = logits.softmax(-1).to(value.dtype) @ value
    return mixed


class Reader(nn.Module):  # type: ignore[misc]
    """Question and passage in; start and end logits per token and one no-answer logit out."""

    def __init__(self, shape: Shape | None = None, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape or Shape()
        self.dropout = dropout
        width = self.shape.width
        self.words = nn.Embedding(self.shape.vocabulary, width)
        self.places = nn.Embedding(self.shape.positions, width)
        self.types = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(self.shape, dropout) for _ in range(self.shape.layers))
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.none = nn.Linear(width, 1)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Logits `start` and `end` [batch, length] and `none` [batch]: the exported contract."""
        x = self._embed(input_ids, token_type_ids)
        bias = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * FLOOR
        for layer in self.layers:
            x = layer(x, bias)
        return self._heads(x, x[:, 0])

    def unpadded(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As `forward`, without spending time on padding; for training."""
        batch, length = input_ids.shape
        rows = attention_mask.reshape(-1).nonzero().squeeze(1)
        x = self._embed(input_ids, token_type_ids).view(batch * length, -1).index_select(0, rows)
        x = functional.dropout(x, self.dropout, self.training)
        bias = (1.0 - attention_mask[:, None, None, :].float()) * FLOOR
        for layer in self.layers:
            x = layer(x, bias, rows)
        first = (attention_mask.sum(1).cumsum(0) - attention_mask.sum(1)).long()
        start, end, none = self._heads(x, x.index_select(0, first))
        blank = start.new_full((batch * length,), FLOOR)
        start, end = (blank.index_copy(0, rows, logits) for logits in (start, end))
        return start.view(batch, length), end.view(batch, length), none

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the lowest `layers` as they are: less to compute, to forget.

        Minus one freezes nothing, not even the embeddings.
        """
        if layers < 0:
            return
        for module in (self.words, self.places, self.norm, *list(self.layers)[:layers]):
            module.requires_grad_(False)
        self.types.requires_grad_(False)

    def _embed(self, ids: Tensor, types: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        summed = self.words(ids) + self.places(places)[None] + self.types(types)
        normed: Tensor = self.norm(summed)
        return normed

    def _heads(self, x: Tensor, first: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        start, end = self.span(x).float().unbind(-1)
        none = self.none(functional.gelu(self.pool(first))).float().squeeze(-1)
        return start, end, none


def load_minilm(model: Reader, weights: Path) -> None:
    """Fill the encoder from a BERT-style safetensors file; the heads keep their random start."""
    given = load_file(str(weights))
    given = {name.removeprefix("bert."): value for name, value in given.items()}
    filled = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "types.weight": given["embeddings.token_type_embeddings.weight"],
    }
    parts = {"norm.": "embeddings.LayerNorm."}
    for number in range(model.shape.layers):
        old, new = f"encoder.layer.{number}.", f"layers.{number}."
        parts[new + "out."] = old + "attention.output.dense."
        parts[new + "norm1."] = old + "attention.output.LayerNorm."
        parts[new + "up."] = old + "intermediate.dense."
        parts[new + "down."] = old + "output.dense."
        parts[new + "norm2."] = old + "output.LayerNorm."
        for kind in ("weight", "bias"):
            filled[f"{new}qkv.{kind}"] = torch.cat(
                [given[f"{old}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            )
    for new, old in parts.items():
        filled |= {new + kind: given[old + kind] for kind in ("weight", "bias")}
    missing, unexpected = model.load_state_dict(filled, strict=False)
    heads = ("span.", "pool.", "none.")
    wrong = [name for name in missing if not name.startswith(heads)] + list(unexpected)
    if wrong:
        raise ValueError(f"{weights.name} is no MiniLM of this shape: {wrong[:3]}")
