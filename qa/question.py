"""What a question asks for, and questions that lean on the ones before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Kind(StrEnum):
    """What a question asks for."""

    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    PERCENT = "percent"
    HOW_LONG = "how_long"
    WHEN = "when"
    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    YES_NO = "yes_no"
    WHY = "why"
    HOW = "how"


SENTENCES = frozenset({Kind.YES_NO, Kind.WHY, Kind.HOW})
"""Kinds whose answer is a sentence rather than a value in it."""

_KINDS = (
    (Kind.HOW_MANY, r"how many|what number|number of"),
    (Kind.PERCENT, r"what (?:percent|percentage|share|proportion)|how (?:high|big|large) .*tariff"),
    (Kind.HOW_MUCH, r"how much|what (?:is|was|are) the (?:cost|price|value|budget)|how expensive"),
    (Kind.HOW_LONG, r"how long"),
    (Kind.WHEN, r"when\b|(?:what|which|on what|on which) (?:date|day|month|year|time|weekday)"),
    (
        Kind.WHO,
        r"who\b|whose\b|whom\b|(?:what|which) (?:person|official|leader|president|minister)",
    ),
    (Kind.WHERE, r"where\b|(?:in |to |from )?(?:what|which) (?:city|cities|country|place|town)\b"),
    (Kind.WHY, r"why\b|what (?:is|was) the reason|for what reason|what caused|how come"),
    (Kind.HOW, r"how (?:do|does|did|is|was|were|are|will|can|could|has|have|would)\b"),
    (Kind.YES_NO, r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"),
)
_LEAD_IN = re.compile(r"(?i)^\s*(?:and|so|but|ok|please|well|then|tell me|do you know)[,\s]+")


def kind_of(question: str) -> Kind:
    """What a question asks for; `Kind.WHAT` where nothing more can be told."""
    text = _LEAD_IN.sub("", question).strip().casefold()
    for kind, pattern in _KINDS:
        if re.match(pattern, text):
            return kind
    inside = next((k for k, p in _KINDS[:7] if re.search(rf"\b(?:{p})", text)), None)
    return inside or Kind.WHAT


_LEANS = re.compile(
    r"(?i)\b(?:it|its|they|them|their|he|she|him|his|her|that|those|these|this|there|then|one|ones"
    r"|the same)\b"
)
_FRAGMENT = re.compile(
    r"(?i)^\s*(?:and|or|but|so)?\s*(?:what|how) about\s+(.+?)\s*\??$|^\s*and\s+(.+?)\s*\??$"
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’.-]*(?:\s+(?:de |la |del )?[A-ZÀ-Þ][\w'’.-]*)*")
_FEW_WORDS = 3


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question with what it takes from the earlier turns put into it.

    "What about Ciudad Juárez?" takes the last question with the name exchanged; a question with
    "it" or "they" is led by the last question, so that search and reading see both.

    Args:
        question: What was asked now.
        history: The earlier turns as (question, answer text), oldest first.
    """
    if not history:
        return question
    earlier = standalone(history[-1][0], history[:-1])
    if match := _FRAGMENT.match(question):
        return _exchange(earlier, match.group(1) or match.group(2))
    content = re.findall(r"\w{3,}", question)
    if _LEANS.search(question) or len(content) <= _FEW_WORDS:
        return f"{earlier.rstrip('? ')}? {question}"
    return question


def _exchange(earlier: str, new: str) -> str:
    names = [m for m in _NAME.finditer(earlier) if m.start() > 0]
    if not names or re.match(r"(?i)(who|what|when|where|why|how)\b", new):
        return f"{earlier.rstrip('? ')}? {new}?"
    last = names[-1]
    return earlier[: last.start()] + new + earlier[last.end() :]
