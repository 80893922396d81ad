"""The engine: one path from a question to a cited answer, which every shell uses."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, Unpack

from corpus import SAMPLES, Article, OnRecordError, Skipped, load
from corpus.address import looks_like_url
from corpus.dates import parse_date
from corpus.fetch import Fetcher, FetchSettings
from corpus.records import FIELDS, FieldMap
from index import Archive, Filters, Hit, Ingested
from index.archive import ManifestMismatchError, Progress
from index.embed import AnyEmbedder
from index.library import Feedback
from index.lock import FolderInUseError
from index.refresh import Refresh, Updated
from index.sources import Source, Sources
from qa.account import account_of, may_name_an_outlet
from qa.answer import NO_ARTICLES, NOTHING_FITS, Answer, Status
from qa.aside import reply
from qa.conclude import conclude
from qa.echo import without_echoes
from qa.follow_up import leading_part, standalone
from qa.read import Reader, SpanReader
from qa.settings import Settings
from qa.when import period

History = Sequence[tuple[str, str]]
"""The earlier turns as (question, answer text), oldest first."""

Moment = datetime | date | str
"""A point in time for a filter; a day stands for all of it."""


class Narrow(TypedDict, total=False):
    """Which articles a question may be answered from; what is left out or None narrows nothing."""

    after: Moment | None
    """Published then or later."""
    before: Moment | None
    """Published then or earlier."""
    outlets: Iterable[str] | None
    """Of any of these outlets."""
    authors: Iterable[str] | None
    """By any of these authors."""
    articles: Iterable[str] | None
    """Any of these, by id."""
    now: Moment | None
    """When the question is asked. Narrows nothing: articles of the two weeks before it, or of the
    time that the question names, are preferred. By default a question that says "this week" or
    the like is taken as asked when the newest article was published."""


@dataclass(frozen=True, slots=True)
class Found:
    """The search is done; reading begins."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """The next piece of the answer's text."""

    text: str


Event = Found | Piece | Answer
"""What `Engine.stream` yields: `Found`, pieces of the text, and last the whole `Answer`."""


def default_data() -> Path:
    """The platform's user data folder for onrecord."""
    import platformdirs

    return platformdirs.user_data_path("onrecord", appauthor=False)


