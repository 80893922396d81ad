"""Processes beside this one, for work that would hold up what this one does."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from typing import Any, TypeVar

Task = TypeVar("Task")
Item = TypeVar("Item")

_IDLE = 30  # seconds without work after which a process ends
_GLANCE = 2  # seconds between looks whether the one that started it is still there
_MOST = 8  # processes, whatever the machine has
_AHEAD = 4  # tasks a process may have waiting


def processes(most: int) -> Any:
    """An executor over at most so many processes, started as they are wanted.

    One of loky's: those of the standard library run the caller's own script again in each process,
    or copy its threads' locks. A process that dies raises `BrokenExecutor` from what was asked.
    """
    from loky import ProcessPoolExecutor

    return ProcessPoolExecutor(most, timeout=_IDLE, initializer=_begin, initargs=(os.getpid(),))


def in_order(
    tasks: Iterable[Task],
    work: Callable[[Task], Iterable[Item]],
    *,
    beside: Callable[[Task], bool],
    here: int,
    lost: Callable[[Task], Iterable[Item]],
) -> Iterator[Item]:
    """What `work` makes of each task, in their order; some tasks ahead it is done beside.

    Args:
        tasks: Taken from as the results are, but for the few ahead.
        work: What to do; it and what it makes must be able to go to another process.
        beside: Which tasks are worth that; the others are done here when it is their turn.
        here: How many of those are done here all the same, before a process is started.
        lost: What to give for a task that ends the process which does it.
    """
    waiting: deque[tuple[Task, Future[list[Item]] | None]] = deque()
    running = min(_cores(), _MOST)
    pool: Any = None

    def given(task: Task, done: Future[list[Item]] | None) -> Iterable[Item]:
        nonlocal pool
        if done is None:
            return work(task)
        try:
            return done.result()
        except BrokenExecutor:  # by this task, or by another that was under way
            pool = None
            return _alone(work, task) or lost(task)

    try:
        for task in tasks:
            done = None
            if beside(task) and (here := here - 1) < 0 and running:
                try:
                    pool = pool or processes(running)
                    done = pool.submit(_all, work, task)
                except OSError:  # there are no more processes to be had
                    running = 0
            waiting.append((task, done))
            if len(waiting) > _AHEAD * running:
                yield from given(*waiting.popleft())
        while waiting:
            yield from given(*waiting.popleft())
    finally:
        if pool:
            pool.shutdown(kill_workers=True)


def _all(work: Callable[[Task], Iterable[Item]], task: Task) -> list[Item]:
    return list(work(task))


def _alone(work: Callable[[Task], Iterable[Item]], task: Task) -> list[Item] | None:
    """What a process of its own makes of a task; None where that ends as well."""
    with processes(1) as pool:
        try:
            made: list[Item] = pool.submit(_all, work, task).result()
        except BrokenExecutor:
            return None
    return made


def _cores() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int) -> None:
    """Ctrl-C is for the process that the user started; this one ends with it, even if killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_GLANCE)
    os._exit(1)
