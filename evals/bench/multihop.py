"""MultiHop-RAG (Tang and Yang 2024): news questions whose evidence stands in several articles.

A folder with `MultiHopRAG.json` and `corpus.json`, the authors' `dataset/`. As their
`retrieval_evaluate.py`: a passage is right when it holds a fact of the evidence, white space
aside; Hits@4, Hits@10, MRR@10
and their MAP@10 (in which each fact counts once, at the first passage that holds it, as the facts
newly found there over the rank), over the questions that have evidence. As `qa_evaluate.py`: an
answer is right when it shares a word with the gold answer, in lower case, split at white space;
where we abstain the answer is theirs, "Insufficient information.".

Differences: passages are cut as the product cuts them (theirs hold 256 tokens and overlap, so that
one fact may stand in several, each with title, source and date before it); all white space is
left out, where theirs is spaces and line ends; the authors' answer is an LLM's text, which may
share a word with the gold answer by chance, where ours is the short answer; `null_rejected` says
what share of the questions without evidence we abstain from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus import Article, OnRecordError, Skipped
from corpus.records import article_from_record
from evals.bench import files
from evals.bench.result import Progress, Result, collected, means, timings, tracked
from qa.engine import Engine

NULL = "null_query"
REFUSAL = "Insufficient information."
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the facts that answer it together."""

    question: str
    answer: str
    kind: str
    """inference_query, comparison_query, temporal_query or null_query."""
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How one ranking came out."""

    hits_4: float
    hits_10: float
    map_10: float
    mrr_10: float


def load(folder: Path) -> Iterator[Question]:
    """The questions of a folder.

    Raises:
        OnRecordError: naming the file and the record.
    """
    for where, record in files.records(files.find(folder, "MultiHopRAG.json")):
        evidence = files.items(record, "evidence_list", where)
        yield Question(
            question=files.text(record, "query", where),
            answer=files.text(record, "answer", where),
            kind=files.text(record, "question_type", where),
            facts=tuple(files.text(entry, "fact", where) for entry in evidence),
        )


def articles(folder: Path) -> Iterator[Article | Skipped]:
    """The folder's articles, as `onrecord ingest` reads them.

    Raises:
        OnRecordError: there is no such file, or it cannot be read.
    """
    for where, record in files.records(files.find(folder, "corpus.json")):
        try:
            yield article_from_record(dict(record), where)
        except ValueError as error:
            yield Skipped(where, str(error))


def run(questions: Iterable[Question], engine: Engine, progress: Progress | None = None) -> Result:
    """Ask every question of an engine that holds the articles, and score the answers.

    Raises:
        OnRecordError: there are none.
    """
    asked = list(questions)
    if not asked:
        raise OnRecordError("no questions are left to ask")
    pairs = [_ask(engine, question) for question in tracked(asked, progress)]
    values = collected(score for score, _ in pairs)
    return Result("multihop", len(asked), means(values), timings([took for _, took in pairs]))


def _ask(engine: Engine, question: Question) -> tuple[dict[str, float], float]:
    answer = engine.ask(question.question)
    right = shares_word(REFUSAL if answer.abstained else answer.short, question.answer)
    score = {"accuracy": right, f"accuracy_{question.kind}": right}
    if question.kind == NULL:
        score["null_rejected"] = float(answer.abstained)
    elif question.facts:
        hits = engine.archive.search(question.question, _DEPTH)
        score |= asdict(rank([hit.passage.text for hit in hits], question.facts))
    return score, answer.seconds["total"]


def shares_word(given: str, gold: str) -> float:
    """Whether both have a word in common."""
    return float(bool(set(given.lower().split()) & set(gold.lower().split())))


def rank(passages: Sequence[str], facts: Sequence[str]) -> Ranked:
    """Score one ranking of passages against the facts that were wanted."""
    bare = [_bare(passage) for passage in passages[:_DEPTH]]
    wanted = [_bare(fact) for fact in facts]
    places = [n for n, text in enumerate(bare, 1) if any(fact in text for fact in wanted)]
    seen: set[str] = set()
    precisions = 0.0
    for n in places:
        new = [fact for fact in dict.fromkeys(wanted) if fact in bare[n - 1] and fact not in seen]
        seen.update(new)
        precisions += len(new) / n
    first = places[0] if places else 0
    return Ranked(
        hits_4=float(0 < first <= 4),
        hits_10=float(bool(places)),
        map_10=precisions / min(len(wanted), _DEPTH),
        mrr_10=1 / first if first else 0.0,
    )


def _bare(text: str) -> str:
    return "".join(text.split())
