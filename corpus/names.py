"""Names as pages write them: who wrote an article, and who published it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BY = re.compile(
    r"(?i)^\s*(?:(?:written|posted|reported|reviewed)\s+)?(?:by|von|par|por|di|door|av|oleh)\s*:?\s+"
)
_BETWEEN = re.compile(
    r"\s*[;|/]\s*|\s*,\s*(?:and\s+)?|\s+(?:and|und|et|&)\s+|\.\s+(?=\w+\s+\w{3,})"
)
_NOT_A_NAME = re.compile(
    r"""(?ix)
    \b(?:staff|writer|reporters?|correspondent|editor(?:ial|s)?|columnist|contributor|press|news
       |agency|agencies|desk|team|admin|administrator|webmaster|author|guest|user|reuters|afp
       |associated|business|magazine|media|redaktion|redacción|redaction|rédaction|redazione
       |md|phd|rd|ms|ma|mba|jr|sr)\b
    | https?: | @ | \.\w{2,3}$ | \d
    """
)
_LONGEST = 60
_LONGEST_LIST = 1000


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
    own, house = squeeze(name), squeeze(outlet)
    return not house or (own not in house and house not in own)


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


def squeeze(name: str) -> str:
    """A name for comparing: without case, spaces, punctuation and a leading article."""
    return re.sub(r"[\W_]+", "", re.sub(r"(?i)^\s*the\s+", "", name)).casefold()
