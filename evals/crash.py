"""What a kill leaves behind: an ingest is killed with -9 at random moments, again and again.

    python -m evals.crash ARTICLES [--kills 20] [--seed 1]

ARTICLES is a file or folder that takes a while to ingest. After each kill: what the library held
as acknowledged must still be there on the next start, both indexes must agree with it, and the
start must say what it repaired. Exits with 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from index import Archive


def main() -> None:
    """Kill, look, and go on; then finish the ingest and look once more."""
    parser = argparse.ArgumentParser(prog="python -m evals.crash", description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--longest", type=float, default=12.0, help="seconds before a kill at most")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        command = [sys.executable, "-m", "evals.cli", "ingest", given.articles, "--data", data]
        before: set[str] = set()
        for n in range(given.kills):
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(rng.uniform(0.5, given.longest))
            process.send_signal(signal.SIGKILL)
            process.wait()
            acknowledged = _acknowledged(data)
            missing, repaired, problems = _reopened(data, acknowledged | before)
            lost += missing + len(problems)
            state = (
                f"{missing} missing, indexes {problems or 'level'}; said: {repaired or 'nothing'}"
            )
            print(f"kill {n + 1}: {len(acknowledged)} articles acknowledged, {state}", flush=True)
            before |= acknowledged
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        missing, _, problems = _reopened(data, before)
        lost += missing + len(problems)
        print(f"finished: {len(_acknowledged(data))} articles, {missing} missing, "
              f"indexes {problems or 'level'}")  # fmt: skip
    sys.exit(1 if lost else 0)


def _acknowledged(data: Path) -> set[str]:
    """Ids of the articles that a transaction has put into the library."""
    if not (data / "library.db").exists():
        return set()
    with sqlite3.connect(data / "library.db") as db:
        if not db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            return set()
        return {row[0] for row in db.execute("SELECT id FROM articles")}


def _reopened(data: Path, expected: set[str]) -> tuple[int, list[str], dict[str, str]]:
    """How many of the expected articles are missing, what was repaired, what is still wrong."""
    with Archive.open(data) as archive:
        held = {row[0] for row in archive.library.rows("SELECT id FROM articles")}
        return len(expected - held), archive.repaired, archive.problems()


if __name__ == "__main__":
    main()