class Engine:
    """Answers questions from the articles of one data folder. Open it with `Engine.open`."""

    def __init__(self, data: Path, archive: Archive, settings: Settings, reader: Reader) -> None:
        """Not for callers: `Engine.open` finds the archive and the reader."""
        self.data = data
        self.settings = settings
        self.archive = archive
        self.reader = reader
        self._empty: Archive | None = None
        self._retired: list[Archive] = []

    @classmethod
    def open(  # noqa: PLR0913 - each is a choice a caller may make
        cls,
        data: str | Path | None = None,
        *,
        settings: Settings | None = None,
        embedder: AnyEmbedder = None,
        chroma: str = "",
        reader: Reader | None = None,
        progress: Progress | None = None,
        samples: bool = True,
    ) -> Engine:
        """Open a data folder; one without articles answers from the sample articles.

        Args:
            data: The folder; the platform's user data folder by default.
            settings: How questions are answered.
            embedder: What makes the vectors: an `Embedder`, a LlamaIndex embedding, or "static"
                (of a new folder) or "minilm" for those that ship; one index holds vectors of one.
            chroma: URL of a Chroma server that keeps the vectors, for several processes at once.
            reader: Another reader than the one that ships.
            progress: Called with (passages done, passages known) while something is indexed.
            samples: Whether the sample articles stand in where there are no others.

        Raises:
            OnRecordError: the folder is in use, damaged, unwritable, or made with another
                embedder; the text says what to do.
        """
        folder = Path(data) if data is not None else default_data()
        archive = Archive.open(folder, embedder=embedder, chroma=chroma, progress=progress)
        engine = cls(folder, archive, settings or Settings(), reader or SpanReader())
        if samples and not archive.library.count()[0]:
            try:
                engine._stand_in(progress)
            except BaseException:
                archive.close()
                raise
        return engine

    def _stand_in(self, progress: Progress | None = None) -> None:
        """Answer from the samples; the empty folder stays held, so that none fills it unseen."""
        self._empty = self.archive
        self.archive = _open_samples(self.data, self.archive.embedder, progress)

    @property
    def notice(self) -> str:
        """What a user should know before the first question; "" where there is nothing."""
        if not self.uses_samples:
            return ""
        option = "" if self.data == default_data() else f" --data {self.data}"
        return (
            "Answered from the sample articles (invented outlets), since there are no others "
            f"yet. Add yours with: onrecord ingest FILE_OR_FOLDER{option}"
        )

    @property
    def uses_samples(self) -> bool:
        """Whether questions are answered from the sample articles."""
        return self._empty is not None

    def close(self) -> None:
        """Let go of the data folder."""
        self.archive.close()
        for other in (*self._retired, *([self._empty] if self._empty else [])):
            other.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- articles -------------------------------------------------------------------------

    def ingest(
        self,
        paths: Iterable[str | Path] | str | Path,
        *,
        fields: FieldMap = FIELDS,
        fetch: FetchSettings | None = None,
        progress: Progress | None = None,
    ) -> Ingested:
        """Add articles from files, folders, web addresses or "-" (standard input).

        One bad source never stops the rest: it is in `skipped`, with the reason.

        Args:
            paths: What to read; one alone is one.
            fields: Names of the fields in records.
            fetch: How web addresses are fetched.
            progress: Called with (passages done, passages known).

        Raises:
            OnRecordError: another process uses the data folder, or it cannot be written.
        """
        given = [str(p) for p in ([paths] if isinstance(paths, (str, Path)) else paths)]
        urls = [path for path in given if looks_like_url(path)]
        files = [path for path in given if not looks_like_url(path)]
        done = self.add(load(files, fields=fields), progress) if files else Ingested()
        return _joined(done, self._ingest_urls(urls, fetch)) if urls else done

    def add(self, items: Iterable[Article | Skipped], progress: Progress | None = None) -> Ingested:
        """Add articles that were read elsewhere; the first ones take the samples' place.

        Raises:
            OnRecordError: another process uses the data folder, or it cannot be written.
        """
        own = self._empty or self.archive
        done = own.add(items, progress)
        if self._empty and own.library.count()[0]:
            # Left open: another thread may be answering from it at this moment.
            self._retired.append(self.archive)
            self.archive, self._empty = own, None
        return done

    def _ingest_urls(self, urls: list[str], fetch: FetchSettings | None) -> Ingested:
        library = (self._empty or self.archive).library
        with Fetcher(fetch) as fetcher:
            refresh = Refresh(Sources(library), fetcher, self.add)
            return refresh.pages(urls)

    @property
    def sources(self) -> Sources:
        """The feeds that are followed, with how each fares."""
        return Sources((self._empty or self.archive).library)

    def update_feeds(
        self,
        which: Iterable[Source],
        fetcher: Fetcher,
        progress: Progress | None = None,
        *,
        seconds: float = math.inf,
    ) -> Updated:
        """Fetch feeds and take in what is new in them. One that fails holds up no other.

        Args:
            which: Of `sources.all()`.
            fetcher: How; keep one for all updates, since it remembers each host's wishes.
            progress: Called with (pages done, pages known).
            seconds: After so many no further page is asked for; what is left is due at once.

        Raises:
            OnRecordError: another process uses the data folder, or it cannot be written.
        """
        return Refresh(self.sources, fetcher, self.add, progress, seconds).feeds(which)

    def articles(self) -> Iterator[Article]:
        """All articles, the latest first."""
        return self.archive.library.articles()

    def article(self, article_id: str) -> Article | None:
        """One article by its id, or None."""
        return self.archive.library.article(article_id)

    def remove(self, article_ids: Iterable[str] | str) -> int:
        """Remove articles. Returns how many there were.

        Raises:
            OnRecordError: there are only the sample articles, or the folder is in use.
        """
        if self.uses_samples:
            raise OnRecordError("the sample articles stay until you add articles of your own")
        return self.archive.remove(_several(article_ids))

    def feedback(self, answer: Answer, history: History, *, good: bool) -> None:
        """Keep what a reader thought of an answer, to make eval cases of it."""
        turns = tuple((q, a) for q, a in history)
        library = (self._empty or self.archive).library  # the samples will make way, this not
        library.add_feedback(Feedback(answer.question, turns, answer.as_dict(), good))

    def marked(self) -> list[Feedback]:
        """What readers thought of answers, the oldest first."""
        return (self._empty or self.archive).library.feedback()

    # -- questions ------------------------------------------------------------------------

    def search(
        self,
        question: str,
        limit: int = 10,
        **narrow: Unpack[Narrow],
    ) -> list[Hit]:
        """The best passages for a question, best first.

        Raises:
            OnRecordError: the question is blank or too long, a date cannot be read, or no
                article is of such an outlet or author or has such an id.
            TypeError: there is no such filter.
        """
        self._check(question)
        if limit < 1:
            raise OnRecordError(f"a search for {limit} passages finds none; ask for 1 or more")
        return self._find(question, limit, _listed(narrow))

    def ask(
        self,
        question: str,
        history: History = (),
        **narrow: Unpack[Narrow],
    ) -> Answer:
        """Answer a question, or say that the articles do not.

        Args:
            question: In plain words.
            history: The earlier turns, so that "what about Juárez?" is understood.
            narrow: Which articles may be used, see `Narrow`.

        Raises:
            OnRecordError: as `search` does.
        """
        for event in self.stream(question, history, **narrow):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its answer")

    def stream(
        self,
        question: str,
        history: History = (),
        **narrow: Unpack[Narrow],
    ) -> Iterator[Event]:
        """What `ask` does, as it happens: `Found`, `Piece`s of the text, the `Answer`."""
        self._check(question)
        history, narrow = self._turns(history), _listed(narrow)
        started = time.perf_counter()
        if said := reply(question, answered=bool(history)):
            yield Found(())
            yield from (Piece(word) for word in _pieces(said))
            yield Answer(question, said, "", Status.ABSTAINED, 0.0, aside=True)
            return
        known = self.archive.library.outlets() if history or may_name_an_outlet(question) else ()
        whole = standalone(question, history, known)
        chosen = () if narrow.get("outlets") else known
        asked, outlets, only = account_of(whole, chosen, leading_part(whole))
        narrow = {**narrow, "outlets": outlets} if outlets else narrow
        hits = self._find(asked, self.settings.passages_read, narrow)
        searched = time.perf_counter()
        yield Found(tuple(hits))
        spans = self.reader.read(asked, hits)
        read = time.perf_counter()
        spans = without_echoes(question, whole, history, spans)
        answer = conclude(question, asked, hits, spans, self.settings)
        seconds = {
            "search": searched - started,
            "read": read - searched,
            "cite": time.perf_counter() - read,
            "total": time.perf_counter() - started,
        }
        yield from (Piece(word) for word in _pieces(answer.text))
        read_as = "" if whole == question else whole
        empty = NO_ARTICLES if self.archive.library.is_empty() else NOTHING_FITS
        notice = " ".join(filter(None, (self.notice, only, "" if hits else empty)))
        yield replace(answer, seconds=seconds, notice=notice, read_as=read_as)

    def _find(self, asked: str, limit: int, narrow: Narrow) -> list[Hit]:
        if _leaves_none(narrow):
            return []
        now = _moment(narrow.get("now"), end=False)
        prefer = period(asked, now, self.archive.library.newest())
        return self.archive.search(asked, limit, _filters(**narrow), prefer=prefer)

    def _turns(self, history: History) -> list[tuple[str, str]]:
        """The earlier turns, each as it would be taken as a question."""
        longest, found = self.settings.longest_question, []
        for number, turn in enumerate(history, 1):
            try:
                asked, answered = () if isinstance(turn, (str, Mapping)) else turn
                whole = [text.encode("utf-8", "replace").decode() for text in (asked, answered)]
            except (TypeError, ValueError, AttributeError):
                raise OnRecordError(
                    f"turn {number} of the history is {str(turn)[:60]!r}; "
                    "each is a pair of texts: (question, answer text)"
                ) from None
            found.append((whole[0][:longest], whole[1]))
        return found

    def _check(self, question: str) -> None:
        try:
            question.encode()
        except UnicodeEncodeError:
            raise OnRecordError("the question is not text in UTF-8; type it again") from None
        if not question.strip():
            raise OnRecordError("the question is blank; ask something, such as: who sent troops?")
        if len(question) > self.settings.longest_question:
            raise OnRecordError(
                f"the question has {len(question):,} characters; "
                f"at most {self.settings.longest_question:,} are read"
            )


