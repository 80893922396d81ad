"""Where a value begins and ends: what a reader points at may lack its unit, or be half a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.dates import DATE, MONTHS, WEEKDAYS
from qa.quantity import with_bound, with_unit
from qa.question import NUMBERS, SENTENCES, Kind
from qa.read import Span
from qa.same_name import RELATIVE
from qa.standing import CHANGED_FROM

_RELATIVE_BEFORE = re.compile(rf"(?i)\b(?:(?:the|his|her|their|an?) )?(?:{RELATIVE}) of $")
_RANGE = re.compile(r"(?i) (?:to|-|–) ")
# "Half past six", "shortly before 11 p.m."
_CLOCK_LED = re.compile(
    r"(?i)\b(?:half past|(?:a )?quarter (?:past|to)"
    r"|(?:\d{1,2}|five|ten|twenty)(?: minutes)? (?:past|to)"
    r"|(?:shortly|just|soon) (?:before|after)) $"
)
_NEAR, _FAR = 30, 80  # characters before a value that may belong to it
_ONE_NAME = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ’'-]+")
_SURNAME = re.compile(
    rf" (?!(?:{'|'.join([*WEEKDAYS, *MONTHS]).title()})\b)[A-ZÀ-Þ][a-zß-ÿ’'-]{{2,}}(?! [A-ZÀ-Þ])\b"
)


def whole(kind: Kind, spans: Sequence[Span]) -> list[Span]:
    """The spans with what a reader may leave out of a value, or take into it that is none."""
    found = []
    for span in spans:
        start, end = _extent(kind, span)
        same = (start, end) == (span.start, span.end)
        found.append(span if same else replace(span, start=start, end=end))
    return found


def _extent(kind: Kind, span: Span) -> tuple[int, int]:
    """Where a value begins and ends."""
    if kind is Kind.WHEN:
        return _of_time(span)
    if kind is Kind.WHO:
        return _of_name(span)
    body, start, end = span.hit.article.body, span.start, span.end
    if kind not in SENTENCES and CHANGED_FROM.search(body[max(0, start - _FAR) : start]):
        _, *latest = _RANGE.split(span.text)
        start = end - len(latest[-1]) if latest else start
    start = with_bound(body, start, end)
    return start, with_unit(body, start, end) if kind in NUMBERS else end


def _of_time(span: Span) -> tuple[int, int]:
    """With "half past" before it and the rest of a date behind; "about five years ago" is as near
    a day as "five years ago"."""
    body, start, end = span.hit.article.body, span.start, span.end
    if led := _CLOCK_LED.search(body[max(0, start - _NEAR) : start]):
        start -= len(led.group())
    date = DATE.match(body, start)
    return start, max(end, date.end()) if date else end


def _of_name(span: Span) -> tuple[int, int]:
    """With "the widow of" before it, the surname behind a given name, or what bounds a figure."""
    body, start, end = span.hit.article.body, span.start, span.end
    if _ONE_NAME.fullmatch(span.text) and (surname := _SURNAME.match(body, end)):
        end = surname.end()
    if of := _RELATIVE_BEFORE.search(body[max(0, start - _NEAR) : start]):
        return start - len(of.group()), end
    return with_bound(body, start, end), end
