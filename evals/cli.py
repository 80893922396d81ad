"""The whole command line: that of `qa`, with `eval` and `bench` added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import OnRecordError
from evals.bench.cli import bench
from qa import cli, options

if TYPE_CHECKING:
    from evals.saved import Run
    from evals.score import Report
    from qa.settings import Settings

BROKEN = 4
"""Exit code of a check with broken bounds."""
_MOST_RUNS = 10_000


def _may_be_a_set(name: str) -> bool:
    """Whether a word is a file's or a shipped set's name, not a mistyped command's."""
    from evals.case import SETS

    file = Path(name)
    known = bool(file.suffix) or file.exists() or (SETS / f"{name}.jsonl").exists()
    return known and not name.startswith("-")


class _DefaultToRun(typer.core.TyperGroup):
    """`onrecord eval SET` is `onrecord eval run SET`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and _may_be_a_set(args[0]):
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    help="Measure answers: run a set, score it, compare runs, hold bounds.",
    no_args_is_help=True,
    cls=_DefaultToRun,
)
cli.app.add_typer(eval_app, name="eval")
cli.app.add_typer(bench, name="bench")

Folder = Annotated[Path, typer.Argument(help="The folder of a run.")]


@eval_app.command(
    epilog="Example: onrecord eval samples [bold]·[/bold] "
    "onrecord eval my-set.yaml --data ~/archive --engine passages_read=20 --out runs/wide"
)
def run(
    context: typer.Context,
    set_file: Annotated[str, typer.Argument(metavar="SET", help="A set file, or: samples.")],
    data: options.Data = None,
    engine: Annotated[
        list[str] | None, typer.Option(help="A setting of the engine, as passages_read=20.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The run's folder.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Questions under way at once.")] = 1,
    as_json: options.Json = False,
) -> None:
    """Ask every case of a set, save the answers, and score them. Goes on where it stopped."""
    from evals.case import load_set
    from evals.run import run as run_set
    from evals.run import unfound
    from evals.saved import is_finished
    from qa import Engine, show
    from qa.engine import default_data, samples_folder

    cases = load_set(set_file)
    folder = out or _free(Path("runs", Path(set_file).stem))
    if is_finished(folder):
        typer.echo(f"{folder} is finished: only what failed is asked again", err=True)
    settings = _settings(engine or [])
    given = context.get_parameter_source("data")
    if set_file == "samples" and (given is None or given.name != "COMMANDLINE"):
        # Its questions are about the sample articles, whatever else has been taken in.
        data = samples_folder(data or default_data())
    with (
        show.progress("Indexing") as indexing,
        Engine.open(data, settings=settings, chroma=options.server(), progress=indexing) as opened,
        show.progress("Asking", unit="cases") as progress,
    ):
        if opened.notice and set_file != "samples":  # figures that look like one's own, and are not
            typer.echo(opened.notice, err=True)
        for line in unfound(opened.articles(), cases):
            typer.echo(f"{set_file}: {line}; it counts as not found", err=True)
        done = run_set(opened, cases, folder, name=set_file, workers=workers, progress=progress)
    _finish(done, as_json)


@eval_app.command(epilog="Example: onrecord eval score runs/samples --json")
def score(folder: Folder, as_json: options.Json = False) -> None:
    """Score a run again, without asking anything."""
    from evals.saved import load_run

    _finish(load_run(folder), as_json)


@eval_app.command(
    epilog="Example: onrecord eval judge runs/samples llama_index.llms.ollama:Ollama "
    "--option model=llama3.1"
)
def judge(
    folder: Folder,
    model: Annotated[str, typer.Argument(help="MODULE:CLASS of a LlamaIndex LLM.")],
    option: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE that the class is made with.")
    ] = None,
    price_in: Annotated[
        float | None, typer.Option(min=0, help="What a million tokens in cost.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(min=0, help="What a million tokens out cost.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Have a language model judge the answers; its agreement with exact scoring is told too."""
    from evals.judge import judge as judge_run
    from evals.judge import load_llm
    from evals.saved import load_run
    from evals.tokens import Prices, completing
    from qa import show

    if (price_in is None) != (price_out is None):
        raise OnRecordError("give both --price-in and --price-out, or neither")
    prices = None if price_in is None or price_out is None else Prices(price_in, price_out)
    done = load_run(folder)
    llm = load_llm(model, dict(entry.partition("=")[::2] for entry in option or []))
    with show.progress("Judging", unit="answers") as progress:
        options_given = " ".join(sorted(option or []))
        name = f"{model} {options_given}".strip()
        done = judge_run(done, completing(llm), prices, progress, name=name)
    _finish(done, as_json)


