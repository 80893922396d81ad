"""Work done beside: in order, and a task that ends its process costs nothing but itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus import Article, Skipped, beside, load
from corpus.beside import in_order


def page(name: str) -> str:
    text = f"<p>The {name} dam held all night, engineers said, and nobody was hurt below it.</p>"
    return f"<html><head><title>The {name} dam</title></head><body><article>{text * 3}</article>"


def test_many_pages_are_read_beside_as_they_are_here(tmp_path: Path) -> None:
    for n in range(40):
        (tmp_path / f"{n:02}.html").write_text(page(f"number {n}"))
        if n % 7 == 0:
            (tmp_path / f"{n:02}b.txt").write_text(f"Note {n}\n\nThe bridge closed on day {n}.")
        if n % 11 == 0:
            (tmp_path / f"{n:02}c.html").write_bytes(b"\x00\x01\x02\xff" * 90)
    together = list(load([tmp_path]))
    alone = [item for file in sorted(tmp_path.iterdir()) for item in load([file])]
    assert together == alone
    assert sum(isinstance(item, Skipped) for item in together) == 4
    assert sum(isinstance(item, Article) for item in together) == 46


PARENT = os.getpid()


def test_a_task_that_ends_its_process_costs_only_itself() -> None:
    given = list(
        in_order(range(40), work=killer(PARENT), beside=lambda n: n != 20, here=2,
                 lost=lambda n: [(n, None)])
    )  # fmt: skip
    assert [task for task, _ in given] == list(range(40))
    assert [task for task, where in given if where is None] == [5]
    assert [task for task, where in given if where] == [0, 1, 20]


def killer(parent: int):  # type: ignore[no-untyped-def]
    def work(task: int) -> list[tuple[int, bool]]:
        if task == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return [(task, os.getpid() == parent)]

    return work


def test_tasks_are_taken_a_few_ahead_and_no_more() -> None:
    taken: list[int] = []

    def tasks():  # type: ignore[no-untyped-def]
        for n in range(1000):
            taken.append(n)
            yield n

    given = in_order(tasks(), work=killer(0), beside=lambda _: False, here=0, lost=lambda _: [])
    assert next(given) == (0, False)
    assert len(taken) <= beside._AHEAD * beside._MOST + 1


def test_without_processes_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_: int) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(beside, "processes", none_left)
    given = in_order(range(30), work=killer(PARENT), beside=lambda n: n != 5, here=0,
                     lost=lambda n: [(n, None)])  # fmt: skip
    assert [next(given) for _ in range(5)] == [(n, True) for n in range(5)]


def test_no_process_outlives_one_that_is_killed() -> None:
    script = (
        "import os, time\n"
        "from corpus.beside import processes\n"
        "pool = processes(1)\n"
        "print(pool.submit(os.getpid).result(), flush=True)\n"
        "pool.submit(time.sleep, 600)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 60
    while _lives(worker) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _lives(worker)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")  # one that ended may wait to be reaped
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
