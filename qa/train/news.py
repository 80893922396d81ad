"""Questions whose answer is known but not its place: RealTimeQA and MTRAG-UN.

Distant supervision: a passage counts as answering when it holds the answer's words and shares
enough with the question; near passages that do not hold them count as not answering.
"""

from __future__ import annotations

import html
import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.train.negatives import Bm25, terms
from qa.train.sets import Item, Span, Split, sentences, split_week, words

PASSAGE_WORDS = 110
UNUSABLE = re.compile(r"\b(except|not|of these|following|true or false|choices?)\b", re.I)
VAGUE = {"true", "false", "yes", "no", "all of the above", "none of the above", "both"}


@dataclass(frozen=True)
class NewsPassage:
    """A run of whole sentences of one article."""

    url: str
    title: str
    date: str
    text: str


def cut_passages(text: str, limit: int = PASSAGE_WORDS) -> list[str]:
    """Whole sentences up to about `limit` words a passage."""
    passages: list[str] = []
    start, end, held = 0, 0, 0
    for a, b in sentences(text):
        count = len(text[a:b].split())
        if held and held + count > limit:
            passages.append(" ".join(text[start:end].split()))
            start, held = a, 0
        end, held = b, held + count
    passages.append(" ".join(text[start:end].split()))
    return [passage for passage in passages if len(passage.split()) >= 8]


def find_answer(answer: str, text: str) -> tuple[Span, ...]:
    """Every whole-word occurrence of an answer, ignoring case."""
    pattern = re.compile(rf"(?<![\w.,]){re.escape(answer)}(?!\w)", re.I)
    return tuple(match.span() for match in pattern.finditer(text))


def address(url: str) -> str:
    """A URL by which an article is known again, however it is spelled."""
    bare = re.sub(r"(?i)^https?://(?:www\.|amp\.|m\.)?", "", html.unescape(url).strip())
    host, _, path = bare.partition("#")[0].partition("/")
    return f"{host.casefold()}/{path.rstrip('/')}"


def held_out_urls(folder: Path) -> frozenset[str]:
    """The `address` of each article that was found for a week that is not for training."""
    with lzma.open(folder / "articles.jsonl.xz", "rt", encoding="utf-8") as file:
        rows = (json.loads(line) for line in file)
        return frozenset(address(row["url"]) for row in rows if split_week(row["week"]) != "train")


def load_weeks(folder: Path, split: Split) -> dict[str, list[NewsPassage]]:
    """Passages of each week of one split; an article also found in a held-out week is left out."""
    with lzma.open(folder / "articles.jsonl.xz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    barred: set[str] = set()
    if split == "train":
        barred = {address(row["url"]) for row in rows if split_week(row["week"]) != "train"}
    elif split == "calibrate":
        barred = {address(row["url"]) for row in rows if split_week(row["week"]) == "report"}
    weeks: dict[str, list[NewsPassage]] = defaultdict(list)
    for row in rows:
        if split_week(row["week"]) != split or address(row["url"]) in barred:
            continue
        date = (row.get("publish_date") or "").replace("/", "-")
        for text in cut_passages(row["text"]):
            weeks[row["week"]].append(NewsPassage(row["url"], row["title"] or "", date, text))
    return dict(weeks)


def read_questions(folder: Path, split: Split) -> Iterator[dict[str, Any]]:
    """RealTimeQA questions of one split that can be answered without seeing the choices."""
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["week"] = row["question_id"].split("_")[0]
        if split_week(row["week"]) != split or UNUSABLE.search(row["question_sentence"]):
            continue
        chosen = [row["choices"][int(place)] for place in row["answer"] if place.isdigit()]
        cleaned = [answer.strip(" \"'“”‘’.") for answer in chosen]
        if len(cleaned) == 1 and len(cleaned[0]) > 1 and cleaned[0].lower() not in VAGUE:
            row["answers"] = cleaned
            row["evidence"] = re.sub(r"<[^>]+>", " ", row.get("evidence") or "")
            yield row


def news_groups(
    folder: Path, split: Split, positives: int = 2, negatives: int = 3
) -> Iterator[list[Item]]:
    """For each question, passages with the answer (likeliest first), then near ones without it."""
    weeks = load_weeks(folder, split)
    asked = defaultdict(list)
    for row in read_questions(folder, split):
        asked[row["week"]].append(row)
    for week, rows in sorted(asked.items()):
        passages = weeks.get(week, [])
        if len(passages) < 20:
            continue
        index = Bm25([f"{passage.title} {passage.text}" for passage in passages])
        for row in rows:
            group = _group(row, passages, index, positives, negatives)
            if group:
                yield group


def _group(
    row: dict[str, Any], passages: list[NewsPassage], index: Bm25, positives: int, negatives: int
) -> list[Item]:
    question = row["question_sentence"]
    answer = row["answers"][0]
    wanted = set(terms(question))
    holding: list[Item] = []
    seen: set[str] = set()
    for place in index.top(f"{question} {row['evidence']} {answer}", 30):
        passage = passages[place]
        spans = find_answer(answer, passage.text)
        shared = wanted & set(terms(f"{passage.title} {passage.text}"))
        if not spans or len(shared) < max(2, 0.4 * len(wanted)) or passage.url in seen:
            continue
        seen.add(passage.url)
        holding.append(_item(question, passage, spans, row["week"]))
        if len(holding) == positives:
            break
    missing: list[Item] = []
    parts = set(words(answer))
    for place in index.top(question, 25):
        passage = passages[place]
        if not parts & set(words(passage.text)) and len(missing) < negatives:
            missing.append(_item(question, passage, (), row["week"]))
    return holding + missing


def _item(question: str, passage: NewsPassage, spans: tuple[Span, ...], week: str) -> Item:
    return Item(
        question=question,
        text=passage.text,
        spans=spans,
        origin="realtimeqa",
        article=f"week/{week}",
        title=passage.title,
        date=passage.date,
    )


def chat_groups(folder: Path) -> Iterator[list[Item]]:
    """MTRAG-UN: the gold passage's sentence nearest to the reference answer, or nothing at all."""
    pool = [
        json.loads(line)
        for line in (folder / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    text = {row["id"]: " ".join(row["text"].split()[:160]) for row in pool}
    index = Bm25([text[row["id"]] for row in pool])
    for line in (folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines():
        task = json.loads(line)
        question = task["history"][-1]["text"].strip()
        if "?" not in question or len(question.split()) < 5:
            continue
        golden = [text[name] for name in task["gold"] or [] if name in text]
        group: list[Item] = []
        if task["answerability"] == "ANSWERABLE":
            nearest = [_nearest(question, passage, task["target"]) for passage in golden]
            group = [item for item in nearest if item is not None][:1]
        elif task["answerability"] == "UNANSWERABLE":
            near = [text[pool[place]["id"]] for place in index.top(question, 3)]
            group = [Item(question, passage, (), "mtrag", "mtrag") for passage in near]
        if group:
            yield group


def _nearest(question: str, passage: str, target: str) -> Item | None:
    said = set(terms(target))
    best, span = 0.0, (0, 0)
    for a, b in sentences(passage):
        own = set(terms(passage[a:b]))
        score = len(own & said) / max(len(own), 5)
        if score > best:
            best, span = score, (a, a + len(passage[a:b].rstrip()))
    if best < 0.6:
        return None
    return Item(question, passage, (span,), "mtrag", "mtrag")
