"""Imports point one way, and each outside library has its room."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
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
    "httpx": {"corpus/connect.py", "corpus/body.py", "index/vectors.py"},
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


# Run by developers alone, with what the extras bring, or by a user's own pytest.
DEVELOPERS = ("qa/train", "index/distil", "index/export", "evals/fuzz", "evals/speed", "evals/fix")


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=\[ ]", one)[0].replace("_", "-").casefold() for one in requirements}


def test_what_is_imported_is_declared() -> None:
    """What comes with another package today may not tomorrow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = named(project["dependencies"])
    packages = packages_distributions()
    for file in FILES:
        own = file.relative_to(ROOT).as_posix()
        if own.startswith(DEVELOPERS):
            continue
        for name in {found.split(".")[0] for found in imports(file)} - {*ORDER, "__future__"}:
            if name not in sys.stdlib_module_names:
                assert named(packages.get(name, [name])) & needed, f"{own} imports {name}"
