"""Imports point one way, and each outside library has its room."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("corpus", "index", "qa", "evals")
ROOMS = {
    "chromadb": {"index/vectors.py", "evals/speed_index.py"},
    "tantivy": {"index/words.py"},
    "sqlite3": {"index/library.py", "evals/crash.py"},
    "gradio": {"qa/web/chat.py", "qa/web/server.py"},
    "fastapi": {"qa/web/server.py"},
    "typer": {
        "qa/cli.py",
        "qa/cli_feeds.py",
        "qa/options.py",
        "evals/cli.py",
        "evals/bench/cli.py",
    },
    "httpx": {"corpus/connect.py", "corpus/body.py"},
    "httpcore": {"corpus/connect.py"},
    "lxml": {"corpus/markup.py", "corpus/office.py"},
    "defusedxml": {"corpus/opml.py"},
    "trafilatura": {"corpus/page.py", "corpus/tree.py"},
    "pypdf": {"corpus/pdf.py"},
    "sentencex": {"index/chunk.py"},
    "portalocker": {"index/lock.py"},
    "tiktoken": {"evals/tokens.py"},
}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


FILES = [file for package in ORDER for file in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_imports_point_one_way(file: Path) -> None:
    own = file.relative_to(ROOT)
    later = ORDER[ORDER.index(own.parts[0]) + 1 :]
    for name in imports(file):
        top = name.split(".")[0]
        assert top not in later, f"{own} imports {name}"
        if top in ROOMS:
            assert own.as_posix() in ROOMS[top], f"{own} imports {name}"


def test_importing_does_nothing_heavy() -> None:
    code = (
        "import sys, qa, qa.cli, index, corpus\n"
        "heavy = {'chromadb', 'gradio', 'llama_index', 'torch', 'onnxruntime', 'trafilatura',"
        " 'httpx', 'lxml'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
