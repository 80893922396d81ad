"""Questions made of news sentences and put to other articles on the same event.

A fact of a sentence is blanked out and asked for (Lewis et al. 2019, unsupervised question
answering by cloze translation); what it is asked of are passages of other articles of the same
week that tell it in their own words (Li et al. 2020, RefQA), or near ones that do not. Sentences
that define or give a reason are asked about as they stand. Such questions read oddly, but there are
as many as one likes, on the very text that readers ask about.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.dates import MONTHS, WEEKDAYS
from qa.train.negatives import Bm25, other_question, terms
from qa.train.news import NewsPassage, find_answer, load_weeks
from qa.train.sets import Item, Span, sentences, words

_SENTENCES_A_WEEK = 1000
_POSITIVES, _NEGATIVES = 2, 3
_LEAST_PASSAGES = 20
_FEWEST_WORDS, _MOST_WORDS = 7, 24  # of a clause that is asked about
_LEAST_TERMS = 4
_MONTH = f"(?:{'|'.join(MONTHS).title()}|Jan|Feb|Aug|Sept|Oct|Nov|Dec)"
_DAY = f"(?:{'|'.join(WEEKDAYS).title()})"
_AMOUNT = r"\d[\d,]*(?:\.\d+)?(?: (?:hundred|thousand|million|billion|trillion))?"
_CLAUSE_END = re.compile(r"[,;:]? ?[—–]+ ?|[;:,] ")
_PLAIN = re.compile(r"[A-Z][^“”\":•@|]+\.$")
_LEANS = re.compile(
    r"(?i)(?:he|she|it|they|them|we|i|you|this|that|these|those|his|her|their|its|my|our|but|and"
    r"|or|so|which|who|where|when|while|there|here|also|then|such|both|another|with|as|if)\b"
)
_OPENS = (
    "(?:The|A|An|In|On|At|But|And|For|After|Before|While|When|As|If|This|That|These|It|He|She|They"
    "|We|I|Some|Many|Most|One|No|More|Mr|Ms|Mrs|Dr|By|To|From|With|Since|Last|Next|Late|Early|Former"
    f"|President|{_DAY}|{_MONTH})"
)
_NAME = (
    rf"(?!{_OPENS}\b)[A-Z][a-zà-ÿ’'-]+(?: [A-Z]\.)?"
    r"(?: (?:(?:of|de|al|van|bin) )?[A-Z][a-zà-ÿ-]+){1,3}"
)
_VERB_NEXT = re.compile(
    r"(?!(?:of|and|or|in|at|for|from|as|with|to|on|by|who|which|that|than|per|a|an|the)\b)[a-z0-9]"
)
_ORGANISATION = re.compile(
    r"\b(?:University|Department|Court|Party|Inc|Corp|Company|Bank|Committee|Council|Agency|Army"
    r"|Ministry|House|Senate|Congress|Service|Office|Times|Post|Association|Center|Institute|News"
    r"|Street|City|County|State|States|River|Airlines|Group|League|Union|Act|Commission|School"
    r"|Hospital|Cup|Series|Award|Awards|War|Day|Museum|Island|Islands|Lake|Ocean|Sea|Health)\b"
)


@dataclass(frozen=True)
class Fact:
    """A kind of fact: how it looks in a sentence, and what asks for it."""

    pattern: re.Pattern[str]
    """Group 1 is the answer; what precedes it in the match goes with it into the question word."""
    asks: str
    """The question word; "" where the answer tells (a name)."""
    weight: float = 1.0


_FACTS = (
    Fact(re.compile(rf"(?<![\w$£€.,-])({_AMOUNT})(?= [a-z]{{3,}}s\b)"), "how many", 2.0),
    Fact(re.compile(rf"([$£€]{_AMOUNT})(?![\w,.]\d)"), "how much", 2.0),
    Fact(re.compile(rf"(?<![\w.,$])({_AMOUNT}(?:%| per ?cent))"), "what percentage", 1.5),
    Fact(re.compile(rf"\b(?:on )?({_MONTH}\.? \d{{1,2}}(?:, \d{{4}})?)(?!\d)"), "when", 2.0),
    Fact(re.compile(r"\b(?:in |since )((?:19|20)\d\d)\b"), "when", 1.5),
    # A name as the subject alone: asked for elsewhere it makes no sentence.
    Fact(re.compile(rf"(?<![\w.’'-] )(?<![\w’'-])({_NAME})(?![\w’'])"), "", 2.0),
)  # fmt: skip
_DEFINED = re.compile(
    rf"(?:^|(?<=(?<!According to)\s))({_NAME}),"
    r" ((?:an?|the) (?![^,.;]*\b(?:day|time|first|second|last|same)\b)[a-z][^,.;:“”]{12,90})"
    r"(?:,|\.$)"
)
_BECAUSE = re.compile(r"^([^,:;]{30,140}?),? because (?:of )?(.{15,130}?)(?:[,;.]|$)")
_BY_DOING = re.compile(r"^([^,:;]{30,140}?),? (by [a-z]+ing .{10,110}?)(?:[,;.]|$)")


@dataclass(frozen=True)
class Made:
    """A question that a sentence answers, and the answer as it stands there."""

    question: str
    answer: str
    elsewhere: bool
    """Whether another article must tell it; if not, the sentence's own passage answers."""


