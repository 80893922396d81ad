"""Keeping an archive fresh while it is served: feeds that are due, and folders that are watched."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus import OnRecordError, Skipped
from corpus.fetch import Fetcher, FetchSettings
from corpus.load import shown
from index.sources import Source
from qa.engine import Engine

LOOK_EVERY = 5.0
"""Seconds between two looks at what is due and at the watched folders."""
_AFTER_TROUBLE = 60.0
_SECONDS_A_ROUND = 300.0  # of feeds: one slow site holds up all others no longer
_log = logging.getLogger("onrecord")

Stamp = tuple[int, int, int]


class Keeper:
    """Works in the background from `start` to `stop`. Whatever goes wrong is kept to be shown."""

    def __init__(
        self,
        engine: Engine,
        *,
        feeds: bool = False,
        folders: Sequence[Path] = (),
        fetch: FetchSettings | None = None,
        look_every: float = LOOK_EVERY,
    ) -> None:
        """Make it; nothing is done yet.

        Args:
            engine: Whose archive is kept fresh.
            feeds: Whether its feeds are updated when they are due.
            folders: Folders whose new and changed files are taken in.
            fetch: How feeds and pages are fetched.
            look_every: Seconds between two looks.

        Raises:
            OnRecordError: one of the folders is none.
        """
        self.feeds = feeds
        self.trouble = ""
        """What keeps the feeds from being updated at all; "" where nothing does."""
        self._engine = engine
        self._fetch = fetch
        self._folders = [Watched(folder) for folder in folders]
        self._look_every = look_every
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def folders(self) -> list[Source]:
        """The watched folders, each with how it fares."""
        return [watched.state for watched in self._folders]

    def start(self) -> None:
        """Begin."""
        work = [self._keep_feeds] if self.feeds else []
        work += [self._keep_folders] if self._folders else []
        for run in work:
            # Daemons: a server that stops does not wait for somebody else's.
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop before the next feed or file; what is being written is waited for a moment."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(2)

    def _keep_feeds(self) -> None:
        with Fetcher(self._fetch) as fetcher:
            while True:
                self.trouble = self._guarded(lambda: self._update_due(fetcher))
                if self._stopped.wait(_AFTER_TROUBLE if self.trouble else self._look_every):
                    return

    def _update_due(self, fetcher: Fetcher) -> str:
        now = datetime.now(UTC)
        due = [source for source in self._engine.sources.all() if source.is_due(now)]
        if due and not self._stopped.is_set():
            self._engine.update_feeds(due, fetcher, seconds=_SECONDS_A_ROUND)
        return ""

    def _keep_folders(self) -> None:
        while True:
            for watched in self._folders:
                if problem := self._guarded(lambda w=watched: self._take(w)):  # type: ignore[misc]
                    watched.note(problem)
            if self._stopped.wait(self._look_every):
                return

    def _take(self, watched: Watched) -> str:
        if new := watched.look():
            done = self._engine.ingest(sorted(new))
            watched.taken(new, done.skipped)
        elif watched.has_changed:
            watched.taken({}, [])
        return ""

    def _guarded(self, work: Callable[[], str]) -> str:
        """What went wrong, in words: the next look is made whatever it was."""
        try:
            return work()
        except OnRecordError as error:
            return str(error)
        except Exception as error:
            if self._stopped.is_set():  # the library was closed under us
                return ""
            _log.exception("keeping the archive fresh failed")
            return f"an unexpected error ({type(error).__name__}); see the server's log"


class Watched:
    """A folder whose files are compared with what they were at the last look."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing known: what is there already costs nothing to take in again.

        Raises:
            OnRecordError: there is no such folder.
        """
        if not folder.is_dir():
            raise OnRecordError(f"cannot watch {folder}: there is no such folder")
        self._folder = folder
        self._before: dict[Path, Stamp] = {}
        self._known: dict[Path, Stamp] = {}
        self._unread: dict[str, str] = {}  # why, by file
        self.state = Source(url=str(folder), every=LOOK_EVERY)

    def look(self) -> dict[Path, Stamp]:
        """Files that are new or changed, and were left alone since the look before: no file is
        read while somebody writes it."""
        if not self._folder.is_dir():
            raise OnRecordError(f"{self._folder}: there is no such folder any more")
        now = dict(_stamps(self._folder))
        found = {
            path: stamp
            for path, stamp in now.items()
            if self._before.get(path) == stamp and self._known.get(path) != stamp
        }
        self._before = now
        return found

    @property
    def has_changed(self) -> bool:
        """Whether a file that could not be read is gone, or the folder is back."""
        return bool(self.state.last_error) and self._reason() != self.state.last_error

    def taken(self, files: dict[Path, Stamp], skipped: Sequence[Skipped]) -> None:
        """Note files as taken in, but for those that could not be read."""
        self._known |= files
        for path in files:
            for name in _names(path):
                self._unread.pop(name, None)
        for one in skipped:
            self._unread[re.sub(r"#\d+$", "", one.source)] = f"{one.source}: {one.reason}"
        self.note("")
        if left := self._reason():  # the rest went in
            self.state = replace(self.state, last_error=left, last_error_at=datetime.now(UTC))

    def _reason(self) -> str:
        """What is still to be said of a file that is there."""
        there = {name for path in self._before for name in _names(path)}
        return next((why for file, why in self._unread.items() if file in there), "")

    def note(self, error: str) -> None:
        """Note how the last taking in went; "" where it went well."""
        now = datetime.now(UTC)
        if error:
            failures = self.state.failures + 1
            self.state = replace(self.state, last_error=error, last_error_at=now, failures=failures)
        else:
            self.state = replace(self.state, last_error="", last_success=now, failures=0)
        self.state = replace(self.state, next_try=now + timedelta(seconds=LOOK_EVERY))


def _names(path: Path) -> tuple[str, str]:
    """What a file is called where it could not be opened, and where it could."""
    return shown(path), shown(path.resolve())


def _stamps(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """When each file below a folder and its rights were changed, and its size; no hidden ones."""
    for where, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            path = Path(where, name)
            if name.startswith("."):
                continue
            try:
                found = path.stat()
            except OSError:  # gone again
                continue
            yield path, (found.st_mtime_ns, found.st_ctime_ns, found.st_size)
