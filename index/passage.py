"""The core types of the index."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from corpus import Article
from corpus.dates import wall_clock

_A_DAY = 24 * 60 * 60  # seconds
_UNDATED_DAYS_OFF = 30
_LONGEST_TITLE = 200  # characters


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: `article.body[start:end] == text`, always."""

    id: int
    """Given by the library, never used again after the passage is gone."""
    article_id: str
    start: int
    end: int
    text: str


def short_title(article: Article) -> str:
    """An article's title for an embedder, which would see no sentence behind a longer one."""
    return article.title[:_LONGEST_TITLE]


Ranking = list[tuple[int, float]]
"""Ids of passages with a score each, best first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question."""

    passage: Passage
    article: Article
    score: float
    """How probable it is that it answers, by words and vectors alone, 0 to 1: see `index.rerank`.
    Where one way of searching is measured by itself, that one's score."""
    ranks: dict[str, int] = field(default_factory=dict)
    """Rank from 1 in each ranking that found it: "words", "vectors"."""
    story: str = ""
    """What near-copies share: the id of one of them. Its own article's id where it has none."""
    copies: tuple[Article, ...] = ()
    """Other articles of the story that say the same; their passages are not listed as hits."""
    days_off: int = 0
    """Days between the article's date and the time that was preferred; 0 where no article is of
    that time, or none was preferred."""


@dataclass(frozen=True, slots=True)
class Version:
    """What an article was before its source changed it."""

    article_id: str
    title: str
    body: str
    updated: datetime | None
    """When the source says that it had last changed this version."""
    seen: datetime
    """When it was taken in."""
    replaced: datetime
    """When the next version was taken in."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a search may use. An article without a date passes no date filter.

    Times are compared as they are written, whatever the time zone: see `wall_clock`.
    """

    after: datetime | None = None
    """Published at this moment or later."""
    before: datetime | None = None
    """Published at this moment or earlier."""
    outlets: tuple[str, ...] = ()
    """Any of these, in any case; empty for all."""
    authors: tuple[str, ...] = ()
    """Likewise."""
    articles: tuple[str, ...] = ()
    """Ids of articles; empty for all."""

    def within(self, dates: Filters) -> Filters | None:
        """These, narrowed to the dates of others; None where no date is left."""
        after = max(filter(None, (self.after, dates.after)), default=None)
        before = min(filter(None, (self.before, dates.before)), default=None)
        return (
            None
            if after and before and after > before
            else replace(self, after=after, before=before)
        )

    def days_off(self, published: datetime | None) -> int:
        """Days from a date to the nearest that passes, 0 for one that does itself.

        What has no date is put a month away: nothing says that it is of that time, nor that not.
        """
        if not (self.after or self.before):
            return 0
        if not published:
            return _UNDATED_DAYS_OFF
        at = wall_clock(published)
        early = wall_clock(self.after) - at if self.after else 0
        late = at - wall_clock(self.before) if self.before else 0
        return -(-max(early, late, 0) // _A_DAY)

    def __bool__(self) -> bool:
        return bool(self.after or self.before or self.outlets or self.authors or self.articles)
