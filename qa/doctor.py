"""What is installed, where the data is, and whether the parts agree."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from corpus import OnRecordError
from index import Archive, embed, static
from qa.confidence import MODEL_FOLDER
from qa.engine import default_data

_PARTS = ("onrecord", "chromadb", "tantivy", "onnxruntime", "tokenizers", "gradio",
          "llama-index-core", "tiktoken", "trafilatura", "sentencex")  # fmt: skip


def examine(data: Path | None, chroma: str = "") -> dict[str, Any]:
    """A report; its `problems` are lines for the user, empty when all is well.

    Reads the whole library and repairs nothing.
    """
    folder = data or default_data()
    problems: list[str] = []
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "parts": {name: _version(name) for name in _PARTS},
        "data": str(folder),
        "articles": 0,
        "passages": 0,
        "problems": problems,
    }
    models = (
        embed.MODEL_FOLDER / "model.onnx",
        static.TABLE,
        MODEL_FOLDER / "skim.onnx",
        MODEL_FOLDER / "read.onnx",
        MODEL_FOLDER / "read.npz",
    )
    for file in models:
        if not file.exists():
            problems.append(f"the model {file} is missing; install onrecord again")
    missing = [name for name, found in report["parts"].items() if found == _MISSING]
    if missing:
        problems.append(f"not installed: {', '.join(missing)}; install onrecord again")
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        problems.append(f"cannot write to the data folder {folder}; choose another with --data")
    if not (folder / "library.db").exists():
        report["note"] = "no articles yet: questions are answered from the samples"
        return report
    report["free disk"] = f"{shutil.disk_usage(folder).free / 1e9:.1f} GB"
    try:
        with Archive.open(folder, chroma=chroma, check=False) as archive:
            report["articles"], report["passages"] = archive.library.count()
            report["manifest"] = {
                key: value
                for key, value in archive.library.manifest().items()
                if key not in ("files", "generation", "next generation")
            }
            problems.extend(f"the library: {line}" for line in archive.library.check())
            if mismatch := archive.mismatch():
                problems.append(mismatch)
            problems.extend(
                f"the index of {name} {problem}; the next question repairs it"
                for name, problem in archive.problems().items()
            )
            if waiting := archive.library.count_pending():
                problems.append(
                    f"{waiting} entries wait for the indexes; the next question adds them"
                )
    except OnRecordError as error:
        problems.append(str(error))
    return report


_MISSING = "missing"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _MISSING
