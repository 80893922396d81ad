"""What a question asks for, and questions that lean on the ones before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from qa.values import MONTHS, WEEKDAYS


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
# "states", "companies"; not "class", "news", "was", nor "owns" of "which company owns it".
_PLURAL = (
    r"(?!(?:does|was|is|has|news|owns|makes|holds|leads|wins|happens|causes|hosts|means|runs|plays"
    r"|says|comes|goes|gets|takes|gives|sells|pays|needs|wants|uses|shows|lives|becomes)\b)"
    r"[a-zà-þ]{2,}[^\W\dsui]s"
)

_VERB = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"

_KINDS = (
    (
        Kind.HOW_MANY,
        r"how many|what number|number of"
        r"|what (?:is|was) the (?:[\w'’-]+ )?(?:toll|number|population|headcount|total)\b",
    ),
    (Kind.PERCENT, r"what (?:percent|percentage|share|proportion)|how (?:high|big|large) .*tariff"),
    (Kind.HOW_MUCH, r"how much|what (?:is|was|are) the (?:cost|price|value|budget)|how expensive"),
    (Kind.HOW_LONG, r"how long"),
    (
        Kind.WHEN,
        r"when\b|(?:what|which|on what|on which) (?:date|day|month|year|time|weekday)s?\b"
        r"|what (?:is|was) the (?:[\w'’-]+ )?date\b",
    ),
    (
        Kind.WHO,
        r"who\b|whose\b|whom\b|(?:what|which) (?:person|official|leader|president|minister)\b",
    ),
    (Kind.WHERE, r"where\b|(?:in |to |from )?(?:what|which) (?:city|cities|country|place|town)\b"),
    (Kind.WHY, r"why\b|what (?:is|was) the reason|for what reason|what caused|how come"),
    (Kind.HOW, r"how (?:do|does|did|is|was|were|are|will|can|could|has|have|would)\b"),
    (Kind.SAID, rf"what (?:did|does|do|has|have|had|was|were)\b.*\b(?:{_SAY})\b"),
    (
        Kind.DEFINITION,
        r"what (?:is|are) (?:an? |the )?(?!.*\b(?:of|in|for|on|name|rate|score|count|status|result"
        r"|outcome|verdict|sentence|demands?|terms?)\b)[\w'’-]+(?: [\w'’-]+){0,2} ?\??$"
        r"|what does .+ (?:mean|stand for)\b|what .*\bmeant by\b",
    ),
    (Kind.LIST, rf"(?:which|what)(?: [\w-]+)? {_PLURAL}\b|name the\b"),
    (Kind.YES_NO, _VERB),
)
_LEAD_IN = re.compile(
    r"^(?:(?:and|so|but|ok|please|well|then|tell me|do you know|i(?: would|['’]d) like to know"
    r"|(?:can|could|would|will) you (?:please )?(?:tell me|say|explain))[,\s]+)+"
)
_ASKS = (
    r"(?:in |on |by |to |from |for |at )?(?:who|whom|whose|when|where|which|why|(?:what|how)"
    r"(?! about))\b"
)
_LAST_QUESTION = re.compile(rf"\? +(?=(?:and |but |so )?(?:{_ASKS}|{_VERB}))|[.!] +(?={_ASKS})")
_INSIDE = (Kind.HOW_MANY, Kind.PERCENT, Kind.HOW_MUCH, Kind.HOW_LONG, Kind.WHEN, Kind.WHO,
           Kind.WHERE)  # fmt: skip


@lru_cache(maxsize=256)  # asked of every span of a question
def kind_of(question: str) -> Kind:
    """What a question asks for; `Kind.WHAT` where nothing more can be told.

    Of several questions in a row the last one counts: the others are what it leans on.
    """
    text = question.strip().casefold().replace("what's", "what is").replace("what’s", "what is")
    text = _LEAD_IN.sub("", _LAST_QUESTION.split(text)[-1])
    for kind, pattern in _KINDS:
        if re.match(pattern, text):
            return kind
    patterns = dict(_KINDS)
    inside = (kind for kind in _INSIDE if re.search(rf"\b(?:{patterns[kind]})", text))
    found = next(inside, Kind.WHAT)
    # "What happened when it fell?" asks for no time; "what is the name of the man who" for a man.
    if re.match(r"(?:what|which)\b", text) and found in {Kind.WHEN, Kind.WHERE, Kind.WHO}:
        return Kind.WHO if re.match(r"what (?:is|was) the name of\b.* who\b", text) else Kind.WHAT
    return found


_SPAN = r"(?:morning|afternoon|evening|night|week|weekend|month|year|season|summer|winter|spring)"
_LEANS = re.compile(
    r"(?i)\b(?:it|its|they|them|their|he|she|him|his|her|then|one|ones|the same"
    rf"|(?:this|these|those)(?!\s+(?:past\s+)?{_SPAN})"
    # Not of "ruled that the ban": what follows there is a clause.
    r"|that(?!\s+(?:the|an?|no|(?-i:[A-ZÀ-Þ])))"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )there)\b"
)
_FRAGMENT = re.compile(
    r"(?i)^\s*(?:and|or|but|so)?\s*(?:what|how) about\s+(.+?)\s*\??$|^\s*and\s+(.+?)\s*\??$"
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’.-]*(?:\s+(?:de |la |del )?[A-ZÀ-Þ][\w'’.-]*)*")
_CLAUSE = re.compile(rf"(?i)(?:who|whom|whose|what|which|when|where|why|how)\b|{_VERB}")
_TIME = re.compile(rf"(?i)(?:{'|'.join([*WEEKDAYS, *MONTHS])})(?:\s+\d+)?")
_OWN_NAME = re.compile(rf"(?<=[\w,] )(?!(?:{'|'.join([*WEEKDAYS, *MONTHS]).title()})\b)[A-ZÀ-Þ]\w+")
_LEAD_WORD = re.compile(r"(?i)\s*(?:and|but|so|or)\b")
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
    new = _fragment(question)
    if new[:1].isupper() and not _TIME.fullmatch(new):
        names = [m for m in _NAME.finditer(anchor) if m.start() and not _TIME.fullmatch(m.group())]
        if names:
            return anchor[: names[-1].start()] + new + anchor[names[-1].end() :]
    if _leans(question) or new:
        return f"{anchor.rstrip('? ')}? {question}"
    return question


def _fragment(question: str) -> str:
    """What "what about X?" or "and X?" asks about, else ""; "and who?" is a question itself."""
    match = _FRAGMENT.match(question)
    new = (match.group(1) or match.group(2)) if match else ""
    return "" if _CLAUSE.search(new) else new


def _leans(question: str) -> bool:
    leaning = _LEANS.search(question)
    named = _OWN_NAME.search(question)
    if named and (not leaning or named.start() < leaning.start()):
        return bool(_LEAD_WORD.match(question))  # "did Mexico close its border": its own Mexico
    few = len(re.findall(r"\w{3,}", question)) <= _FEW_WORDS
    # "What is a tariff?" is short, and whole.
    return (few and kind_of(question) is not Kind.DEFINITION) or leaning is not None
