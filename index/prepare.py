"""What is made of an article before it is written: its passages, the keys by which near-copies are
found, and where that is quick its vectors. Here, or in a process of its own while this one writes.

Chroma holds the interpreter while it writes, so that a thread beside it stands still.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from corpus.beside import EndedError, Process, UnavailableError
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
        self._table = static.table if static else None
        self._process = Process()
        self._failed = False

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close()

    def prepare(self, texts: Sequence[Text]) -> list[Prepared]:
        """What there is to make of each article."""
        if not self._failed:
            try:
                return self._process.do(_prepare, self._here.settings, self._table, texts)
            except (UnavailableError, EndedError):  # it has answered nothing
                self._failed = True
        return [self._here.prepare(text) for text in texts]


def _prepare(settings: ChunkSettings, table: Path | None, texts: Sequence[Text]) -> list[Prepared]:
    preparer = _preparer(settings, table)
    return [preparer.prepare(text) for text in texts]


@lru_cache(maxsize=1)
def _preparer(settings: ChunkSettings, table: Path | None) -> Preparer:
    return Preparer(settings, Static(table) if table else None)


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