def _joined(first: Ingested, second: Ingested) -> Ingested:
    return Ingested(*(getattr(first, f.name) + getattr(second, f.name) for f in fields(Ingested)))


def _pieces(text: str) -> Iterator[str]:
    """A text in words, each with the space after it."""
    words = text.split(" ")
    yield from (word + " " for word in words[:-1])
    yield words[-1]


_SAMPLES_TAKE = 60.0  # seconds that another process may need for them


def samples_folder(data: Path) -> Path:
    """Where the archive of the sample articles is kept."""
    return data / "samples"


def _open_samples(data: Path, embedder: AnyEmbedder, progress: Progress | None) -> Archive:
    """The sample articles, in a data folder of their own, indexed on first use."""
    until = time.monotonic() + _SAMPLES_TAKE
    while True:
        try:
            return _samples(samples_folder(data), embedder, progress)
        except FolderInUseError:  # another first question is at it: let go, and read what it made
            if time.monotonic() > until:
                raise
        time.sleep(random.uniform(0.2, 0.6))


def _samples(folder: Path, embedder: AnyEmbedder, progress: Progress | None) -> Archive:
    try:
        archive = Archive.open(folder, embedder=embedder, progress=progress)
    except ManifestMismatchError:  # nobody's own articles: make them again without asking
        with Archive.open(folder, embedder=embedder, check=False) as older:
            older.reindex(progress)
        archive = Archive.open(folder, embedder=embedder)
    made_by = version("onrecord")
    try:
        if archive.library.manifest().get("samples") != made_by:
            archive.add(load([SAMPLES]), progress)
            archive.library.write_manifest({"samples": made_by})
    except BaseException:
        archive.close()
        raise
    return archive