@eval_app.command(epilog="Example: onrecord eval compare runs/before runs/after")
def compare(
    first: Annotated[Path, typer.Argument(help="The folder of the run before.")],
    second: Annotated[Path, typer.Argument(help="The folder of the run after.")],
    as_json: options.Json = False,
) -> None:
    """Tell what a change did: paired differences with intervals, and the cases that changed."""
    from evals.compare import compare as compare_runs
    from qa import show

    found = compare_runs(_scored(first), _scored(second))
    if as_json:
        differences = [asdict(d) | {"verdict": d.verdict} for d in found.differences]
        show.as_json(
            {
                "verdict": found.verdict,
                "differences": differences,
                "better": list(found.better),
                "worse": list(found.worse),
            }
        )
        return
    for difference in found.differences:
        typer.echo(
            f"{difference.measure:22} {difference.first:.3f} -> {difference.second:.3f}  "
            f"{difference.verdict}"
        )
    for label, ids in (("now right", found.better), ("now wrong", found.worse)):
        typer.echo(f"{label}: {', '.join(ids) or 'none'}")
    typer.echo(f"verdict: {found.verdict}")


@eval_app.command(
    epilog="Example: onrecord eval check runs/new --min right=0.6 --min citation_exactness=1 "
    "--against runs/old --max-drop 0.01"
)
def check(
    folder: Folder,
    least: Annotated[
        list[str] | None, typer.Option("--min", help="METRIC=NUMBER that it must reach.")
    ] = None,
    most: Annotated[
        list[str] | None, typer.Option("--max", help="METRIC=NUMBER that it must not pass.")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="The run of a baseline.")] = None,
    max_drop: Annotated[float, typer.Option(min=0, help="How much worse is accepted.")] = 0.0,
    max_slower: Annotated[
        float | None,
        typer.Option(min=0, help="By what share latency may be slower than the baseline's."),
    ] = None,
) -> None:
    """Hold bounds, for CI: one line for each broken one, and exit code 4."""
    from evals.check import check as check_bounds
    from evals.check import parse_bounds
    from evals.saved import same_set

    if not (least or most or against):
        raise OnRecordError("nothing to hold: give --min, --max or --against")
    done, scored = _scored(folder)
    baseline = _scored(against) if against else None
    if baseline:
        same_set(done, baseline[0])
    broken = check_bounds(
        scored,
        least=parse_bounds(least or []),
        most=parse_bounds(most or []),
        against=baseline[1] if baseline else None,
        max_drop=max_drop,
        max_slower=max_slower,
    )
    for line in broken:
        typer.echo(f"broken: {line}", err=True)
    if broken:
        raise typer.Exit(BROKEN)
    typer.echo("all bounds hold")


@eval_app.command(epilog="Example: onrecord eval report runs/after --against runs/before")
def report(
    folder: Folder,
    against: Annotated[Path | None, typer.Option(help="A run to show beside it.")] = None,
    out: Annotated[Path | None, typer.Option(help="The HTML file to write.")] = None,
) -> None:
    """Write a run, or two side by side, as one HTML page that needs nothing else."""
    from evals.report import write_report

    file = out or folder / "report.html"
    write_report(*_scored(folder), file, against=_scored(against) if against else None)
    typer.echo(f"written: {file}")


