"""Questions that lean on the one before them, as `qa.follow_up.standalone` hands them on.

The reader gets "How many troops went to Tijuana? And when did they arrive?" in one piece. Here it
is made of two questions about one passage; the answer, or that there is none, is the second's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from qa.train.negatives import names
from qa.train.sets import Item

_SUBJECT = ("he", "she", "they", "it")
_OWN = ("his", "her", "their", "its")


def follow_up(item: Item, others: Sequence[Item], rng: random.Random) -> Item | None:
    """The item's question, leaning on another one about the same passage; None without one."""
    earlier = [other for other in others if other.question != item.question]
    if not earlier:
        return None
    before = rng.choice(earlier)
    known = f"{before.question} {' '.join(before.text[a:b] for a, b in before.spans)}"
    asked = lean(item.question, known, rng)
    if rng.random() < 0.2:
        asked = f"And {asked[:1].lower()}{asked[1:]}"
    return replace(item, question=f"{before.question.rstrip('? ')}? {asked}")


def lean(question: str, known: str, rng: random.Random) -> str:
    """A question with a name that is known by now replaced by a pronoun, where it has one."""
    found = (re.sub(r"['’]s?$", "", name) for name in names(question))
    shared = [name for name in found if name in known]
    if not shared or rng.random() < 0.2:
        return question
    name, place = re.escape(rng.choice(shared)), rng.randrange(len(_SUBJECT))
    asked = re.sub(rf"(?:\b[Tt]he )?{name}['’]s?(?=\s)", _OWN[place], question, count=1)
    if asked == question:
        asked = re.sub(rf"(?:\b[Tt]he )?{name}\b", _SUBJECT[place], question, count=1)
    return asked
