"""Processes beside this one, for work that would hold up what this one does.

    python -m corpus.beside          does what it is sent, see `_serve`

The pools of the standard library run the caller's own script again in each process, or copy its
threads' locks; loky's hangs where a process is killed while it answers, and runs what lies in the
current folder. So each process here is a plain child that gets and gives pickles over its pipes.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, TypeVar

Task = TypeVar("Task")
Item = TypeVar("Item")
Made = TypeVar("Made")

_MOST = 8  # processes, whatever the machine has
_AHEAD = 4  # tasks a process may have waiting
_READY = "ready"


class UnavailableError(Exception):
    """No process can be started."""


class EndedError(Exception):
    """The process came to its end before it had answered."""


class Process:
    """Another interpreter, started when first wanted and again where it ended. One thread's own."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()
        self._stopped = False

    def do(self, work: Callable[..., Made], *given: object) -> Made:
        """What `work(*given)` returns there; that must be able to come back.

        Raises:
            UnavailableError: it cannot be started, was stopped, or work or given cannot go there.
            EndedError: it came to its end meanwhile. The next call starts another.
            Exception: what the work raises.
        """
        try:
            asked = pickle.dumps((work, given))
        except Exception as error:  # whatever the object's own way of being pickled raises
            raise UnavailableError(str(error)) from error
        child = self._child or self._start()
        assert child.stdin and child.stdout
        try:
            child.stdin.write(asked)
            child.stdin.flush()
            taken, made, failure = pickle.load(child.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as broken:
            self._end()
            raise EndedError(str(broken)) from broken
        if not taken:
            raise UnavailableError(str(failure))
        if failure is not None:
            raise failure
        return made  # type: ignore[no-any-return]

    def stop(self) -> None:
        """End it, whatever it is doing, for good. May be called by another thread."""
        with self._changing:
            self._stopped = True
            if self._child:
                self._child.kill()

    def close(self) -> None:
        """End it for good, and let go of its pipes."""
        self.stop()
        self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._changing:
            if self._stopped:
                raise UnavailableError("stopped")
            try:
                # -P: a folder named "corpus" where the user happens to be is none of ours. Of a
                # session of its own: Ctrl-C is for the process that the user started.
                self._child = subprocess.Popen(
                    [sys.executable, "-P", "-m", "corpus.beside"], start_new_session=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except OSError as error:
                raise UnavailableError(str(error)) from error
        assert self._child.stdout
        try:
            ready = pickle.load(self._child.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            ready = ""
        if ready != _READY:
            self._end()
            raise UnavailableError("it did not come up")
        return self._child

    def _end(self) -> None:
        with self._changing:
            child, self._child = self._child, None
        if child:
            child.kill()
            with contextlib.suppress(OSError, ValueError):  # what was left to be written
                child.communicate()


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
        work: What to do; what it makes must be able to come from another process. Where it or the
            task cannot go there, it is done here.
        beside: Which tasks are worth that; the others are done here when it is their turn.
        here: How many of those are done here all the same, before a process is started.
        lost: What to give for a task that ends the process which does it.
    """
    waiting: deque[tuple[Task, Future[list[Item]] | None]] = deque()

    def given(task: Task, made: Future[list[Item]] | None) -> Iterable[Item]:
        try:
            return work(task) if made is None else made.result()
        except UnavailableError:
            return work(task)
        except EndedError:
            return lost(task)

    with _Processes(min(_cores(), _MOST)) as others:
        for task in tasks:
            apart = beside(task) and (here := here - 1) < 0
            waiting.append((task, others.submit(_all, work, task) if apart else None))
            if len(waiting) > _AHEAD * others.most:
                yield from given(*waiting.popleft())
        while waiting:
            yield from given(*waiting.popleft())


class _Processes:
    """As many processes as threads that wait for them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._threads = ThreadPoolExecutor(most)
        self._all = [Process() for _ in range(most)]
        self._idle: queue.SimpleQueue[Process] = queue.SimpleQueue()
        for process in self._all:
            self._idle.put(process)

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.stop()
        self._threads.shutdown()
        for process in self._all:
            process.close()

    def submit(self, work: Callable[..., Made], *given: object) -> Future[Made] | None:
        """Have work done; None where there is not even a thread to be had."""
        try:
            return self._threads.submit(self._do, work, *given)
        except RuntimeError:
            return None

    def _do(self, work: Callable[..., Made], *given: object) -> Made:
        process = self._idle.get()  # there are as many as threads
        try:
            return process.do(work, *given)
        finally:
            self._idle.put(process)


def _all(work: Callable[[Task], Iterable[Item]], task: Task) -> list[Item]:
    return list(work(task))


def _cores() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(asking: IO[bytes], answering: IO[bytes]) -> None:
    """Answer each (work, given) with (whether it was understood, what it made, what it raised)."""
    _answer(answering, _READY)
    while True:
        try:
            work, given = pickle.load(asking)
        except EOFError:  # the one that started this is gone
            return
        except Exception as error:  # of a module that is only there
            _answer(answering, (False, None, str(error)))
            continue
        try:
            answer: tuple[bool, Any, Exception | None] = (True, work(*given), None)
        except Exception as error:
            answer = (True, None, error)
        _answer(answering, answer)


def _answer(answering: IO[bytes], answer: object) -> None:
    answering.write(pickle.dumps(answer))
    answering.flush()


def _main() -> None:
    """Serve on the standard streams; what the work itself prints goes nowhere."""
    answering = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _serve(sys.stdin.buffer, answering)


if __name__ == "__main__":
    _main()
