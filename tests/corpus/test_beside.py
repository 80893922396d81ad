"""Work done beside: in order, and a task that ends its process costs nothing but itself."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import Article, Skipped, beside, load
from corpus.beside import Process, UnavailableError, in_order


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


WORK = """
import os, signal, time

def work(task):
    if task == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "sleep":
        time.sleep(600)
    return [(task, os.getpid())]
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], Any]:
    """Work that another process can import, which a function of these tests it cannot."""
    (tmp_path / "done_beside.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "done_beside", raising=False)
    return importlib.import_module("done_beside").work  # type: ignore[no-any-return]


@pytest.mark.parametrize("pause", [0, 0.05])
def test_a_task_that_ends_its_process_costs_only_itself(
    pause: float, work: Callable[[object], Any]
) -> None:
    tasks = ["kill" if n in (5, 6, 30) else n for n in range(40)]
    given = []
    for item in in_order(tasks, work, beside=lambda task: task != 20, here=2,
                         lost=lambda task: [("lost", None)]):  # fmt: skip
        given.append(item)
        time.sleep(pause)
    assert [task for task, _ in given] == ["lost" if task == "kill" else task for task in tasks]
    assert [task for task, where in given if where == os.getpid()] == [0, 1, 20]


def test_tasks_are_taken_a_few_ahead_and_no_more() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n

    given = in_order(tasks(), range, beside=lambda _: False, here=0, lost=lambda _: [])
    assert next(given) == 0
    assert len(taken) <= beside._AHEAD * beside._MOST + 1


def test_without_processes_all_is_done_here(
    work: Callable[[object], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    given = in_order(range(9), work, beside=lambda _: True, here=0, lost=lambda _: [])
    assert list(given) == [(n, os.getpid()) for n in range(9)]


def test_a_process_that_does_not_come_up_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(UnavailableError):
        Process().do(os.getpid)


def test_what_the_work_raises_or_prints_comes_back_or_goes_nowhere() -> None:
    process = Process()
    with pytest.raises(ValueError, match="invalid literal"):
        process.do(int, "many")
    assert process.do(print, "noise") is None
    assert process.do(os.getpid) == process.do(os.getpid) != os.getpid()
    process.close()
    with pytest.raises(UnavailableError):
        process.do(os.getpid)


def only_here(task: int) -> list[int]:
    """Work that another process cannot import."""
    return [task]


@pytest.mark.parametrize("work", [only_here, lambda task: [task]])
def test_work_that_cannot_go_to_another_process_is_done_here(work: Callable[[int], Any]) -> None:
    given = in_order(range(20), work, beside=lambda _: True, here=0, lost=lambda _: ["lost"])
    assert list(given) == list(range(20))


def test_leaving_early_waits_for_no_task(work: Callable[[object], Any]) -> None:
    tasks = ["first", *["sleep"] * 10]
    given = in_order(tasks, work, beside=lambda _: True, here=0, lost=lambda _: [])
    assert next(given)[0] == "first"
    began = time.monotonic()
    given.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 60  # of ten times ten minutes


def test_what_lies_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    for name in ("corpus/__init__.py", "pickle.py", "subprocess.py", "trafilatura.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    process = Process()
    assert process.do(os.getpid) != os.getpid()
    process.close()
    assert not (tmp_path / "was-run").exists()


def test_no_process_outlives_one_that_is_killed() -> None:
    script = (
        "import os, time\n"
        "from corpus.beside import Process\n"
        "process = Process()\n"
        "print(process.do(os.getpid), flush=True)\n"
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
