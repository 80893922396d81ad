"""Options that several commands share, and the engine they open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import OnRecordError

if TYPE_CHECKING:
    from corpus.fetch import FetchSettings
    from index.embed import Embedder
    from index.sources import Sources
    from qa import Engine

SKIPPED = 3
"""Exit code of a command that took in what it could and skipped something."""


def _named(folder: str) -> Path:
    """An empty name is an unset variable of a script, not the current folder."""
    if not folder.strip():
        raise typer.BadParameter("is empty; name a folder")
    return Path(folder)


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        parser=_named,
        metavar="FOLDER",
        envvar="ONRECORD_DATA",
        help="The data folder. [dim]Default: the platform's user data folder.[/dim]",
        show_default=False,
    ),
]
Chroma = Annotated[
    str,
    typer.Option(
        envvar="ONRECORD_CHROMA",
        help="URL of a Chroma server that keeps the vectors, so that several processes share them. "
        "[dim]Default: they are kept in the data folder.[/dim]",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        envvar="ONRECORD_ALLOW_HOSTS",
        help="A host, as NAME or NAME:PORT, that may be fetched from although it is not on the "
        "public internet; may be repeated.",
        show_default=False,
    ),
]
Pause = Annotated[
    float, typer.Option(min=0, help="Seconds between two requests to one host.", show_default=True)
]


class EmbedderName(StrEnum):
    """What makes the vectors."""

    STATIC = "static"
    MINILM = "minilm"


Embedding = Annotated[
    EmbedderName | None,
    typer.Option(
        help="What makes the vectors of a new archive: static is a hundred times as fast. "
        "[dim]Default: what made those that are there, else static.[/dim]",
        show_default=False,
    ),
]


_chroma: ContextVar[str] = ContextVar("chroma", default="")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHORTEST = 60.0


def open_engine(
    data: Path | None, *, samples: bool = True, embedder: Embedder | None = None
) -> Engine:
    """Open the engine, with a progress bar where that takes work, and say what was repaired."""
    from qa import Engine, show

    with show.progress("Indexing") as progress:
        engine = Engine.open(
            data, embedder=embedder, chroma=server(), progress=progress, samples=samples
        )
    for line in engine.archive.repaired:
        typer.echo(f"repaired: {line}", err=True)
    return engine


def server() -> str:
    """The Chroma server that the command line or the environment names, "" for none."""
    return _chroma.get()


def use_server(url: str) -> None:
    """Have this command keep the vectors on a Chroma server; "" for none."""
    _chroma.set(url)


def embedder_for(name: EmbedderName | None) -> Embedder | None:
    """The embedder that an option names; None where it names none."""
    from index.embed import MiniLM
    from index.static import Static

    if name is None:
        return None
    return MiniLM() if name is EmbedderName.MINILM else Static()


@contextmanager
def open_sources(data: Path | None) -> Iterator[Sources]:
    """The feeds alone: without opening the indexes, which takes a second that none needs here."""
    from index import Archive
    from index.sources import Sources
    from qa.engine import default_data

    with Archive.open(data or default_data(), chroma=server(), check=False) as archive:
        yield Sources(archive.library)


def fetch_settings(allow_host: list[str] | None, pause: float = 1.0) -> FetchSettings:
    """How things are fetched."""
    from corpus.fetch import FetchSettings

    return FetchSettings(allow_hosts=tuple(allow_host or ()), pause=pause)


def interval(text: str) -> float:
    """Seconds of an interval such as 15m, 2h or 1d.

    Raises:
        OnRecordError: it is none, or shorter than a minute.
    """
    found = re.fullmatch(r"(\d{1,4}(?:\.\d)?)\s*([smhd])", text.strip().casefold())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if seconds < _SHORTEST:
        raise OnRecordError(f"cannot use --every {text!r}; write it as 15m, 2h or 1d, at least 1m")
    return seconds
