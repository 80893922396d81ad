"""Work on many hosts at once, and on each host one thing at a time."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
_AHEAD = 32
_GLANCE = 0.2


class ByHost(Generic[Task, Result]):
    """Does tasks in threads. A slow host holds up its own tasks and no others.

    Use it as a context manager; leaving it drops what has not been started. The threads do not
    keep the process alive, since what they wait for is a network.
    """

    def __init__(self, work: Callable[[Task], Result], workers: int) -> None:
        """Make it; `work` must not raise."""
        self._work = work
        self._workers = workers
        self._hosts: dict[str, deque[Task]] = {}
        self._waiting: deque[str] = deque()  # hosts that have tasks and no thread
        self._outstanding = 0
        self._threads = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        # Bounded, so that what is fetched does not pile up faster than it is taken in.
        self._done: queue.Queue[tuple[Task, Result]] = queue.Queue(_AHEAD)

    def __enter__(self) -> ByHost[Task, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()

    def submit(self, host: str, task: Task) -> None:
        """Have a task done after those of its host that are waiting."""
        with self._lock:
            self._outstanding += 1
            if host in self._hosts:
                self._hosts[host].append(task)
                return
            self._hosts[host] = deque([task])
            self._waiting.append(host)
            if self._threads < self._workers:
                self._threads += 1
                threading.Thread(target=self._run, daemon=True).start()

    def results(self) -> Iterator[tuple[Task, Result]]:
        """Each task with its result as it is done, until there are none, those submitted while
        this runs included."""
        while self._outstanding:
            try:
                found = self._done.get(timeout=_GLANCE)
            except queue.Empty:  # a chance for Ctrl-C
                continue
            yield found
            with self._lock:
                self._outstanding -= 1

    def _run(self) -> None:
        while (host := self._next_host()) is not None:
            while (task := self._next_task(host)) is not None:
                self._hand_over(task, self._work(task))

    def _next_host(self) -> str | None:
        with self._lock:
            if self._waiting and not self._stopped.is_set():
                return self._waiting.popleft()
            self._threads -= 1
            return None

    def _next_task(self, host: str) -> Task | None:
        with self._lock:
            if self._hosts[host] and not self._stopped.is_set():
                return self._hosts[host].popleft()
            del self._hosts[host]
            return None

    def _hand_over(self, task: Task, result: Result) -> None:
        while not self._stopped.is_set():
            try:
                self._done.put((task, result), timeout=_GLANCE)
                return
            except queue.Full:
                continue
