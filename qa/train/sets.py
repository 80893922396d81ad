"""The data sets as they lie on disk, turned into one shape: a question about one passage.

Which questions are for training, which for choosing thresholds and which for reporting is decided
here by the article's title (or by the week), so training and evaluation cannot disagree.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

Span = tuple[int, int]
Split = Literal["train", "calibrate", "report"]

# Articles held out of each set, drawn by a hash of their titles: reported on, and used to choose
# thresholds. By name, so that a file with more or fewer articles has the same ones held out.
HELD_OUT: dict[str, dict[Split, tuple[str, ...]]] = {
    "squad2": {
        "report": (
            "1973_oil_crisis", "Amazon_rainforest", "French_and_Indian_War",
            "Jacksonville,_Florida", "Prime_number", "Private_school",
        ),
        "calibrate": ("Fresno,_California",),
    },
    "new_wiki": {
        "report": (
            "Atlantic_slave_trade", "Baltic_Sea", "Colonial_history_of_the_United_States",
            "First-order_logic", "Latin", "Manipur", "Precipitation",
            "Republican_Party_(United_States)",
        ),
        "calibrate": ("Australian_Senate", "Lens"),
    },
}  # fmt: skip
REPORT_WEEKS = ("00000000", "20230113")
CALIBRATE_WEEKS = ("20230114", "20230317")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Item:
    """A question, one passage, and where in it the answers stand (none: it does not answer)."""

    question: str
    text: str
    spans: tuple[Span, ...]
    origin: str
    article: str
    title: str = ""
    date: str = ""


def prefix(title: str, date: str) -> str:
    """What stands before the passage in the reader's second segment: "Title (2024-05-01). "."""
    if title and date:
        return f"{title} ({date}). "
    return f"{title or date}. " if title or date else ""


def words(text: str) -> list[str]:
    """Lower-case words, for overlap and search."""
    return WORD.findall(text.lower())


def sentences(text: str) -> list[Span]:
    """Sentence-like pieces as offsets; good enough for cutting windows."""
    cuts = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def fixed_order(names: Iterable[str]) -> list[str]:
    """The names in an order that depends on nothing but the names."""
    return sorted(set(names), key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def split_titles(origin: str, titles: Iterable[str]) -> dict[str, Split]:
    """The split each article of a set belongs to.

    SQuAD 1.1 and 2.0 are about the same articles, so what is held out of one is of the other.
    """
    named = "squad2" if origin.startswith("squad") else origin
    held = {title: part for part, own in HELD_OUT.get(named, {}).items() for title in own}
    return {title: held.get(title, "train") for title in titles}


def split_week(week: str) -> Split:
    """The split of one week of news questions (`20230120`); undated articles are reported on."""
    if not week.isdigit() or week <= REPORT_WEEKS[1]:
        return "report"
    return "calibrate" if week <= CALIBRATE_WEEKS[1] else "train"


def read_squad(path: Path, origin: str, split: Split | None = None) -> Iterator[Item]:
    """A SQuAD-shaped file; `split` keeps only that part of it."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    of = split_titles(origin, (article["title"] for article in data))
    trusted = not origin.startswith("squad")
    for article in data:
        if split is not None and of[article["title"]] != split:
            continue
        for number, paragraph in enumerate(article["paragraphs"]):
            name = article["title"]
            title = name.replace("_", " ")
            if len(data) == 1 or name.startswith("Amazon_Reviews"):
                name, title = f"{name}/{number}", ""
            for row in paragraph["qas"]:
                spans = place_answers(
                    row["question"], paragraph["context"], row["answers"], trusted
                )
                yield Item(
                    question=row["question"].strip(),
                    text=paragraph["context"],
                    spans=spans,
                    origin=origin,
                    article=f"{origin}/{name}",
                    title=title,
                )


def place_answers(
    question: str, text: str, answers: Sequence[dict[str, Any]], trusted: bool
) -> tuple[Span, ...]:
    """Offsets of the given answers.

    Files that record only an answer's first occurrence are not trusted: there the occurrence is
    taken whose sentence shares most words with the question.
    """
    found: set[Span] = set()
    asked = set(words(question))
    for answer in answers:
        given, start = answer["text"], answer["answer_start"]
        if not given or text[start : start + len(given)] != given:
            continue
        if not trusted:
            start = _best_occurrence(given, text, asked, start)
        found.add((start, start + len(given)))
    return tuple(sorted(found))


def _best_occurrence(given: str, text: str, asked: set[str], first: int) -> int:
    pattern = re.compile(rf"(?<!\w){re.escape(given)}(?!\w)")
    starts = [match.start() for match in pattern.finditer(text)] or [first]
    if len(starts) == 1:
        return starts[0]

    def shared(start: int) -> int:
        for a, b in sentences(text):
            if a <= start < b:
                return len(asked & set(words(text[a:b])))
        return 0

    return max(starts, key=lambda start: (shared(start), -start))


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document, with the offsets of its tokens."""

    document: str
    order: tuple[int, int]
    text: str
    tokens: tuple[Span, ...]


BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}
NO_SPACE_BEFORE = {".", ",", "!", "?", ":", ";", ")", "]", "%", "'s", "n't", "'re", "'ve", "'ll"}


