"""What is made of an article before it is written: its passages, the keys by which near-copies are
found, and where that is quick its vectors. Here, or in a process of its own while this one writes.

Chroma holds the interpreter while it writes, so that a thread beside it stands still.

    python -m index.prepare          takes lines of JSON and answers each with one, see `_serve`
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np

from corpus.copies import bands
from index.chunk import ChunkSettings, Offsets, chunk
from index.embed import Vectors, load_tokenizer
from index.pieces import WordPieces
from index.static import Static

Batch = TypeVar("Batch")
Done = TypeVar("Done")

Text = tuple[str, str]
"""An article's heading, which is embedded with each of its passages, and its body."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made of an article."""

    spans: list[Offsets]
    """Its passages."""
    keys: list[int]
    """Those by which near-copies are found, see `corpus.copies.bands`."""
    vectors: Vectors | None = None
    """Of the passages, shape [passages, dimensions]; None where they are still to be made."""


class Preparer:
    """Prepares articles, here. Embeds their passages if it is given a static embedder."""

    def __init__(self, settings: ChunkSettings, static: Static | None = None) -> None:
        self.settings = settings
        self._static = static
        self._pieces: WordPieces | None = None

    def prepare(self, text: Text) -> Prepared:
        """What there is to make of one article."""
        if self._pieces is None:
            self._pieces = WordPieces(load_tokenizer())
        heading, body = text
        spans = chunk(body, self._pieces, self.settings)
        embedded = [heading + body[a:b] for a, b in spans]
        vectors = self._static.encode(embedded) if self._static else None
        return Prepared(spans, bands(body), vectors)


class Beside:
    """Prepares articles in another process, started when first wanted; here where that fails."""

    def __init__(self, here: Preparer, static: Static | None = None) -> None:
        """Prepare as `here` does; the other process embeds as well, if `static` is given."""
        self._here = here
        self._table = str(static.table) if static else ""
        self._process: subprocess.Popen[str] | None = None
        self._failed = False

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def prepare(self, texts: Sequence[Text]) -> list[Prepared]:
        """What there is to make of each article."""
        if not self._failed:
            try:
                return self._elsewhere(texts)
            except (OSError, ValueError):  # not started, or gone: it has answered nothing
                self._failed = True
        return [self._here.prepare(text) for text in texts]

    def _elsewhere(self, texts: Sequence[Text]) -> list[Prepared]:
        if self._process is None:
            # -P: a folder named "index" where the user happens to be is none of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "index.prepare"], encoding="ascii",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        asked = {"settings": asdict(self._here.settings), "table": self._table, "texts": texts}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return [_unpacked(*one) for one in json.loads(self._process.stdout.readline())]


def _packed(one: Prepared) -> tuple[list[Offsets], list[int], str]:
    raw = b"" if one.vectors is None else np.asarray(one.vectors, dtype="<f4").tobytes()
    return one.spans, one.keys, b64encode(raw).decode("ascii")


def _unpacked(spans: Sequence[Sequence[int]], keys: list[int], raw: str) -> Prepared:
    values = np.frombuffer(b64decode(raw), dtype="<f4").reshape(len(spans), -1) if raw else None
    return Prepared([(a, b) for a, b in spans], keys, values)


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
    """Answer lines {"settings": {...}, "table": file or "", "texts": [[heading, body], ...]}.

    Each with a line [[spans, keys, vectors in base64], ...].
    """
    preparer: Preparer | None = None
    for line in asking:
        asked: dict[str, Any] = json.loads(line)
        if preparer is None:
            static = Static(Path(asked["table"])) if asked["table"] else None
            preparer = Preparer(ChunkSettings(**asked["settings"]), static)
        made = [_packed(preparer.prepare((heading, body))) for heading, body in asked["texts"]]
        answering.write(json.dumps(made) + "\n")
        answering.flush()


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
