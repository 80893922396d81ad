"""The training mixture: which questions, how often, and with which passages that do not answer."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.static import Static
from qa.train.cloze import cloze_groups
from qa.train.follow_up import follow_up
from qa.train.mine import mined_groups
from qa.train.negatives import Bm25, names, other_question, without_answer
from qa.train.news import chat_groups, news_groups
from qa.train.rename import Names, renamed
from qa.train.sets import (
    Item,
    Sentence,
    SentenceQuestion,
    Span,
    read_qamr,
    read_qasrl,
    read_squad,
    sentences,
    words,
)
from qa.train.written import WRITTEN, written

Group = list[Item]
WORDS = (40, 130)
"""Of a passage, see `build`."""


@dataclass(frozen=True)
class Share:
    """How one set is used: how many of its questions, how often, and with which negatives."""

    keep: float = 1.0
    copies: int = 1
    near: float = 0.4
    asked_otherwise: float = 0.3
    removed: float = 0.12
    leaning: float = 0.0
    """How many are asked once more as a follow-up to another question about the passage."""
    renamed: float = 0.0
    """How many groups have their names and figures exchanged."""
    late: bool = False


SHARES = {
    "squad2": Share(
        copies=4, near=0.2, asked_otherwise=0.2, removed=0.08, leaning=0.06, renamed=0.4, late=True
    ),
    "squad1": Share(
        copies=2, near=0.5, asked_otherwise=0.5, removed=0.15, leaning=0.08, renamed=0.4
    ),
    "new_wiki": Share(
        copies=2, near=0.5, asked_otherwise=0.5, removed=0.15, leaning=0.08, renamed=0.4, late=True
    ),
    "reddit": Share(keep=0.8, near=0.4, asked_otherwise=0.3),
    "amazon_reviews": Share(keep=0.6, near=0.3, asked_otherwise=0.2),
    "qamr": Share(keep=0.6, asked_otherwise=0.25, removed=0.3, renamed=0.25),
    "qasrl": Share(keep=0.4, asked_otherwise=0.0, removed=0.3, renamed=0.25),
    "realtimeqa": Share(copies=3, renamed=0.25, late=True),
    "mtrag": Share(copies=2),
    "cloze": Share(),
    "mined": Share(copies=1, renamed=0.25, late=True),
    "twins": Share(late=True),
    "kinds": Share(late=True),
}


PLAIN = ("reddit", "amazon_reviews", "qamr", "qasrl")
MADE = ("cloze", "mined")


@dataclass(frozen=True)
class Scale:
    """Which part of the groups is kept, by kind of set."""

    near: float = 1.0
    """Of Wikipedia's and the news' questions, nearest to the task."""
    plain: float = 1.0
    made: float = 1.0
    twins: float = 1.0
    kinds: float = 1.0

    def of(self, origin: str) -> float:
        """Of one set."""
        if origin in WRITTEN:
            return self.twins if origin == "twins" else self.kinds
        return self.plain if origin in PLAIN else self.made if origin in MADE else self.near


def build(
    data: Path,
    seed: int,
    scale: Scale | None = None,
    mined: Path | None = None,
    length: Span = WORDS,
) -> list[Group]:
    """All groups in training order. A group's items share one question (or differ only in it).

    Args:
        data: Folder of the data sets.
        seed: Of all that is drawn.
        scale: The share of the groups that is kept; all else.
        mined: A file of `qa.train.mine`.
        length: Of a passage in words, at least and at most; one in seven has up to 150.
    """
    rng = random.Random(seed)
    scale = scale or Scale()
    groups: list[tuple[float, Group]] = []
    for origin, found in _sources(data, rng, mined):
        late = SHARES[origin].late
        for group in found:
            if rng.random() < scale.of(origin):
                # Plain questions come early, the sets nearest to the task rather late.
                place = rng.random()
                groups.append((place**0.75 if late else place * 0.9, group))
    groups.sort(key=lambda entry: entry[0])
    names = Names({item.text for _, group in groups for item in group}, Static())
    return [
        [shorten(item, rng, length) for item in _maybe_renamed(group, names, rng)]
        for _, group in groups
    ]


def _maybe_renamed(group: Group, names: Names, rng: random.Random) -> Group:
    return renamed(group, names, rng) if rng.random() < SHARES[group[0].origin].renamed else group


def _sources(
    data: Path, rng: random.Random, mined: Path | None
) -> Iterator[tuple[str, Iterator[Group]]]:
    squads = {
        name: list(read_squad(data / f"squad/{name}.json", name, "train"))
        for name in ("squad2", "squad1", "new_wiki", "reddit", "amazon_reviews")
    }
    wiki = Passages([item for name in ("squad2", "squad1", "new_wiki") for item in squads[name]])
    for name, items in squads.items():
        pool = wiki if name in ("squad2", "squad1", "new_wiki") else Passages(items)
        yield name, paragraph_groups(items, SHARES[name], pool, rng)
    qamr, qasrl = read_qamr(data / "qamr"), read_qasrl(data / "qasrl")
    # A sentence in both sets may be tokenised differently: each set's own reading comes last.
    for name, other, (table, questions) in (("qamr", qasrl[0], qamr), ("qasrl", qamr[0], qasrl)):
        documents = Documents(other | table)
        yield name, sentence_groups(questions, SHARES[name], documents, rng)
    news = list(news_groups(data / "realtimeqa", "train")) * SHARES["realtimeqa"].copies
    yield "realtimeqa", (regroup(group, rng) for group in news)
    yield "cloze", (regroup(group, rng) for group in cloze_groups(data / "realtimeqa", rng))
    yield "mtrag", iter(list(chat_groups(data / "mtrag")) * SHARES["mtrag"].copies)
    for name in WRITTEN:
        yield name, written(data, name)
    if mined:
        hard = list(mined_groups(mined)) * SHARES["mined"].copies
        yield "mined", (regroup(group, rng, most_missing=5) for group in hard)


class Passages:
    """A set's paragraphs, to look for near ones that do not answer."""

    def __init__(self, items: Sequence[Item]) -> None:
        first = {item.text: item for item in items}
        self.items = list(first.values())
        self.index = Bm25([item.text for item in self.items])
        self.named: dict[str, list[str]] = defaultdict(list)
        for item in items:
            self.named[item.article] += names(item.question)

    def near(self, item: Item, rng: random.Random) -> Item | None:
        """A passage like the one asked about, from the same article or another, without answer."""
        answers = {item.text[a:b].lower() for a, b in item.spans}
        own_article = rng.random() < 0.6
        fits = []
        for place in self.index.top(f"{item.question} {item.title}", 20):
            other = self.items[place]
            lowered = other.text.lower()
            if other.text == item.text or any(answer in lowered for answer in answers):
                continue
            if not own_article or other.article == item.article:
                fits.append(other)
        if not fits:
            return None
        other = rng.choice(fits[:4])
        return replace(other, question=item.question, spans=(), origin=item.origin)


