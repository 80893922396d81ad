"""Whose account a question asks for: "how many were there, according to the Herald?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.article import bare_outlet

_SAYS = "say|report|write|count|put|claim|estimate"
_SAID = "says?|said|report(?:s|ed)?|wrote|counted|claims?|estimated"
_MAY_NAME = re.compile(rf"(?i)\b(?:according to|in|{_SAYS}|{_SAID})\b")


def may_name_an_outlet(question: str) -> bool:
    """Whether it is worth asking which outlets there are."""
    return bool(_MAY_NAME.search(question))


def asked_of(question: str, outlets: Iterable[str]) -> tuple[str, ...]:
    """Those of some outlets whose account is asked for.

    An outlet may be called by its last word, "the Tribune", where no other ends with that. A single
    word counts only as it is written: the sun reports nothing.
    """
    known = sorted(set(filter(None, outlets)))
    last = [_name(outlet).rpartition(" ")[2] for outlet in known]
    return tuple(
        outlet
        for outlet, word in zip(known, last, strict=True)
        if any(_asks(question, name) for name in (_name(outlet), *[word] * (last.count(word) == 1)))
    )


def without_account(question: str, outlets: Iterable[str]) -> str:
    """The question without "according to the Herald", which the Herald's articles do not say."""
    for outlet in outlets:
        for name in (_name(outlet), _name(outlet).rpartition(" ")[2]):
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


def _said(name: str) -> str:
    case = "i" if " " in name else "-i"
    return f"(?i:the )?(?{case}:{re.escape(name)})"


def _asks(question: str, name: str) -> bool:
    said = _said(name)
    return bool(
        re.search(
            rf"(?i:\baccording to ){said}\b"
            rf"|\b(?i:did|does|do|has|had) {said} (?i:\w+ )?(?i:{_SAYS})"
            rf"|\b{said} (?i:{_SAID})\b"
            rf"|^(?i:in ){said},|\b(?i:in ){said}['’]s\b|\b(?i:in ){said}\s*\??$",
            question,
        )
    )
