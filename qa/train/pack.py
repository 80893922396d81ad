"""A file's int8 matrices kept in four bits beside it, for `qa.network` to unpack.

onnxruntime's own products of four-bit matrices take three times as long here as those of int8
ones, of which the file would be twice as large.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, numpy_helper

from qa.network import unpacked
from qa.train.four_bits import Codes
from qa.train.model import PRODUCTS, Reader
from qa.train.split import Split

Array = npt.NDArray[Any]


def pack(file: Path, network: Reader, kept: Sequence[Codes]) -> None:
    """Take the matrices out of an int8 ONNX file and keep their codes beside it, as `.npz`.

    Args:
        file: As `qa.train.export.quantise` made it of the network.
        network: Whose matrices are what four bits left of them.
        kept: Their codes, in the order of `qa.train.four_bits.matrices`.

    Raises:
        ValueError: a matrix of the file is not what the codes say.
    """
    model = onnx.load(str(file))
    held = {one.name: one for one in model.graph.initializer}
    # Products lose their names in the file, but not their order; behind them stands the span head.
    names = [node.input[1] for node in model.graph.node if node.op_type == "MatMulInteger"]
    linears = [getattr(layer, name) for layer in network.layers for name in PRODUCTS]
    packed: dict[str, Any] = _table("words.weight_rows", kept[0])
    scales = {"words.weight_rows": ("words.weight_scale", kept[0][2].reshape(-1, 1).numpy())}
    for name, linear, codes in zip(names[: len(linears)], linears, kept[1:], strict=True):
        packed |= _product(name, codes, linear.more.numpy() if isinstance(linear, Split) else None)
        scales[name] = name.removesuffix("_quantized") + "_scale", codes[2].reshape(-1).numpy()
    for name, matrix in unpacked(packed):
        scale, own = scales[name]
        _check(name, matrix, own, held[name], held[scale])
        held[scale].CopyFrom(numpy_helper.from_array(own, scale))
        _leave_out(held[name], file.with_suffix(".npz"))
    np.savez(file.with_suffix(".npz"), **packed)
    onnx.save(model, str(file))


def _table(name: str, codes: Codes) -> dict[str, Array]:
    code, multiplier, _ = (part.numpy() for part in codes)
    words, groups, size = code.shape
    return _packed(
        name, code.reshape(-1, size, 1), multiplier.reshape(-1, 1, 1), (words, groups * size)
    )


def _product(name: str, codes: Codes, more: Array | None) -> dict[str, Array]:
    """ONNX has it the other way round, [inputs, outputs]: the product is `x @ weight.T`."""
    code, multiplier, _ = (part.numpy().transpose(1, 2, 0) for part in codes)
    groups, size, outputs = code.shape
    packed = _packed(name, code, multiplier, (groups * size, outputs))
    return packed if more is None else packed | {f"{name}/more": more.astype(np.int32)}


def _packed(name: str, code: Array, multiplier: Array, shape: Sequence[int]) -> dict[str, Array]:
    low, high = np.split((code + 8).astype(np.uint8).ravel(), 2)
    return {
        f"{name}/bytes": low | high << 4,
        f"{name}/multiplier": multiplier.astype(np.int8),
        f"{name}/shape": np.array(shape),
    }


def _check(name: str, matrix: Array, own: Array, held: Any, scale: Any) -> None:
    """Whether a matrix is the one held, but for rounding."""
    by = numpy_helper.to_array(scale)
    off = matrix * own - numpy_helper.to_array(held).astype(np.float32) * by
    if np.abs(off / by).max() > 1:
        raise ValueError(f"{name} is not what four bits left of it")


def _leave_out(tensor: Any, file: Path) -> None:
    """Leave only the name, type and shape of a tensor; its values are given to the session."""
    size = int(np.prod(tensor.dims))
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", file.name), ("offset", "0"), ("length", str(size))):
        tensor.external_data.add(key=key, value=value)
