"""Making the network fit for int8: channels with outliers are scaled down, their weights up.

One int8 scale holds a whole tensor of activations, so a single channel of 28 among others of 2
costs all of them their last bits. Dividing that channel, and multiplying its column of weights by
the same, changes nothing but the range (SmoothQuant, Xiao et al. 2023, arXiv 2211.10438; here
only channels beyond `LARGEST` are touched).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from corpus import SAMPLES, Article, load
from qa.train.batches import Encoded, encode
from qa.train.decode import pad
from qa.train.model import Layer, Reader
from qa.train.sets import Item

LARGEST = 6.0
"""What a channel's largest activation is brought down to."""
_PRODUCTS = ("qkv", "out", "up", "down")
_WORDS = 120


class Scaled(nn.Module):  # type: ignore[misc]
    """A linear layer whose inputs are divided by `scale`, and whose weights make up for it."""

    def __init__(self, linear: nn.Linear, scale: Tensor) -> None:
        super().__init__()
        self.inverse = nn.Parameter(1 / scale, requires_grad=False)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        with torch.no_grad():
            self.linear.weight.copy_(linear.weight * scale)
            self.linear.bias.copy_(linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        """As the layer it was made from."""
        made: Tensor = self.linear(x * self.inverse)
        return made


def smooth(model: Reader, rows: Sequence[Encoded]) -> int:
    """Scale every channel of which these texts show outliers. Returns how many there were."""
    largest = _largest_inputs(model, rows)
    touched = 0
    for layer, name in _products(model):
        scale = (largest[getattr(layer, name)] / LARGEST).clamp(min=1.0)
        if count := int((scale > 1).sum()):
            setattr(layer, name, Scaled(getattr(layer, name), scale))
            touched += count
    return touched


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
        for name in _PRODUCTS:
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
