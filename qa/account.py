"""Whose account a question asks for: "how many were there, according to the Herald?"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from corpus.article import bare_outlet

_SAYS = "say|report|write|count|put|claim|estimate"
_SAID = "says?|said|report(?:s|ed)?|wrote|counted|claims?|estimated"
# What newspapers are called for short; "India" of the Times of India is none.
_SHORT = frozenset(
    "times post tribune herald gazette journal courier monitor chronicle observer guardian mirror "
    "telegraph examiner bulletin ledger dispatch sentinel inquirer echo mercury argus".split()
)
_MAY_NAME = re.compile(rf"(?i)\b(?:according to|in|{_SAYS}|{_SAID})\b")


def may_name_an_outlet(question: str) -> bool:
    """Whether it is worth asking which outlets there are."""
    return bool(_MAY_NAME.search(question))


def asked_of(question: str, outlets: Iterable[str]) -> tuple[str, ...]:
    """Those of some outlets whose account is asked for.

    An outlet may be called by its last word, "the Tribune", where no other ends with that. A single
    word counts only as it is written: the sun reports nothing.
    """
    names = {outlet: name for outlet in outlets if (name := _name(outlet))}
    last = Counter(_last(name) for name in names.values())
    asked = question.casefold()
    return tuple(
        outlet
        for outlet, name in sorted(names.items())
        if (name.casefold() in asked and _asks(question, name, whole=True))
        or (last[word := _last(name)] == 1 and word.casefold() in _SHORT
            and word.casefold() in asked and _asks(question, word, whole=False))
    )  # fmt: skip


def without_account(question: str, outlets: Iterable[str]) -> str:
    """The question without "according to the Herald", which the Herald's articles do not say."""
    for outlet in outlets:
        for name in (_name(outlet), _last(_name(outlet))):
            said = _said(name)
            question = re.sub(
                rf"(?i:^according to ){said},? |(?i:,? according to ){said}\b,?"
                rf"|^(?i:in ){said}, ",
                "",
                question,
            )
    return question


def _name(outlet: str) -> str:
    """Without the article, and what is said of it in brackets."""
    bare = re.sub(r"\s*\([^)]*\)$", "", outlet)
    return bare[len(bare) - len(bare_outlet(bare)) :]


def _last(name: str) -> str:
    return name.rpartition(" ")[2]


def _said(name: str) -> str:
    case = "i" if " " in name else "-i"
    return f"(?i:the )?(?{case}:{re.escape(name)})"


def _asks(question: str, name: str, *, whole: bool) -> bool:
    said = _said(name)
    at_the_end = rf"|\b(?i:in ){said}\s*\??$" if whole else ""  # "in India?" is a place
    return bool(
        re.search(
            rf"(?i:\baccording to ){said}\b"
            rf"|\b(?i:did|does|do|has|had) {said} (?i:\w+ )?(?i:{_SAYS})"
            rf"|\b{said} (?i:{_SAID})\b"
            rf"|^(?i:in ){said},|\b(?i:in ){said}['’]s\b{at_the_end}",
            question,
        )
    )
