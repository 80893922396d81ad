"""Weights in four bits: what the large reader is trained with, so that it ships small."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from qa.train.model import PRODUCTS, Reader

GROUP = 32
"""Weights next to one another, of one output, that share a multiplier."""
_LARGEST = 15


Codes = tuple[Tensor, Tensor, Tensor]


def codes(weight: Tensor) -> Codes:
    """A matrix [rows, columns] as integers: it is about `code * multiplier * scale`.

    Returns:
        code [rows, columns / 32, 32] from -8 to 7, multiplier [rows, columns / 32, 1] from 1 to 15,
        and scale [rows, 1, 1]. The product of the first two fits eight bits.
    """
    groups = weight.reshape(len(weight), -1, GROUP)
    wanted = groups.abs().amax(-1, keepdim=True) / 7.5
    scale = (wanted.amax(1, keepdim=True) / _LARGEST).clamp(min=1e-12)
    multiplier = (wanted / scale).round().clamp(1, _LARGEST)
    code = (groups / (scale * multiplier)).round().clamp(-8, 7)
    return code, multiplier, scale


def unrounded(rounded: Tensor, multiplier: Tensor, scale: Tensor) -> Tensor:
    """Weights that four bits leave just this of, where what they left was rounded already.

    A group's multiplier follows from its largest weight, which rounding moved: it goes back to the
    place within its step where it leads to the same one.

    Args:
        rounded: A matrix that `round_to_four_bits` made, [rows, columns].
        multiplier: Of its codes, [rows, columns / 32, 1], as `scale`, [rows, 1, 1].
    """
    step = scale * multiplier
    code = (rounded.reshape(len(rounded), -1, GROUP) / step).round()
    # 7.5 is what a multiplier stands for; only a row's largest must stand just there.
    just = multiplier == _LARGEST
    code = code.maximum(torch.where(just, -7.502, -7.6))
    at = code.abs().argmax(-1, keepdim=True)
    largest = code.gather(-1, at)
    moved = largest.sign() * (largest.abs() + 0.4999).minimum(torch.where(just, 7.4999, 7.49))
    code = torch.where(largest.abs() > 7, code, code.scatter(-1, at, moved))
    return (code * step).reshape(rounded.shape)


def matrices(model: Reader) -> list[nn.Parameter]:
    """The weights that ship in four bits: the word table and the layers' products; or none."""
    if not model.shape.four_bits:
        return []
    products = [getattr(layer, name).weight for layer in model.layers for name in PRODUCTS]
    return [model.words.weight, *products]


def round_to_four_bits(weights: Iterable[Tensor]) -> None:
    """Replace each by what four bits leave of it. Once: rounding it again leaves less."""
    with torch.no_grad():
        for weight in weights:
            code, multiplier, scale = codes(weight)
            weight.copy_((code * multiplier * scale).reshape(weight.shape))
