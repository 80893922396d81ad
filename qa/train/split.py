"""Making the network fit for int8: channels with outliers are split into copies.

One int8 scale holds a whole tensor of activations, so a single channel of 50 among others of 2
costs all of them their last bits. As ten channels of 5, each with the same weights, it says the
same (outlier channel splitting, Zhao et al. 2019, arXiv 1901.09504).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from corpus import SAMPLES, Article, load
from qa.train.batches import Encoded, encode
from qa.train.decode import pad
from qa.train.model import PRODUCTS, Layer, Reader
from qa.train.sets import Item

LARGEST = 5.0
"""What a channel's largest activation is brought down to."""
_WORDS = 120


class Split(nn.Module):  # type: ignore[misc]
    """A linear layer some of whose inputs come as several copies of a part of their value."""

    def __init__(self, linear: nn.Linear, copies: Tensor) -> None:
        """Make it.

        Args:
            linear: The layer.
            copies: How many each of its inputs becomes, [inputs].
        """
        super().__init__()
        self.share = nn.Parameter(1 / copies, requires_grad=False)
        self.register_buffer("more", torch.arange(len(copies)).repeat_interleave(copies - 1))
        self.linear = nn.Linear(linear.in_features + len(self.more), linear.out_features)
        with torch.no_grad():
            self.linear.weight.copy_(torch.cat([linear.weight, linear.weight[:, self.more]], 1))
            self.linear.bias.copy_(linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        """As the layer it was made from."""
        part = x * self.share
        made: Tensor = self.linear(torch.cat([part, part.index_select(-1, self.more)], -1))
        return made


def split(model: Reader, rows: Sequence[Encoded]) -> int:
    """Split every channel of which these texts show outliers. Returns how many copies were made."""
    largest = _largest_inputs(model, rows)
    made = 0
    for layer, name in _products(model):
        copies = (largest[getattr(layer, name)] / LARGEST).ceil().clamp(min=1).long()
        if more := int(copies.sum()) - len(copies):
            setattr(layer, name, Split(getattr(layer, name), copies))
            made += more
    return made


def sample_rows(tokenizer: Tokenizer) -> list[Encoded]:
    """The sample articles' beginnings, each asked about with its own title."""
    articles = [one for one in load([SAMPLES]) if isinstance(one, Article)]
    beginnings = [" ".join(one.body.split()[:_WORDS]) for one in articles]
    items = [
        Item(one.title, text, (), "samples", one.id, one.title, "2025-02-05")
        for one, text in zip(articles, beginnings, strict=True)
    ]
    return encode(tokenizer, items)


def _products(model: Reader) -> Iterator[tuple[Layer, str]]:
    for layer in model.layers:
        for name in PRODUCTS:
            yield layer, name


def _largest_inputs(model: Reader, rows: Sequence[Encoded]) -> dict[nn.Module, Tensor]:
    """The largest absolute input of every channel of every product."""
    found: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, inputs: tuple[Tensor, ...], _: Tensor) -> None:
        largest = inputs[0].abs().flatten(0, -2).amax(0)
        found[module] = torch.maximum(found.get(module, largest), largest)

    hooks = [getattr(*product).register_forward_hook(note) for product in _products(model)]
    with torch.inference_mode():
        for row in rows:  # one by one: padding would be counted
            model(*(torch.from_numpy(part) for part in pad([row])))
    for hook in hooks:
        hook.remove()
    return {module: largest.clone() for module, largest in found.items()}