@eval_app.command(epilog="Example: onrecord eval new my-set.jsonl --count 40")
def new(
    file: Annotated[Path, typer.Argument(help="The JSON Lines file to write.")],
    data: options.Data = None,
    count: Annotated[int, typer.Option(min=1, help="How many drafts.")] = 30,
    seed: Annotated[int, typer.Option(help="Another seed drafts other cases.")] = 0,
) -> None:
    """Draft a set from the archive: sentences with a value left out, for a person to correct."""
    from evals.case import save_set
    from evals.draft import draft
    from qa import Engine

    if file.exists():
        raise OnRecordError(f"{file} exists; choose another name")
    with Engine.open(data, chroma=options.server()) as opened:
        cases = draft(opened, count, seed)
    if not cases:
        raise OnRecordError("no sentence with a number or a date to draft from")
    save_set(cases, file)
    typer.echo(f"{len(cases)} drafts in {file}: put each as a question and check its answer")


@eval_app.command(epilog="Example: onrecord eval feedback marked.jsonl")
def feedback(
    file: Annotated[Path, typer.Argument(help="The JSON Lines file to write.")],
    data: options.Data = None,
) -> None:
    """Write the answers that readers marked in the chat as cases; wrong ones are to correct."""
    from evals.case import save_set
    from evals.draft import from_feedback
    from qa import Engine

    if file.exists():
        raise OnRecordError(f"{file} exists; choose another name")
    with Engine.open(data, chroma=options.server()) as opened:
        cases = from_feedback(opened)
    if not cases:
        raise OnRecordError("no answer has been marked in the chat yet")
    save_set(cases, file)
    typer.echo(f"{len(cases)} cases in {file}; correct those with the tag draft")


def _scored(folder: Path) -> tuple[Run, Report]:
    from evals.saved import load_run
    from evals.score import score as score_run

    done = load_run(folder)
    return done, score_run(done)


def _free(folder: Path) -> Path:
    """The folder, or the first of folder-2, folder-3 ... that holds no finished run."""
    from evals.saved import is_finished

    names = (folder, *(folder.with_name(f"{folder.name}-{n}") for n in range(2, _MOST_RUNS)))
    return next((name for name in names if not is_finished(name)), folder)


def _finish(done: Run, as_json: bool) -> None:
    """Score a run, keep the scores and the page beside its answers, and print the figures."""
    from evals.report import write_report
    from evals.score import save_report
    from evals.score import score as score_run
    from qa import show

    report = score_run(done)
    save_report(report, done.folder)
    write_report(done, report, done.folder / "report.html")
    if as_json:
        show.as_json({"run": str(done.folder), **done.info, **report.as_dict()})
        return
    for name, figure in report.metrics.items():
        typer.echo(f"{name:22} {figure}")
    if report.judge:
        typer.echo(f"{'judge':22} {report.judge}")
    if report.unasked:
        typer.echo(f"not asked yet: {report.unasked} of {len(done.cases)} cases")
    wrong = [s.case for s in report.scores if not s.right]
    typer.echo(f"wrong: {', '.join(wrong) or 'none'}")
    typer.echo(f"saved in {done.folder}, with report.html to look at")


def _settings(entries: Sequence[str]) -> Settings:
    from qa.settings import Settings

    settings = Settings()
    kinds = {field.name: type(getattr(settings, field.name)) for field in fields(settings)}
    for entry in entries:
        name, _, value = entry.partition("=")
        try:
            settings = replace(settings, **{name: kinds[name](value)})
        except (KeyError, ValueError):
            known = ", ".join(kinds)
            raise OnRecordError(
                f"cannot use {entry!r}; write NAME=NUMBER, one of {known}"
            ) from None
    return settings


def main() -> None:
    """Run the command line."""
    cli.main()


if __name__ == "__main__":
    main()