def paragraph_groups(
    items: Sequence[Item], share: Share, pool: Passages, rng: random.Random
) -> Iterator[Group]:
    """Groups for SQuAD-shaped sets."""
    by_passage: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_passage[item.text].append(item)
    for item in [item for item in items if rng.random() < share.keep] * share.copies:
        group = [item]
        if item.spans and rng.random() < share.near:
            other = pool.near(item, rng)
            group += [other] if other else []
        yield group
        if item.spans and rng.random() < share.asked_otherwise:
            changed = other_question(item, pool.named[item.article], rng)
            if changed:
                yield [changed]
        if item.spans and rng.random() < share.removed:
            bare = without_answer(item)
            if bare:
                yield [bare]
        if rng.random() < share.leaning:
            leaning = follow_up(item, by_passage[item.text], rng)
            if leaning:
                yield [leaning]


class Documents:
    """Sentences by document, in order."""

    def __init__(self, table: dict[str, Sentence]) -> None:
        self.table = table
        self.by_document: dict[str, list[Sentence]] = defaultdict(list)
        for sentence in sorted(table.values(), key=lambda sentence: sentence.order):
            self.by_document[sentence.document].append(sentence)

    def passage(
        self, name: str, spans: Sequence[Span], rng: random.Random
    ) -> tuple[str, list[Span]]:
        """The sentence among 0 to 5 others of its document, and the spans moved accordingly."""
        own = self.table[name]
        others = [other for other in self.by_document[own.document] if other.order != own.order]
        chosen = rng.sample(others, min(len(others), rng.randint(0, 5)))
        text, moved = "", [(0, 0)]
        for sentence in sorted([own, *chosen], key=lambda sentence: sentence.order):
            text += " " if text else ""
            if sentence is own:
                moved = [(a + len(text), b + len(text)) for a, b in spans]
            text += sentence.text
        return text, moved


def sentence_groups(
    questions: Sequence[SentenceQuestion], share: Share, documents: Documents, rng: random.Random
) -> Iterator[Group]:
    """Groups for questions written about a single sentence."""
    for row in questions:
        if rng.random() >= share.keep:
            continue
        text, spans = documents.passage(row.sentence, row.spans, rng)
        document = documents.table[row.sentence].document
        item = Item(row.question, text, tuple(spans), row.origin, document)
        bare = without_answer(item) if rng.random() < share.removed else None
        changed = other_question(item, [], rng) if rng.random() < share.asked_otherwise else None
        # Without its sentence the rest of the document answers only by chance: same question,
        # so the two compete directly.
        yield [item, bare] if bare else [item]
        if changed:
            yield [changed]


def regroup(group: Group, rng: random.Random, most_missing: int = 3) -> Group:
    """One or two passages with the answer beside one to `most_missing` without."""
    holding = [item for item in group if item.spans]
    missing = [item for item in group if not item.spans]
    kept = rng.sample(holding, min(len(holding), rng.randint(1, 2)))
    most = most_missing if kept else most_missing - 1
    return kept + rng.sample(missing, min(len(missing), rng.randint(1, most)))


def shorten(item: Item, rng: random.Random, length: Span = WORDS) -> Item:
    """A window of whole sentences around the answer, or around what the question is nearest to."""
    if rng.random() < 0.3:
        item = replace(item, title="", date="")
    limit = 150 if rng.random() < 0.15 else rng.randint(*length)
    parts = sentences(item.text)
    if len(item.text.split()) <= limit or len(parts) < 2:
        return item
    first, last = _core(item, parts, rng)
    while True:
        sides = [side for side in (first - 1, last + 1) if 0 <= side < len(parts)]
        if not sides:
            break
        side = rng.choice(sides)
        low, high = min(first, side), max(last, side)
        if len(item.text[parts[low][0] : parts[high][1]].split()) > limit:
            break
        first, last = low, high
    start, end = parts[first][0], parts[last][1]
    spans = tuple((a - start, b - start) for a, b in item.spans if start <= a and b <= end)
    return replace(item, text=item.text[start:end], spans=spans)


def _core(item: Item, parts: Sequence[Span], rng: random.Random) -> tuple[int, int]:
    if item.spans:
        a, b = rng.choice(item.spans)
        inside = [n for n, (start, end) in enumerate(parts) if start < b and a < end]
        return inside[0], inside[-1]
    asked = set(words(item.question))
    shared = [len(asked & set(words(item.text[a:b]))) + rng.random() for a, b in parts]
    best = max(range(len(parts)), key=shared.__getitem__)
    return best, best
