"""What speaks for a span besides the reader's own score: its kind, its sentence, the search."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from index import Hit
from index.words import query_words
from qa.dates import CLOCK, DATE, MONTHS
from qa.quantity import NUMBER
from qa.question import SENTENCES, Kind, kind_of

OF_SPAN = ("score", "days off", "kind", "words", "length", "sentence", "echo")
OF_SEARCH = ("search", "first")
SKIMMED = (*OF_SPAN, *OF_SEARCH)
"""The features of a span in a passage that only one network has read, in order."""
GIVEN = (*OF_SPAN, "likeness")
"""Those in a passage that both have read and that no search chose: "likeness" is that of the best
span's sentence to the question in meaning, -1 to 1."""
NAMES = (*GIVEN, *OF_SEARCH)
"""All of them."""

_FAR = 365  # days; what is off by more is no farther

_CAPITAL = re.compile(r"[A-ZÀ-Þ]")
_AMOUNT = re.compile(
    rf"{NUMBER.pattern}"
    r"|\b(?:no|hundreds|thousands|[mb]illions|dozens|scores|both|half|twice|free|nothing|several)\b",
    re.IGNORECASE | re.VERBOSE,
)
_PATTERNS = {
    Kind.HOW_MANY: _AMOUNT,
    Kind.HOW_MUCH: _AMOUNT,
    Kind.PERCENT: re.compile(
        r"(?i)%|\bper\s?cent|\b(?:half|thirds?|quarters?|fifths?|tenths?)\b"
        r"|\b(?:in|out of) (?:every )?(?:\d|three|four|five|six|ten)"
    ),
    Kind.HOW_LONG: re.compile(
        r"(?i)(?:second|minute|hour|day|week|month|year|decade|centur|mile|met(?:re|er)|feet|foot"
        r"|inch|yard)|overnight|fortnight|\b(?:until|till)\b"
        r"|\b(?:hrs?|mins?|mi|km|ft|cm|mm)\b"
    ),
    Kind.WHEN: re.compile(
        # Not every time is a date: "1885", "the 1950s", "May", "two years before the war".
        rf"{DATE.pattern}|{CLOCK.pattern}|\b(?:1\d|20)\d\ds?\b|\b(?:in|by|since|circa|around)\s\d{{3}}\b|\bB?CE?\b|\b(?:{'|'.join(MONTHS)})\b"
        r"|\b(?:century|centuries|decades?|years?|months?|weeks?|weekends?|days?|(?<!per\s)hours?|minutes?"
        r"|season|spring|summer|autumn|fall|winter|christmas|easter|thanksgiving|ramadan"
        r"|morning|afternoon|evening|night|dawn|dusk|now|tonight|recently"
        r"|early|late|when|before|after|during|until)\b",
        re.IGNORECASE | re.VERBOSE,
    ),
    Kind.WHO: _CAPITAL,
    Kind.WHERE: _CAPITAL,
}


def of_span(score: float, question: str, hit: Hit, span: str, sentence: str) -> tuple[float, ...]:
    """The features `OF_SPAN`.

    Args:
        score: Of the networks, in logits against "no answer".
        question: What is asked: is it answered with a sentence? Of those the reader is less sure
            than it might be.
        hit: The passage: how many days is it off from the time the question is about?
        span: Is it of the kind asked for, and how long? What share of its words does the question
            have: "who is president, now that Roe has left" is not answered by "Roe"?
        sentence: Around the span: what share of the question's words does it have?
    """
    asked, near = stems(question), stems(sentence)
    share = len(asked & near) / len(asked) if asked else 0.0
    off = math.log1p(min(hit.days_off, _FAR))
    kind = kind_of(question)
    misfit = 0.0 if fits(kind, span) else -1.0
    length = math.log(max(1, len(span.split())))
    own = stems(span)
    echo = len(own & asked) / len(own) if own else 0.0
    return (score, off, misfit, share, length, float(kind in SENTENCES), echo)


def of_search(hit: Hit, place: int) -> tuple[float, ...] | None:
    """A passage's features as the search found it, at a place from 0; None where none did."""
    return (hit.score, 1 / (1 + place)) if hit.ranks else None


@lru_cache(maxsize=256)  # a question is compared with many spans, a sentence with several
def stems(text: str) -> frozenset[str]:
    """What a text's words are without their commonest endings, but for the commonest words."""
    return frozenset(_stem(word) for word in query_words(text))


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """A word without the commonest endings."""
    return re.sub(r"(?:ing|ed|es|s)$", "", word.casefold())


def fits(kind: Kind, span: str) -> bool:
    """Whether a span is of the kind asked for, as far as its words tell."""
    pattern = _PATTERNS.get(kind)
    old = kind in (Kind.HOW_LONG, Kind.WHEN) and span.endswith(" old")  # an age
    return pattern is None or (bool(pattern.search(span)) and not old)
