"""What filters ask of articles, held in memory as columns: a millisecond at 200,000 passages."""

from __future__ import annotations

import difflib
import json
import threading
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from corpus import OnRecordError
from corpus.article import bare_outlet
from corpus.dates import wall_clock
from index.library import Library
from index.passage import Filters

Ids = NDArray[np.int64]

Places = dict[str, tuple[str, list[int]]]
"""By name in lower case, without "the": the name as written, and its row numbers."""

_MOST_NAMED = 10
_UNDATED = np.iinfo(np.int64).min


class Facets:
    """Tells which passages a filter lets through. Follows the library as it changes."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._state: tuple[int, int] | None = None
        self._one_thread = threading.Lock()

    def allowed(self, filters: Filters) -> Ids:
        """Ids of the passages of the articles that pass, ascending.

        Raises:
            OnRecordError: a name is of nothing in the archive, or the range of dates is empty.
        """
        if filters.after and filters.before and filters.after > filters.before:
            raise OnRecordError("the date range is empty: it ends before it begins")
        with self._one_thread:
            self._follow()
            return self._passing(filters)

    def _passing(self, filters: Filters) -> Ids:
        passes = np.ones(len(self._published), dtype=bool)
        if filters.after or filters.before:
            passes &= self._published != _UNDATED
        if filters.after:
            passes &= self._published >= wall_clock(filters.after)
        if filters.before:
            passes &= self._published <= wall_clock(filters.before)
        for what, wanted, places in (
            ("outlet", filters.outlets, self._outlets),
            ("author", filters.authors, self._authors),
            ("article", filters.articles, self._articles),
        ):
            if wanted:
                among = np.zeros_like(passes)
                for name in wanted:
                    if bare_outlet(name) not in places:
                        raise OnRecordError(_unknown(what, name, places))
                    among[places[bare_outlet(name)][1]] = True
                passes &= among
        found: Ids = self._passages[passes[self._owners]]
        return found

    def _follow(self) -> None:
        state = self._library.state()
        if state == self._state:
            return
        rows = self._library.rows("SELECT id, published, outlet, authors FROM articles")
        self._published = np.array([_moment(row[1]) for row in rows], dtype=np.int64)
        self._articles = _places((row[0], n) for n, row in enumerate(rows))
        self._outlets = _places((row[2], n) for n, row in enumerate(rows))
        self._authors = _places((name, n) for n, row in enumerate(rows)
                                for name in json.loads(row[3]))  # fmt: skip
        number = {row[0]: n for n, row in enumerate(rows)}
        pairs = [
            (passage, number[article])
            for passage, article in self._library.rows(
                "SELECT id, article_id FROM passages ORDER BY id"
            )
            if article in number  # another process may have added it since
        ]
        self._passages = np.array([passage for passage, _ in pairs], dtype=np.int64)
        self._owners = np.array([owner for _, owner in pairs], dtype=np.int64)
        self._state = state


def _unknown(what: str, name: str, places: Places) -> str:
    near = difflib.get_close_matches(bare_outlet(name), places, n=3, cutoff=0.6)
    names = [places[folded][0] for folded in near or sorted(places)[:_MOST_NAMED] if folded]
    more = " and others" if not near and len(places) > _MOST_NAMED else ""
    return f"no {what} named {name!r}; there are: {', '.join(names) or 'none'}{more}"


def _moment(published: str | None) -> int:
    return wall_clock(datetime.fromisoformat(published)) if published else _UNDATED


def _places(named: Iterable[tuple[str, int]]) -> Places:
    found: Places = {}
    for name, n in named:
        found.setdefault(bare_outlet(name), (name, []))[1].append(n)
    return found
