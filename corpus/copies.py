"""Near-copies: articles that tell the same story in the same words, as wire stories do.

Sketched by MinHash so that likely copies are found without comparing all pairs (Broder 1997),
then compared in full. The sketch is twenty lines over numpy; libraries that offer one bring scipy
with them, a hundred megabytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5
"""Words in a shingle: long enough that two reporters rarely share one by chance."""

COPY_AT = 0.5
"""Containment from which two texts count as copies: a cut paragraph and a changed headline
leave well over half of the shorter text's shingles in place."""

BANDS, ROWS = 32, 3
"""Two texts with Jaccard similarity j share a band with probability 1 - (1 - j^3)^32: 99 % at
.5, 58 % at .3, 3 % at .1."""

_AT_ONCE = 10_000  # runs hashed at once, which bounds the memory of a long text

Key = TypeVar("Key", bound=Hashable)

_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of `SHINGLE` words, in lower case; a shorter text is one run."""
    words = _WORD.findall(text.casefold())
    if len(words) <= SHINGLE:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[n:] for n in range(SHINGLE)), strict=False))


def containment(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> float:
    """Share of the smaller set that is in the other, 0 to 1."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def are_copies(a: str, b: str) -> bool:
    """Whether two texts are near-copies."""
    return containment(shingles(a), shingles(b)) >= COPY_AT


def bands(text: str) -> list[int]:
    """`BANDS` keys of a text, each a signed 64-bit number; likely copies share at least one."""
    words = [zlib.crc32(word.encode()) for word in _WORD.findall(text.casefold())]
    padded = np.array(words + [0] * (SHINGLE - len(words)), dtype=np.uint64)
    runs = sum(
        padded[n : len(padded) - SHINGLE + 1 + n] * _MIXERS[n] for n in range(SHINGLE)
    )  # fmt: skip
    hashes = np.unique(np.asarray(runs, dtype=np.uint64))
    mixed = hashes ^ (hashes >> np.uint64(29))
    least = np.full(BANDS * ROWS, np.iinfo(np.uint64).max)
    for at in range(0, len(mixed), _AT_ONCE):
        some = mixed[at : at + _AT_ONCE] * _FACTORS[:, None] + _OFFSETS[:, None]
        least = np.minimum(least, some.min(1))
    # The band's number is part of its key: equal minima of different bands mean nothing.
    keys = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        keys = keys * _MIXERS[row] + least.reshape(BANDS, ROWS)[:, row]
    return [int(key) for key in keys.view(np.int64)]


def _odd(count: int, seed: int) -> NDArray[np.uint64]:
    """Random odd 64-bit numbers, always the same: multiplying by one permutes all of them."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 1 << 63, count, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


_MIXERS, _FACTORS, _OFFSETS = _odd(SHINGLE, 1), _odd(BANDS * ROWS, 2), _odd(BANDS * ROWS, 3)


def group_copies(texts: Mapping[Key, str]) -> dict[Key, Key]:
    """For each key, the first key whose text it is a near-copy of (itself when original)."""
    heads: list[tuple[Key, frozenset[tuple[str, ...]]]] = []
    found: dict[Key, Key] = {}
    for key, text in texts.items():
        own = shingles(text)
        head = next((k for k, other in heads if containment(own, other) >= COPY_AT), None)
        if head is None:
            heads.append((key, own))
        found[key] = key if head is None else head
    return found
