"""Two readings of one page put together: the precise one, its gaps filled from the full one.

trafilatura's precise setting leaves out captions, link boxes and standfirsts, and now and then a
paragraph of the story; its full setting keeps all of them. A paragraph of prose that the full
reading has *between* two paragraphs of the precise one belongs to the story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.copies import shingles

_SHORTEST = 40  # characters of a paragraph that is filled in
_PROSE_END = re.compile(r"""[.!?:;…。！？]["'”’»)\]]*(?:\[\d+\])?$""")
_KNOWN = 0.5  # share of a paragraph's runs of words from which the other reading has it
_LOST = 0.5  # a precise reading with less than this share of the full one has lost the story


def filled(precise: Sequence[str], full: Sequence[str]) -> list[str]:
    """The paragraphs of the precise reading, with those it lost put back in their places.

    Args:
        precise: Paragraphs, in order.
        full: The same page read with more of what stands around the story.
    """
    full = list(dict.fromkeys(full))  # pages hold their text twice, for two widths of screen
    if sum(map(len, precise)) < _LOST * sum(map(len, full)):
        return full
    places = {_bare(line): n for n, line in enumerate(precise)}
    known = shingles("\n".join(precise))
    after: dict[int, list[str]] = {}
    waiting: list[str] = []
    at = -1
    for line in full:
        place = places.get(_bare(line))
        if place is not None:
            if at >= 0:
                after.setdefault(at, []).extend(waiting)
            at, waiting = place, []
        elif at >= 0 and _is_prose(line) and not _has(known, line):
            waiting.append(line)
    return [own for n, line in enumerate(precise) for own in (line, *after.get(n, ()))]


def _bare(line: str) -> str:
    return re.sub(r"[\W_]+", "", line).casefold()


def _is_prose(line: str) -> bool:
    return len(line) >= _SHORTEST and bool(_PROSE_END.search(line)) and not line.isupper()


def _has(known: frozenset[tuple[str, ...]], line: str) -> bool:
    own = shingles(line)
    return len(own & known) >= _KNOWN * len(own)
