"""When two texts name one person, place or thing."""

from __future__ import annotations

import re
from itertools import pairwise

from qa.names import address_of, name_words, title_of
from qa.question import PEOPLE

_DIRECTIONS = frozenset(
    "new north south east west northern southern eastern western baja papua equatorial".split()
)
_RANKS = frozenset("vice deputy former acting interim lieutenant assistant ex".split())
_ROLES = frozenset(PEOPLE.split("|")) | frozenset(
    "prime secretary chief chair chairman chairwoman premier chancellor sheriff ambassador "
    "attorney rep sen gov".split()
)
_OWNER = re.compile(r"['’]s\s")
# With one of these, more words do not say the same more fully.
TURNS = frozenset(
    "not no never nor without denied attempted tens dozens hundreds thousands hundred thousand "
    "million millions billion billions quarter quarters third thirds".split()
)
# What a name is only a part of: "Trump" of the Trump administration, "police" of the police chief.
_HEADS = frozenset(
    "administration campaign ministry chief director spokesman spokeswoman spokesperson".split()
)
_JUNIOR = frozenset({"jr", "sr"})
# New York is New York City; of these the city is another place.
_NOT_THEIR_CITY = frozenset("mexico kansas panama guatemala kuwait oklahoma iowa".split())
RELATIVE = (
    "sons?|daughters?|wife|husband|widow|widower|brothers?|sisters?|mother|father|parents|friends?"
    "|uncle|aunt|cousins?|nephew|niece|children"
)
"""Whom somebody may be named by."""
_FOR_ANOTHER = re.compile(
    rf"(?i)\b(?:spokes\w+|lawyers?|attorneys?|aides?|allies|{RELATIVE}) (?:for|of) "
)
_NEGATED = re.compile(r"(?i)n['’]t\b")
_COUNTED = re.compile(r"(\d%? [a-z]{3,}[^\W_s])s\b")  # "25% tariffs"
WHOLE_NAME = re.compile(r"[A-ZÀ-Þ][\w’'.-]*(?: [A-ZÀ-Þ][\w’'.-]*){1,2}")
"""Given name and surname, as far as capitals tell."""
# "Fed Chair Jerome Powell", "actor Gene Hackman", "Gene Hackman, 95".
_PERSON = re.compile(
    rf"(?:(?:(?!(?:of|for|to|and|by|with)\b)[\w’'.-]+ ){{0,5}}(?i:{'|'.join(sorted(_ROLES))})\.? )?"
    rf"({WHOLE_NAME.pattern})(?:, (?:aged )?\d+,?)?"
)


def same_name(a: str, b: str) -> bool:
    """Whether two texts name one person: "Fed Chair Jerome Powell", "Powell"."""
    titles, addresses = (title_of(a), title_of(b)), {address_of(a), address_of(b)}
    if (all(titles) and titles[0] != titles[1]) or addresses == {"mr", "ms"}:
        return False  # Governor Abbott, Mayor Abbott
    if (titles[0],) == name_words(b) or (titles[1],) == name_words(a):  # Pope Francis, the pope
        return True
    person = _person(a)
    return bool(person and person == _person(b)) or same_words(a, b)


def same_words(a: str, b: str) -> bool:
    """Whether one name or phrase holds all the words of the other."""
    (short, shorter), (long, longer) = sorted(
        ((name_words(_COUNTED.sub(r"\1", text)), text) for text in (a, b)),
        key=lambda pair: len(pair[0]),
    )
    if not short or not set(short) <= set(long):
        return False
    if (set(long) - set(short)) & TURNS or bool(_NEGATED.search(a)) != bool(_NEGATED.search(b)):
        return False
    return not (_is_anothers(short, shorter, longer) or _is_another(short, long, longer))


def _is_anothers(short: tuple[str, ...], shorter: str, longer: str) -> bool:
    """Whether the longer name is of one who belongs to the shorter one: the mayor's wife."""
    for_another = _FOR_ANOTHER.search(longer)
    if for_another and not set(short) & set(name_words(longer[: for_another.end()])):
        return True
    owner, *owned = _OWNER.split(longer, maxsplit=1)
    its_own = not owned or _OWNER.search(f"{shorter} ")
    return not its_own and set(short) <= set(name_words(owner))


def _is_another(short: tuple[str, ...], long: tuple[str, ...], longer: str) -> bool:
    """Whether a longer name is another's: New Mexico's, the deputy mayor's, the police chief's."""
    before = {one for one, other in pairwise(long) if other == short[0]} - set(short)
    behind = {other for one, other in pairwise(long) if one == short[-1]} - set(short)
    # "Former mayor Smith" is Smith, and "Kash Patel, director of the FBI" Kash Patel.
    ranked = _ROLES.issuperset(short) and before & _RANKS
    headed = behind & _HEADS and "," not in longer
    more = set(long) - set(short)
    junior = more and more <= _JUNIOR and len(short) > 1
    # Guinea, Guinea-Bissau; the Republic of the Congo, the Democratic one.
    state = "bissau" in behind or "democratic" in before
    its_city = "city" in behind and short[-1] in _NOT_THEIR_CITY
    return bool(before & _DIRECTIONS or ranked or headed or its_city or junior or state)


def _person(text: str) -> tuple[str, ...]:
    """The words of the person's name that a text ends with, given name and surname; () of none."""
    match = _PERSON.fullmatch(text)
    return name_words(match.group(1)) if match else ()
