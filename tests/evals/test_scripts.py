"""The measuring scripts run, on a few made-up articles."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.scale_plot import draw

LETTERS = "abcdefghijklmnoprstuvwy"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    rng = random.Random(2)

    def paragraph() -> str:
        return " ".join("".join(rng.choices(LETTERS, k=7)) for _ in range(40)) + "."

    rows = [
        {"title": f"Title {n}", "body": "\n\n".join(paragraph() for _ in range(8)),
         "outlet": f"Outlet {n % 3}", "date": f"2024-03-{n % 27 + 1:02}"}
        for n in range(30)
    ]  # fmt: skip
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def script(name: str, *arguments: object) -> str:
    command = [sys.executable, "-m", f"evals.{name}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_copies_made_of_articles_are_found(records: Path) -> None:
    told = script("copies", records, "--articles", 20)
    assert "| a few words changed | 1.0000" in told
    assert "| different articles kept apart | 1.0000" in told


def test_an_archive_grows_from_mark_to_mark(records: Path, tmp_path: Path) -> None:
    plot = tmp_path / "scale.svg"
    told = script("scale", records, "--marks", "100,1200", "--svg", plot).splitlines()
    assert told[0].startswith("| passages | articles |") and len(told) == 4
    counts = [int(line.split("|")[1].replace(",", "")) for line in told[2:]]
    assert 100 <= counts[0] <= counts[1] and counts[1] >= 1200
    assert ElementTree.parse(plot).getroot().tag.endswith("svg")


def test_a_kill_is_survived_and_told(records: Path) -> None:
    told = script("crash", records, "--kills", 1, "--longest", 3)
    assert "0 missing, indexes level" in told
    assert told.splitlines()[-1].startswith("finished: 30 articles, 0 missing, indexes level")


def test_the_plot_is_told_in_words_too() -> None:
    names = ("indexing, s", "disk, MB", "memory indexing, MB", "memory serving, MB", "p95",
             "filtered p95")  # fmt: skip
    rows = [{"passages": n, **dict.fromkeys(names, n / 10)} for n in (1000, 2000)]
    assert "serving 0.1 at 1,000, 0.2 at 2,000" in draw(rows)
