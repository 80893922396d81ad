"""Asserting on one's own set in one's own tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evals.case import load_set
from evals.check import check
from evals.run import Answers, run
from evals.score import Report, score


def assert_set(
    engine: Answers,
    set_file: str | Path,
    folder: str | Path,
    *,
    least: Mapping[str, float] | None = None,
    most: Mapping[str, float] | None = None,
) -> Report:
    """Run a set and assert its bounds; the report is returned for further assertions.

    Args:
        engine: What is asked.
        set_file: The set, or the name of one that ships.
        folder: Where the run is saved, such as pytest's `tmp_path`.
        least: Values that metrics must reach, as {"right": 0.6}.
        most: Values that metrics must not pass.

    Raises:
        AssertionError: with a line for each broken bound and the cases that are wrong.
    """
    report = score(run(engine, load_set(set_file), folder, name=str(set_file)))
    broken = check(report, least=least, most=most)
    wrong = [f"{s.case}: {s.explanation}" for s in report.scores if not s.right]
    assert not broken, "\n".join([*broken, "wrong:", *wrong])
    return report
