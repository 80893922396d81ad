"""RAMDocs (Wang et al. 2025): several documents on one question, some right, wrong or beside it.

A question is right when every gold answer and no wrong one is given. What we give are the values
of the answer's claims that no later article of the same outlet replaces; each document stands for
an outlet of its own, so that agreeing ones count as independent. An answer counts as given when it
is contained, normalised as SQuAD does, in one of the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bench import files
from evals.bench.given import GivenTexts, Text
from evals.bench.result import Progress, Result, collected, means, timings
from qa.answer import Answer
from qa.likeness import normalize
from qa.read import Reader
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its documents."""

    question: str
    documents: tuple[str, ...]
    gold: tuple[str, ...]
    """All are to be given."""
    wrong: tuple[str, ...]
    """None may be given."""


def load(path: Path) -> Iterator[Question]:
    """The questions of a file (JSON Lines), one by one.

    Raises:
        OnRecordError: naming file and line.
    """
    for where, record in files.records(path):
        documents = files.items(record, "documents", where)
        yield Question(
            question=files.text(record, "question", where),
            documents=tuple(files.text(document, "text", where) for document in documents),
            gold=tuple(files.items(record, "gold_answers", where, str)),
            wrong=tuple(files.items(record, "wrong_answers", where, str)),
        )


def run(
    questions: Iterable[Question],
    reader: Reader,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Result:
    """Ask them all and score the answers.

    Raises:
        OnRecordError: there are none.
    """
    asked = list(questions)
    tasks = [(question.question, _documents(question)) for question in asked]
    readings = GivenTexts(reader, settings).ask_all(tasks, progress)
    scores = [_score(q, r.answer) for q, r in zip(asked, readings, strict=True)]
    seconds = timings([reading.seconds for reading in readings])
    return Result("ramdocs", len(asked), means(collected(scores)), seconds)


def _score(question: Question, answer: Answer) -> dict[str, float]:
    given = given_answers(answer)
    score = {
        "exact_match": float(is_right(given, question)),
        "gold_recall": _share(given, question.gold),
        "answered": float(not answer.abstained),
    }
    if question.wrong:
        score["wrong_given"] = float(_share(given, question.wrong) > 0)
    return score


def given_answers(answer: Answer) -> list[str]:
    """The values that an answer gives as standing; none where it abstains."""
    return [claim.value for claim in answer.claims if not claim.superseded]


def is_right(given: Sequence[str], question: Question) -> bool:
    """Whether every gold answer and no wrong one is among the given."""
    return _share(given, question.gold) == 1.0 and _share(given, question.wrong) == 0.0


def _share(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Share of the wanted answers that are contained in one of the given; 0.0 of none."""
    texts = [normalize(value) for value in given]
    found = [any(normalize(answer) in text for text in texts) for answer in wanted]
    return sum(found) / len(found) if found else 0.0


def _documents(question: Question) -> list[Text]:
    return [Text(body, outlet=f"Outlet {n}") for n, body in enumerate(question.documents, 1)]
