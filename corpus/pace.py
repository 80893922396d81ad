"""Manners towards one host: a pause between requests, and leaving alone one that is unwell."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LONGEST_DELAY = 10.0
"""Seconds; a site that asks for more between two requests gets this."""
_STRIKES = 4
_REST = 300.0


@dataclass(slots=True)
class _Host:
    free_at: float = 0.0
    resting_until: float = 0.0
    why: str = ""
    strikes: int = 0


@dataclass(slots=True)
class Pace:
    """When each host may be asked next. Safe to share between threads."""

    pause: float
    """Seconds between two requests to one host."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, host: str, delay: float = 0.0) -> None:
        """Wait until a host may be asked again; the places in the queue are given out in order."""
        pause = max(self.pause, min(delay, LONGEST_DELAY))
        with self._lock:
            now, known = self.clock(), self._hosts.setdefault(host, _Host())
            at = max(now, known.free_at)
            known.free_at = at + pause
        if at > now:
            self.sleep(at - now)

    def resting(self, host: str) -> tuple[float, str]:
        """Seconds for which a host is left alone, and why; 0 where it is not."""
        with self._lock:
            known = self._hosts.get(host)
            if known is None:
                return 0.0, ""
            return max(0.0, known.resting_until - self.clock()), known.why

    def rest(self, host: str, seconds: float, why: str) -> None:
        """Leave a host alone for a while, as it asked."""
        with self._lock:
            known = self._hosts.setdefault(host, _Host())
            known.resting_until = max(known.resting_until, self.clock() + seconds)
            known.why = why

    def answered(self, host: str) -> None:
        """A host gave an answer, whatever it was."""
        with self._lock:
            self._hosts.setdefault(host, _Host()).strikes = 0

    def silent(self, host: str, why: str) -> None:
        """A host gave none, or is in trouble; after a few such in a row it is left alone."""
        with self._lock:
            known = self._hosts.setdefault(host, _Host())
            known.strikes += 1
            if known.strikes >= _STRIKES:
                known.strikes = 0
                known.resting_until, known.why = self.clock() + _REST, why
