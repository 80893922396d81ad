"""Comparing an answer with a right one: as the SQuAD scorer does, and whether it is right."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

from qa.dates import MONTHS, WEEKDAYS, clock_in
from qa.length import length_in
from qa.quantity import figures_agree, quantity_in, rate_in

_PUNCTUATION = frozenset(string.punctuation)
_HALF = 0.5
_FEW_WORDS = 8  # of a value: a sentence may hold several figures
_FOLDED = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-",
                         "‑": "-", "−": "-"})  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_DENIED = re.compile(r"(?i)\b(?:not|no|never|none|nobody|without)\b|n't\b")
# What turns an answer into another one where it stands for its counterpart.
_OPPOSITES = tuple(
    tuple(frozenset(words.split()) for words in pair.split(" | "))
    for pair in (
        "rose rise rises rising up increased increase gained gain grew higher more over above | "
        "fell fall falls falling down decreased decrease lost loss shrank lower fewer less under",
        "north northern | south southern", "east eastern | west western", "before | after",
        "win won | lose lost", "first | last", "men man boys male | women woman girls female",
        "left | right", "for | against", "yes | no", "guilty | innocent",
    )
)  # fmt: skip


def normalize(text: str) -> str:
    """Lower case, without ASCII punctuation, a/an/the, and extra white space.

    As the SQuAD scorer has it (Rajpurkar et al. 2016), for its two measures.
    """
    text = "".join(c for c in text.lower() if c not in _PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact_match(answer: str, gold: str) -> float:
    """1.0 where both are equal once normalised, else 0.0."""
    return float(normalize(answer) == normalize(gold))


def token_f1(answer: str, gold: str) -> float:
    """Harmonic mean of precision and recall over normalised tokens, 0 to 1.

    Where either is empty: 1.0 when both are, else 0.0.
    """
    first, second = normalize(answer).split(), normalize(gold).split()
    if not first or not second:
        return float(first == second)
    shared = sum((Counter(first) & Counter(second)).values())
    return 2 * shared / (len(first) + len(second)) if shared else 0.0


def contains(text: str, gold: str) -> bool:
    """Whether the words of one stand in the other, normalised, as whole words."""
    return bool(normalize(gold)) and f" {normalize(gold)} " in f" {normalize(text)} "


def best(measure: Callable[[str, str], float], answer: str, golds: Iterable[str]) -> float:
    """The measure against the gold answer that fits best; 0.0 where there is none."""
    return max((float(measure(answer, gold)) for gold in golds), default=0.0)


def is_right(answer: str, golds: Iterable[str]) -> bool:
    """Whether a short answer counts as right: it says the same value, or half its tokens are
    shared, or it holds the gold; and no figure, unit, time or direction differs.

    "1,130 troops" is not "1,949 troops", "5 weeks" no "5 days", and "twelve" is "12".
    """
    return any(
        is_same_value(answer, gold)
        or (not differs(answer, gold) and (are_alike(answer, gold) or _holds(answer, gold)))
        for gold in golds
    )


def are_same(a: str, b: str) -> bool:
    """Whether two values of a conflict are one, in other words."""
    if is_same_value(a, b):
        return True
    return not differs(a, b) and (_holds(a, b) or _holds(b, a))


def are_alike(answer: str, gold: str) -> bool:
    """Whether half of the tokens are shared; more, where each has one of its own besides.

    "Jane Smith" is half of "John Smith", and another person.
    """
    share = token_f1(folded(answer), folded(gold))
    own, its = (set(normalize(folded(text)).split()) for text in (answer, gold))
    return share > _HALF or (share == _HALF and not (own - its and its - own))


def is_same_value(answer: str, gold: str) -> bool:
    """Whether two short texts give one quantity, length of time or time of day."""
    a, b = folded(answer), folded(gold)
    return not _turns(a, b) and bool(_same_quantity(a, b))


def differs(answer: str, gold: str) -> bool:
    """Whether a figure, unit, time or direction of one is another in the other."""
    a, b = folded(answer), folded(gold)
    if _turns(a, b) or any(_apart(_named(a, names), _named(b, names)) for names in _CALENDAR):
        return True
    same = _same_quantity(a, b)
    return not figures_agree(a, b) if same is None else not same


def folded(text: str) -> str:
    """With plain quotation marks and dashes, composed letters, and dates as words."""
    text = unicodedata.normalize("NFKC", text.replace("½", " 1/2")).translate(_FOLDED)
    names = list(MONTHS)
    return _ISO.sub(lambda d: f"{names[min(int(d[2]), 12) - 1].title()} {int(d[3])}, {d[1]}", text)


_CALENDAR = (tuple(MONTHS), tuple(WEEKDAYS))


def _named(text: str, names: Iterable[str]) -> set[str]:
    """The months or weekdays that a text names, whole or short."""
    words = set(re.findall(r"[a-z]+", text.casefold()))
    capital = set(re.findall(r"\b[A-Z][a-z]+", text))
    return {
        name for name in names
        if (name in words and (name not in ("may", "march") or name.title() in capital))
        or name[:3].title() in capital
    }  # fmt: skip


def _apart(own: set[str], its: set[str]) -> bool:
    return bool(own and its and not (own <= its or its <= own))


def _same_quantity(a: str, b: str) -> bool | None:
    """Whether two short texts give one quantity; None where that cannot be told."""
    clocks = clock_in(a), clock_in(b)
    if None not in clocks:
        return clocks[0] == clocks[1]
    dated = any(_named(text, names) for text in (a, b) for names in _CALENDAR)
    if dated or max(len(a.split()), len(b.split())) > _FEW_WORDS:
        return None
    lengths = length_in(a), length_in(b)
    if lengths[0] and lengths[1]:
        return lengths[0].same(lengths[1])
    first, second = quantity_in(a), quantity_in(b)
    if not first or not second:
        return None
    if any(lengths):  # "5 weeks" may be told as "5", not as "5 miles"
        return False if first.unit or second.unit else None
    rates = {rate_in(a), rate_in(b)} - {""}
    return len(rates) < 2 and first.same(second)


def _turns(a: str, b: str) -> bool:
    """Whether one denies what the other says, or says its opposite."""
    if bool(_DENIED.search(a)) != bool(_DENIED.search(b)):
        return True
    own, its = (set(re.findall(r"[a-z]+", text.casefold())) for text in (a, b))
    here, there = own - its, its - own
    return any(
        (here & one and there & other) or (here & other and there & one)
        for one, other in _OPPOSITES
    )


def _holds(text: str, gold: str) -> bool:
    return contains(folded(text), folded(gold))
