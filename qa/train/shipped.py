"""A shipped network as one of torch again: its weights as floats, to train on from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, numpy_helper

from qa.network import unpacked
from qa.train.four_bits import GROUP, unrounded
from qa.train.model import PRODUCTS, SHAPES, Reader

Array = npt.NDArray[Any]


def shipped(path: Path) -> Reader:
    """The network of a file that `qa.train.export` wrote.

    Raises:
        ValueError: the file holds no reader of MiniLM's or MPNet's shape.
    """
    graph = onnx.load(str(path), load_external_data=False).graph
    kept = [one for one in graph.initializer if one.data_location != TensorProto.EXTERNAL]
    held: dict[str, Array] = {one.name: numpy_helper.to_array(one) for one in kept}
    if path.with_suffix(".npz").exists():
        with np.load(path.with_suffix(".npz")) as packed:
            held |= dict(unpacked(packed))
            held |= {key: packed[key] for key in packed if key.endswith("/multiplier")}
    try:
        return _filled(held)
    except (KeyError, StopIteration, RuntimeError) as error:
        raise ValueError(f"{path} is no reader of MiniLM's or MPNet's shape: {error}") from error


def _filled(held: dict[str, Array]) -> Reader:
    """The network with these tensors; torch's own error names what is missing or misshapen."""
    model = Reader(SHAPES["mpnet" if "near.weight" in held else "minilm"])
    # Products lose their names in the file, but not their order.
    matrices = iter(_matrices(held))
    weights = {f"{name}.weight": _table(held, name) for name in ("words", "places")}
    for number in range(model.shape.layers):
        for product in PRODUCTS:
            name = f"layers.{number}.{product}"
            weight, bias = next(matrices).T, held.get(f"{name}.linear.bias")
            if bias is None:
                bias = held[f"{name}.bias"]
            else:  # behind them are copies, see `qa.train.split`
                weight = weight[:, : getattr(model.layers[number], product).in_features]
            weights[f"{name}.weight"], weights[f"{name}.bias"] = weight, bias
    weights["span.weight"] = next(matrices).T
    for name in ("pool", "none"):
        weights[f"{name}.weight"] = _product(held, f"{name}.weight").T
    kept = {name: held[name] for name in model.state_dict() if name in held}
    found = {name: torch.from_numpy(np.array(value)) for name, value in (kept | weights).items()}
    model.load_state_dict(found)
    return model


def _matrices(held: dict[str, Array]) -> list[Array]:
    """The products' matrices, by the numbers that the exporter gave them in the graph's order."""
    names = [name for name in held if name.startswith("onnx::MatMul_") and name.endswith("_scale")]
    names.sort(key=lambda name: int(name.split("_")[1]))
    return [_product(held, name.removesuffix("_scale")) for name in names]


def _product(held: dict[str, Array], name: str) -> Array:
    rows, scale, zero = (held[f"{name}_{part}"] for part in ("quantized", "scale", "zero_point"))
    made: Array = (rows.astype(np.float32) - zero.astype(np.float32)) * scale
    if (multiplier := held.get(f"{name}_quantized/multiplier")) is None:
        return made
    own = made[: len(multiplier) * GROUP]
    return _unrounded(own.T, multiplier[:, 0].T, scale).T


def _table(held: dict[str, Array], name: str) -> Array:
    scale = held[f"{name}.weight_scale"]
    made: Array = held[f"{name}.weight_rows"].astype(np.float32) * scale
    multiplier = held.get(f"{name}.weight_rows/multiplier")
    if multiplier is None:
        return made
    return _unrounded(made, multiplier.reshape(len(made), -1), scale)


def _unrounded(rounded: Array, multiplier: Array, scale: Array) -> Array:
    """See `qa.train.four_bits`; multiplier [rows, groups], one scale for each row."""
    parts = rounded, multiplier.astype(np.float32)[:, :, None], scale.reshape(-1, 1, 1)
    made: Array = unrounded(*(torch.tensor(part) for part in parts)).numpy()
    return made
