"""How an article stands to a value in it: says it, denies it, or tells what was said before."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus import Article
from corpus.notes import NoteKind
from qa.cite import quote_around
from qa.question import FIGURES, NUMBERS, Kind
from qa.read import Span
from qa.tense import turns_down


class Standing(StrEnum):
    """What an article does with a value that it holds."""

    SAID = "said"
    DENIED = "denied"
    """It says that this is not so, or that it was wrong to write it."""
    RETOLD = "retold"
    """It tells it as an earlier figure: "up from 860", "initially 12"."""
    RETRACTED = "retracted"
    """Its outlet has withdrawn the article."""


FIGURE = r"(?:bid|offer|demand|count|figure|estimate|report|tally|toll|number|forecast)s?"
"""What newspapers call a figure that somebody gave."""
_OLD_FIGURE = (
    rf"we (?:wrote|reported|said|put)|(?:earlier|previous|initial|original|first) {FIGURE}"
)
# Not "initially treated for 12 days", nor "originally opened in 1932".
_RETOLD = re.compile(
    rf"(?i)\b(?:{_OLD_FIGURE}|(?:initially|originally|first|previously|earlier)"
    r" (?:said|put|given|thought|estimated|believed|counted|reported (?:as|at|that)))\b"
    r"[^\d:;]{0,40}$"
)
_RETOLD_TIME = re.compile(rf"(?i)\b(?:{_OLD_FIGURE})\b[^\d:;]{{0,40}}$")
_ROUGHLY = r"(?: (?:the|an?|at least|about|around|some|nearly|earlier|previous))* $"
_UP_FROM = re.compile(rf"(?i)\b(?:up|down|revised|raised|lowered|corrected|cut) from{_ROUGHLY}")
_CONTRASTED = re.compile(rf"(?i)\b(?:not|rather than|instead of){_ROUGHLY}|{_UP_FROM.pattern[4:]}")
CHANGED_FROM = re.compile(
    r"(?i)\b(?:r[oi]se[sn]?|rising|gr[eo]wn?|climb\w*|jump\w*|increas\w*|rais\w*|fell|fall\w*|dropp?\w*"
    r"|cut\w*|lower\w*|reduc\w*|chang\w*|went|go|goes|up|down|revis\w*)\b[^.;:]{0,40}\bfrom $"
)
"""What tells before "12 to 15" that this is no range: "rose from"."""
# "To 17 from nine", "up from an estimate of £165m".
_TO_FROM = re.compile(
    r"(?i)\bto (?:[^\s.;:]+ ){1,5}from $|\bfrom an? (?:\w+ )?(?:estimate|figure|forecast) of $"
)
_AT_FIRST = re.compile(
    r"(?i)\s(?:[\w-]+\s){0,2}(?:at first(?! glance| sight| light)|initially|originally)\b"
)
# "An earlier version of this article said that ...", "incorrectly stated that ...".
_WITHDRAWN = re.compile(
    r"(?i)\b(?:earlier|previous|original|first) version of (?:this|the) \w+\b[^:;]*$"
    r"|\b(?:incorrectly|wrongly|mistakenly|erroneously) (?:said|stated|reported|put|gave|wrote)\b"
    r"[^:;]*$"
)


def standing(kind: Kind, span: Span) -> Standing:
    """How the article of a span stands to it.

    Args:
        kind: What the question asks for: only figures are retold.
        span: With its place in the article.
    """
    article = span.hit.article
    start, end = quote_around(article, span.start, span.end)
    before, behind = article.body[start : span.start], article.body[span.end : end]
    if named := _AT_FIRST.search(span.text):
        behind = named.group()
    retold = is_retold(before, behind) if kind in NUMBERS else _is_retold_time(before)
    if kind in FIGURES and retold and not _WITHDRAWN.search(before):
        return Standing.RETOLD
    if is_denied(article.body[start:end], span.start - start, span.end - start):
        return Standing.DENIED
    return Standing.RETRACTED if is_retracted(article) else Standing.SAID


def is_denied(quote: str, start: int, end: int) -> bool:
    """Whether a quote says of the value at a place in it that it is not so."""
    before, behind = quote[:start], quote[end:]
    return bool(turns_down(before, behind) or _WITHDRAWN.search(before))


def is_retold(before: str, behind: str = "") -> bool:
    """Whether the words around a figure tell that it is one that was corrected or updated."""
    told = _RETOLD.search(before) or _CONTRASTED.search(before) or _AT_FIRST.match(behind)
    return bool(told) or is_updated(before)


def _is_retold_time(before: str) -> bool:
    return bool(_RETOLD_TIME.search(before) or _CONTRASTED.search(before))


def is_updated(before: str) -> bool:
    """Whether the words before a figure tell that it has become another one: "up from"."""
    return any(pattern.search(before) for pattern in (_UP_FROM, CHANGED_FROM, _TO_FROM))


def is_contrasted(before: str) -> bool:
    """Whether the words right before a figure set it against another one: "not", "up from"."""
    return bool(_CONTRASTED.search(before))


def is_of_retraction(span: Span) -> bool:
    """Whether a span stands in the note by which its article was withdrawn."""
    notes = [n.text for n in span.hit.article.notes if n.kind is NoteKind.RETRACTION]
    start, end = quote_around(span.hit.article, span.start, span.end)
    quote = span.hit.article.body[start:end]
    return any(quote in note for note in notes)


def is_retracted(article: Article) -> bool:
    """Whether the outlet has withdrawn an article."""
    return any(note.kind is NoteKind.RETRACTION for note in article.notes)
