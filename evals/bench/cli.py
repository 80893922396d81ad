"""`onrecord bench`: a command for each public benchmark, over its original files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from corpus import Article, Skipped
    from evals.bench.result import Progress, Result
    from qa.engine import Engine
    from qa.read import Reader

Item = TypeVar("Item")

bench = typer.Typer(
    name="bench",
    help="Measure on public benchmarks, scored as their authors do. Shares run from 0 to 1.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The benchmark's file.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The benchmark's folder.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first so many.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="The data folder its articles are indexed into, once. "
        "[dim]Default: one for this benchmark in the platform's cache.[/dim]",
        show_default=False,
    ),
]


@bench.command(epilog="Example: onrecord bench squad dev-v2.0.json --limit 500")
def squad(
    file: File,
    held_out: Annotated[
        bool,
        typer.Option("--held-out", help="Only articles that the reader was not trained on."),
    ] = False,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """SQuAD 1.1, 2.0 and SQuAD-shifts: exact match and F1."""
    from evals.bench import squad as benchmark

    keep = benchmark.held_out(file) if held_out else None
    questions = _first(benchmark.load(file, keep), limit)
    with _progress() as progress:
        result = benchmark.run(questions, _reader(), progress=progress)
    _print(result, as_json)


@bench.command(epilog="Example: onrecord bench ramdocs RAMDocs_test.jsonl")
def ramdocs(file: File, limit: Limit = None, as_json: Json = False) -> None:
    """RAMDocs: every right answer and no wrong one, from documents that differ."""
    from evals.bench import ramdocs as benchmark

    questions = _first(benchmark.load(file), limit)
    with _progress() as progress:
        result = benchmark.run(questions, _reader(), progress=progress)
    _print(result, as_json)


@bench.command(epilog="Example: onrecord bench rgb en.json")
def rgb(file: File, limit: Limit = None, as_json: Json = False) -> None:
    """RGB: right answers among noise, and none where all is noise."""
    from evals.bench import rgb as benchmark

    questions = _first(benchmark.load(file), limit)
    with _progress() as progress:
        result = benchmark.run(questions, _reader(), progress=progress)
    _print(result, as_json)


@bench.command(epilog="Example: onrecord bench canard dev.json")
def canard(file: File, limit: Limit = None, as_json: Json = False) -> None:
    """CANARD: follow-up questions made to stand alone, by BLEU."""
    from evals.bench import canard as benchmark

    turns = _first(benchmark.load(file), limit)
    with _progress() as progress:
        result = benchmark.run(turns, progress=progress)
    _print(result, as_json)


@bench.command(epilog="Example: onrecord bench mtrag mtrag-un --limit 50")
def mtrag(folder: Folder, data: Data = None, limit: Limit = None, as_json: Json = False) -> None:
    """MTRAG-UN: conversations with questions that cannot be answered."""
    from evals.bench import mtrag as benchmark

    tasks = _first(benchmark.load(folder), limit)
    _indexed(
        "mtrag", folder, data, benchmark.passages(folder),
        lambda engine, progress: benchmark.run(tasks, engine, progress), as_json,
    )  # fmt: skip


@bench.command(
    epilog="Example: onrecord bench realtimeqa realtimeqa --from 2022-06-17 --to 2023-01-13"
)
def realtimeqa(
    folder: Folder,
    data: Data = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Only quizzes of that day or later."),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Only quizzes of that day or earlier."),
    ] = None,
    undated: Annotated[
        bool, typer.Option("--undated", help="Do not tell the engine the day of the quiz.")
    ] = False,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """RealTimeQA: news quizzes, answered openly from the news."""
    from evals.bench import realtimeqa as benchmark

    questions = _first(benchmark.load(folder, start, end), limit)
    _indexed(
        "realtimeqa", folder, data, benchmark.articles(folder),
        lambda engine, progress: benchmark.run(questions, engine, progress, dated=not undated),
        as_json,
    )  # fmt: skip


@bench.command(epilog="Example: onrecord bench archive public-sets")
def archive(folder: Folder, data: Data = None, limit: Limit = None, as_json: Json = False) -> None:
    """A whole archive asked, half the questions unanswerable: precision and calibration."""
    from evals.bench import archive as benchmark

    cases = _first(benchmark.load(folder), limit)
    _indexed(
        "archive", folder, data, benchmark.articles(folder),
        lambda engine, progress: benchmark.run(cases, engine, progress), as_json,
    )  # fmt: skip


@bench.command(epilog="Example: onrecord bench stories public-sets")
def stories(folder: Folder, data: Data = None, limit: Limit = None, as_json: Json = False) -> None:
    """Stories in the news asked about in every way: yes or no, why, how, lists."""
    from evals.bench import stories as benchmark

    cases = _first(benchmark.load(folder), limit)
    _indexed(
        "stories", folder, data, benchmark.articles(folder),
        lambda engine, progress: benchmark.run(cases, engine, progress), as_json,
    )  # fmt: skip


@bench.command(epilog="Example: onrecord bench extraction article-extraction-benchmark")
def extraction(
    folder: Folder,
    plain: Annotated[
        bool, typer.Option("--plain", help="With trafilatura alone, to compare with.")
    ] = False,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Article extraction: the text of news pages."""
    from evals.bench import extraction as benchmark

    with _progress("pages") as progress:
        result = benchmark.run(folder, limit, progress, plain=plain)
    _print(result, as_json)


