"""Stories: which articles are near-copies of one another, kept up as articles come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from corpus import Article
from corpus.copies import COPY_AT, containment, shingles
from index.library import Library

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS bands (key INTEGER NOT NULL, article_id TEXT NOT NULL, "
    "PRIMARY KEY (key, article_id)) STRICT, WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS bands_by_article ON bands (article_id)",
    "CREATE TABLE IF NOT EXISTS stories (article_id TEXT PRIMARY KEY, story TEXT NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS stories_by_story ON stories (story)",
)
_MOST_ALIKE = 50  # articles looked up by one key: thousands may be one notice of a paywall
_MOST_COMPARED = 20  # likely copies compared in full: the boilerplate of an outlet finds many


class Stories:
    """Groups of near-copies. A story is named by one of its articles."""

    def __init__(self, library: Library) -> None:
        self._library = library
        with library.transaction() as db:
            for statement in _SCHEMA:
                db.execute(statement)

    def place(self, article: Article, keys: Sequence[int]) -> None:
        """Put a new article to the story it is most of a copy of; `keys` are its `bands`."""
        with self._library.transaction() as db:
            few = f"SELECT * FROM (SELECT article_id FROM bands WHERE key = ? LIMIT {_MOST_ALIKE})"
            rows = db.execute(" UNION ALL ".join([few] * len(keys)), list(keys))
            shared = Counter(row[0] for row in rows)
            story = self._nearest(article, [name for name, _ in shared.most_common(_MOST_COMPARED)])
            new = [(key, article.id) for key in keys]
            db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", new)
            if story:
                member = "INSERT OR REPLACE INTO stories VALUES (?, ?)"
                db.executemany(member, [(article.id, story), (story, story)])

    def _nearest(self, article: Article, likely: Sequence[str]) -> str:
        if not likely:
            return ""
        own = shingles(article.body)
        best, found = COPY_AT, ""
        for name in likely:
            other = self._library.article(name)
            alike = containment(own, shingles(other.body)) if other else 0.0
            if name != article.id and alike >= best:
                best, found = alike, name
        return self.of([found])[found] if found else ""

    def drop(self, article_ids: Iterable[str]) -> None:
        """Forget articles. The copies of one that named its story are named by another of them.

        An article whose text was replaced comes back under its id, and may be no copy any more.
        """
        rename = (
            "UPDATE stories SET story = (SELECT min(article_id) FROM stories WHERE story = ?1) "
            "WHERE story = ?1"
        )
        with self._library.transaction() as db:
            for name in article_ids:
                db.execute("DELETE FROM bands WHERE article_id = ?", (name,))
                db.execute("DELETE FROM stories WHERE article_id = ?", (name,))
                db.execute(rename, (name,))

    def of(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The story of each article; one that has no copies is its own."""
        names = list(dict.fromkeys(article_ids))
        marks = ", ".join("?" * len(names))
        sql = f"SELECT article_id, story FROM stories WHERE article_id IN ({marks})"
        return {name: name for name in names} | dict(self._library.rows(sql, names))
