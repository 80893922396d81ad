"""RGB (Chen et al. 2024): answers from five passages of which some, or all, do not say.

At a noise rate r, ceil(5 r) of the five passages are negative ones; where a question has too few
of a kind, the other kind fills up, as in the authors' code. An answer is right when every part of
the gold answer is contained in its text in lower case (of a part's spellings, any). Rejection:
all passages are negative and the answer is that they do not say.

Differences: the authors shuffle the passages (our reader sees each alone, so order does not
matter) and look for "insufficient information" in the text; we ask the answer whether it
abstained. `short_noise_...` is the same for the short answer, which names one value where the
text may name several.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bench import files
from evals.bench.given import GivenTexts, Reading, Text
from evals.bench.result import Progress, Result, collected, means, timings
from qa.read import Reader
from qa.settings import Settings

RATES = (0.0, 0.2, 0.4, 0.6, 0.8)
PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Question:
    """One question with passages that say and passages that do not."""

    question: str
    parts: tuple[tuple[str, ...], ...]
    """All parts of the answer are to be given, each in any of its spellings."""
    positive: tuple[str, ...]
    negative: tuple[str, ...]


def load(path: Path) -> Iterator[Question]:
    """The questions of a file (JSON Lines, whatever its name), one by one.

    Raises:
        OnRecordError: naming file and line.
    """
    for where, record in files.records(path):
        yield Question(
            question=files.text(record, "query", where),
            parts=_parts(record.get("answer"), where),
            positive=tuple(files.items(record, "positive", where, str)),
            negative=tuple(files.items(record, "negative", where, str)),
        )


def passages(question: Question, rate: float) -> tuple[str, ...]:
    """The passages shown at a noise rate from 0 to 1."""
    negative = math.ceil(PASSAGES * rate)
    positive = PASSAGES - negative
    if rate < 1 and negative > len(question.negative):
        negative = len(question.negative)
        positive = PASSAGES - negative
    elif rate < 1 and positive > len(question.positive):
        positive = len(question.positive)
        negative = PASSAGES - positive
    return question.positive[:positive] + question.negative[:negative]


def is_right(text: str, question: Question) -> bool:
    """Whether every part of the answer stands in a text, in any of its spellings."""
    lowered = text.lower()
    return all(any(form.lower() in lowered for form in part) for part in question.parts)


def run(
    questions: Iterable[Question],
    reader: Reader,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Result:
    """Ask every question at every rate, and with negative passages alone.

    Raises:
        OnRecordError: there are none.
    """
    asked = list(questions)
    rates = [(question, rate) for rate in (*RATES, 1.0) for question in asked]
    rates = [(question, rate) for question, rate in rates if passages(question, rate)]
    tasks = [(q.question, [Text(body) for body in passages(q, rate)]) for q, rate in rates]
    readings = GivenTexts(reader, settings).ask_all(tasks, progress)
    pairs = zip(rates, readings, strict=True)
    values = collected(_scores(q, rate, reading) for (q, rate), reading in pairs)
    seconds = timings([reading.seconds for reading in readings])
    return Result("rgb", len(asked), means(_ordered(values)), seconds)


def _scores(question: Question, rate: float, reading: Reading) -> dict[str, float]:
    answer = reading.answer
    if rate >= 1:
        return {"rejection": float(answer.abstained)}
    return {
        f"accuracy_noise_{rate}": float(not answer.abstained and is_right(answer.text, question)),
        f"short_noise_{rate}": float(not answer.abstained and is_right(answer.short, question)),
    }


def _ordered(values: dict[str, list[float]]) -> dict[str, Sequence[float]]:
    return {name: values[name] for name in sorted(values, key=lambda n: n.startswith("short"))}


def _parts(answer: Any, where: str) -> tuple[tuple[str, ...], ...]:
    parts = answer if isinstance(answer, list) else [answer]
    forms = [tuple(part) if isinstance(part, list) else (part,) for part in parts]
    if not forms or not all(own and all(isinstance(f, str) for f in own) for own in forms):
        raise files.wrong(where, "answer", "text, or a list of parts", answer)
    return tuple(forms)