@bench.command(epilog="Example: onrecord bench metadata article-extraction-benchmark")
def metadata(folder: Folder, as_json: Json = False) -> None:
    """Metadata of news pages: title, dates, outlet, authors, language, section."""
    from evals.bench import metadata as benchmark

    with _progress("pages") as progress:
        result = benchmark.run(folder, progress)
    _print(result, as_json)


@bench.command(epilog="Example: onrecord bench beir scifact --split test")
def beir(
    folder: Folder,
    data: Data = None,
    split: Annotated[str, typer.Option(help="The file of judgements, qrels/SPLIT.tsv.")] = "test",
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """BEIR-style retrieval: nDCG@10 and recall@100."""
    from evals.bench import beir as benchmark

    queries = list(benchmark.load(folder, split))
    _indexed(
        "beir", folder, data, benchmark.documents(folder),
        lambda engine, progress: benchmark.run(queries, engine, limit, progress), as_json,
    )  # fmt: skip


@bench.command(epilog="Example: onrecord bench multihop multihop-rag --limit 100")
def multihop(folder: Folder, data: Data = None, limit: Limit = None, as_json: Json = False) -> None:
    """MultiHop-RAG: evidence from several articles."""
    from evals.bench import multihop as benchmark

    questions = _first(benchmark.load(folder), limit)
    _indexed(
        "multihop", folder, data, benchmark.articles(folder),
        lambda engine, progress: benchmark.run(questions, engine, progress), as_json,
    )  # fmt: skip


def _indexed(
    name: str,
    folder: Path,
    data: Path | None,
    articles: Iterable[Article | Skipped],
    run: Callable[[Engine, Progress], Result],
    as_json: bool,
) -> None:
    """Run a benchmark over an index of its articles, made first where there is none yet."""
    from dataclasses import replace

    from evals.bench import pool
    from qa import show

    place = data or pool.default_folder(name, folder)
    with (
        show.progress("Indexing") as indexing,
        pool.opened(place, articles, reader=_reader(), progress=indexing) as (engine, took),
        _progress() as progress,
    ):
        result = run(engine, progress)
    _print(replace(result, seconds={"index": took, **result.seconds}), as_json)


def _reader() -> Reader:
    from qa.read import SpanReader

    return SpanReader()


@contextmanager
def _progress(unit: str = "questions") -> Iterator[Progress]:
    from qa import show

    with show.progress("Measuring", unit=unit) as progress:
        yield progress


def _first(items: Iterable[Item], limit: int | None) -> list[Item]:
    return list(islice(items, limit))


def _print(result: Result, as_json: bool) -> None:
    from qa import show

    if as_json:
        show.as_json(result.as_dict())
        return
    for line in result.lines():
        typer.echo(line)
