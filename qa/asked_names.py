"""Names in questions, as far as capitals tell."""

from __future__ import annotations

import re

from qa.dates import MONTHS, WEEKDAYS

BEFORE = r"(?:to|in|for|at|from|on|with|by|of|about)"
WORD_OF_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_OF_NAME = r"(?:(?:de|la|del|van|von|der|den|bin|ibn|al|da|di|dos|du) )"
NAME = re.compile(rf"{WORD_OF_NAME}(?:\s+{_OF_NAME}{{0,3}}{WORD_OF_NAME})*(?:\s+\d+(?![\w.,]))?")
_INNER_NAME = re.compile(rf"(?<=[\w,’'] ){NAME.pattern}")  # what opens a sentence may be none
TIME = re.compile(rf"(?i)(?:{'|'.join([*WEEKDAYS, *MONTHS])})(?:\s+\d+)?")
OWN_NAME = re.compile(rf"(?<=[\w,] )(?!(?:{'|'.join([*WEEKDAYS, *MONTHS]).title()})\b)[A-ZÀ-Þ]\w+")
OWN = re.compile(r"['’]s$")


def names_in(question: str) -> list[re.Match[str]]:
    """The names in a question, but for times."""
    return [m for m in _INNER_NAME.finditer(question) if not TIME.fullmatch(m.group())]
