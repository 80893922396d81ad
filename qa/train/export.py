"""From a checkpoint to the files that ship: `python -m qa.train.export`.

Matrix products become int8 with one scale per output channel, the word table int8 with one scale
per word: a single scale for the whole table would cost accuracy, and the table is half the file.
Those of the large network are then kept in four bits (`qa.train.pack`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.embed import load_tokenizer
from qa.train.batches import Encoded
from qa.train.four_bits import codes, matrices, round_to_four_bits
from qa.train.model import Reader
from qa.train.pack import pack
from qa.train.soup import average
from qa.train.split import sample_rows, split

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start", "end", "none")


def export_float(model: Reader, path: Path) -> None:
    """Write the model as a float32 ONNX file."""
    example = tuple(torch.ones(2, 16, dtype=torch.long) for _ in INPUTS)
    both = {0: "batch", 1: "length"}
    axes = dict.fromkeys((*INPUTS, "start", "end"), both) | {"none": {0: "batch"}}
    torch.onnx.export(
        model.eval(),
        example,
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Write the int8 file."""
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    model = onnx.load(str(target))
    shrink_tables(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def shrink_tables(model: Any) -> None:
    """Replace every large float table that is gathered from by int8 rows with a scale each."""
    graph = model.graph
    tables = {tensor.name: tensor for tensor in graph.initializer}
    for node in [node for node in graph.node if node.op_type == "Gather"]:
        tensor = tables.get(node.input[0])
        if tensor is None or len(tensor.dims) != 2 or tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size < 100_000:
            continue
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8) / 127
        rows = np.round(values / scale).astype(np.int8)
        name = tensor.name.replace(":", "_")
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(rows, name + "_rows"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), name + "_scale"))
        places, out = node.input[1], node.output[0]
        made = [
            helper.make_node("Gather", [name + "_rows", places], [out + "_int"]),
            helper.make_node("Cast", [out + "_int"], [out + "_raw"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Gather", [name + "_scale", places], [out + "_by"]),
            helper.make_node("Mul", [out + "_raw", out + "_by"], [out]),
        ]
        at = list(graph.node).index(node)
        graph.node.remove(node)
        for offset, new in enumerate(made):
            graph.node.insert(at + offset, new)


def main(arguments: list[str] | None = None) -> None:
    """Export a run's averaged weights, or several runs' of one lineage averaged."""
    parser = argparse.ArgumentParser(prog="python -m qa.train.export", description=main.__doc__)
    parser.add_argument(
        "--run", type=Path, nargs="+", required=True, help="folders of runs, or exported files"
    )
    parser.add_argument("--share", type=float, nargs="+", help="what each counts for; equal else")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    given = parser.parse_args(arguments)
    export(given.run, given.share, given.out)


def export(runs: Sequence[Path], shares: Sequence[float] | None, out: Path) -> None:
    """Write the average of runs, int8.

    As `skim.onnx`, or as `read.onnx` where it is the large network, which is kept in four bits.
    """
    out.mkdir(parents=True, exist_ok=True)
    model = average(runs, shares)
    target = out / ("read.onnx" if model.shape.four_bits else "skim.onnx")
    write(model, sample_rows(load_tokenizer()), target)
    for file in sorted(out.glob(f"{target.stem}.*")):
        print(f"{out.name}/{file.name}: {file.stat().st_size / 1e6:.1f} MB")


def write(model: Reader, rows: Sequence[Encoded], target: Path) -> None:
    """Write a network as int8; what is kept in four bits lies beside it, see `qa.network`.

    Args:
        model: The network, which is changed.
        rows: Texts that show where it has outliers.
        target: The file.
    """
    kept = [codes(weight.detach()) for weight in matrices(model)]
    round_to_four_bits(matrices(model))
    print(f"{split(model, rows)} copies of channels with outliers")
    with TemporaryDirectory() as folder:
        full = Path(folder) / "reader.onnx"
        export_float(model, full)
        quantise(full, target)
    if kept:
        pack(target, model, kept)


if __name__ == "__main__":
    main()
