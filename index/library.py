"""The library: articles and passages in SQLite, the truth that everything else is made from."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from corpus import Article, OnRecordError
from corpus.notes import Note, NoteKind
from index.passage import Passage, Version

SCHEMA_VERSION = 2
_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, outlet TEXT NOT NULL,
    authors TEXT NOT NULL, published TEXT, url TEXT NOT NULL, source TEXT NOT NULL,
    refs TEXT NOT NULL, content_hash TEXT NOT NULL, updated TEXT, language TEXT NOT NULL,
    section TEXT NOT NULL, notes TEXT NOT NULL, pages TEXT NOT NULL, added TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_outlet ON articles (outlet);
CREATE INDEX articles_by_published ON articles (published);
-- What articles were before their source changed them: `articles` holds what they are now.
CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL, title TEXT NOT NULL,
    body TEXT NOT NULL, updated TEXT, seen TEXT NOT NULL, replaced TEXT NOT NULL
) STRICT;
CREATE INDEX versions_by_article ON versions (article_id);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL, end INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_by_article ON passages (article_id);
-- What a derived index has still to do: empty when it is level with the library.
CREATE TABLE pending (
    derived TEXT NOT NULL, passage_id INTEGER NOT NULL, PRIMARY KEY (derived, passage_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE feedback (
    at TEXT NOT NULL, question TEXT NOT NULL, history TEXT NOT NULL, answer TEXT NOT NULL,
    good INTEGER NOT NULL
) STRICT;
"""
DERIVED = ("words", "vectors")
_COLUMNS = (
    "id, title, body, outlet, authors, published, url, source, refs, content_hash, "
    "updated, language, section, notes, pages"
)
_MOST_VARIABLES = 500
_PATIENCE = 5.0  # seconds, as SQLite's own


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reader's thumb on an answer."""

    question: str
    history: tuple[tuple[str, str], ...]
    answer: Mapping[str, Any]
    """As `Answer.as_dict` gives it."""
    good: bool


