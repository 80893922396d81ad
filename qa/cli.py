"""The command line: a thin shell over the engine. `onrecord --help` says the rest."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import OnRecordError
from qa.cli_feeds import feeds_app
from qa.options import (
    SKIPPED,
    AllowHost,
    Chroma,
    Data,
    Embedding,
    Json,
    Pause,
    embedder_for,
    fetch_settings,
    server,
    use_server,
)
from qa.options import open_engine as _engine

if TYPE_CHECKING:
    from corpus import Article
    from qa import Engine
    from qa.engine import Narrow

_PIPE_CLOSED = 141  # as shells have it
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    name="onrecord",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
articles_app = typer.Typer(
    help="List, show and remove articles, and what changed in them.", no_args_is_help=True
)
app.add_typer(articles_app, name="articles")
app.add_typer(feeds_app, name="feeds")

After = Annotated[
    str | None, typer.Option(help="Only articles published then or later, as 2025-02-05.")
]
Before = Annotated[
    str | None, typer.Option(help="Only articles published then or earlier, as 2025-02-05.")
]
Outlet = Annotated[
    list[str] | None, typer.Option(help="Only articles of this outlet; may be repeated.")
]
Author = Annotated[
    list[str] | None, typer.Option(help="Only articles by this author; may be repeated.")
]
Only = Annotated[
    list[str] | None,
    typer.Option("--article", help="Only this article, by the start of its id; may be repeated."),
]


Now = Annotated[
    str | None,
    typer.Option(
        help="When it is asked, as 2025-02-05: articles of the time before are preferred."
    ),
]


@app.callback()
def settings(chroma: Chroma = "") -> None:
    """Answers from news articles, quoted to the letter and sourced."""
    use_server(chroma)


@app.command(
    epilog="Example: onrecord ingest ~/articles page.html letter.eml [bold]·[/bold] "
    "onrecord ingest https://paper.example/story [bold]·[/bold] "
    "pbpaste | onrecord ingest - [bold]·[/bold] "
    "onrecord ingest export.csv --map body=Story --map outlet=Paper"
)
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, web addresses, or -.")],
    data: Data = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="In JSON and CSV, the FIELD=NAME an article's field goes by."),
    ] = None,
    embedder: Embedding = None,
    allow_host: AllowHost = None,
    pause: Pause = 1.0,
    as_json: Json = False,
) -> None:
    """Add articles: text, Markdown, HTML, PDF, e-mail, Word, OpenDocument, JSON, CSV, web pages.

    The same files again cost nothing; changed ones replace what they were. Exits with 3 when
    something was skipped.
    """
    from qa import show

    fields = _fields(mapping or [])
    opened = _engine(data, samples=False, embedder=embedder_for(embedder))
    with opened as engine, show.progress("Indexing") as progress:
        fetch = fetch_settings(allow_host, pause)
        done = engine.ingest(paths, fields=fields, fetch=fetch, progress=progress)
        articles, passages = engine.archive.library.count()
    if as_json:
        show.as_json(
            {
                "added": done.added,
                "changed": done.changed,
                "unchanged": done.unchanged,
                "skipped": [{"source": s.source, "reason": s.reason} for s in done.skipped],
            }
        )
    else:
        show.ingested(done, articles, passages)
    if done.skipped:
        raise typer.Exit(SKIPPED)


@app.command(
    epilog='Example: onrecord ask "how many troops went to Tijuana?" [bold]·[/bold] '
    'onrecord ask --after 2025-02-06 --json "how many ladders were found?"'
)
def ask(
    question: Annotated[list[str], typer.Argument(help="The question; - reads standard input.")],
    data: Data = None,
    after: After = None,
    before: Before = None,
    outlet: Outlet = None,
    author: Author = None,
    only: Only = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Answer a question from the articles, with the passages the answer rests on."""
    from qa import show

    with _engine(data) as engine:
        answer = engine.ask(
            _text(question), **_narrow(engine, after, before, outlet, author, only, now)
        )
    if as_json:
        show.as_json(answer.as_dict())
    else:
        show.answer(answer)


