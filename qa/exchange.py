"""The earlier question with a name or a time exchanged: "and in June?", "what about Juárez?"."""

from __future__ import annotations

import re

from qa.asked_names import BEFORE, NAME, OWN, TIME, names_in
from qa.dates import MONTHS, WEEKDAYS
from qa.question import VERB

_FRAGMENT = re.compile(
    r"(?i)^\s*(?:and|or|but|so)?\s*(?:what|how) about\s+(.+?)\s*\??$|^\s*and\s+(.+?)\s*\??$"
)
_AGAIN = re.compile(
    rf"(?i)^\s*(?:and|or|but|so)?\s*(how many|how much|how long|\w+)\s+({BEFORE}\s+.+?)\s*\??$"
)
PLACED = re.compile(rf"(?:({BEFORE})\s+)?(the\s+)?({NAME.pattern})")
OPENING = re.compile(rf"(?i)^(?:{BEFORE}|the)\b")
CLAUSE = re.compile(rf"(?i)(?:who|whom|whose|what|which|when|where|why|how)\b|{VERB}")
# "In May", "last year"; "march" and "may" are verbs in small letters.
_WHEN = re.compile(
    rf"\b(?:(?P<before>(?i:in|on|for|during|since|by)) )?(?P<time>(?:(?i:last|this|next) )?"
    rf"(?:(?:{'|'.join([*WEEKDAYS, *MONTHS]).title()})(?: \d{{1,2}})?(?:,? (?:19|20)\d\d)?"
    r"|(?:19|20)\d\d)|(?i:last|this|next) (?i:week|month|year|season)|(?i:yesterday|today))(?!\w)"
)
_RELATIVE = re.compile(r"(?i)(?:last|this|next) |yesterday|today")
_OF_YEAR = re.compile(r",? (?:19|20)\d\d$")
_LED_BY = re.compile(r"(?i)^(?:and|or|but|so|(?:and )?(?:what|how) about)\s+(?:how many\s+)?")
_NOUN_BEHIND = re.compile(
    rf" (?!(?:and|or|than|after|since|during|ever|so|this|last|next|again|still|not|{BEFORE})\b"
    rf"|{VERB})[a-z]{{4,}}"
)
_IN_SMALL = re.compile(
    rf"({BEFORE}) (?!total|all\b|general|fact)[a-zà-þ][\w’'-]+(?: [a-zà-þ][\w’'-]+)?"
)
_SMALL_TIME = re.compile(
    rf"(?<=\b(?:in|on|by) )(?:{'|'.join([*WEEKDAYS, *MONTHS])})\b"
    rf"|(?<=^and )(?:{'|'.join([*WEEKDAYS, *MONTHS])})(?=\s*\??$)"
)


def fragment(question: str) -> str:
    """What "what about X?", "and X?" or "in X?" asks about, else ""; "and who?" is a question."""
    match = _FRAGMENT.match(question)
    new = (match.group(1) or match.group(2)) if match else ""
    if not match:
        bare = OPENING.sub(lambda word: word.group().casefold(), question.strip(" ?"))
        placed = PLACED.fullmatch(bare)
        new = bare if placed and " " in bare else ""  # one word alone may be "Really?"
    return "" if CLAUSE.search(new) else new


def asked_again(question: str, anchor: str) -> str:
    """What "and how many in X?" asks about after "how many ...", else ""."""
    match = _AGAIN.match(question)
    same = match and anchor.casefold().startswith(match.group(1).casefold())
    return match.group(2) if match and same and not CLAUSE.search(match.group(2)) else ""


def swapped(anchor: str, new: str) -> str:
    """The earlier question with a name exchanged for the new one; "" where that cannot be.

    Of several names the last one that stands behind the same word ("to Tijuana", "to Juárez"), or
    at least looks alike ("Mexico" is no "NATO").
    """
    match = PLACED.fullmatch(new)
    if match is None:
        return _swapped_in_small(anchor, new)
    if TIME.fullmatch(match.group(3)):
        return ""
    before, article, name = match.groups()
    names = names_in(anchor)
    if not names:
        return ""
    ends = (f" {before} ", f" {before} the ")
    behind = [m for m in names if before and anchor[: m.start()].endswith(ends)]
    alike = [m for m in names if m.group().isupper() == name.isupper()]
    placed = [m for m in names if re.search(rf"\b{BEFORE} (?:the )?$", anchor[: m.start()])]
    if before and not placed:  # "and in Britain?" of what nowhere was asked for
        return f"{anchor.rstrip('? ')} {new}?"
    old = (behind or alike or names)[-1]
    own = OWN.search(old.group())
    if OWN.search(name):  # "and Russia's?"
        owners = [m for m in names if OWN.search(m.group())]
        old, own = (owners or [old])[-1], None
    # "Storm Freya" is none "in the Marlow Bridge derailment", nor "the Britain" what costs.
    led_by_the = anchor[: old.start()].endswith(" the ") and not article
    if led_by_the and (old not in placed or _NOUN_BEHIND.match(anchor, old.end())):
        return ""
    # "In Spain" gives way to "in the U.S.", and the other way round.
    head = anchor[: old.start()]
    if led := re.search(rf"\b{BEFORE} (?=(?:the )?$)", head):
        head = head[: led.end()] + (article or "")
    return head + name + (own.group() if own else "") + anchor[old.end() :]


def _swapped_in_small(anchor: str, new: str) -> str:
    """The same of those who write without capitals: "how many in berlin?" "and in munich?"."""
    match = _IN_SMALL.fullmatch(new)
    if not match or not anchor[1:].islower():
        return ""
    old = re.search(rf" {match.group(1)} (?:the )?[\w’'-]+(?: [\w’'-]+)?(?=[\s?]*$)", anchor)
    return f"{anchor[: old.start()]} {new}{anchor[old.end() :]}" if old else ""


def _titled(text: str) -> str:
    """With capitals for months and weekdays that stand alone or are led by a word: "in june"."""
    return _SMALL_TIME.sub(lambda found: found.group().title(), text)


def at_another_time(anchor: str, question: str) -> str:
    """The earlier question at the time that "and in June?" names; "" where that cannot be."""
    anchor, question = _titled(anchor), _titled(question)
    new = _LED_BY.sub("", question.strip(" ?"))
    new = re.sub(r"^(?:In|On|For|During|Since|By|Last|This|Next)\b", lambda m: m[0].lower(), new)
    match = _WHEN.fullmatch(new)
    if not match:
        return ""
    found = list(_WHEN.finditer(anchor))
    if len(found) > 1:
        return ""
    times = [old for old in found if _is_a_time_of_its_own(anchor, old)]
    relative = _RELATIVE.match(match["time"])
    if not times:
        return f"{anchor.rstrip('? ')} {new}?" if match["before"] or relative else ""
    (old,) = times
    before = old["before"] if match["before"] is None or old["before"] is None else match["before"]
    before = None if relative else before
    led = f"{before} " if before else ""
    year = _OF_YEAR.search(old["time"])
    of_it = year.group() if year and match["time"].split()[0].casefold() in MONTHS else ""
    kept = "" if _OF_YEAR.search(match["time"]) else of_it
    return anchor[: old.start()] + led + match["time"] + kept + anchor[old.end() :]


def _is_a_time_of_its_own(anchor: str, found: re.Match[str]) -> bool:
    """Not the May of "Theresa May", the Friday of "Black Friday" nor "the 2000 people"."""
    if found["before"] or _RELATIVE.match(found["time"]):
        return True
    word = anchor[: found.start()].rstrip().rpartition(" ")[2]
    return found.end() == len(anchor.rstrip("? ")) and not word[:1].isupper()