def cloze_groups(folder: Path, rng: random.Random) -> Iterator[list[Item]]:
    """Groups made of the articles of training weeks; a week with few passages is left out."""
    for week, passages in sorted(load_weeks(folder, "train").items()):
        if len(passages) >= _LEAST_PASSAGES:
            index = Bm25([f"{passage.title} {passage.text}" for passage in passages])
            for own in rng.choices(passages, k=_SENTENCES_A_WEEK):
                yield from _groups(own, Week(week, passages, index), rng)


@dataclass(frozen=True)
class Week:
    """The passages found for the questions of one week."""

    name: str
    passages: Sequence[NewsPassage]
    index: Bm25


def _groups(own: NewsPassage, week: Week, rng: random.Random) -> Iterator[list[Item]]:
    a, b = rng.choice(sentences(own.text))
    made = ask_about(own.text[a:b].strip(), rng)
    if made is None or len(set(terms(made.question))) < (_LEAST_TERMS if made.elsewhere else 1):
        return
    holding = _holding(made, own, week) if made.elsewhere else [_item(made, own, week)]
    holding = [item for item in holding if item.spans]
    missing = _missing(made, week)
    if not holding and not missing:
        return
    if holding or rng.random() < 0.05:
        yield holding + missing[: _NEGATIVES if holding else 2]
    changed = other_question(holding[0], [], rng) if holding and rng.random() < 0.35 else None
    if changed:
        yield [changed]


def ask_about(sentence: str, rng: random.Random) -> Made | None:
    """A question that a sentence answers; None where it offers none."""
    if not _PLAIN.match(sentence):
        return None
    for pattern, lead in ((_BECAUSE, "why"), (_BY_DOING, "how")):
        match = pattern.match(sentence)
        if match and not _LEANS.match(sentence) and len(match.group(1).split()) <= _MOST_WORDS:
            return Made(_asked(f"{lead} {match.group(1)}"), match.group(2).strip(), elsewhere=False)
    match = _DEFINED.search(sentence)
    if match and rng.random() < 0.5:
        name, answer = match.groups()
        question = f"{_who_or_what(name)} {rng.choice(('is', 'was'))} {name}"
        return Made(_asked(question), answer, elsewhere=False)
    return _cloze(sentence, rng)