@app.command(epilog="Example: onrecord search border patrols --limit 5")
def search(
    query: Annotated[list[str], typer.Argument(help="Words or a question.")],
    data: Data = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    after: After = None,
    before: Before = None,
    outlet: Outlet = None,
    author: Author = None,
    only: Only = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Find passages without answering."""
    from qa import show

    with _engine(data) as engine:
        narrow = _narrow(engine, after, before, outlet, author, only, now)
        hits = engine.search(_text(query), limit, **narrow)
        notice = engine.notice
    if as_json:
        show.as_json([show.hit_as_dict(hit) for hit in hits])
    else:
        show.hits(hits, notice)


@articles_app.command("list", epilog="Example: onrecord articles list --json")
def list_articles(data: Data = None, as_json: Json = False) -> None:
    """List the articles, the latest first."""
    from qa import show

    with _engine(data) as engine:
        found = list(engine.articles())
        notice = engine.notice
    if as_json:
        show.as_json([show.article_as_dict(article, body=False) for article in found])
    else:
        show.articles(found, notice)


@articles_app.command(
    "show",
    epilog="Example: onrecord articles show 3fa9 [bold]·[/bold] "
    "onrecord articles show 3fa9 --history",
)
def show_article(
    article: Annotated[str, typer.Argument(help="Its id, or the start of it.")],
    data: Data = None,
    history: Annotated[
        bool,
        typer.Option("--history", help="How its text changed since it was first taken in."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show one article, or how it changed and which rated answers that outdated."""
    from qa import show, show_history
    from qa.history import stale_answers, steps

    with _engine(data) as engine:
        found = _find(engine, article)
        library = engine.archive.library
        changes = steps(library, found) if history else []
        stale = [s for s in stale_answers(library) if s.article_id == found.id] if history else []
    if history and as_json:
        show.as_json(show_history.history_as_dict(found, changes, stale))
    elif history:
        show_history.history(found, changes, stale)
    elif as_json:
        show.as_json(show.article_as_dict(found, body=True))
    else:
        show.article(found)


@articles_app.command("changed", epilog="Example: onrecord articles changed --json")
def changed_articles(data: Data = None, as_json: Json = False) -> None:
    """List articles whose text changed, and rated answers that rest on what is gone."""
    from qa import show, show_history
    from qa.history import stale_answers

    with _engine(data) as engine:
        library = engine.archive.library
        counts = [
            (article, count)
            for article_id, count in library.count_versions().items()
            if (article := library.article(article_id))
        ]
        stale = stale_answers(library)
    if as_json:
        show.as_json(
            {
                "changed": [
                    show.article_as_dict(article, body=False) | {"versions": count + 1}
                    for article, count in counts
                ],
                "stale_answers": show_history.stale_as_dicts(stale),
            }
        )
    else:
        show_history.changed(counts, stale)


@articles_app.command("remove", epilog="Example: onrecord articles remove 3fa9 77c0")
def remove_articles(
    articles: Annotated[list[str], typer.Argument(help="Their ids, or the starts of them.")],
    data: Data = None,
) -> None:
    """Remove articles from the library and the indexes."""
    with _engine(data, samples=False) as engine:
        found = [_find(engine, article) for article in articles]
        engine.remove([article.id for article in found])
    for article in found:
        typer.echo(f"removed {article.id}  {article.title}")


@app.command(epilog="Example: onrecord reindex --embedder minilm")
def reindex(data: Data = None, embedder: Embedding = None) -> None:
    """Make the indexes again from the library, as after a change of embedder."""
    from index import Archive
    from index.embed import LLAMA_INDEX
    from qa import show
    from qa.engine import default_data

    folder = data or default_data()
    if not (folder / "library.db").exists():
        raise OnRecordError(f"no library in {folder}; add articles with: onrecord ingest PATH")
    opened = Archive.open(folder, embedder=embedder_for(embedder), chroma=server(), check=False)
    with opened as archive, show.progress("Indexing") as progress:
        made_by = archive.library.manifest().get("embedder", "")
        if embedder is None and made_by.startswith(LLAMA_INDEX):
            raise OnRecordError(archive.mismatch())
        passages = archive.reindex(progress)
    typer.echo(f"indexed {passages:,} passages")


@app.command(
    epilog="Example: onrecord serve --port 8080 [bold]·[/bold] "
    "onrecord serve --feeds --watch ~/articles"
)
def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 7860,
    reports: Annotated[
        Path | None, typer.Option(help="A folder of eval runs, shown under /reports.")
    ] = None,
    feeds: Annotated[
        bool, typer.Option("--feeds", help="Update the feeds in the background when due.")
    ] = False,
    watch: Annotated[
        list[Path] | None,
        typer.Option(help="A folder whose new and changed files are taken in; may be repeated."),
    ] = None,
    allow_host: AllowHost = None,
) -> None:
    """Serve the web chat, and keep its archive fresh where told to.

    The state of feeds and watched folders is shown under /sources.
    """
    from qa import show
    from qa.keep import Keeper
    from qa.web import listen, run

    with listen(host, port) as socket, _engine(data) as engine:
        fetch = fetch_settings(allow_host)
        keeper = Keeper(engine, feeds=feeds, folders=watch or (), fetch=fetch)
        show.serving(host, socket.getsockname()[1], engine.notice)
        run(engine, socket, reports, keeper)


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """Say what is installed, where the data is, and whether the parts agree."""
    from qa import show
    from qa.doctor import examine

    report = examine(data, server())
    if as_json:
        show.as_json(report)
    else:
        show.doctor(report)
    if report["problems"]:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a user's mistake is one line, never a traceback."""
    nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - kept to the end
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere  # as after ">&-"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a sign that the terminal lacks is no error
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run()
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        sys.exit(code)
    except OnRecordError as error:
        _fail(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped; nothing that was taken in is lost", INTERRUPTED)
    except OSError as error:
        _fail(f"cannot go on: {(error.strerror or str(error)).lower()}", 1)
    except Exception as error:
        usage = getattr(error, "format_message", None)  # click's errors for a wrong call
        if usage is None:
            raise
        if text := usage():  # none where the help was shown instead
            _fail(text, 2)
        sys.exit(2)


def _run() -> int:
    """The command's exit code: that of a typer.Exit or of Ctrl-C, else 0."""
    try:
        return int(app(standalone_mode=False) or 0)
    except SystemExit:  # typer's and rich's way to say that the reader of a pipe went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED


def _fail(text: str, code: int) -> None:
    typer.echo(f"onrecord: {text}", err=True)
    sys.exit(code)


def _narrow(
    engine: Engine, after: str | None, before: str | None, outlets: list[str] | None,
    authors: list[str] | None, articles: list[str] | None, now: str | None,
) -> Narrow:  # fmt: skip
    """Which articles the options leave."""
    ids = [_find(engine, article).id for article in articles or []]
    return {
        "after": after, "before": before, "outlets": outlets or None, "authors": authors or None,
        "articles": ids or None, "now": now,
    }  # fmt: skip


def _text(words: list[str]) -> str:
    if words == ["-"]:
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return " ".join(words)


def _fields(mapping: list[str]) -> dict[str, tuple[str, ...]]:
    from corpus.records import FIELDS

    fields = dict(FIELDS)
    for entry in mapping:
        name, _, column = entry.partition("=")
        if name not in fields or not column:
            known = ", ".join(fields)
            raise OnRecordError(
                f"cannot use --map {entry!r}; write FIELD=NAME, FIELD one of {known}"
            )
        fields[name] = (column,)
    return fields


def _find(engine: Engine, prefix: str) -> Article:
    ids = engine.archive.library.ids_starting(prefix) if prefix else []
    article = engine.archive.library.article(ids[0]) if len(ids) == 1 else None
    if article is None:
        what = "no article's id starts" if not ids else f"{len(ids)} articles' ids start"
        raise OnRecordError(f"{what} with {prefix!r}; see: onrecord articles list")
    return article


if __name__ == "__main__":
    main()
