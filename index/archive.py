"""The archive: the library and the two indexes made from it, kept level with each other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np

from corpus import Article, OnRecordError, Skipped
from index.chunk import ChunkSettings
from index.derived import Derived, heading
from index.embed import LLAMA_INDEX, AnyEmbedder, Vectors, as_embedder, query_vector
from index.facets import Facets
from index.files import Files
from index.fuse import fold, fuse, merge, needed
from index.library import DERIVED, Library
from index.lock import FolderInUseError, FolderLock
from index.passage import Filters, Hit, Ranking
from index.prepare import Beside, Prepared, Preparer, Text, begun_early
from index.rerank import rerank
from index.rows import Ids
from index.static import Static, embedder_called, embedder_named
from index.stories import Stories

FORMAT = "2"
_ARTICLES_A_BATCH = 256
_BATCHES_HERE = 2  # prepared by this process
_CHARACTERS_A_BATCH = 2_000_000
_FUSION_DEPTH = 100
_RERANKED = 50  # passages that are looked at sentence by sentence, before near-copies are folded

By = Literal["sentences", "both", "words", "vectors"]
"""What orders the hits: one ranking, both together, or these and then sentence by sentence."""

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
        self, folder: Path, lock: FolderLock, embedder: AnyEmbedder,
        chunks: ChunkSettings, chroma: str,
    ) -> None:  # fmt: skip
        """Not for callers: `Archive.open` also checks and repairs."""
        self.folder = folder
        self.repaired: list[str] = []
        """What was put right on opening, in words."""
        self._lock = lock
        self._preparer = Preparer(chunks)
        self._chroma = chroma
        _refuse_lost_library(folder)
        self.library = Library(folder / "library.db")
        self.stories = Stories(self.library)
        self._files = Files(self.library)
        named = embedder_called(embedder) if isinstance(embedder, str) else as_embedder(embedder)
        self.embedder = named or embedder_named(self.library.manifest().get("embedder", ""))
        self._static = self.embedder if isinstance(self.embedder, Static) else Static()
        self._facets = Facets(self.library)
        self._derived = Derived(folder, self.library, self.embedder, chroma)

    @classmethod
    def open(  # noqa: PLR0913 - each is one choice, all but the folder by name
        cls,
        folder: str | Path,
        *,
        embedder: AnyEmbedder = None,
        chunks: ChunkSettings | None = None,
        chroma: str = "",
        check: bool = True,
        progress: Progress | None = None,
    ) -> Archive:
        """Open a data folder, making it where there is none, and bring its indexes level.

        Args:
            folder: The data folder.
            embedder: What makes the vectors; by default what made those that are there.
            chunks: How passages are cut.
            chroma: URL of a Chroma server that keeps the vectors, so that several processes can
                read while one writes; by default they are kept in the folder.
            check: With False nothing is checked or repaired, for `reindex` and the doctor.
            progress: Called with (passages done, passages known) while repairing.

        Raises:
            FolderInUseError: another process is writing to it.
            OnRecordError: it cannot be written, is damaged, is from a newer version, or was made
                with another embedder or chunker (the text names the remedy).
        """
        if not str(folder).strip():
            raise OnRecordError("the data folder has no name")
        folder = Path(folder).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OnRecordError(
                f"cannot make the data folder {folder}: {(error.strerror or '').lower()}; "
                "choose another with --data"
            ) from error
        lock = FolderLock(folder, readers=not chroma)
        try:
            archive = cls(folder, lock, embedder, chunks or ChunkSettings(), chroma)
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
        static = self.embedder if isinstance(self.embedder, Static) else None
        with self._lock.writing(), Beside(self._preparer, static) as beside:
            for batch, prepared in begun_early(
                self._batches(items), partial(_prepared, self._preparer, beside)
            ):
                vectors: dict[int, Vectors] = {}
                with self.library.transaction():
                    for n, item in enumerate(batch.items):
                        vectors |= self._add_one(item, prepared.get(n), done)
                known += self.library.count_pending() // 2
                self._drain(finished, known, progress, vectors)
                finished = known
        return done

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove articles from the library and both indexes. Returns how many there were."""
        with self._lock.writing():
            removed = self._forget(list(article_ids))
            self._drain(0, 0, None)
        return removed

    def reindex(self, progress: Progress | None = None) -> int:
        """Cut and index everything again from the library. Returns the number of passages."""
        with self._lock.writing():
            with self.library.transaction():
                for article in self.library.articles():
                    self.library.remove_passages(article.id)
                    made = self._preparer.prepare((heading(article), article.body))
                    self.library.add_passages(article.id, made.spans)
                    self.stories.drop([article.id])
                    self.stories.place(article, made.keys)
            for name in DERIVED:
                self._derived.empty(name)
            passages = self.library.count()[1]
            self._drain(0, passages, progress)
        return passages

    def _batches(self, items: Iterable[Article | Skipped]) -> Iterator[_Batch]:
        for number, batch in enumerate(_batched(items)):
            new = {
                n: (heading(item), item.body)
                for n, item in enumerate(batch)
                if isinstance(item, Article)
                and self.library.content_hash(item.id) != item.content_hash
            }
            yield _Batch(number, batch, new)

    def _add_one(
        self, item: Article | Skipped, made: Prepared | None, done: Ingested
    ) -> dict[int, Vectors]:
        """Write one article; gives the vectors of its passages, by id, that there are already."""
        if isinstance(item, Skipped):
            done.skipped.append(item)
            return {}
        older = self._older(item)
        self._forget(older)
        known = self.library.content_hash(item.id)
        if known == item.content_hash or (known and self._is_older(item)):
            done.unchanged.append(item.id)
            return {}
        self.stories.drop([item.id])  # what it was may have been a copy of another
        # Not prepared where it was known when the batch began, and the batch changed it since.
        made = made or self._preparer.prepare((heading(item), item.body))
        passages = self.library.add(item, made.spans)
        self.stories.place(item, made.keys)
        (done.changed if known or older else done.added).append(item.id)
        return {} if made.vectors is None else dict(zip(passages, made.vectors, strict=True))

    def _older(self, item: Article) -> list[str]:
        """Articles that one stands in for: what its file held, and itself by its former id."""
        held = self._files.holds(item.source, item.id) if _is_whole_file(item) else []
        known = [article for name in held if (article := self.library.article(name))]
        # What has an address may have come from there as well.
        older = [one.id for one in known if not one.url or one.source == item.source]
        former = self.library.article(item.former_id) if item.outlet and not item.url else None
        if former and former.outlet == item.outlet:
            older.append(former.id)
        return older

    def _is_older(self, item: Article) -> bool:
        """Whether the library holds a later version of an article, as both tell themselves."""
        known = self.library.article(item.id)
        if not known or not known.updated or not item.updated:
            return False
        # What a source says now of its own article counts, a corrected date too.
        own = bool(item.source) and known.source == item.source
        return not own and known.updated > item.updated

    def _forget(self, article_ids: list[str]) -> int:
        with self.library.transaction():
            self.stories.drop(article_ids)
            return self.library.remove(article_ids)

    # -- searching ----------------------------------------------------------------------

    def search(
        self,
        text: str,
        limit: int = 10,
        filters: Filters | None = None,
        *,
        prefer: Filters | None = None,
        by: By = "sentences",
    ) -> list[Hit]:
        """The best passages for a text, best first; near-copies of one are listed under it.

        Args:
            text: Words or a question.
            limit: How many at most.
            filters: Only passages of articles that pass.
            prefer: Passages of articles that pass these too count for more, see `index.fuse`.
            by: What orders them; the others than the default are there to be measured.

        Raises:
            OnRecordError: a filter names what is not in the archive, or an empty range of dates.
        """
        filters = filters or Filters()
        allowed = self._facets.allowed(filters) if filters else None
        if not text.strip() or self.library.is_empty():
            return []
        depth = max(limit, _FUSION_DEPTH)
        words, near = self._rank(text, depth, filters, allowed, by)
        preferred: Ids = np.zeros(0, dtype=np.int64)
        times = Filters()
        if prefer and (both := filters.within(prefer)):
            preferred = self._facets.allowed(both)
            times = both if preferred.size else Filters()
            more_words, more_near = self._rank(text, depth, both, preferred, by)
            words, near = merge(words, more_words), merge(near, more_near)
        found = {n for n, _ in (*words, *near)}
        fused = fuse(words, near, found & set(preferred.tolist()))
        owners = self.library.owners([passage_id for passage_id, _, _ in fused])
        stories = self.stories.of(owners.values())
        most = max(limit, _RERANKED) if by == "sentences" else limit
        wanted = needed([passage_id for passage_id, _, _ in fused], owners, stories, most)
        known = self.library.passages(wanted)
        hits = []
        for passage_id, score, ranks in fused:
            if passage_id in known:
                passage, article = known[passage_id]
                off = times.days_off(article.published)
                hits.append(Hit(passage, article, score, ranks, stories[article.id], days_off=off))
        if by == "sentences":
            hits = rerank(text, hits, self._static)
        return fold(hits)[:limit]

    def _rank(
        self, text: str, depth: int, filters: Filters, allowed: Ids | None, by: By
    ) -> tuple[Ranking, Ranking]:
        words = self._derived.words.search(text, depth, filters) if by != "vectors" else []
        return words, self._near(text, depth, allowed) if by != "words" else []

    def _near(self, text: str, depth: int, allowed: Ids | None) -> Ranking:
        vector = query_vector(self.embedder, text)
        if not vector.any():  # a text without a single known piece has no direction
            return []
        return self._derived.vectors.search(vector, depth, allowed)

    # -- keeping level --------------------------------------------------------------------

    def problems(self) -> dict[str, str]:
        """For each index that does not agree with the library, what is wrong with it."""
        return self._derived.problems()

    def _bring_level(self, progress: Progress | None) -> None:
        if not self._chroma:
            if self._is_level():
                return
            try:
                with self._lock.writing():
                    self._repair(progress)
            except FolderInUseError:
                if not self._is_level():  # else it was another process, making them at that moment
                    raise
            return
        try:
            with self._lock.writing(patience=0):
                self._repair(progress)
        except FolderInUseError:
            pass  # another process writes at this moment, and leaves the indexes level

    def _is_level(self) -> bool:
        return not self.problems() and not self.library.count_pending()

    def _repair(self, progress: Progress | None) -> None:
        for name, problem in self.problems().items():
            self.repaired.append(f"the index of {name} {problem}: rebuilt from the library")
            self._derived.empty(name)
        if self.library.count_pending():
            self.repaired.append("an ingest that was interrupted is finished")
        self._drain(0, self.library.count_pending() // 2, progress)

    def _drain(
        self, finished: int, known: int, progress: Progress | None,
        vectors: Mapping[int, Vectors] | None = None,
    ) -> None:  # fmt: skip
        self.library.write_manifest(self._manifest())
        self._derived.drain(
            lambda done: progress(finished + done, known) if progress else None, vectors or {}
        )

    # -- manifest and locking -------------------------------------------------------------

    def _manifest(self) -> dict[str, str]:
        return {
            "format": FORMAT,
            "embedder": self.embedder.name,
            "chunker": json.dumps(asdict(self._preparer.settings), sort_keys=True),
            "chromadb": version("chromadb"),
            "tantivy": version("tantivy"),
            "vectors": "on a Chroma server" if self._chroma else "in the folder",
        }

    def mismatch(self) -> str:
        """How the indexes were made otherwise than this run would, in words; "" if alike."""
        made, now = self.library.manifest(), self._manifest()
        for key in ("format", "embedder", "chunker", "vectors"):
            if made and made.get(key) != now[key]:
                server = f"--chroma {self._chroma} " if self._chroma else ""
                foreign = made.get("embedder", "").startswith(LLAMA_INDEX)
                anew = "--embedder static " if foreign else ""
                own = "open it from Python with that embedder, or " if foreign else ""
                return (
                    f"the indexes in {self.folder} were made with {key} {made.get(key)}, "
                    f"this run uses {now[key]}; {own}make them again with: "
                    f"onrecord {server}reindex {anew}--data {self.folder}"
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


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some of what is to be taken in, and the texts of those that are new, by their place."""

    number: int
    items: list[Article | Skipped]
    new: dict[int, Text]


def _prepared(here: Preparer, beside: Beside, batch: _Batch) -> dict[int, Prepared]:
    """What is made of a batch's new articles; a process for that is not worth starting for few."""
    texts = list(batch.new.values())
    if batch.number < _BATCHES_HERE:
        made = [here.prepare(text) for text in texts]
    else:
        made = beside.prepare(texts) if texts else []
    return dict(zip(batch.new, made, strict=True))


def _is_whole_file(article: Article) -> bool:
    """Whether a whole file was read for an article: edited, it replaces what the file held.

    A record's place in its file says nothing: tomorrow's export has other records there.
    """
    path = Path(article.source)
    record = re.search(r"#\d+$", article.source) and not path.is_file()
    return path.is_absolute() and not record


def _batched(items: Iterable[Article | Skipped]) -> Iterator[list[Article | Skipped]]:
    """Bounded in number and in characters, so that memory is, whatever comes in."""
    batch: list[Article | Skipped] = []
    size = 0
    try:
        for item in items:
            batch.append(item)
            size += len(item.body) if isinstance(item, Article) else 0
            if len(batch) == _ARTICLES_A_BATCH or size > _CHARACTERS_A_BATCH:
                yield batch
                batch, size = [], 0
    except Exception:  # of what gives them: those that it gave are kept
        if batch:
            yield batch
        raise
    if batch:
        yield batch
