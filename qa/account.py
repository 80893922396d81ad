"""Whose account a question asks for: "how many were there, according to the Herald?"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from corpus.article import bare_outlet
from qa.answer import AS_ASKED, NOT_HERE

_SAYS = "say|report|write|count|put|claim|estimate|give"
_SAID = "says?|said|report(?:s|ed)?|wrote|counted|claims?|estimated"
# What newspapers are called for short; "India" of the Times of India is none.
PAPERS = frozenset(
    "times post tribune herald gazette journal courier monitor chronicle observer guardian mirror "
    "telegraph examiner bulletin ledger dispatch sentinel inquirer echo mercury argus".split()
)
_OTHER = r"(?i:the )?[A-Z][\w ]{0,40}?,? (?:and|or) "  # "the Herald and the Gazette"
PAPER = (
    rf"(?:(?:[A-ZÀ-Þ][\w’'&-]+ ){{0,3}}(?:{'|'.join(sorted(name.title() for name in PAPERS))})"
    r"|Reuters|AFP|Associated Press|AP|BBC|CNN|Bloomberg|Xinhua)\b"
)
"""What newspapers and agencies are called, as far as that tells them."""
_FROM_A_PAPER = re.compile(rf"(?i:\b(?:according to|per) (?:the )?)({PAPER})")
_MAY_NAME = re.compile(rf"(?i)\b(?:according to|per|in|{_SAYS}|{_SAID})\b")


class Account(NamedTuple):
    """What a question asks, and whose account of it."""

    asked: str
    """The question without "according to the Herald"."""
    outlets: tuple[str, ...]
    """Whose; () where anyone's will do."""
    notice: str
    """What is said of that."""


def account_of(whole: str, outlets: Collection[str], lead: str = "") -> Account:
    """Whose account a question asks for.

    Args:
        whole: The question, standing on its own.
        outlets: Those there are; none where they have been chosen already.
        lead: The earlier question that it begins with: whose account that asked for, it does not.
    """
    if not outlets:
        return Account(whole, (), "")
    own = whole[len(lead) :]
    wanted = asked_of(own, outlets)
    absent = "" if wanted else absent_outlet(own, outlets)
    notice = AS_ASKED.format(outlets=" and ".join(wanted)) if wanted else ""
    notice = NOT_HERE.format(outlet=absent) if absent else notice
    return Account(without_account(whole, asked_of(whole, outlets)), wanted, notice)


def may_name_an_outlet(question: str) -> bool:
    """Whether it is worth asking which outlets there are."""
    return bool(_MAY_NAME.search(question))


def asked_of(question: str, outlets: Iterable[str]) -> tuple[str, ...]:
    """Those of some outlets whose account is asked for.

    An outlet may be called by its last word, "the Tribune", where no other ends with that. A single
    word counts only as it is written: the sun reports nothing.
    """
    names = {outlet: name for outlet in outlets if (name := called(outlet))}
    last = Counter(_last(name) for name in names.values())
    asked = question.casefold()
    return tuple(
        outlet
        for outlet, name in sorted(names.items())
        if (name.casefold() in asked and _asks(question, name, whole=True))
        or (last[word := _last(name)] == 1 and word.casefold() in PAPERS
            and word.casefold() in asked and _asks(question, word, whole=False))
    )  # fmt: skip


def absent_outlet(question: str, outlets: Iterable[str]) -> str:
    """A newspaper or agency whose account is asked for and that is none of some; "" if none is."""
    match = _FROM_A_PAPER.search(question)
    name = match.group(1) if match else ""
    words = f" {name.casefold()}"
    return "" if any(f" {bare_outlet(one)}".endswith(words) for one in outlets) else name


def without_account(question: str, outlets: Iterable[str]) -> str:
    """The question without "according to the Herald", which the Herald's articles do not say."""
    names = {_said(name) for outlet in outlets for name in (called(outlet), _last(called(outlet)))}
    if not names:
        return question
    one = "|".join(sorted(names, key=len, reverse=True))
    said = rf"(?:{one})(?:(?:,|,? and|,? or) (?:{one}))*"
    return re.sub(
        rf"(?i:^according to ){said},? |(?i:,? (?:according to|as per|per) ){said}\b,?"
        rf"|^(?i:in ){said}, ",
        "",
        question,
    )


def called(outlet: str) -> str:
    """An outlet's name without the article, and what is said of it in brackets."""
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
            rf"(?i:\b(?:according to|as per|per) )(?:{_OTHER})?{said}\b"
            rf"|\b(?i:did|does|do|has|had) (?:{_OTHER})?{said} (?i:\w+ )?(?i:{_SAYS})"
            rf"|\b{said} (?i:{_SAID})\b"
            rf"|^(?i:in ){said},|\b(?i:in ){said}['’]s\b{at_the_end}",
            question,
        )
    )
