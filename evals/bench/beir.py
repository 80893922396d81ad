"""BEIR-style retrieval (Thakur et al. 2021): `corpus.jsonl`, `queries.jsonl`, `qrels/*.tsv`.

nDCG@10 as trec_eval has it, which BEIR runs through pytrec_eval (the gain is the grade itself,
discounted by log2 of rank + 1), and recall@100 over documents of any grade above 0, both averaged
over all queries that have judgements, one without a relevant document counting 0. As in BEIR, the
first line of the judgements is a header, and a document with the query's own id does not count as
found.

Differences: documents are cut as the product cuts them and ranked by their best passage (BEIR's
systems embed title and text as one, cut off where their model ends); equal scores stand in our own
order, where trec_eval sorts them by id.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus import Article, OnRecordError, Skipped
from evals import ranking
from evals.bench import files, pool
from evals.bench.result import Progress, Result, means, timings, tracked
from qa.engine import Engine

_DEPTH = 100
_PASSAGES_SEARCHED = 300  # a document may be cut in several; a hundred distinct ones are wanted
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Query:
    """One query with the grades of the documents that were judged for it."""

    id: str
    text: str
    grades: Mapping[str, int]


def load(folder: Path, split: str = "test") -> Iterator[Query]:
    """The queries that have judgements in a split, in the order of `queries.jsonl`.

    Raises:
        OnRecordError: naming file and line.
    """
    judged = _grades(folder, split)
    path = files.find(folder, "queries.jsonl")
    for where, record in files.records(path):
        name = files.text(record, "_id", where)
        if name in judged:
            yield Query(name, files.text(record, "text", where), judged.pop(name))
    if judged:
        raise OnRecordError(f"{path}: no query {next(iter(judged))!r}, which qrels/{split} judges")


def documents(folder: Path) -> Iterator[Article | Skipped]:
    """The corpus, one by one, as articles that keep their ids.

    Raises:
        OnRecordError: naming file and line.
    """
    for where, record in files.records(files.find(folder, "corpus.jsonl")):
        name, title = files.text(record, "_id", where), files.text(record, "title", where, "")
        yield pool.document(name, title, files.text(record, "text", where) or title, where)


def run(
    queries: Iterable[Query],
    engine: Engine,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Search for every query (or the first `limit`) and score the rankings.

    Raises:
        OnRecordError: there are no queries.
    """
    asked = list(islice(queries, limit))
    if not asked:
        raise OnRecordError("no queries with judgements; is it the right --split?")
    values: dict[str, list[float]] = {"ndcg@10": [], f"recall@{_DEPTH}": []}
    seconds = []
    for query in tracked(asked, progress):
        started = time.perf_counter()
        hits = engine.archive.search(query.text, _PASSAGES_SEARCHED)
        seconds.append(time.perf_counter() - started)
        found = [name for name in pool.names_found(hits) if name != query.id]
        relevant = {name for name, grade in query.grades.items() if grade > 0}
        values["ndcg@10"].append(ranking.ndcg(found, query.grades, 10))
        values[f"recall@{_DEPTH}"].append(ranking.recall(found, relevant, _DEPTH))
    return Result("beir", len(asked), means(values), timings(seconds))


def _grades(folder: Path, split: str) -> dict[str, dict[str, int]]:
    path = files.find(folder / "qrels", f"{split}.tsv")
    found: dict[str, dict[str, int]] = {}
    with files.open_text(path) as lines:
        rows = csv.reader(lines, delimiter="\t")
        next(rows, None)  # the header
        for row in rows:
            if len(row) < _COLUMNS or not row[2].lstrip("-").isdigit():
                raise OnRecordError(
                    f"{path}:{rows.line_num}: expected query, document and grade by tabs"
                )
            found.setdefault(row[0], {})[row[1]] = int(row[2])
    return found