def _cloze(sentence: str, rng: random.Random) -> Made | None:
    found = [(fact, m) for fact in _FACTS for m in fact.pattern.finditer(sentence)]
    if not found:
        return None
    fact, match = rng.choices(found, [fact.weight for fact, _ in found])[0]
    start, end = clause_around(sentence, match.start(), match.end())
    if not _FEWEST_WORDS <= len(sentence[start:end].split()) <= _MOST_WORDS:
        return None
    before, after = sentence[start : match.start()].strip(), sentence[match.end() : end].strip()
    answer, asks = match.group(1), fact.asks or _who_or_what(match.group(1))
    if _LEANS.match(before or after) or (not before and not _VERB_NEXT.match(after)):
        return None
    if not before:
        question = f"{asks} {after}"
    elif not fact.asks or (fact.asks != "when" and rng.random() < 0.4):
        question = f"{before} {asks} {after}"
    elif asks == "how many":
        noun, _, rest = after.partition(" ")
        question = f"{asks} {noun} {before} {rest}"
    else:
        question = f"{asks} {before} {after}"
    return Made(_asked(question), answer, elsewhere=True)


def clause_around(sentence: str, first: int, last: int) -> Span:
    """The pieces between commas around `first:last`, as many as a question can hold."""
    between = [match.span() for match in _CLAUSE_END.finditer(sentence)]
    starts, ends = [0, *(b for _, b in between)], [*(a for a, _ in between), len(sentence)]
    pieces = list(zip(starts, ends, strict=True))
    low = max(n for n, a in enumerate(starts) if a <= first)
    high = min(n for n, b in enumerate(ends) if b >= last)
    while len(sentence[pieces[low][0] : pieces[high][1]].split()) < _FEWEST_WORDS:
        if high + 1 < len(pieces):
            high += 1
        elif low:
            low -= 1
        else:
            break
    return min(pieces[low][0], first), max(pieces[high][1], last)


def _asked(text: str) -> str:
    text = " ".join(text.split()).strip(" ,.;:-–—'")
    return f"{text[:1].upper()}{text[1:]}?"


def _who_or_what(name: str) -> str:
    return "what" if _ORGANISATION.search(name) or len(name.split()) > 3 else "who"


def _holding(made: Made, own: NewsPassage, week: Week) -> list[Item]:
    """Passages of other articles that tell it in a sentence like the one asked about."""
    wanted = set(terms(made.question))
    needed = max(3, 0.35 * len(wanted))
    holding: list[Item] = []
    seen = {own.url}
    for place in week.index.top(f"{made.question} {made.answer}", 20):
        passage = week.passages[place]
        if passage.url in seen:
            continue
        shared = [
            len(wanted & set(terms(passage.text[a:b])))
            if find_answer(made.answer, passage.text[a:b]) else 0
            for a, b in sentences(passage.text)
        ]  # fmt: skip
        best = max(shared, default=0)
        # All the words there: the sentence itself, copied.
        if best < needed or best >= 0.95 * len(wanted):
            continue
        seen.add(passage.url)
        holding.append(_item(made, passage, week, shared))
        if len(holding) == _POSITIVES:
            break
    return holding


def _missing(made: Made, week: Week) -> list[Item]:
    """Near passages with no word of the answer."""
    parts = set(terms(made.answer)) or set(words(made.answer))
    found: list[Item] = []
    for place in week.index.top(made.question, 25):
        passage = week.passages[place]
        if not parts & set(terms(passage.text)) and len(found) < _NEGATIVES:
            found.append(Item(made.question, passage.text, (), "cloze", f"week/{week.name}",
                              passage.title, passage.date))  # fmt: skip
    return found


def _item(
    made: Made, passage: NewsPassage, week: Week, shared: Sequence[int] | None = None
) -> Item:
    """The answer where it stands; of several places those in the likest sentence."""
    parts = sentences(passage.text)
    spans = find_answer(made.answer, passage.text)
    if shared is not None:
        likest = parts[max(range(len(parts)), key=shared.__getitem__)]
        spans = tuple((a, b) for a, b in spans if likest[0] <= a and b <= likest[1])
    return Item(made.question, passage.text, spans, "cloze", f"week/{week.name}",
                passage.title, passage.date)  # fmt: skip
