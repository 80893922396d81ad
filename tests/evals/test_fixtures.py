"""What people put into their own tests, run as they run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import Run

ROOT = Path(__file__).parents[2]
CASES = """\
- id: tons
  question: How many tons of apples were picked?
  answers: ["5,300", "5,300 tons"]
- id: capital
  question: What is the capital of France?
  unanswerable: true
"""
TESTS = """\
from evals.testing import assert_set

def test_it_holds(onrecord, tmp_path):
    report = assert_set(onrecord, "mine.yaml", tmp_path, least={"citation_exactness": 1})
    assert report.metrics["right"].n == 2

def test_it_is_too_much(onrecord, tmp_path):
    assert_set(onrecord, "mine.yaml", tmp_path, least={"right": 2})
"""


def test_a_set_holds_in_ones_own_tests(run: Run, tmp_path: Path, articles: Path) -> None:
    assert run("ingest", str(articles)).returncode == 0
    (tmp_path / "mine.yaml").write_text(CASES)
    (tmp_path / "test_mine.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["evals.fixtures"]\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\nonrecord_data = data\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "right is " in done.stdout and "must be at least 2" in done.stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\nonrecord_data = typo\n")
    typo = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "which is no archive" in typo.stdout and not (tmp_path / "typo").exists()