def _listed(narrow: Narrow) -> Narrow:
    """Filters whose names can be gone through more than once."""
    found = narrow.copy()
    if (outlets := narrow.get("outlets")) is not None:
        found["outlets"] = _several(outlets)
    if (authors := narrow.get("authors")) is not None:
        found["authors"] = _several(authors)
    if (articles := narrow.get("articles")) is not None:
        found["articles"] = _several(articles)
    return found


def _filters(**narrow: Unpack[Narrow]) -> Filters:
    if unknown := sorted(set(narrow) - set(Narrow.__annotations__)):
        names = ", ".join(Narrow.__annotations__)
        raise TypeError(f"no such filter: {unknown[0]}; there are: {names}")
    return Filters(
        after=_moment(narrow.get("after"), end=False),
        before=_moment(narrow.get("before"), end=True),
        outlets=_several(narrow.get("outlets")),
        authors=_several(narrow.get("authors")),
        articles=_several(narrow.get("articles")),
    )


def _leaves_none(narrow: Narrow) -> bool:
    """Whether a filter names nothing: who may see no article is answered from none."""
    given = (narrow.get("outlets"), narrow.get("authors"), narrow.get("articles"))
    return any(names is not None and not _several(names) for names in given)


def _several(names: Iterable[str] | str | None) -> tuple[str, ...]:
    """A name alone is one, not its letters."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def _moment(value: Moment | None, *, end: bool) -> datetime | None:
    """An aware moment; a day alone means its first moment, or its last where a range ends."""
    if value is None:
        return None
    found = parse_date(value) if isinstance(value, str) else value
    if not isinstance(found, date):
        raise OnRecordError(f"cannot read the date {value!r}; write it as 2025-02-05")
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, tzinfo=UTC)
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    whole_day = (found.hour, found.minute, found.second) == (0, 0, 0)
    return found + timedelta(days=1, seconds=-1) if end and whole_day else found