class Library:
    """Articles and passages. Safe to share between threads; one process writes at a time."""

    def __init__(self, path: Path) -> None:
        """Open the library, making it where there is none.

        Raises:
            OnRecordError: it is damaged, from a newer version, or cannot be opened.
        """
        self._path = path
        self._lock = threading.RLock()
        with self._explained():
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._use_wal()
            version = self._version() or self._create()
            if version != SCHEMA_VERSION:
                self._db.close()
                remedy = (
                    "upgrade with: pip install --upgrade onrecord"
                    if version > SCHEMA_VERSION
                    else f"move {path.parent} away and ingest the articles again"
                )
                raise OnRecordError(
                    f"{path} is from another version of onrecord (its format is {version}, this "
                    f"one reads {SCHEMA_VERSION}); {remedy}"
                )
            self._db.execute("PRAGMA synchronous = FULL")  # acknowledged means on the disk

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _use_wal(self) -> None:
        """Switch to the write-ahead log, which SQLite does not wait for as it does elsewhere."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0.01, 0.1))

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _create(self) -> int:
        """Make the tables, unless another process does so at the same moment."""
        self._db.execute("BEGIN IMMEDIATE")
        if not self._version():
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._db.execute("COMMIT")
        return self._version()

    # -- articles -----------------------------------------------------------------------

    def add(self, article: Article, spans: Sequence[tuple[int, int]]) -> list[int]:
        """Write an article with its passages, in place of an older one of the same id.

        Returns the passages' ids.

        Where the title or the text is another, the older one is kept among the versions.
        """
        row = _row(article)
        with self.transaction() as db:
            now = datetime.now(UTC).isoformat()
            self._keep_version(article, now)
            self.remove_passages(article.id)
            db.execute("DELETE FROM articles WHERE id = ?", (article.id,))
            marks = ", ".join("?" * (len(row) + 1))
            db.execute(f"INSERT INTO articles ({_COLUMNS}, added) VALUES ({marks})", (*row, now))
            return self.add_passages(article.id, spans)

    def _keep_version(self, newer: Article, now: str) -> None:
        self._db.execute(
            "INSERT INTO versions (article_id, title, body, updated, seen, replaced) "
            "SELECT id, title, body, updated, added, ? FROM articles "
            "WHERE id = ? AND (title <> ? OR body <> ?) AND NOT EXISTS (SELECT 1 FROM versions v "
            "WHERE v.article_id = id AND v.title = articles.title AND v.body = articles.body)",
            (now, newer.id, newer.title, newer.body),
        )

    def versions(self, article_id: str) -> list[Version]:
        """What an article was before, the oldest first; empty where it never changed."""
        sql = (
            "SELECT article_id, title, body, updated, seen, replaced FROM versions "
            "WHERE article_id = ? ORDER BY id"
        )
        return [
            Version(own, title, body, _moment(updated), _known(seen), _known(replaced))
            for own, title, body, updated, seen, replaced in self.rows(sql, (article_id,))
        ]

    def count_versions(self) -> dict[str, int]:
        """For each article that changed, how many older versions are kept."""
        return dict(self.rows("SELECT article_id, count(*) FROM versions GROUP BY article_id"))

    def add_passages(self, article_id: str, spans: Iterable[tuple[int, int]]) -> list[int]:
        """Write an article's passages and queue them for the derived indexes. Returns their ids."""
        insert = "INSERT INTO passages (article_id, start, end) VALUES (?, ?, ?)"
        with self.transaction() as db:
            ids = [
                db.execute(insert, (article_id, start, end)).lastrowid or 0 for start, end in spans
            ]
            self._queue(ids)
        return ids

    def remove(self, article_ids: Iterable[str]) -> int:
        """Remove articles and their passages. Returns how many articles there were."""
        removed = 0
        with self.transaction() as db:
            for article_id in article_ids:
                self.remove_passages(article_id)
                removed += db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount
                db.execute("DELETE FROM versions WHERE article_id = ?", (article_id,))
        return removed

    def remove_passages(self, article_id: str) -> None:
        """Remove an article's passages and queue their removal from the derived indexes."""
        with self.transaction() as db:
            rows = db.execute("SELECT id FROM passages WHERE article_id = ?", (article_id,))
            self._queue(row[0] for row in rows.fetchall())
            db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))

    def article(self, article_id: str) -> Article | None:
        """One article, or None."""
        rows = self.rows(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", (article_id,))
        return _article(rows[0]) if rows else None

    def articles(self) -> Iterator[Article]:
        """All articles, the latest first, those without a date last."""
        ids = self.rows(
            "SELECT id FROM articles ORDER BY published IS NULL, datetime(published) DESC, title"
        )
        for (article_id,) in ids:
            if article := self.article(article_id):
                yield article

    def content_hash(self, article_id: str) -> str | None:
        """The content hash of an article, or None where it is not in the library."""
        rows = self.rows("SELECT content_hash FROM articles WHERE id = ?", (article_id,))
        return rows[0][0] if rows else None

    def ids_starting(self, prefix: str) -> list[str]:
        """Ids that start with a prefix."""
        sql = "SELECT id FROM articles WHERE substr(id, 1, ?) = ?"
        return [row[0] for row in self.rows(sql, (len(prefix), prefix))]

    def outlets(self) -> list[str]:
        """The outlets there are, by name."""
        sql = "SELECT DISTINCT outlet FROM articles WHERE outlet <> '' ORDER BY outlet"
        return [row[0] for row in self.rows(sql)]

    def newest(self) -> datetime | None:
        """When the newest article was published, dates in the future left aside."""
        today = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        rows = self.rows("SELECT max(published) FROM articles WHERE published < ?", (today,))
        return datetime.fromisoformat(rows[0][0]) if rows[0][0] else None

    def is_empty(self) -> bool:
        """Whether there is no passage; counting them all takes longer."""
        return not self.rows("SELECT 1 FROM passages LIMIT 1")

    def count(self) -> tuple[int, int]:
        """How many (articles, passages) there are."""
        sql = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
        articles, passages = self.rows(sql)[0]
        return articles, passages

    # -- passages -----------------------------------------------------------------------

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Passage, Article]]:
        """Passages by id, each with its article; ids that are gone are left out."""
        found: dict[int, tuple[Passage, Article]] = {}
        for at in range(0, len(ids), _MOST_VARIABLES):
            some = list(ids[at : at + _MOST_VARIABLES])
            marks = ", ".join("?" * len(some))
            sql = f"SELECT id, article_id, start, end FROM passages WHERE id IN ({marks})"
            rows = self.rows(sql, some)
            articles = self._articles({row[1] for row in rows})
            for passage_id, article_id, start, end in rows:
                if article := articles.get(article_id):
                    text = article.body[start:end]
                    found[passage_id] = (Passage(passage_id, article_id, start, end, text), article)
        return found

    def owners(self, ids: Sequence[int]) -> dict[int, str]:
        """The article of each passage; passages that are gone are left out."""
        found: dict[int, str] = {}
        for at in range(0, len(ids), _MOST_VARIABLES):
            some = list(ids[at : at + _MOST_VARIABLES])
            marks = ", ".join("?" * len(some))
            found |= dict(
                self.rows(f"SELECT id, article_id FROM passages WHERE id IN ({marks})", some)
            )
        return found

    def _articles(self, ids: Collection[str]) -> dict[str, Article]:
        marks = ", ".join("?" * len(ids))
        sql = f"SELECT {_COLUMNS} FROM articles WHERE id IN ({marks})"
        return {row[0]: _article(row) for row in self.rows(sql, list(ids))}

    # -- what the derived indexes have still to do ----------------------------------------

    def pending(self, derived: str, limit: int) -> list[int]:
        """Ids of passages that a derived index has still to take in or to drop."""
        sql = "SELECT passage_id FROM pending WHERE derived = ? ORDER BY passage_id LIMIT ?"
        return [row[0] for row in self.rows(sql, (derived, limit))]

    def count_pending(self) -> int:
        """How many entries all derived indexes have still to take in or drop."""
        return int(self.rows("SELECT count(*) FROM pending")[0][0])

    def done(self, derived: str, ids: Iterable[int]) -> None:
        """Note that a derived index has caught up with these passages."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM pending WHERE derived = ? AND passage_id = ?",
                [(derived, passage_id) for passage_id in ids],
            )

    def queue_all(self, derived: str) -> None:
        """Have a derived index take in everything again, after it was emptied."""
        with self.transaction() as db:
            db.execute("DELETE FROM pending WHERE derived = ?", (derived,))
            db.execute("INSERT INTO pending SELECT ?, id FROM passages", (derived,))

    def _queue(self, ids: Iterable[int]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO pending VALUES (?, ?)",
            [(derived, passage_id) for passage_id in ids for derived in DERIVED],
        )

    # -- manifest, log, transactions ------------------------------------------------------

    def manifest(self) -> dict[str, str]:
        """What the derived indexes were made with."""
        return dict(self.rows("SELECT key, value FROM manifest"))

    def write_manifest(self, entries: Mapping[str, str]) -> None:
        """Record what the derived indexes are made with."""
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", list(entries.items()))

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep what a reader thought of an answer. Touches no index, so readers may do it."""
        with self.transaction() as db:
            now = datetime.now(UTC).isoformat()
            row = (now, feedback.question, json.dumps(feedback.history),
                   json.dumps(feedback.answer), int(feedback.good))  # fmt: skip
            db.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?)", row)

    def feedback(self) -> list[Feedback]:
        """What readers thought, the oldest first."""
        rows = self.rows("SELECT question, history, answer, good FROM feedback ORDER BY rowid")
        return [
            Feedback(
                question,
                tuple((q, a) for q, a in json.loads(history)),
                json.loads(answer),
                bool(good),
            )
            for question, history, answer, good in rows
        ]

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when it is sound. Reads all of it."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check(10)")]
        return [] if found == ["ok"] else found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; a transaction inside another is part of it."""
        with self._lock, self._explained():
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.rollback()
                raise
            self._db.commit()

    def state(self) -> tuple[int, int]:
        """Differs from what it was as soon as this or another process has written anything."""
        with self._lock:
            return self.rows("PRAGMA data_version")[0][0], self._db.total_changes

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, here and for the rooms beside this one that keep tables here."""
        with self._lock, self._explained():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say what SQLite's errors mean for the user."""
        try:
            yield
        except sqlite3.ProgrammingError as error:  # the caller's mistake, no damage
            if "closed" in str(error):
                raise OnRecordError(f"{self._path} is closed; open it again") from error
            raise
        except sqlite3.OperationalError as error:
            raise OnRecordError(
                f"cannot use {self._path}: {error}; {_remedy(str(error))}"
            ) from error
        except sqlite3.DatabaseError as error:
            raise OnRecordError(
                f"the library {self._path} is damaged ({error}); nothing was changed. Restore it "
                "from a backup, or move it away and ingest the articles again"
            ) from error


