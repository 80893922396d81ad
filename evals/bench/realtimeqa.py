"""RealTimeQA (Kasai et al. 2023): weekly news quizzes, answered openly from the news of the time.

A folder with `questions.jsonl` and `articles.jsonl`, plain or packed. Open answers are scored as
the authors' `evaluate_main.py --generate` does: lower case, punctuation stripped, a/an/the kept;
the gold answers of a question are joined in any order; questions that end in "except" are skipped.
Dates are those of the quizzes (the first eight digits of a question's id), as in the authors'
tables. Besides: whether an article that the quiz links to is among the first k articles found
(`gold_article@k`, where such a link is known, in the pool or not), and whether the answer stands
in the first k passages (`answer_in_top@k`: whole words, normalised as SQuAD does, curly quotes
aside; in the authors' exact match and F1 those are part of a gold answer such as “Squid Game”).
Both are of the search alone. `read_...` is the same for the passages that were read, the surest
first, and behind them the rest as the search has them; `shown_...` for what an answer shows: the
passages it cites, and behind them what the search found.
`best_exact` and `best_f1` are of always answering, with the best value found however improbable:
the published systems never abstain.

The difference: the authors give each system the articles that a search engine found that week;
ours searches all weeks together, and is told the day of the quiz (`--undated`: is not).
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

from corpus import Article, OnRecordError, Skipped
from corpus.dates import parse_date
from corpus.records import read_jsonl
from evals import ranking
from evals.bench import files
from evals.bench.result import Progress, Result, collected, means, timings, tracked
from evals.listen import Listening, listening, never_abstaining
from qa import Answer, Hit, Span
from qa.engine import Engine
from qa.likeness import best, contains

ARTICLE_DEPTHS = (1, 5, 10, 20)
PASSAGE_DEPTHS = (5, 10, 50)
_PASSAGES_SEARCHED = 200  # long articles have many; twenty distinct ones are wanted

_DROPPED = str.maketrans("", "", string.punctuation + "年歳人년")  # counters: the authors' own list
_CURLY = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Question:
    """One quiz question."""

    id: str
    question: str
    day: date
    """Of the quiz."""
    answers: tuple[str, ...]
    """All of them together answer it."""
    gold_urls: tuple[str, ...]

    @property
    def skipped(self) -> bool:
        """Whether it asks for the choice that does not fit, which no article can tell."""
        return "except" in self.question.lower().strip()[-10:]


def load(folder: Path, start: str | None = None, end: str | None = None) -> Iterator[Question]:
    """The questions of the quizzes from one day to another, both included.

    Raises:
        OnRecordError: a date cannot be read, or the file has another shape, with the line.
    """
    first, last = _day(start, "--from"), _day(end, "--to")
    for where, record in files.records(files.find(folder, "questions.jsonl")):
        question = _question(record, where)
        if (first is None or question.day >= first) and (last is None or question.day <= last):
            yield question


def articles(folder: Path) -> Iterator[Article | Skipped]:
    """The folder's articles, one by one, as `onrecord ingest` reads them.

    Raises:
        OnRecordError: there is no such file, or it cannot be read.
    """
    path = files.find(folder, "articles.jsonl")
    with files.open_text(path) as lines:
        yield from read_jsonl(lines, str(path.resolve()))


def run(
    questions: Iterable[Question],
    engine: Engine,
    progress: Progress | None = None,
    *,
    dated: bool = True,
) -> Result:
    """Ask every question of an engine that holds the articles, and score the answers.

    Args:
        questions: Of the quizzes.
        engine: That holds the articles.
        progress: Called as questions are done.
        dated: Whether the engine is told the day of the quiz, so that it prefers the articles of
            the time before; a quiz asks about the news of its week.

    Raises:
        OnRecordError: there are none.
    """
    asked = [question for question in questions if not question.skipped]
    if not asked:
        raise OnRecordError("no questions are left to ask; quizzes are of 2022-06-17 and later")
    with listening(engine) as reader:
        pairs = [_ask(engine, reader, one, dated) for one in tracked(asked, progress)]
    values = collected(score for score, _ in pairs)
    return Result("realtimeqa", len(asked), means(values), timings([took for _, took in pairs]))


def normalize(text: str) -> str:
    """Lower case, without punctuation and extra white space; a/an/the are kept."""
    return " ".join(text.lower().translate(_DROPPED).split())


def exact(answer: str, gold: str) -> float:
    """1.0 where both are equal once normalised, else 0.0."""
    return float(normalize(answer) == normalize(gold))


def f1(answer: str, gold: str) -> float:
    """Harmonic mean of precision and recall over normalised tokens; 0.0 where none is shared."""
    first, second = normalize(answer).split(), normalize(gold).split()
    shared = sum((Counter(first) & Counter(second)).values())
    return 2 * shared / (len(first) + len(second)) if shared else 0.0


def joined(answers: Iterable[str]) -> list[str]:
    """Several answers as one text, in every order."""
    return [" ".join(order) for order in permutations(answers)]


def _ask(
    engine: Engine, reader: Listening | None, question: Question, dated: bool
) -> tuple[dict[str, float], float]:
    now = question.day if dated else None
    answer = engine.ask(question.question, now=now)
    spans = reader.take() if reader else ()
    hits = engine.search(question.question, _PASSAGES_SEARCHED, now=now)
    rankings = {
        "": hits,
        "read_": ranked([span.hit for span in spans], hits),
        "shown_": ranked(cited(answer, spans), hits),
    }
    golds = joined(question.answers)
    whatever = never_abstaining(question.question, spans, engine.settings).short
    score = {
        "exact": best(exact, answer.short, golds),
        "f1": best(f1, answer.short, golds),
        "answered": float(not answer.abstained),
        "best_exact": best(exact, whatever, golds),
        "best_f1": best(f1, whatever, golds),
        **{
            f"{order}{name}": value
            for order, found in rankings.items()
            for name, value in found_at(question, found).items()
        },
    }
    return score, answer.seconds["total"]


def ranked(first: Iterable[Hit], hits: Iterable[Hit]) -> list[Hit]:
    """Some hits first, and behind them the others as they stand."""
    return list({hit.passage.id: hit for hit in (*first, *hits)}.values())


def cited(answer: Answer, spans: Sequence[Span]) -> Iterator[Hit]:
    """The passages that an answer cites, in its order."""
    for citation in answer.citations:
        for span in spans:
            inside = citation.start <= span.start and span.end <= citation.end
            if span.hit.article.id == citation.article.id and inside:
                yield span.hit


def found_at(question: Question, hits: Sequence[Hit]) -> dict[str, float]:
    """Where a gold article and the answer stand in a ranking of passages."""
    score: dict[str, float] = {}
    if question.gold_urls:
        # An article's id is made from its URL, scheme and trailing slash aside.
        gold = {Article.create(title="", body="-", url=url).id for url in question.gold_urls}
        found = list(dict.fromkeys(hit.article.id for hit in hits))
        score |= {f"gold_article@{k}": ranking.success(found, gold, k) for k in ARTICLE_DEPTHS}
    wanted = [gold.translate(_CURLY) for gold in question.answers]
    texts = [hit.passage.text.translate(_CURLY) for hit in hits[: max(PASSAGE_DEPTHS)]]
    held = [[contains(text, gold) for text in texts] for gold in wanted]
    for k in PASSAGE_DEPTHS:
        score[f"answer_in_top@{k}"] = float(all(any(own[:k]) for own in held))
    return score


def _question(record: Mapping[str, Any], where: str) -> Question:
    choices = files.items(record, "choices", where, str)
    numbers = record.get("answer")
    if not isinstance(numbers, (list, str)) or not numbers:
        raise files.wrong(where, "answer", "numbers of choices", numbers)
    try:
        answers = tuple(choices[int(number)] for number in numbers)
    except (ValueError, TypeError, IndexError):
        raise files.wrong(where, "answer", "numbers of choices", numbers) from None
    name = files.text(record, "question_id", where)
    written = re.match(r"(\d{4})(\d\d)(\d\d)_", name)
    day = parse_date("-".join(written.groups()) if written else str(record.get("question_date")))
    if day is None:
        raise files.wrong(where, "question_id", "a date such as 20220617_0", name)
    urls = files.items(record, "gold_urls", where, str) if record.get("gold_urls") else []
    question = files.text(record, "question_sentence", where)
    return Question(name, question, day.date(), answers, tuple(urls))


def _day(text: str | None, option: str) -> date | None:
    found = parse_date(text) if text else None
    if text and found is None:
        raise OnRecordError(f"cannot read {option} {text!r}; write it as 2022-06-17")
    return found.date() if found else None
