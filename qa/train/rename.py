"""The same questions about somebody else: names and figures exchanged throughout.

After a few runs a reader knows its training articles by heart, and who won what is told by the
names alone. Here names of a group become others of their kind, years move, and plain counts become
other ones, in question, passage and title alike (Longpre et al. 2021 substitute answers in the same
way), so that what answers stays where it was and has to be read.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from index.embed import Embedder
from qa.dates import DATE, MONTHS, WEEKDAYS
from qa.train.negatives import STOP
from qa.train.sets import Item, Span

_WORD = re.compile(r"[^\W\d_]+")
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]{2,}")
_YEAR = re.compile(r"(?<![\w.,$£€-])(?:1\d|20)\d\d(?![\w%]|[.,]\d)")
# With the 1990s or 1994-95 among them the years cannot move by themselves.
_DECADE_OR_SPAN = re.compile(r"\d{4}s\b|\d{4}[–-]\d")
# A plain count: no share, sum, range, score or time of day.
_COUNT = re.compile(
    r"(?<![\w.,:/$£€–-])(?<!\d and )(?<!\d to )\d{2,3}"
    r"(?![\w%:/–-]|[.,]\d| (?:and|to) \d| per ?cent)"
)
_PIECE = re.compile(r"[^\W\d_]+|(?<![\w.,$£€-])\d+(?![\w%]|[.,]\d)")
_KEPT = frozenset(word.title() for word in (*MONTHS, *WEEKDAYS, *STOP)) | {"I"}
_NEAREST, _LEAST_SEEN = 20, 5
_LATEST_YEAR = 2023


class Names:
    """Proper names, word by word, each with those most like it."""

    def __init__(self, texts: Iterable[str], embedder: Embedder) -> None:
        """The names of a collection: words that it writes with a capital, and hardly otherwise."""
        seen = Counter(word for text in texts for word in set(_WORD.findall(text)))
        self.proper = frozenset(
            word for word in seen
            if _CAPITALISED.fullmatch(word) and word not in _KEPT
            and seen[word.lower()] <= 0.02 * seen[word]
        )  # fmt: skip
        self.known = sorted(word for word in self.proper if seen[word] >= _LEAST_SEEN)
        self.embedder = embedder
        self.vectors = embedder.encode(self.known)
        self._near: dict[str, list[str]] = {}

    def near(self, word: str) -> Sequence[str]:
        """The known names nearest in meaning, nearest first, those of its own stem left out."""
        if word not in self._near:
            likeness = self.vectors @ self.embedder.encode([word])[0]
            found = (self.known[at] for at in np.argsort(-likeness))
            # "Parisian" is no other name than "Paris".
            others = (other for other in found if other[:4] != word[:4])
            self._near[word] = list(islice(others, _NEAREST))
        return self._near[word]


def renamed(group: Sequence[Item], names: Names, rng: random.Random) -> list[Item]:
    """The group with its names and figures exchanged, the same for the same in all its items."""
    whole = "\n".join(f"{item.question}\n{item.title}\n{item.text}" for item in group)
    new = _new_names(whole, names, rng) | _new_years(whole, rng) | _new_counts(whole, rng)
    return [_exchange(item, new) for item in group] if new else list(group)


def _new_names(whole: str, names: Names, rng: random.Random) -> dict[str, str]:
    taken = set(_WORD.findall(whole))
    new: dict[str, str] = {}
    for old in sorted(taken & names.proper):
        free = [word for word in names.near(old) if word not in taken]
        if free:
            new[old] = rng.choice(free)
            taken.add(new[old])
    return new


def _new_years(whole: str, rng: random.Random) -> dict[str, str]:
    years = sorted(set(_YEAR.findall(whole)))
    if not years or _DECADE_OR_SPAN.search(whole):
        return {}
    moved = rng.randint(-40, max(0, min(40, _LATEST_YEAR - int(years[-1]))))
    return {year: str(int(year) + moved) for year in years}


def _new_counts(whole: str, rng: random.Random) -> dict[str, str]:
    dated = {number for date in DATE.finditer(whole) for number in re.findall(r"\d+", date.group())}
    counts, everywhere = Counter(_COUNT.findall(whole)), Counter(re.findall(r"\d+", whole))
    new: dict[str, str] = {}
    for old in sorted(set(counts) - dated):
        other = str(rng.randint(10 ** (len(old) - 1), 10 ** len(old) - 1))
        # What stands elsewhere in "$20" or "10-20" may be the same twenty.
        if counts[old] == everywhere[old] and other not in {*everywhere, *new.values()}:
            new[old] = other
    return new


def _exchange(item: Item, new: Mapping[str, str]) -> Item:
    text, pieces = _replaced(item.text, new)
    spans = tuple((_moved(a, pieces, 0), _moved(b, pieces, 1)) for a, b in item.spans)
    title, _ = _replaced(item.title, new)
    question, _ = _replaced(item.question, new)
    # The article's date would belie the years.
    return replace(item, question=question, text=text, title=title, date="", spans=spans)


def _replaced(text: str, new: Mapping[str, str]) -> tuple[str, list[tuple[Span, Span]]]:
    """The text with all pieces exchanged, and where each exchanged one stood and stands."""
    made, last = "", 0
    pieces: list[tuple[Span, Span]] = []
    for match in _PIECE.finditer(text):
        if other := new.get(match.group()):
            a, b = match.span()
            made += text[last:a] + other
            pieces.append(((a, b), (len(made) - len(other), len(made))))
            last = b
    return made + text[last:], pieces


def _moved(place: int, pieces: Sequence[tuple[Span, Span]], side: int) -> int:
    """Where a span's start (side 0) or end (1) has come to; inside a piece, that side of it."""
    shift = 0
    for old, now in pieces:
        if place <= old[0]:
            break
        if place < old[1]:
            return now[side]
        shift = now[1] - old[1]
    return place + shift
