"""Lists: a name that stands in a list of names stands for all of it where several are asked for."""

from __future__ import annotations

import re

from qa.dates import MONTHS, WEEKDAYS

_OPENERS = (
    "In|On|At|Between|From|For|And|But|When|While|Since|After|Before|With|To|By|As|If|Both|However"
    "|Meanwhile|Still|Then|Also|Yet|So|I|He|She|It|They|We|You|This|That|There|Historically"
)
_TITLE = r"(?:Gov|Sens?|Reps?|Gen|Lt|Col|Capt|Dr|St|Mrs?|Ms)\.(?= [A-ZÀ-Þ])"
_WORD = (
    rf"(?!(?:{_OPENERS}|Jr|Sr)\b)"
    rf"(?:{_TITLE}|[A-Z](?:\.[A-Z])+\.(?! [A-ZÀ-Þ])|[A-ZÀ-Þ][\w’'&-]*(?:\.[A-Z]\b)*)"
)
_INITIAL = r"[A-Z]\.(?= [A-ZÀ-Þ])"  # "George W. Bush"
# "The" is a word like others: told apart here, a long list would be read in 2^n ways.
_NAME = (
    rf"(?<!\w)(?:the )?{_WORD}(?: (?:{_INITIAL} )?(?:of |de |the )?{_WORD})*(?: (?:Jr|Sr)\b\.?)?"
)
_ONE = re.compile(_NAME)
_SEVERAL = re.compile(rf"{_NAME}(?:, {_NAME})*,? (?:and|or) {_NAME}")
_CUT = re.compile(r"(?:(?<!\d)\d{1,3}|&) $")  # "28 Years Later", "Brighton & Hove Albion"
# A comma before "and" joins clauses ("left Canada, and Mexico ...") unless it ends a longer list.
_REST = re.compile(rf"(?:(?:, {_NAME})+,?)? (?:and|or) {_NAME}")
_LAST = re.compile(rf",? (?:and|or) {_NAME}")
_START = re.compile(rf"(?:{_NAME}, )+$")
_ALL_BUT_LAST = re.compile(rf"(?:(?:{_NAME}, )+{_NAME},?|{_NAME}) (?:and|or) $")
_INSIDE_NAME = re.compile(r"\b[A-Z]\w{0,3}\. $|\bAccording to $")  # "St. | Louis, Dallas"
# "In Washington, Trump and Netanyahu met": where, then who. Of a place that is often only where
# something was; "in Texas, Oklahoma and Kansas voters chose" is a list.
_VENUE = re.compile(
    r"(?:the )?(?:Washington|White House|Congress|Parliament|Mar-a-Lago|London|Paris|Berlin"
    r"|Brussels|Moscow|Kyiv|Beijing|Geneva|Davos|Doha|Riyadh|Cairo|Jerusalem|Tel Aviv|Tokyo|Seoul"
    r"|(?:New )?Delhi|Ottawa|Mexico City|Warsaw|Rome|Madrid|Vienna), "
)
_PLACED = re.compile(r"(?:^|[.!?:][\"”’']? |\n)(?:In|At|From|Near|Outside) (?:the )?$")
_TIME = re.compile(rf"(?i)\b(?:{'|'.join([*MONTHS, *WEEKDAYS])})\b")
_BETWEEN = re.compile(r",? (?:and|or) |, ")
_FAR = 200  # characters; no list of news is longer on one side


def whole_list(text: str, start: int, end: int) -> tuple[int, int]:
    """A span grown to the list of names that it is an item of: "Sonora" to "Sonora and Texas"."""
    several = _SEVERAL.fullmatch(text, start, end)
    if not (several or _ONE.fullmatch(text, start, end)):
        return start, end
    far = end + _FAR
    window = text[max(0, start - _FAR) : start]
    before = _first(_START, window)
    after = None
    if not several:
        after = _REST.match(text, end, far) or (before is not None and _LAST.match(text, end, far))
    if not after and not several:
        before = _first(_ALL_BUT_LAST, window)
    first = start if before is None else start - len(window) + before
    last = after.end() if after else end
    if _CUT.search(text[:first]):
        return start, end
    placed = _PLACED.search(text[max(0, first - _FAR) : first]) and text[last : last + 1] != ","
    if placed and (venue := _VENUE.match(text, first, last)):
        if start < venue.end():
            return start, end
        first = venue.end()
    # "In January, Canada and Mexico": a time is an item among times only. "Canada and Mexico's
    # president": two persons.
    items = _BETWEEN.split(text[first:last])
    times = [bool(_TIME.search(item)) for item in items]
    owns = [item.endswith(("'s", "’s")) for item in items]
    listed = (after or before is not None) and all(times) == any(times)
    owned = owns[-1] and not all(owns) and re.match(r" \w", text[last:])
    return (first, last) if listed and not owned else (start, end)


def items(text: str) -> list[str]:
    """The names of a list; a text that is none is one item."""
    return _BETWEEN.split(text) if _SEVERAL.fullmatch(text) else [text]


def _first(before: re.Pattern[str], window: str) -> int | None:
    """Where the items before a span begin in the text before it; None where none do."""
    for match in _ONE.finditer(window):
        if before.match(window, match.start()):
            return None if _INSIDE_NAME.search(window[: match.start()]) else match.start()
    return None
