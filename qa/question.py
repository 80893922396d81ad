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
    LIST = "list"
    DEFINITION = "definition"
    SAID = "said"
    YES_NO = "yes_no"
    WHY = "why"
    HOW = "how"


SENTENCES = frozenset({Kind.YES_NO, Kind.WHY, Kind.HOW, Kind.DEFINITION, Kind.SAID})
"""Kinds whose answer is a sentence rather than a value in it."""

_SAY = "say|said|tell|think|claim|argue|promise|warn|announce"
# "states", "companies"; not "class", "news", "was".
_PLURAL = r"(?!does\b|was\b|is\b|has\b|news\b)[a-zà-þ]{2,}[^\W\dsui]s"

_KINDS = (
    (Kind.HOW_MANY, r"how many|what number|number of"),
    (Kind.PERCENT, r"what (?:percent|percentage|share|proportion)|how (?:high|big|large) .*tariff"),
    (Kind.HOW_MUCH, r"how much|what (?:is|was|are) the (?:cost|price|value|budget)|how expensive"),
    (Kind.HOW_LONG, r"how long"),
    (
        Kind.WHEN,
        r"when\b|(?:what|which|on what|on which) (?:date|day|month|year|time|weekday)"
        r"|what (?:is|was) the (?:[\w'’-]+ )?date\b",
    ),
    (
        Kind.WHO,
        r"who\b|whose\b|whom\b|(?:what|which) (?:person|official|leader|president|minister)",
    ),
    (Kind.WHERE, r"where\b|(?:in |to |from )?(?:what|which) (?:city|cities|country|place|town)\b"),
    (Kind.WHY, r"why\b|what (?:is|was) the reason|for what reason|what caused|how come"),
    (Kind.HOW, r"how (?:do|does|did|is|was|were|are|will|can|could|has|have|would)\b"),
    (Kind.SAID, rf"what (?:did|does|do|has|have|had|was|were)\b.*\b(?:{_SAY})\b"),
    (
        Kind.DEFINITION,
        r"what (?:is|are) (?:an? |the )?(?!.*\b(?:of|in|for)\b)(?:[\w'’-]+ ?){1,3}\??$"
        r"|what does .+ (?:mean|stand for)\b|what .*\bmeant by\b",
    ),
    (Kind.LIST, rf"(?:which|what)(?: [\w-]+)? {_PLURAL}\b|name the\b"),
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
_CLAUSE = re.compile(
    r"(?i)(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|should)\b"
)
_FEW_WORDS = 3
_MOST_TURNS = 20


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question with what it takes from the earlier turns put into it.

    "What about Ciudad Juárez?" takes the last question with the name exchanged; a question with
    "it" or "they" is led by the last question, so that search and reading see both.

    Args:
        question: What was asked now.
        history: The earlier turns as (question, answer text), oldest first.
    """
    anchor = ""
    for earlier in [asked for asked, _ in history[-_MOST_TURNS:]]:
        if not anchor or not (_leans(earlier) or _fragment(earlier)):
            anchor = earlier
        elif _fragment(earlier):
            anchor = _resolve(earlier, anchor)
    return _resolve(question, anchor) if anchor else question


def _resolve(question: str, anchor: str) -> str:
    """The question, with the one it leans on before it or its own name put into that."""
    if new := _fragment(question):
        names = [m for m in _NAME.finditer(anchor) if m.start() > 0]
        if names:
            return anchor[: names[-1].start()] + new + anchor[names[-1].end() :]
    if _leans(question) or new:
        return f"{anchor.rstrip('? ')}? {question}"
    return question


def _fragment(question: str) -> str:
    """What "what about X?" or "and X?" asks about, else ""; "and who?" is a question itself."""
    match = _FRAGMENT.match(question)
    new = (match.group(1) or match.group(2)) if match else ""
    return "" if _CLAUSE.match(new) else new


def _leans(question: str) -> bool:
    few = len(re.findall(r"\w{3,}", question)) <= _FEW_WORDS
    # "What is a tariff?" is short, and whole.
    return (few and kind_of(question) is not Kind.DEFINITION) or bool(_LEANS.search(question))
