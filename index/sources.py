"""Sources: the feeds that are followed, how each fares, and which items were dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from corpus.web import SUMMARY_OF
from index.library import Library

_TABLES = """
CREATE TABLE IF NOT EXISTS sources (
    url TEXT PRIMARY KEY, title TEXT NOT NULL, every REAL NOT NULL, added TEXT NOT NULL,
    etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
    body_hash TEXT NOT NULL DEFAULT '', last_full TEXT, last_success TEXT,
    last_error TEXT NOT NULL DEFAULT '', last_error_at TEXT, failures INTEGER NOT NULL DEFAULT 0,
    next_try TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS source_items (
    source TEXT NOT NULL, url TEXT NOT NULL, hash TEXT NOT NULL, tries INTEGER NOT NULL,
    seen TEXT NOT NULL, PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL,
    body_hash TEXT NOT NULL, article_id TEXT NOT NULL, fetched TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
_LONGEST_WAIT = timedelta(days=1)
_KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that is followed."""

    url: str
    title: str = ""
    every: float = 900.0
    """Seconds between two updates where they are made by themselves."""
    added: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    """Of the feed as it was when all in it had been dealt with."""
    last_full: datetime | None = None
    """When the feed was last sent whole."""
    last_success: datetime | None = None
    last_error: str = ""
    """What went wrong since the last success; "" where nothing did."""
    last_error_at: datetime | None = None
    failures: int = 0
    """In a row, up to now."""
    next_try: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time for it."""
        return self.next_try is None or self.next_try <= now


@dataclass(frozen=True, slots=True)
class Seen:
    """An item of a feed that was dealt with, or tried."""

    hash: str
    """As the feed had it then; "" while it has only been tried."""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched, and what the server called it."""

    url: str
    etag: str
    last_modified: str
    body_hash: str
    article_id: str


class Sources:
    """The sources of one library. Writing here touches no index, so readers may do it."""

    def __init__(self, library: Library) -> None:
        """Make the tables where there are none."""
        self._library = library
        with library.transaction() as db:
            for statement in _TABLES.split(";"):
                db.execute(statement)

    def together(self) -> AbstractContextManager[object]:
        """What is written inside is written at once, or not at all."""
        return self._library.transaction()

    # -- the feeds ------------------------------------------------------------------------

    def add(self, url: str, title: str, every: float) -> bool:
        """Follow a feed. Returns whether it is new; a known one gets the new interval."""
        with self._library.transaction() as db:
            if db.execute("UPDATE sources SET every = ? WHERE url = ?", (every, url)).rowcount:
                return False
            row = (url, title, every, datetime.now(UTC).isoformat())
            db.execute("INSERT INTO sources (url, title, every, added) VALUES (?, ?, ?, ?)", row)
        return True

    def remove(self, url: str) -> bool:
        """Follow a feed no longer; its articles stay. Returns whether it was followed."""
        with self._library.transaction() as db:
            db.execute("DELETE FROM source_items WHERE source = ?", (url,))
            return db.execute("DELETE FROM sources WHERE url = ?", (url,)).rowcount > 0

    def all(self) -> list[Source]:
        """All of them, in the order they were added."""
        names = ", ".join(f.name for f in fields(Source))
        with self._library.transaction() as db:
            rows = db.execute(f"SELECT {names} FROM sources ORDER BY added, url").fetchall()
        return [_source(row) for row in rows]

    def succeeded(self, source: Source, title: str, now: datetime, *, due: bool = False) -> None:
        """Note that a feed was had; `source` carries its new etag, hash and the like.

        Args:
            source: As it is now.
            title: Of the feed.
            now: When.
            due: Whether it is due again at once, since time ran out.
        """
        sql = (
            "UPDATE sources SET title = ?, etag = ?, last_modified = ?, body_hash = ?, "
            "last_full = ?, last_success = ?, last_error = '', failures = 0, next_try = ? "
            "WHERE url = ?"
        )
        full = source.last_full.isoformat() if source.last_full else None
        next_try = (now if due else now + timedelta(seconds=source.every)).isoformat()
        row = (title or source.title, source.etag, source.last_modified, source.body_hash, full,
               now.isoformat(), next_try, source.url)  # fmt: skip
        with self._library.transaction() as db:
            db.execute(sql, row)

    def failed(
        self, source: Source, error: str, now: datetime, wait: float | None = None
    ) -> datetime:
        """Note what went wrong. Returns the next try: later after each failure, a day at most.

        Args:
            source: As it was before.
            error: In a line.
            now: When.
            wait: Seconds that the server asked for.
        """
        step = timedelta(seconds=source.every * 2.0 ** min(source.failures, 20))
        step = min(max(step, timedelta(seconds=wait or 0)), _LONGEST_WAIT)
        next_try = now + step
        sql = (
            "UPDATE sources SET last_error = ?, last_error_at = ?, failures = failures + 1, "
            "next_try = ? WHERE url = ?"
        )
        row = (error, now.isoformat(), next_try.isoformat(), source.url)
        with self._library.transaction() as db:
            db.execute(sql, row)
        return next_try

    # -- their items ------------------------------------------------------------------------

    def seen(self, url: str) -> dict[str, Seen]:
        """The items of a feed that were dealt with or tried, by address."""
        with self._library.transaction() as db:
            sql = "SELECT url, hash, tries FROM source_items WHERE source = ?"
            return {row[0]: Seen(row[1], row[2]) for row in db.execute(sql, (url,)).fetchall()}

    def mark(self, url: str, items: Mapping[str, Seen]) -> None:
        """Note which items of a feed were dealt with or tried."""
        now = datetime.now(UTC).isoformat()
        rows = [(url, item, seen.hash, seen.tries, now) for item, seen in items.items()]
        with self._library.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO source_items VALUES (?, ?, ?, ?, ?)", rows)

    def forget(self, url: str, still_there: Iterable[str]) -> None:
        """Drop items that left their feed long ago."""
        before = (datetime.now(UTC) - _KEPT_FOR).isoformat()
        with self._library.transaction() as db:
            sql = "SELECT url FROM source_items WHERE source = ? AND seen < ?"
            old = {row[0] for row in db.execute(sql, (url, before)).fetchall()}
            gone = [(url, item) for item in old - set(still_there)]
            db.executemany("DELETE FROM source_items WHERE source = ? AND url = ?", gone)

    # -- pages --------------------------------------------------------------------------------

    def page(self, url: str) -> Page | None:
        """What is known of a page whose article the library holds, and holds whole."""
        with self._library.transaction() as db:
            sql = (
                "SELECT p.url, p.etag, p.last_modified, p.body_hash, p.article_id FROM pages p "
                "JOIN articles a ON a.id = p.article_id WHERE p.url = ? AND instr(a.source, ?) != 1"
            )
            row = db.execute(sql, (url, SUMMARY_OF)).fetchone()
        return Page(*row) if row else None

    def put_pages(self, pages: Iterable[Page]) -> None:
        """Remember pages whose articles are in the library."""
        now = datetime.now(UTC).isoformat()
        rows = [(p.url, p.etag, p.last_modified, p.body_hash, p.article_id, now) for p in pages]
        with self._library.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", rows)


_MOMENTS = ("added", "last_full", "last_success", "last_error_at", "next_try")


def _source(row: tuple[object, ...]) -> Source:
    found = dict(zip((f.name for f in fields(Source)), row, strict=True))
    for name in _MOMENTS:
        if isinstance(value := found[name], str):
            found[name] = datetime.fromisoformat(value)
    return Source(**found)  # type: ignore[arg-type]
