"""Files: which article each whole file holds, so that an edited one replaces what it held."""

from __future__ import annotations

from pathlib import Path

from index.library import Library

_SCHEMA = (
    "CREATE TABLE files (path TEXT PRIMARY KEY, article_id TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX files_by_article ON files (article_id)",
    # A library that is older than this table knows one file of each article.
    "INSERT OR IGNORE INTO files SELECT source, id FROM articles",
)


class Files:
    """The files that were read, each with its article. Several may hold one text."""

    def __init__(self, library: Library) -> None:
        """Make the table where there is none."""
        self._library = library
        with library.transaction() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
                for statement in _SCHEMA:
                    db.execute(statement)

    def holds(self, path: str, article_id: str) -> list[str]:
        """Note that a file holds an article now.

        Returns the article it held before, unless that is in another file that is still there: a
        file that was renamed since holds nothing, a copy of it does.
        """
        with self._library.transaction() as db:
            rows = db.execute("SELECT article_id FROM files WHERE path = ?", (path,)).fetchall()
            before = [row[0] for row in rows if row[0] != article_id]
            if rows and not before:
                return []
            db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (path, article_id))
            return [one for one in before if not self._is_held(one)]

    def _is_held(self, article_id: str) -> bool:
        rows = self._library.rows("SELECT path FROM files WHERE article_id = ?", (article_id,))
        return any(Path(path).is_file() for (path,) in rows)
