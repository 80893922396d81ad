"""The same questions about somebody else: names and figures exchanged throughout.

After a few runs a reader knows its training articles by heart, and who won what is told by the
names alone. Here each name of a group becomes another one of its kind, and each year and number
another figure, in question, passage and title alike (Longpre et al. 2021 substitute answers in the
same way), so that what answers stays where it was and has to be read.
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
from qa.train.negatives import STOP
from qa.train.sets import Item, Span
from qa.values import MONTHS, WEEKDAYS

_WORD = re.compile(r"[^\W\d_]+")
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]{2,}")
_YEAR = re.compile(r"(?<![\w.,$£€-])(?:1[5-9]|20)\d\d(?![\w%]|[.,]\d)")
_NUMBER = re.compile(r"(?<![\w.,$£€-])\d{2,3}(?![\w]|[.,]\d)")
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
    whole = "\n".join(f"{item.question}\n{item.text}" for item in group)
    new = _new_names(whole, names, rng) | _new_figures(whole, rng)
    if not new:
        return list(group)
    return [_exchange(item, new) for item in group]


def _new_names(whole: str, names: Names, rng: random.Random) -> dict[str, str]:
    taken = set(_WORD.findall(whole))
    new: dict[str, str] = {}
    for old in sorted(taken & names.proper):
        free = [word for word in names.near(old) if word not in taken]
        if free:
            new[old] = rng.choice(free)
            taken.add(new[old])
    return new


def _new_figures(whole: str, rng: random.Random) -> dict[str, str]:
    years = sorted(set(_YEAR.findall(whole)))
    latest = int(years[-1]) if years else 0
    moved = rng.randint(-40, max(0, min(40, _LATEST_YEAR - latest)))
    new = {year: str(int(year) + moved) for year in years}
    taken = set(_NUMBER.findall(whole))
    for old in sorted(taken):
        other = str(rng.randint(10 ** (len(old) - 1), 10 ** len(old) - 1))
        if other not in taken:
            new[old] = other
            taken.add(other)
    return new


def _exchange(item: Item, new: Mapping[str, str]) -> Item:
    text, moves = _replaced(item.text, new)
    spans = tuple((_moved(a, moves), _moved(b, moves)) for a, b in item.spans)
    title, _ = _replaced(item.title, new)
    question, _ = _replaced(item.question, new)
    return replace(item, question=question, text=text, title=title, spans=spans)


_PIECE = re.compile(r"[^\W\d_]+|(?<![\w.,$£€-])\d+(?![\w]|[.,]\d)")


def _replaced(text: str, new: Mapping[str, str]) -> tuple[str, list[Span]]:
    """The text with all pieces exchanged, and (old end, shift from there on) of each exchange."""
    made, moves, last, shift = [], [(0, 0)], 0, 0
    for match in _PIECE.finditer(text):
        other = new.get(match.group())
        if other is not None:
            made += [text[last : match.start()], other]
            last = match.end()
            shift += len(other) - len(match.group())
            moves.append((last, shift))
    return "".join([*made, text[last:]]), moves


def _moved(place: int, moves: Sequence[Span]) -> int:
    return place + next(shift for end, shift in reversed(moves) if end <= place)
