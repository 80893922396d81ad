"""The two indexes made from the library, kept level with it."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from corpus import Article, OnRecordError
from corpus.dates import long_date
from index.embed import Embedder
from index.embed import Vectors as Array
from index.library import DERIVED, Library
from index.passage import Passage, short_title
from index.vectors import Vectors
from index.words import Words

_PASSAGES_A_BATCH = 4096
_EMBEDDED_A_STEP = 512
_FILES = "files"
_GENERATION, _NEXT = "generation", "next generation"
# Written once and never cut: what of it is missing or short is damage.
_DURABLE = frozenset([".bin", ".pickle", ".store", ".term", ".idx", ".pos", ".fast", ".fieldnorm"])


class Derived:
    """Words and vectors. Both can be thrown away and made again from the library."""

    def __init__(self, folder: Path, library: Library, embedder: Embedder, chroma: str) -> None:
        self._folder = folder
        self._library = library
        self._embedder = embedder
        self._chroma = chroma
        self._words: Words | None = None
        self._vectors: Vectors | None = None

    @property
    def words(self) -> Words:
        """The word index, opened on first use."""
        if self._words is None:
            self._words = Words(self._folder / "words")
        return self._words

    @property
    def vectors(self) -> Vectors:
        """The vector index, opened on first use."""
        if self._vectors is None:
            self._vectors = Vectors(self._folder / "vectors", self._chroma)
        return self._vectors

    def close(self) -> None:
        """Let go of the files."""
        for index in (self._words, self._vectors):
            if index is not None:
                index.close()
        self._words = self._vectors = None

    def problems(self) -> dict[str, str]:
        """For each index that is damaged or does not agree with the library, what is wrong."""
        passages = self._library.count()[1]
        manifest = self._library.manifest()
        generations = {manifest.get(_GENERATION, ""), manifest.get(_NEXT, "")}
        found = {}
        for name in DERIVED:
            # Before it is opened: Chroma answers from what is left when its files are gone.
            if cut := self._cut_short(name):
                found[name] = f"has lost its file {cut}, or part of it"
                continue
            if self._generation(name) not in generations:
                found[name] = "was made from another state of the library"
                continue
            try:
                count = (self.words if name == "words" else self.vectors).count()
            except Exception as error:  # whatever the library behind it raises on damaged files
                if isinstance(error, OnRecordError):
                    raise  # a server out of reach is no damage
                found[name] = f"cannot be read ({type(error).__name__})"
                continue
            if count != passages and not self._library.pending(name, 1):
                found[name] = f"holds {count} passages and the library {passages}"
        return found

    def empty(self, name: str) -> None:
        """Throw an index away and queue everything for it."""
        if name == "vectors" and self._chroma:
            self.vectors.clear()
        self.close()
        shutil.rmtree(self._folder / name, ignore_errors=True)
        self._library.queue_all(name)

    def drain(
        self,
        progress: Callable[[int], object] | None = None,
        made: Mapping[int, Array] | None = None,
    ) -> None:
        """Do what is queued, a batch at a time.

        Args:
            progress: Gets the passages embedded so far.
            made: Vectors of passages, by id, that there are already.
        """
        done = 0
        busy = self._library.count_pending()
        if busy:
            # Merging drops files that were noted; after a kill they are not to be missed.
            self._library.write_manifest({_FILES: "{}"})
        while self._library.count_pending():
            queued = {name: self._library.pending(name, _PASSAGES_A_BATCH) for name in DERIVED}
            found = self._library.passages(sorted({n for ids in queued.values() for n in ids}))
            for name, ids in queued.items():
                put = [found[n] for n in ids if n in found]
                drop = [n for n in ids if n not in found]
                with _explained(name):
                    if name == "words":
                        self._update_words(put, drop)
                    else:
                        done = self._update_vectors(put, drop, made or {}, done, progress)
                self._library.done(name, ids)
        sealed = self._library.manifest().get(_GENERATION, "")
        if busy or any(self._generation(name) != sealed for name in DERIVED):
            self._seal()
        self._note_files()

    def _update_words(self, put: list[tuple[Passage, Article]], drop: list[int]) -> None:
        if put or drop:
            self.words.update(put, drop)

    def _update_vectors(
        self, put: list[tuple[Passage, Article]], drop: list[int], made: Mapping[int, Array],
        done: int, progress: Callable[[int], object] | None,
    ) -> int:  # fmt: skip
        """Embed in small steps, so that a slow embedder is seen to move."""
        self.vectors.update([], np.zeros((0, 0), dtype=np.float32), drop)
        ready = all(passage.id in made for passage, _ in put)
        step = _PASSAGES_A_BATCH if ready else _EMBEDDED_A_STEP
        for at in range(0, len(put), step):
            some = put[at : at + step]
            ids = [passage.id for passage, _ in some]
            if ready:
                vectors = np.stack([made[n] for n in ids])
            else:
                vectors = self._embedder.encode([context(*item) for item in some])
            self.vectors.update(ids, vectors, [])
            done += len(some)
            if progress:
                progress(done)
        return done

    def _seal(self) -> None:
        """Mark library and indexes as made for each other.

        A library put back from a backup may have as many passages as the indexes, and others.
        Announced in the library first, so that a kill in between makes no difference.
        """
        generation = uuid.uuid4().hex
        self._library.write_manifest({_NEXT: generation})
        for name in DERIVED:
            (self._folder / name).mkdir(exist_ok=True)
            (self._folder / name / _GENERATION).write_text(generation, encoding="utf-8")
        self._library.write_manifest({_GENERATION: generation})

    def _generation(self, name: str) -> str:
        try:
            return (self._folder / name / _GENERATION).read_text(encoding="utf-8")
        except OSError:
            return ""

    def _note_files(self) -> None:
        sizes = {name: _sizes(self._folder / name) for name in DERIVED}
        self._library.write_manifest({_FILES: json.dumps(sizes)})

    def _cut_short(self, name: str) -> str:
        noted = json.loads(self._library.manifest().get(_FILES, "{}")).get(name, {})
        now = _sizes(self._folder / name)
        return next((file for file, size in noted.items() if now.get(file, -1) < size), "")


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Say what a failure of the library behind an index means for the user."""
    try:
        yield
    except OnRecordError:
        raise
    except Exception as error:  # tantivy and Chroma raise many kinds
        reason = " ".join(str(error).split())[:200]
        raise OnRecordError(
            f"cannot write the index of {name} ({reason}); the articles are safe in the library: "
            "make room on the disk if it is full, and start again"
        ) from error


def context(passage: Passage, article: Article) -> str:
    """What is embedded for a passage."""
    return heading(article) + passage.text


def heading(article: Article) -> str:
    """What stands before each passage there: title and date tell what it is about."""
    day = f" ({long_date(article.published)})" if article.published else ""
    return f"{short_title(article)}{day}. "


def _sizes(folder: Path) -> dict[str, int]:
    return {
        file.relative_to(folder).as_posix(): file.stat().st_size
        for file in sorted(folder.rglob("*"))
        if file.suffix in _DURABLE
    }
