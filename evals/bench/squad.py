"""SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018) and SQuAD-shifts (Miller et al. 2020).

Exact match and F1 as the official 2.0 script has them: lower case, without punctuation and
a/an/the, best of the gold answers, and an unanswerable question is right only when the answer is
empty. `best_exact` and `best_f1` are its `find_best_thresh`: the score at the no-answer threshold
that suits this very file best. Figures run from 0 to 1 where the script prints percentages. On
files without unanswerable questions an abstention counts as wrong, as an empty answer does there;
`best_exact` is then the score of always answering. The reader sees the article's title, as the
product shows it, and a paragraph that is too long for one passage is cut into several.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus import OnRecordError
from evals.bench import files
from evals.bench.given import GivenTexts, Reading, Text
from evals.bench.result import Progress, Result, means, timings
from evals.statistics import Figure, Indices, bootstrap
from qa.likeness import best, exact_match, normalize, token_f1
from qa.read import Reader
from qa.settings import Settings

Keep = Callable[[str], bool] | Collection[str]
"""Which articles to keep, by title as the file writes it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one paragraph."""

    id: str
    question: str
    context: str
    title: str
    """Shown to the reader; "" where the file's title names no text, as in Reddit and Amazon."""
    answers: tuple[str, ...]
    """Any is right; none where the paragraph does not say."""
    group: str
    """What is resampled together: the article, or the paragraph where titles name no article."""


def load(path: Path, keep: Keep | None = None) -> Iterator[Question]:
    """The questions of a file, in order.

    Args:
        path: A SQuAD-shaped JSON file.
        keep: Titles to keep, or a test for them; all by default.

    Raises:
        OnRecordError: the file cannot be read or has another shape.
    """
    articles = files.items(files.read_json(path), "data", str(path))
    for n, article in enumerate(articles):
        where = f"{path}: data[{n}]"
        title = files.text(article, "title", where, default=str(n))
        if _kept(title, keep):
            yield from _questions(article, title, where, alone=len(articles) == 1)


def held_out(path: Path) -> set[str]:
    """Titles of a file's articles that the shipped reader was not trained on, nor its thresholds.

    Raises:
        OnRecordError: none of this file's articles was held out.
    """
    from qa.train.sets import HELD_OUT

    articles = files.items(files.read_json(path), "data", str(path))
    titles = {files.text(a, "title", str(path), default=str(n)) for n, a in enumerate(articles)}
    found = titles & {title for parts in HELD_OUT.values() for title in parts["report"]}
    if not found:
        raise OnRecordError(f"{path}: training held out none of these articles")
    return found


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
    tasks = [(q.question, [Text(q.context, q.title)]) for q in asked]
    readings = GivenTexts(reader, settings).ask_all(tasks, progress)
    metrics = score(asked, readings)
    return Result("squad", len(asked), metrics, timings([r.seconds for r in readings]))


def score(questions: Sequence[Question], readings: Sequence[Reading]) -> dict[str, Figure]:
    """The official figures: as answered, at the best threshold, and by whether there is one."""
    pairs = list(zip(questions, readings, strict=True))
    groups = [q.group for q in questions]
    figures: dict[str, Figure] = {}
    for name, measure in (("exact", exact_match), ("f1", token_f1)):
        figures |= means({name: [scored(measure, r.answer.short, q) for q, r in pairs]}, groups)
    for name, measure in (("exact", exact_match), ("f1", token_f1)):
        sweep = _sweep([scored(measure, r.best, q) for q, r in pairs], questions, readings)
        figures[f"best_{name}"] = bootstrap(sweep, len(questions), groups)
    return figures | _parts(pairs)


def scored(measure: Callable[[str, str], float], answer: str, question: Question) -> float:
    """The measure against the best of the gold answers; the empty one where there is none."""
    golds = [gold for gold in question.answers if normalize(gold)] or [""]
    return best(measure, answer, golds)


def best_threshold(scores: Sequence[float], no_answer: Sequence[float], has: Sequence[bool],
                   given: Sequence[bool]) -> Callable[[Indices], float]:  # fmt: skip
    """The official `find_best_thresh` for any sample of the cases, with repeats.

    Args:
        scores: Of each case's answer, were it given.
        no_answer: Probability that there is none; answers below a threshold of it are given.
        has: Whether the case has an answer.
        given: Whether the system has anything to say at all.
    """
    order = np.argsort(np.asarray(no_answer), kind="stable")
    gains = np.where(has, scores, np.where(given, -1.0, 0.0))[order]
    unanswerable = ~np.asarray(has)[order]

    def best_of(some: Indices) -> float:
        drawn = np.bincount(some, minlength=len(order))[order]
        reached = np.cumsum(gains * drawn).max(initial=0.0)  # from "answer none" on
        return float((unanswerable @ drawn + reached) / len(some))

    return best_of


def _sweep(
    scores: Sequence[float], questions: Sequence[Question], readings: Sequence[Reading]
) -> Callable[[Indices], float]:
    no_answer = [1 - r.spans[0].probability if r.spans else 1.0 for r in readings]
    has = [bool(q.answers) for q in questions]
    return best_threshold(scores, no_answer, has, [bool(r.best) for r in readings])


def _parts(pairs: Sequence[tuple[Question, Reading]]) -> dict[str, Figure]:
    """HasAns and NoAns apart, where the file has both."""
    if all(q.answers for q, _ in pairs):
        return {}
    figures: dict[str, Figure] = {}
    for part, wanted in (("HasAns", True), ("NoAns", False)):
        own = [(q, r) for q, r in pairs if bool(q.answers) is wanted]
        groups = [q.group for q, _ in own]
        for name, measure in (("exact", exact_match), ("f1", token_f1)):
            values = [scored(measure, r.answer.short, q) for q, r in own]
            figures |= means({f"{part}_{name}": values}, groups)
    return figures


def _kept(title: str, keep: Keep | None) -> bool:
    if keep is None:
        return True
    return keep(title) if callable(keep) else title in keep


def _questions(article: Any, title: str, where: str, *, alone: bool) -> Iterator[Question]:
    nameless = alone or title.startswith("Amazon_Reviews")
    for n, paragraph in enumerate(files.items(article, "paragraphs", where)):
        at = f"{where}.paragraphs[{n}]"
        context = files.text(paragraph, "context", at)
        for m, entry in enumerate(files.items(paragraph, "qas", at)):
            here = f"{at}.qas[{m}]"
            answers = files.items(entry, "answers", here)
            yield Question(
                id=files.text(entry, "id", here),
                question=files.text(entry, "question", here).strip(),
                context=context,
                title="" if nameless else title.replace("_", " "),
                answers=tuple(files.text(answer, "text", here) for answer in answers),
                group=f"{title}/{n}" if nameless else title,
            )
