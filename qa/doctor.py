"""What is installed, where the data is, and whether the parts agree."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus import OnRecordError
from index import Archive
from index.embed import MODEL_FOLDER
from qa.engine import default_data

_PARTS = ("onrecord", "chromadb", "tantivy", "onnxruntime", "tokenizers", "gradio",
          "llama-index-core", "tiktoken", "trafilatura", "sentencex")  # fmt: skip


def examine(data: Path | None) -> dict[str, Any]:
    """A report; its `problems` are lines for the user, empty when all is well.

    Reads the whole library and repairs nothing.
    """
    folder = data or default_data()
    problems: list[str] = []
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "parts": {name: version(name) for name in _PARTS},
        "data": str(folder),
        "articles": 0,
        "passages": 0,
        "problems": problems,
    }
    if not (MODEL_FOLDER / "model.onnx").exists():
        problems.append(f"the embedder's model is missing from {MODEL_FOLDER}; install again")
    if not (folder / "library.db").exists():
        report["note"] = "no articles yet: questions are answered from the samples"
        return report
    report["free disk"] = f"{shutil.disk_usage(folder).free / 1e9:.1f} GB"
    try:
        with Archive.open(folder, check=False) as archive:
            report["articles"], report["passages"] = archive.library.count()
            report["manifest"] = {
                key: value for key, value in archive.library.manifest().items() if key != "files"
            }
            problems.extend(f"the library: {line}" for line in archive.library.check())
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
