"""Who may use a data folder: many readers, or one writer."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        except OSError as error:
            raise OnRecordError(
                f"cannot write to the data folder {folder}: {(error.strerror or '').lower()}; "
                "choose another with --data"
            ) from error
        if not readers:
            return
        try:
            self._take(shared=True)
        except FolderInUseError:
            self._file.close()
            raise
        self._file.truncate(0)  # nobody writes now: a name left by a killed writer is stale

    @contextmanager
    def writing(self, patience: float = _PATIENCE) -> Iterator[None]:
        """Hold the folder alone for a while, after waiting `patience` seconds at most for it.

        Raises:
            FolderInUseError: another process reads or writes it.
        """
        with self._one_thread:
            self._take_alone(patience)
            self._file.truncate(0)
            self._file.write(f"{_command()} (process {os.getpid()})")
            self._file.flush()
            try:
                yield
            finally:
                self._file.truncate(0)
                self._step_back()

    def _take_alone(self, patience: float) -> None:
        """Take the lock alone, waiting a moment: a question being answered is soon done."""
        until = time.monotonic() + patience
        while True:
            try:
                self._take(shared=False)
                return
            except FolderInUseError:
                self._step_back()  # some systems drop the lock held when the change fails
                if time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0.05, 0.25))  # two that wait must not wait in step

    def _step_back(self) -> None:
        """Hold the folder as a reader does."""
        if self._readers:
            self._take(shared=True)
        else:
            import portalocker

            portalocker.unlock(self._file)

    def release(self) -> None:
        """Let go of the folder."""
        self._file.close()

    def _take(self, *, shared: bool) -> None:
        import portalocker

        flags: Any = portalocker.LockFlags.SHARED if shared else portalocker.LockFlags.EXCLUSIVE
        try:
            portalocker.lock(self._file, flags | portalocker.LockFlags.NON_BLOCKING)
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
