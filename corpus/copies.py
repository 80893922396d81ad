"""Near-copies: articles that tell the same story in the same words, as wire stories do."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

SHINGLE = 5
"""Words in a shingle: long enough that two reporters rarely share one by chance."""

COPY_AT = 0.5
"""Containment from which two texts count as copies: a cut paragraph and a changed headline
leave well over half of the shorter text's shingles in place."""

Key = TypeVar("Key", bound=Hashable)


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of `SHINGLE` words, in lower case; a shorter text is one run."""
    words = re.findall(r"\w+", text.casefold())
    if len(words) <= SHINGLE:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[n:] for n in range(SHINGLE)), strict=False))


def containment(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> float:
    """Share of the smaller set that is in the other, 0 to 1 (Broder 1997)."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


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


def count_independent(keys: Sequence[Key], heads: Mapping[Key, Key]) -> int:
    """How many of the keys are independent: copies of one story count once."""
    return len({heads[key] for key in keys})
