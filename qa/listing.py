"""Lists: a name that stands in a list of names stands for all of it where several are asked for."""

from __future__ import annotations

import re

_OPENERS = "In|On|At|Between|From|For|And|But|When|While|Since|After|Before|With|To|By|As|If|Both"
_WORD = rf"(?!(?:{_OPENERS})\b)[A-ZÀ-Þ][\w’'&-]*(?:\.[A-Z]\b)*"
_NAME = rf"(?:[Tt]he )?{_WORD}(?: (?:of |de |the )?{_WORD})*"
_ONE = re.compile(_NAME)
_REST = re.compile(rf"(?:, {_NAME})*,? (?:and|or) {_NAME}")
_START = re.compile(rf"(?:{_NAME}, )+$")
_ALL_BUT_LAST = re.compile(rf"(?:{_NAME}, )*{_NAME},? (?:and|or) $")
_FAR = 200  # characters; no list of news is longer on one side


def whole_list(text: str, start: int, end: int) -> tuple[int, int]:
    """A span grown to the list of names that it is an item of: "Sonora" to "Sonora and Texas"."""
    if not _ONE.fullmatch(text, start, end):
        return start, end
    rest = _REST.match(text, end)
    before = _START if rest else _ALL_BUT_LAST
    window = text[max(0, start - _FAR) : start]
    first = next((m for m in _ONE.finditer(window) if before.match(window, m.start())), None)
    if first:
        start -= len(window) - first.start()
    return start, rest.end() if rest else end