def _remedy(error: str) -> str:
    if "full" in error or "disk I/O" in error:
        return "make room on the disk and try again; nothing acknowledged is lost"
    if "locked" in error:
        return "another program has it open; close that and try again"
    return "check that the folder exists and can be written, or choose another with --data"


def _row(article: Article) -> tuple[object, ...]:
    """An article in the order of `_COLUMNS`."""
    published, updated = (
        moment.isoformat() if moment else None for moment in (article.published, article.updated)
    )
    return (
        article.id, article.title, article.body, article.outlet, json.dumps(article.authors),
        published, article.url, article.source, json.dumps(article.references),
        article.content_hash, updated, article.language, article.section,
        json.dumps([(note.kind, note.text) for note in article.notes]), json.dumps(article.pages),
    )  # fmt: skip


def _article(row: Sequence[str]) -> Article:
    (article_id, title, body, outlet, authors, published, url, source, refs, content_hash,
     updated, language, section, notes, pages) = row  # fmt: skip
    return Article(
        id=article_id,
        title=title,
        body=body,
        outlet=outlet,
        authors=tuple(json.loads(authors)),
        published=_moment(published),
        url=url,
        source=source,
        references=tuple(json.loads(refs)),
        content_hash=content_hash,
        updated=_moment(updated),
        language=language,
        section=section,
        notes=tuple(Note(NoteKind(kind), text) for kind, text in json.loads(notes)),
        pages=tuple(json.loads(pages)),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _known(text: str) -> datetime:
    return datetime.fromisoformat(text)
