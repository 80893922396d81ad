"""Names as pages write them: who wrote an article, and who published it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BY = re.compile(
    r"(?i)^\s*(?:(?:written|posted|reported|reviewed)\s+)?(?:by|von|par|por|di|door|av|oleh)\s*:?\s+"
)
_BETWEEN = re.compile(
    r"\s*[;|/]\s*|\s*,\s*(?:and\s+)?|\s+(?:and|und|et|&)\s+"
    r"|(?<=\w{3})\.\s+(?=\w+\s+\w{3,})"  # not behind an initial, nor "Dr."
)
_NOT_A_NAME = re.compile(
    r"""(?ix)
    \b(?:staff|writer|reporters?|correspondent|editor(?:ial|s)?|columnist|contributor|press|news
       |agency|agencies|desk|team|admin|administrator|webmaster|author|guest|user|reuters|afp
       |associated|business|magazine|media|redaktion|redacción|redaction|rédaction|redazione)\b
    | ^(?:md|phd|rd|ms|ma|mba|jr|sr)$
    | https?: | @ | \.\w{2,3}$ | \d
    """
)
_THE = re.compile(r"(?i)^\s*the\s+")
_LONGEST = 60
_LONGEST_LIST = 1000
_LONG = 8  # letters of an outlet's name that no other word begins with by chance


def authors_from(texts: Iterable[str], outlet: str = "") -> tuple[str, ...]:
    """People named in bylines, once each, without roles, agencies and the outlet.

    Args:
        texts: Each a name or a byline, such as "By ANNA BERG, Staff Writer and Jon Doe".
        outlet: The outlet's name, which often stands beside the author's.
    """
    found: dict[str, str] = {}
    for text in texts:
        for part in _BETWEEN.split(_BY.sub("", " ".join(text[:_LONGEST_LIST].split()))):
            name = _case(part.strip(" .,-–—"))
            if _is_person(name, outlet):
                found.setdefault(squeeze(name), name)
    return tuple(found.values())


def _is_person(name: str, outlet: str) -> bool:
    if not 1 < len(name) <= _LONGEST or _NOT_A_NAME.search(name):
        return False
    if name.isascii() and (name.islower() or (name.isupper() and " " not in name)):
        return False  # a login name; an agency's letters
    return not is_outlet(name, outlet)


def _case(name: str) -> str:
    """A name in capitals as it is otherwise written: "ANNA McBERG" stays, "ANNA BERG" changes."""
    return name.title() if name.isupper() and " " in name else name


def outlet_from(names: Iterable[str], host: str = "") -> str:
    """The best of the names a page gives its outlet: words before an address.

    Args:
        names: What the page says, the most trusted first.
        host: The page's host, where it has one.
    """
    cleaned = [name for name in map(_outlet, names) if name]
    if not cleaned:
        return host.removeprefix("www.")
    best = cleaned[0]
    if " " not in best and (best.islower() or "." in best):
        stem = squeeze(re.sub(r"\.\w{2,3}(?:\.\w{2})?$", "", best))
        nicer = [name for name in cleaned if squeeze(name) == stem and not name.islower()]
        return nicer[0] if nicer else best
    return best


def _outlet(name: str) -> str:
    parts = [part.strip() for part in re.split(r"\s[|·»]\s", name.strip(" \t\n|@"))]
    return next((" ".join(part.split()) for part in parts if part), "")


def is_outlet(text: str, outlet: str) -> bool:
    """Whether a text is an outlet's name or a part of it, or has it: "Orra Post Online".

    Word by word: Phillips is not The Hill. And of an outlet with one word the text must begin with
    it and be a name throughout: neither Lena Sun nor "this time for good" is one.
    """
    own, house = squeeze(text), squeeze(outlet)
    if not own or not house:
        return False
    if own == house or (len(house) >= _LONG and own.startswith(house)):
        return True
    words, its = _words(text), _words(outlet)
    within = f" {' '.join(words)} ".casefold(), f" {' '.join(its)} ".casefold()
    if within[0] in within[1]:
        return True
    if len(its) > 1:
        return within[1] in within[0]
    return words[:1] == its and all(not word[0].islower() for word in words)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", _THE.sub("", name))


def squeeze(name: str) -> str:
    """A name for comparing: without case, spaces, punctuation and a leading article."""
    return re.sub(r"[\W_]+", "", _THE.sub("", name)).casefold()
