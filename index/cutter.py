"""Articles cut into passages: here, or in a process of their own while this one writes.

Chroma holds the interpreter while it writes, so that a thread beside it stands still.

    python -m index.cutter           takes lines of JSON and answers each with one, see `_serve`
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import IO, Any, TypeVar

from corpus.copies import bands
from index.chunk import ChunkSettings, Offsets, chunk
from index.embed import load_tokenizer
from index.pieces import WordPieces

Cut = tuple[list[Offsets], list[int]]
"""A body's passages, and the keys by which near-copies of it are found."""

Batch = TypeVar("Batch")
Done = TypeVar("Done")


class Cutter:
    """Cuts bodies, here."""

    def __init__(self, settings: ChunkSettings) -> None:
        self.settings = settings
        self._pieces: WordPieces | None = None

    def cut(self, body: str) -> Cut:
        """The passages and keys of one body."""
        if self._pieces is None:
            self._pieces = WordPieces(load_tokenizer())
        return chunk(body, self._pieces, self.settings), bands(body)


class Beside:
    """Cuts bodies in another process, started when first wanted; here where that fails."""

    def __init__(self, cutter: Cutter) -> None:
        self._here = cutter
        self._process: subprocess.Popen[str] | None = None
        self._failed = False

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def cut(self, bodies: Sequence[str]) -> list[Cut]:
        """The passages and keys of each body."""
        if not self._failed:
            try:
                return self._elsewhere(bodies)
            except (OSError, ValueError):  # not started, or gone: it has answered nothing
                self._failed = True
        return [self._here.cut(body) for body in bodies]

    def _elsewhere(self, bodies: Sequence[str]) -> list[Cut]:
        if self._process is None:
            # -P: a folder named "index" where the user happens to be is none of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "index.cutter"], encoding="ascii",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        asked = {"settings": asdict(self._here.settings), "bodies": bodies}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answered = json.loads(self._process.stdout.readline())
        return [([(a, b) for a, b in spans], keys) for spans, keys in answered]


def begun_early(
    batches: Iterator[Batch], work: Callable[[Batch], Done]
) -> Iterator[tuple[Batch, Done]]:
    """Each batch with what was made of it in a thread, while the caller had the one before.

    What had come before an error in the batches themselves is given first, then it is raised.
    """
    waiting: deque[tuple[Batch, Future[Done]]] = deque()
    failure: Exception | None = None
    with ThreadPoolExecutor(1) as pool:
        while True:
            try:
                batch = next(batches)
            except StopIteration:
                break
            except Exception as error:
                failure = error
                break
            waiting.append((batch, pool.submit(work, batch)))
            if len(waiting) > 1:
                done, made = waiting.popleft()
                yield done, made.result()
        for done, made in waiting:
            yield done, made.result()
    if failure:
        raise failure


def _serve(asking: IO[str], answering: IO[str]) -> None:
    """Answer lines {"settings": {...}, "bodies": [text, ...]} with [[passages, keys], ...]."""
    cutter: Cutter | None = None
    for line in asking:
        asked: dict[str, Any] = json.loads(line)
        cutter = cutter or Cutter(ChunkSettings(**asked["settings"]))
        answering.write(json.dumps([cutter.cut(body) for body in asked["bodies"]]) + "\n")
        answering.flush()


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
