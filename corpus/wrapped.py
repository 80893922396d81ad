"""Text whose lines were broken to fit a width, as in letters and PDF files: made whole again."""

from __future__ import annotations

import re

_WIDEST = 90  # characters; what is longer was not broken to fit
_FEWEST = 3  # broken lines that tell a wrapped text
_TIGHT = 0.9
"""Of the width: letters of print differ in theirs."""
_ENDS = re.compile(r"[.!?:][\"'”’)]*$")


def unwrapped(text: str, *, keep: int = 0) -> str:
    """A text with lines joined that were broken because the next word did not fit.

    Only where that is how the text is set: most of what follows such a line begins in small
    letters. Where blank lines part paragraphs, a sentence may end with its line.

    Args:
        text: The text, its lines as they came.
        keep: How many lines at the top stay as they are, since headlines are broken otherwise.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    inner = [n for n in range(len(lines) - 1) if lines[n] and lines[n + 1].strip()]
    sizes = [len(lines[n]) for n in inner if len(lines[n]) <= _WIDEST]
    if len(sizes) < _FEWEST or 10 * (len(inner) - len(sizes)) > len(inner):
        return text
    width = _TIGHT * max(sizes)
    parted = len(inner) < len(lines) - 1 and any(not line for line in lines[1:-1])
    broken = [
        n for n in inner
        if len(lines[n]) + 1 + len(lines[n + 1].split(maxsplit=1)[0]) > width
        and len(lines[n]) <= _WIDEST and not lines[n].endswith("-")
        and (parted or not _ENDS.search(lines[n]))
    ]  # fmt: skip
    running = sum(lines[n + 1].lstrip()[:1].islower() for n in broken)
    if len(broken) < _FEWEST or 2 * running < len(broken):
        return text
    joined = {n for n in broken if n >= keep}
    return "".join(
        line + (" " if n in joined else "\n") if n + 1 < len(lines) else line
        for n, line in enumerate(lines)
    )
