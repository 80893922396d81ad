"""The reader's networks: MiniLM or, larger, MPNet with a start/end head and a no-answer score.

Plain torch rather than `transformers`: a few layers of BERT are short to write, and writing them
lets training skip padding (every position-wise step runs on real tokens only), which on a CPU is
a third of the time. MPNet is the same but for a bias by distance that its layers share, and its
word table has BERT's words: both networks read the same token ids.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

PRODUCTS = ("qkv", "out", "up", "down")
"""A layer's linear parts, in the order in which it needs them."""

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
    buckets: int = 0
    """Of distances between tokens that have a bias of their own in attention; BERT has none."""
    eps: float = 1e-12
    four_bits: bool = False
    """Whether its matrices ship in four bits, and are trained so: see `qa.train.four_bits`."""


SHAPES = {
    "minilm": Shape(),
    "mpnet": Shape(width=768, layers=12, inner=3072, buckets=32, eps=1e-5, four_bits=True),
}


class Layer(nn.Module):  # type: ignore[misc]  # torch is untyped where not installed
    """One BERT layer. `rows` lists the real tokens of the padded batch when padding is skipped."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.dropout = dropout
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=shape.eps)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=shape.eps)

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
    # Written out: of passages this short torch's fused attention takes twice as long on a CPU.
    logits = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + bias.to(query.dtype)
    return logits.softmax(-1).to(value.dtype) @ value


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
        self.near = (
            nn.Embedding(self.shape.buckets, self.shape.heads) if self.shape.buckets else None
        )
        self.norm = nn.LayerNorm(width, eps=self.shape.eps)
        self.layers = nn.ModuleList(Layer(self.shape, dropout) for _ in range(self.shape.layers))
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.none = nn.Linear(width, 1)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Logits `start` and `end` [batch, length] and `none` [batch]: the exported contract."""
        x = self._embed(input_ids, token_type_ids)
        bias = self._bias(attention_mask)
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
        bias = self._bias(attention_mask)
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
        below = (self.words, self.places, self.types, self.norm, *filter(None, (self.near,)))
        for module in (*below, *list(self.layers)[:layers]):
            module.requires_grad_(False)
        for layer in list(self.layers)[:layers]:
            layer.dropout = 0.0  # costs time, and only what is trained can learn by heart

    def _embed(self, ids: Tensor, types: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        summed = self.words(ids) + self.places(places)[None] + self.types(types)
        normed: Tensor = self.norm(summed)
        return normed

    def _bias(self, attention_mask: Tensor) -> Tensor:
        """What attention adds to its logits: [batch, 1 or heads, 1 or length, length]."""
        bias = (1.0 - attention_mask[:, None, None, :].float()) * FLOOR
        if self.near is None:
            return bias
        places = torch.arange(attention_mask.shape[1], device=attention_mask.device)
        of_pair = bucket(places[None, :] - places[:, None], self.shape.buckets)
        return bias + self.near(of_pair).permute(2, 0, 1)[None]

    def _heads(self, x: Tensor, first: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        start, end = self.span(x).float().unbind(-1)
        none = self.none(functional.gelu(self.pool(first))).float().squeeze(-1)
        return start, end, none


def bucket(distance: Tensor, buckets: int, farthest: int = 128) -> Tensor:
    """The bucket of a distance in tokens, by sign; the far ones share some (Raffel et al. 2020)."""
    half = buckets // 2
    exact = half // 2
    size = distance.abs()
    far = (size.clamp(min=1).float() / exact).log() / math.log(farthest / exact) * (half - exact)
    own = torch.where(size < exact, size, (exact + far.long()).clamp(max=half - 1))
    return own + half * (distance > 0)


def load_encoder(model: Reader, weights: Path) -> None:
    """Fill the encoder from a safetensors file, MPNet's where distances have buckets."""
    load_mpnet(model, weights) if model.shape.buckets else load_minilm(model, weights)


def load_minilm(model: Reader, weights: Path) -> None:
    """Fill the encoder from a BERT-style safetensors file; the heads keep their random start."""
    given = {name.removeprefix("bert."): value for name, value in load_file(str(weights)).items()}
    tables = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "types.weight": given["embeddings.token_type_embeddings.weight"],
    }
    self_attention = ("self.query", "self.key", "self.value", "output.dense", "output.LayerNorm")
    _fill(model, tables, given, self_attention, weights)


def load_mpnet(model: Reader, weights: Path) -> None:
    """Fill the encoder from MPNet's safetensors file, words under BERT's ids; heads as above.

    MPNet has BERT's words four places on, special tokens and positions of its own, and no second
    segment: that starts as the first.
    """
    given = load_file(str(weights))
    words = given["embeddings.word_embeddings.weight"]
    ids = torch.arange(4, 4 + model.shape.vocabulary)
    for bert, own in {0: 1, 101: 0, 102: 2, 103: len(words) - 1}.items():  # pad, cls, sep, mask
        ids[bert] = own
    tables = {
        "words.weight": words[ids],
        "places.weight": given["embeddings.position_embeddings.weight"][2:],
        "types.weight": torch.zeros(2, model.shape.width),
        "near.weight": given["encoder.relative_attention_bias.weight"],
    }
    _fill(model, tables, given, ("attn.q", "attn.k", "attn.v", "attn.o", "LayerNorm"), weights)


def _fill(
    model: Reader,
    tables: Mapping[str, Tensor],
    given: Mapping[str, Tensor],
    attention: tuple[str, str, str, str, str],
    weights: Path,
) -> None:
    """Fill tables and layers; `attention` names its query, key, value, output and its norm."""
    filled = dict(tables)
    parts = {"norm.": "embeddings.LayerNorm."}
    for number in range(model.shape.layers):
        old, new = f"encoder.layer.{number}.", f"layers.{number}."
        query, key, value, out, norm = (f"{old}attention.{name}." for name in attention)
        parts[new + "out."] = out
        parts[new + "norm1."] = norm
        parts[new + "up."] = old + "intermediate.dense."
        parts[new + "down."] = old + "output.dense."
        parts[new + "norm2."] = old + "output.LayerNorm."
        for kind in ("weight", "bias"):
            filled[f"{new}qkv.{kind}"] = torch.cat(
                [given[name + kind] for name in (query, key, value)]
            )
    for new, old in parts.items():
        filled |= {new + kind: given[old + kind] for kind in ("weight", "bias")}
    missing, unexpected = model.load_state_dict(filled, strict=False)
    heads = ("span.", "pool.", "none.")
    wrong = [name for name in missing if not name.startswith(heads)] + list(unexpected)
    if wrong:
        raise ValueError(f"{weights.name} has not this shape: {wrong[:3]}")
