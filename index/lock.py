"""Who may use a data folder: many readers, or one writer."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from corpus import OnRecordError

_PATIENCE = 3.0  # seconds


class FolderInUseError(OnRecordError):
    """Another process holds the data folder."""


class FolderLock:
    """A lock on a data folder, shared while it is read and exclusive while it is written.

    The operating system drops it when the process ends, however it ends.
    """

    def __init__(self, folder: Path, *, readers: bool = True) -> None:
        """Take the shared lock.

        Args:
            folder: The data folder.
            readers: Whether readers keep writers out. With a server behind it they need not.

        Raises:
            FolderInUseError: another process is writing.
            OnRecordError: the folder cannot be written.
        """
        self._path = folder / "lock"
        self._readers = readers
        self._one_thread = threading.Lock()
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
            self._writers: IO[str] = (folder / "lock.writers").open("a+", encoding="utf-8")
        except OSError as error:
            raise OnRecordError(
                f"cannot write to the data folder {folder}: {(error.strerror or '').lower()}; "
                "choose another with --data"
            ) from error
        if not readers:
            return
        try:
            self._wait(partial(self._take, self._file, shared=True), _PATIENCE)
        except FolderInUseError:
            self.release()
            raise
        self._file.truncate(0)  # nobody writes now: a name left by a killed writer is stale

    @contextmanager
    def writing(self, patience: float = _PATIENCE) -> Iterator[None]:
        """Hold the folder alone for a while, after waiting `patience` seconds at most for it.

        Raises:
            FolderInUseError: another process reads or writes it.
        """
        if self._file.closed:
            raise OnRecordError(f"the archive in {self._path.parent} is closed; open it again")
        until = time.monotonic() + patience
        with self._one_thread, self._the_only_writer(patience):
            self._wait(self._take_alone, until - time.monotonic())
            self._file.truncate(0)
            self._file.write(f"{_command()} (process {os.getpid()})")
            self._file.flush()
            try:
                yield
            finally:
                self._file.truncate(0)
                self._step_back()

    @contextmanager
    def _the_only_writer(self, patience: float) -> Iterator[None]:
        """Keep other writers out before the lock itself is changed.

        Some systems drop the lock that is held when the change to another fails. While it is gone
        for that moment no other writer may take it, and this process go on without any.
        """
        import portalocker

        self._wait(partial(self._take, self._writers, shared=False), patience)
        try:
            yield
        finally:
            portalocker.unlock(self._writers)

    def _take_alone(self) -> None:
        try:
            self._take(self._file, shared=False)
        except FolderInUseError:
            self._step_back()
            raise

    def _wait(self, take: Callable[[], None], patience: float) -> None:
        """Take a lock, waiting a moment: a question being answered is soon done."""
        until = time.monotonic() + patience
        while True:
            try:
                take()
                return
            except FolderInUseError:
                if time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0.05, 0.25))  # two that wait must not wait in step

    def _step_back(self) -> None:
        """Hold the folder as a reader does."""
        if self._readers:
            self._take(self._file, shared=True)
        else:
            import portalocker

            portalocker.unlock(self._file)

    def release(self) -> None:
        """Let go of the folder."""
        for file in (self._file, self._writers):
            with contextlib.suppress(OSError):  # a full disk must not hide what went wrong before
                file.close()

    def _take(self, file: IO[str], *, shared: bool) -> None:
        import portalocker

        flags: Any = portalocker.LockFlags.SHARED if shared else portalocker.LockFlags.EXCLUSIVE
        try:
            portalocker.lock(file, flags | portalocker.LockFlags.NON_BLOCKING)
        except portalocker.LockException:
            raise FolderInUseError(self._message()) from None

    def _message(self) -> str:
        folder = self._path.parent
        holder = self._path.read_text(encoding="utf-8").strip()
        if holder:
            return f"{holder} is writing to {folder}; try again when it is done"
        return (
            f"the data folder {folder} is in use by another process (a chat that is being "
            "served, or a question being answered); stop it first, or choose another with --data"
        )


def _command() -> str:
    name = Path(sys.argv[0]).stem if sys.argv and sys.argv[0] else "python"
    words = [name, *sys.argv[1:2]] if name == "onrecord" else [name]
    return " ".join(words)
