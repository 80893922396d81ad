"""Questions and passages that do not belong together, in several kinds.

A reader that has only seen passages with an answer points somewhere whatever it is given. Each
function here makes one kind of pair that looks right and is not: a near passage, the same passage
without its answer's sentence, or the same passage asked about somebody else.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa.train.sets import Item, sentences, words

STOP = frozenset(
    words(
        "a an the of in on at to for from by with and or is are was were be been do does did has "
        "have had it its that this what when where who whom whose which why how many much as"
    )
)
NAME = re.compile(r"(?<=\s)[A-Z][\w’'&-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'&-]+)*")
YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
OPPOSITES = {
    "first": "last", "largest": "smallest", "highest": "lowest", "most": "fewest", "more": "less",
    "before": "after", "north": "south", "east": "west", "northern": "southern", "best": "worst",
    "eastern": "western", "increase": "decrease", "increased": "decreased", "won": "lost",
    "win": "lose", "start": "end", "started": "ended", "begin": "end", "began": "ended",
    "oldest": "youngest", "old": "new", "early": "late", "positive": "negative", "buy": "sell",
    "major": "minor", "maximum": "minimum", "male": "female", "men": "women", "good": "bad",
    "public": "private", "allowed": "forbidden", "support": "oppose", "supported": "opposed",
    "above": "below", "enter": "leave", "married": "divorced", "born": "buried", "rise": "fall",
    "longest": "shortest", "greater": "smaller", "always": "never", "like": "dislike",
    "common": "rare", "open": "close", "opened": "closed", "strong": "weak", "high": "low",
}  # fmt: skip
BOTH_WAYS = OPPOSITES | {b: a for a, b in OPPOSITES.items()}
NEGATED = {
    "did": "didn't", "does": "doesn't", "do": "don't", "can": "can't", "would": "wouldn't",
}  # fmt: skip


def terms(text: str) -> list[str]:
    """Words worth searching for, with a plain plural stripped."""
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words(text)
            if word not in STOP]  # fmt: skip


class Bm25:
    """A small in-memory word index over passages."""

    def __init__(self, texts: Sequence[str], k1: float = 1.2, b: float = 0.6) -> None:
        counts = [Counter(terms(text)) for text in texts]
        length = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        self.norm = k1 * (1 - b + b * length / max(float(length.mean()), 1.0))
        self.size = len(texts)
        gathered: dict[str, list[tuple[int, int]]] = {}
        for number, count in enumerate(counts):
            for term, times in count.items():
                gathered.setdefault(term, []).append((number, times))
        self.postings = {term: np.array(rows, dtype=np.int32) for term, rows in gathered.items()}

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """The BM25 score of every passage for a query."""
        total = np.zeros(self.size, dtype=np.float32)
        for term in set(terms(query)):
            rows = self.postings.get(term)
            if rows is not None:
                weight = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
                times = rows[:, 1]
                total[rows[:, 0]] += weight * times * 2.2 / (times + self.norm[rows[:, 0]])
        return total

    def top(self, query: str, count: int) -> list[int]:
        """The best passages, best first."""
        total = self.scores(query)
        count = min(count, self.size)
        best = np.argpartition(-total, count - 1)[:count]
        return [int(place) for place in best[np.argsort(-total[best])]]


def without_answer(item: Item) -> Item | None:
    """The same passage with every sentence that holds an answer cut out."""
    answers = {item.text[a:b].lower() for a, b in item.spans}
    kept = [
        item.text[a:b]
        for a, b in sentences(item.text)
        if not any(answer in item.text[a:b].lower() for answer in answers)
    ]
    if not kept or len(" ".join(kept)) < 0.3 * len(item.text):
        return None
    return _none(item, text=" ".join(part.strip() for part in kept))


def other_question(item: Item, pool: Sequence[str], rng: random.Random) -> Item | None:
    """The same passage asked about another name, year or number, or about the opposite."""
    makers = [_swap_number, _swap_opposite, _negate]
    rng.shuffle(makers)
    question = _swap_name(item, pool, rng) if rng.random() < 0.75 else None
    for maker in makers:
        question = question or maker(item, pool, rng)
    question = question or _swap_name(item, pool, rng)
    return _none(item, question=question) if question else None


def names(text: str) -> list[str]:
    """Runs of capitalised words that do not open the text."""
    return NAME.findall(text)


def _none(item: Item, text: str | None = None, question: str | None = None) -> Item:
    return Item(
        question=item.question if question is None else question,
        text=item.text if text is None else text,
        spans=(),
        origin=item.origin,
        article=item.article,
        title=item.title,
        date=item.date,
    )


def _swap_name(item: Item, pool: Sequence[str], rng: random.Random) -> str | None:
    own = names(item.question)
    if not own:
        return None
    old = rng.choice(own)
    taken = set(words(item.question)) | {
        word for a, b in item.spans for word in words(item.text[a:b])
    }
    near = [name for name in names(item.text) if not taken & set(words(name))]
    far = [name for name in pool if not taken & set(words(name))]
    choices = near if near and rng.random() < 0.6 else far or near
    if not choices:
        return None
    return item.question.replace(old, rng.choice(choices), 1)


def _swap_number(item: Item, pool: Sequence[str], rng: random.Random) -> str | None:
    for pattern in (YEAR, NUMBER):
        own = pattern.findall(item.question)
        if own:
            old = rng.choice(own)
            near = [other for other in pattern.findall(item.text) if other not in item.question]
            if near and rng.random() < 0.6:
                return item.question.replace(old, rng.choice(near), 1)
            if old.isdigit():
                moved = max(0, int(old) + rng.choice((-1, 1)) * rng.randint(1, 12))
                return item.question.replace(old, str(moved), 1)
    return None


def _swap_opposite(item: Item, pool: Sequence[str], rng: random.Random) -> str | None:
    found = [word for word in re.findall(r"[a-z]+", item.question) if word in BOTH_WAYS]
    if not found:
        return None
    old = rng.choice(found)
    return re.sub(rf"\b{old}\b", BOTH_WAYS[old], item.question, count=1)


def _negate(item: Item, pool: Sequence[str], rng: random.Random) -> str | None:
    # "Who is the king?" has no sensible "Who isn't the king?": only before a verb it reads well.
    match = re.search(r"\b(did|does|do|can|would)\b", item.question)
    if match is None:
        return None
    start, end = match.span()
    tail = item.question[end:].split(" ")
    if len(tail) < 4:
        return None
    return item.question[:start] + NEGATED[match.group()] + item.question[end:]
