"""When two spans give the same value: one number, one time, one name in other words."""

from __future__ import annotations

import re

from qa.cite import quote_around
from qa.length import counts_time, length_bound_in, length_in
from qa.names import name_words
from qa.quantity import (
    ROUGH,
    besides,
    bound_in,
    quantity_in,
    rate_in,
    rounds,
    share_in,
)
from qa.question import NUMBERS, Kind
from qa.read import Span
from qa.same_name import TURNS, same_name, same_words
from qa.same_time import same_time
from qa.units import TIMES

_NEAR, _RIGHT_BEHIND = 30, 15  # characters around a figure that may tell its direction
_SHORT_OF = re.compile(r"(?i)(?:fewer|less|lower) than\b|under\b|below\b")
_LEVEL = re.compile(r"(?i)\b(?:to|at) (?:[\w-]+ ){0,2}$")
_UP = re.compile(
    r"(?i)\b(?:rose|risen?|rises|rising|up|increas\w+|gain\w*|grew|grown?|climb\w*|jump\w*|soar\w*"
    r"|higher|surg\w+|more(?! than))\b"
)
_DOWN = re.compile(
    r"(?i)\b(?:fell|fall\w*|down|decreas\w+|dropp\w*|drops?|lost|lower|fewer(?! than)|less(?! than)"
    r"|declin\w+|shrank|shrunk|plung\w+|slump\w*|tumbl\w+|slid)\b"
)
_FOR_LIFE = re.compile(r"(?i)\blife\b")
_SAME_SHARE = 1.0  # percentage points: "two thirds", "67 percent"


def same_value(kind: Kind, a: Span, b: Span) -> bool:
    """Whether two spans give one value, for what the question asks for."""
    if kind is Kind.WHEN:
        return same_time(a, b)
    same = _same_amount(kind, a, b)
    if same is not None:
        return same
    return same_name(a.text, b.text) if kind is Kind.WHO else same_words(a.text, b.text)


def _same_amount(kind: Kind, a: Span, b: Span) -> bool | None:
    """Whether two spans give one length, share or figure; None where that cannot be told."""
    first, second = quantity_in(a.text), quantity_in(b.text)
    if kind is Kind.HOW_LONG and (same := _same_length(a.text, b.text)) is not None:
        return same
    if kind in NUMBERS and (same := _same_share(a.text, b.text)) is not None:
        return same
    if kind in NUMBERS and (first or second):
        return _same_figure(a, b)
    if not (first and second):
        return None
    if not first.same(second):
        return is_rough(a, b) or is_rough(b, a)
    # "7.8 per cent" is "7.8 percent", "5 cars" are no 5 people.
    more = [besides(text) for text in (a.text, b.text)]
    words = [frozenset(name_words(one)) for one in more]
    bare = not all(words) and not (words[0] | words[1]) & TURNS
    return True if bare or same_words(*more) else None


def _same_figure(a: Span, b: Span) -> bool:
    """Whether two texts, one at least of which has a figure, name one."""
    if rate_in(a.text) and rate_in(b.text) and rate_in(a.text) != rate_in(b.text):
        return False  # "$500 a month", "$500 a year"
    if {_direction(a), _direction(b)} == {"up", "down"}:
        return False
    if bool(_SHORT_OF.match(a.text)) != bool(_SHORT_OF.match(b.text)):
        return False  # "fewer than 400" are no 400
    timed = counts_time(a.text) and counts_time(b.text)
    if timed and (same := _same_length(a.text, b.text)) is not None:
        return same
    first, second = quantity_in(a.text), quantity_in(b.text)
    same = first and second and first.same(second)
    return bool(same) or _is_rounded(a, b) or _is_rounded(b, a)


def _is_rounded(a: Span, b: Span) -> bool:
    """Whether a figure is another one told less exactly; "at least 50" may be any above it."""
    figure = quantity_in(a.text)
    return is_rough(a, b) or (not (figure and figure.bound) and rounds(a.text, b.text))


def _direction(span: Span) -> str:
    """Whether its sentence tells a figure as one by which something went "up" or "down"."""
    start, end = quote_around(span.hit.article, span.start, span.end)
    body = span.hit.article.body
    before = body[max(start, span.start - _NEAR) : span.start]
    if _LEVEL.search(before):  # "rose to 12 percent"
        return ""
    near = before + span.text + body[span.end : min(end, span.end + _RIGHT_BEHIND)]
    up, down = bool(_UP.search(near)), bool(_DOWN.search(near))
    return "" if up == down else "up" if up else "down"


def _same_length(a: str, b: str) -> bool | None:
    """Whether two texts name one length of time; None where that cannot be told."""
    lengths, (first, second) = (length_in(a), length_in(b)), (quantity_in(a), quantity_in(b))
    if {length_bound_in(a), length_bound_in(b)} == {"<", ">"}:
        return False
    for told in (_FOR_LIFE, _SHORT_OF):  # "20 years to life", "less than a year"
        if bool(told.search(a)) != bool(told.search(b)):
            return False
    if any(lengths) and any(one and one.unit for one in (first, second)):  # 100 miles
        return False
    if lengths[0] and lengths[1]:
        opposed = first and second and first.opposes(second)
        return lengths[0].same(lengths[1]) and not opposed
    if first and second and first.same(second):  # "four to six weeks", "4 to 6 weeks"
        ends = [text.rsplit(maxsplit=1)[-1].casefold() for text in (a, b)]
        return True if ends[0] == ends[1] else None
    return None


def _same_share(a: str, b: str) -> bool | None:
    """Whether two texts name one share, one of them by "half" or "six in 10"; None of figures."""
    if quantity_in(a) and quantity_in(b):
        return None
    if {bound_in(a), bound_in(b)} == {"<", ">"}:
        return False
    first, second = share_in(a), share_in(b)
    return None if first is None or second is None else abs(first - second) < _SAME_SHARE


def is_rough(a: Span, b: Span) -> bool:
    """Whether a span says in so many words that its figure is the other's, rounded."""
    return bool(ROUGH.match(a.text)) and rounds(a.text, b.text)


def apart(a: Span, b: Span) -> bool:
    """Whether two figures are of different things: money and a distance, a sum and a price."""
    first, second = _dimension(a.text), _dimension(b.text)
    if first and second and first != second:
        return True
    of = {rate_in(a.text), rate_in(b.text)}
    return len(of) > 1 and not of & TIMES and "money" in (first, second)


def _dimension(text: str) -> str:
    if counts_time(text):
        return "time"
    if figure := quantity_in(text):
        return figure.dimension
    return "share" if share_in(text) is not None else ""
