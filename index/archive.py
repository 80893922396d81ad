"""The archive: the library and the two indexes made from it, kept level with each other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus import Article, OnRecordError, Skipped
from index.chunk import ChunkSettings, chunk
from index.derived import Derived
from index.embed import Embedder, MiniLM, load_tokenizer
from index.library import DERIVED, Library
from index.lock import FolderLock
from index.passage import Filters, Hit

FORMAT = "1"
_ARTICLES_A_BATCH = 64
_FUSION_DEPTH = 60
_RRF_K = 60

Progress = Callable[[int, int], None]
"""Called with (passages done, passages known so far)."""


class ManifestMismatchError(OnRecordError):
    """The indexes were made with another embedder or chunker."""


@dataclass(slots=True)
class Ingested:
    """What became of the sources of one ingest, by article id; `skipped` says why."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


class Archive:
    """A data folder of articles that can be searched. Use `Archive.open`."""

    def __init__(
        self, folder: Path, lock: FolderLock, embedder: Embedder, chunks: ChunkSettings
    ) -> None:
        """Not for callers: `Archive.open` also checks and repairs."""
        self.folder = folder
        self.repaired: list[str] = []
        """What was put right on opening, in words."""
        self._lock = lock
        self.embedder = embedder
        self._chunks = chunks
        self._tokenizer: Any = None
        _refuse_lost_library(folder)
        self.library = Library(folder / "library.db")
        self._derived = Derived(folder, self.library, embedder)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        embedder: Embedder | None = None,
        chunks: ChunkSettings | None = None,
        check: bool = True,
        progress: Progress | None = None,
    ) -> Archive:
        """Open a data folder, making it where there is none, and bring its indexes level.

        With `check=False` nothing is checked or repaired, for `reindex` and the doctor.

        Raises:
            FolderInUseError: another process is writing to it.
            OnRecordError: it cannot be written, is damaged, is from a newer version, or was made
                with another embedder or chunker (the text names the remedy).
        """
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OnRecordError(
                f"cannot make the data folder {folder}: {(error.strerror or '').lower()}; "
                "choose another with --data"
            ) from error
        lock = FolderLock(folder)
        try:
            archive = cls(folder, lock, embedder or MiniLM(), chunks or ChunkSettings())
        except BaseException:
            lock.release()
            raise
        try:
            if check:
                if mismatch := archive.mismatch():
                    raise ManifestMismatchError(mismatch)
                archive._bring_level(progress)
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        """Let go of the folder."""
        self._derived.close()
        self.library.close()
        self._lock.release()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- writing ------------------------------------------------------------------------

    def add(self, items: Iterable[Article | Skipped], progress: Progress | None = None) -> Ingested:
        """Take articles in. Known ones with the same content cost nothing; changed ones replace.

        A batch is in the library, and so acknowledged, before the indexes get it; whatever
        interrupts this, the next opening finishes what was acknowledged.

        Raises:
            FolderInUseError: another process uses the folder.
        """
        done = Ingested()
        finished = known = 0
        with self._lock.writing():
            for batch in _batched(items, _ARTICLES_A_BATCH):
                with self.library.transaction():
                    for item in batch:
                        self._add_one(item, done)
                known += self.library.count_pending() // 2
                self._drain(finished, known, progress)
                finished = known
        return done

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove articles from the library and both indexes. Returns how many there were."""
        with self._lock.writing():
            removed = self.library.remove(article_ids)
            self._drain(0, 0, None)
        return removed

    def reindex(self, progress: Progress | None = None) -> int:
        """Cut and index everything again from the library. Returns the number of passages."""
        with self._lock.writing():
            with self.library.transaction():
                for article in self.library.articles():
                    self.library.remove_passages(article.id)
                    self.library.add_passages(article.id, self._cut(article))
            for name in DERIVED:
                self._derived.empty(name)
            passages = self.library.count()[1]
            self._drain(0, passages, progress)
        return passages

    def _add_one(self, item: Article | Skipped, done: Ingested) -> None:
        if isinstance(item, Skipped):
            done.skipped.append(item)
            self.library.log(item.source, "skipped", item.reason)
            return
        known = self.library.content_hash(item.id)
        if known == item.content_hash:
            done.unchanged.append(item.id)
            return
        older = self.library.ids_from(item.source) if _is_whole_file(item) else []
        self.library.remove(older)
        self.library.add(item, self._cut(item))
        outcome = "changed" if known or older else "added"
        (done.changed if known or older else done.added).append(item.id)
        self.library.log(item.source, outcome, item.id)

    def _cut(self, article: Article) -> list[tuple[int, int]]:
        if self._tokenizer is None:
            self._tokenizer = load_tokenizer()
        return chunk(article.body, self._tokenizer, self._chunks)

    # -- searching ----------------------------------------------------------------------

    def search(self, text: str, limit: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The best passages for a text by words and vectors together, best first.

        The two rankings are fused by reciprocal rank: score = sum of 1 / (60 + rank)
        (Cormack, Clarke and Buettcher 2009).

        Raises:
            OnRecordError: a filter names an outlet that is not in the archive.
        """
        filters = self._known(filters or Filters())
        if not text.strip() or not self.library.count()[1]:
            return []
        depth = max(limit, _FUSION_DEPTH)
        rankings = {
            "words": self._derived.words.search(text, depth, filters),
            "vectors": self._derived.vectors.search(
                self.embedder.encode([text])[0], depth, filters
            ),
        }
        fused = fuse(rankings)[:limit]
        found = self.library.passages([passage_id for passage_id, _, _ in fused])
        return [
            Hit(*found[passage_id], score, ranks)
            for passage_id, score, ranks in fused
            if passage_id in found
        ]

    def encode(self, texts: list[str]) -> Any:
        """Vectors of texts, shape [len(texts), dimensions], by the archive's embedder."""
        return self.embedder.encode(texts)

    def _known(self, filters: Filters) -> Filters:
        outlets = {name.casefold(): name for name in self.library.outlets()}
        for name in filters.outlets:
            if name.casefold() not in outlets:
                raise OnRecordError(
                    f"no outlet named {name!r}; there are: {', '.join(outlets.values()) or 'none'}"
                )
        if filters.after and filters.before and filters.after > filters.before:
            raise OnRecordError("the date range is empty: it ends before it begins")
        return filters

    # -- keeping level --------------------------------------------------------------------

    def problems(self) -> dict[str, str]:
        """For each index that does not agree with the library, what is wrong with it."""
        return self._derived.problems()

    def _bring_level(self, progress: Progress | None) -> None:
        problems = self.problems()
        pending = self.library.count_pending()
        if not problems and not pending:
            return
        with self._lock.writing():
            for name, problem in problems.items():
                self.repaired.append(f"the index of {name} {problem}: rebuilt from the library")
                self._derived.empty(name)
            if pending:
                self.repaired.append("an ingest that was interrupted is finished")
            self._drain(0, self.library.count_pending() // 2, progress)

    def _drain(self, finished: int, known: int, progress: Progress | None) -> None:
        self.library.write_manifest(self._manifest())
        self._derived.drain(lambda done: progress(finished + done, known) if progress else None)

    # -- manifest and locking -------------------------------------------------------------

    def _manifest(self) -> dict[str, str]:
        return {
            "format": FORMAT,
            "embedder": self.embedder.name,
            "chunker": json.dumps(asdict(self._chunks), sort_keys=True),
            "chromadb": version("chromadb"),
            "tantivy": version("tantivy"),
        }

    def mismatch(self) -> str:
        """How the indexes were made otherwise than this run would, in words; "" if alike."""
        made, now = self.library.manifest(), self._manifest()
        for key in ("format", "embedder", "chunker"):
            if made and made.get(key) != now[key]:
                return (
                    f"the indexes in {self.folder} were made with {key} {made.get(key)}, "
                    f"this run uses {now[key]}; make them again with: "
                    f"onrecord reindex --data {self.folder}"
                )
        return ""


def _refuse_lost_library(folder: Path) -> None:
    """Indexes without a library are all that is left of one: nothing to be emptied in silence."""
    file = folder / "library.db"
    if file.exists() and file.stat().st_size:
        return
    if any(any((folder / name).glob("*")) for name in DERIVED):
        raise OnRecordError(
            f"the library {file} is missing or empty, though there are indexes of it; restore it "
            f"from a backup, or remove {folder} to start anew"
        )


def _is_whole_file(article: Article) -> bool:
    """Whether an article is known by its file alone: edited, it replaces what the file held.

    A record's place in its file says nothing: tomorrow's export has other records there.
    """
    record = re.search(r"#\d+$", article.source)
    return not article.url and not record and article.source not in ("", "-")


def fuse(rankings: dict[str, list[int]]) -> list[tuple[int, float, dict[str, int]]]:
    """Reciprocal rank fusion: (id, score, rank in each ranking), best first, ties by id."""
    ranks: dict[int, dict[str, int]] = {}
    for name, ids in rankings.items():
        for rank, passage_id in enumerate(ids, 1):
            ranks.setdefault(passage_id, {})[name] = rank
    scored = [
        (n, sum(1 / (_RRF_K + r) for r in found.values()), found) for n, found in ranks.items()
    ]
    return sorted(scored, key=lambda item: (-item[1], item[0]))


def _batched(items: Iterable[Article | Skipped], size: int) -> Iterator[list[Article | Skipped]]:
    batch: list[Article | Skipped] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