def join_tokens(tokens: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    """Running text from treebank tokens, and where each token stands in it."""
    text, spans, quoted, glue = "", [], False, True
    for raw in tokens:
        token = BRACKETS.get(raw, raw)
        closing = token == '"' and quoted
        if not (glue or closing or token in NO_SPACE_BEFORE):
            text += " "
        spans.append((len(text), len(text) + len(token)))
        text += token
        glue = token in {"(", "[", "$", "£", "€"} or (token == '"' and not quoted)
        quoted = not quoted if token == '"' else quoted
    return text, tuple(spans)


def make_sentence(name: str, tokens: Sequence[str]) -> Sentence:
    """A sentence from its id (`Wiki1k:wikinews:749788:8:0`) and tokens."""
    _, source, document, paragraph, number = name.split(":")
    text, spans = join_tokens(tokens)
    return Sentence(f"{source}:{document}", (int(paragraph), int(number)), text, spans)


@dataclass(frozen=True)
class SentenceQuestion:
    """A question answered within one sentence."""

    question: str
    sentence: str
    spans: tuple[Span, ...]
    origin: str


def read_qamr(folder: Path) -> tuple[dict[str, Sentence], list[SentenceQuestion]]:
    """QAMR's sentences by id, and its questions with every annotator's answer."""
    table: dict[str, Sentence] = {}
    for line in (folder / "wiki-sentences.tsv").read_text(encoding="utf-8").splitlines():
        name, text = line.split("\t", 1)
        table[name] = make_sentence(name, text.split())
    questions = []
    for file in ("filtered_dev.tsv", "filtered_test.tsv"):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            row = line.split("\t")
            if row[0] not in table:
                continue
            given = [row[6], *(part.split(":", 1)[-1] for part in row[7:9])]
            spans = {_token_range(table[row[0]], answer) for answer in given} - {None}
            kept = tuple(sorted(span for span in spans if span is not None))
            if kept:
                questions.append(SentenceQuestion(row[5], row[0], kept, "qamr"))
    return table, questions


def _token_range(sentence: Sentence, indices: str) -> Span | None:
    places = sorted({int(place) for place in indices.split() if place.isdigit()})
    if not places or places[-1] - places[0] >= len(places) + 1:
        return None
    if places[-1] >= len(sentence.tokens):
        return None
    return sentence.tokens[places[0]][0], sentence.tokens[places[-1]][1]


def read_qasrl(folder: Path) -> tuple[dict[str, Sentence], list[SentenceQuestion]]:
    """QA-SRL's sentences by id, and its questions; several answers of one question are merged."""
    table: dict[str, Sentence] = {}
    merged: dict[tuple[str, str], set[Span]] = {}
    for path in sorted(folder.glob("*.full.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                table[row["qasrl_id"]] = make_sentence(row["qasrl_id"], row["tokens"].split())
    for path in sorted(folder.glob("*.gold.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                tokens = table[row["qasrl_id"]].tokens
                for part in row["answer_range"].split("~!~"):
                    first, _, last = part.partition(":")
                    if first.isdigit() and last.isdigit() and int(last) <= len(tokens):
                        span = (tokens[int(first)][0], tokens[int(last) - 1][1])
                        merged.setdefault((row["qasrl_id"], row["question"]), set()).add(span)
    questions = [
        SentenceQuestion(question, name, tuple(sorted(spans)), "qasrl")
        for (name, question), spans in merged.items()
    ]
    return table, questions
