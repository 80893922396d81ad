"""Cut an article's body into passages: whole sentences, exact offsets, bounded tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.pieces import WordPieces

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How passages are cut. A change of these needs `onrecord reindex`."""

    max_tokens: int = 200
    """WordPieces in a passage. With the title before it, it stays inside the embedder's 256."""
    overlap_tokens: int = 40
    """A passage starts with whole sentences of the one before it, up to this many WordPieces."""


_SHORTENED = re.compile(  # "J.D. Vance", "Rep. Will Hurd", "10 E. Third St."
    r"\b(?:Ft|approx|vs|Gov|Sens?|Reps?|Ms|Mrs?|Dr|Lt|Gen|Col|Capt|Sgt|Rev|Prof|J\.[A-Z]|[A-MO-Z]\.J"
    r"|\d+ [NSEW])\.\s*$"
)
_CLOCK_END = re.compile(r"\b[ap]\.m\.\s*$")
_DAY_OR_ZONE = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d"
    r"|(?:[ECMP][SD]?T|GMT|UTC|BST|CET|Eastern|Central|Pacific|Mountain)\b"
)


def sentences(text: str) -> list[Offsets]:
    """(start, end) of each sentence, without the white space around it; paragraphs end one."""
    found = []
    for paragraph in re.finditer(r"[^\n]+", text):
        for start, end in _segments(paragraph.group()):
            sentence = paragraph.group()[start:end]
            if sentence.strip():
                left = paragraph.start() + start + len(sentence) - len(sentence.lstrip())
                found.append((left, left + len(sentence.strip())))
    return found


def _segments(paragraph: str) -> Iterator[Offsets]:
    """Where sentencex ends sentences; all of a paragraph that it cannot take is one."""
    import sentencex

    # It panics on an initial before a space of several bytes; a copy of equal length has none.
    plain = re.sub(r"\s", " ", paragraph)
    try:
        pieces = sentencex.segment("en", plain)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, which is no Exception
            raise
        pieces = [plain]
    start = at = 0
    for n, piece in enumerate(pieces):
        begin = plain.index(piece, at)
        if n and not _runs_on(plain[start:at], piece):
            yield start, at
            start = begin
        at = begin + len(piece)
    yield start, at


def _runs_on(before: str, piece: str) -> bool:
    """Whether sentencex ended a sentence that goes on: "7 p.m. Saturday", "J.D. Vance"."""
    if _SHORTENED.search(before):
        return True
    return bool(_CLOCK_END.search(before) and _DAY_OR_ZONE.match(piece))


def chunk(body: str, pieces: WordPieces, settings: ChunkSettings | None = None) -> list[Offsets]:
    """(start, end) of each passage of a body, in order.

    A sentence longer than a whole passage is cut between words.

    Args:
        body: An article's text.
        pieces: The models' own tokens: they are what is counted.
        settings: Size and overlap.
    """
    settings = settings or ChunkSettings()
    units: list[tuple[Offsets, int]] = []
    for start, end in sentences(body):
        size = pieces.count(body[start:end])
        if size <= settings.max_tokens:
            units.append(((start, end), size))
        else:
            tokens = pieces.offsets(body[start:end])
            units.extend(_bounded((start, end), tokens, settings.max_tokens))
    return list(_pack(units, settings))


def _bounded(span: Offsets, tokens: Sequence[Offsets], limit: int) -> Iterator[tuple[Offsets, int]]:
    """The pieces of a sentence that is longer than the limit."""
    start, end = span
    while len(tokens) > limit:
        gaps = [tokens[n][0] - tokens[n - 1][1] for n in range(1, limit + 1)]
        # After a space; or else between what stands together; or else anywhere.
        cut = max(range(1, limit + 1), key=lambda n: (min(gaps[n - 1], 1), n))
        yield (start, span[0] + tokens[cut - 1][1]), cut
        start, tokens = span[0] + tokens[cut][0], tokens[cut:]
    yield (start, end), len(tokens)


def _pack(units: Sequence[tuple[Offsets, int]], settings: ChunkSettings) -> Iterator[Offsets]:
    first, count = 0, 0
    for n, (_, size) in enumerate(units):
        if count and count + size > settings.max_tokens:
            yield units[first][0][0], units[n - 1][0][1]
            first, count = _step_back(units, n, settings.max_tokens - size, settings.overlap_tokens)
        count += size
    if units:
        yield units[first][0][0], units[-1][0][1]


def _step_back(
    units: Sequence[tuple[Offsets, int]], n: int, room: int, overlap: int
) -> tuple[int, int]:
    """Where the passage that brings in unit n starts, and how many tokens come before n."""
    first, count = n, 0
    while first > 0 and count + units[first - 1][1] <= min(room, overlap):
        first -= 1
        count += units[first][1]
    return first, count
