"""From paths to articles: files, folders and standard input, one bad source at a time."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from corpus.article import Article, Loaded, Skipped
from corpus.beside import in_order
from corpus.clean import clean
from corpus.encoding import AS_WINDOWS, decode, encoding_of
from corpus.letter import read_letter
from corpus.markdown import read_markdown
from corpus.office import read_docx, read_odt
from corpus.page import read_html
from corpus.pdf import read_pdf
from corpus.records import FIELDS, FieldMap, read_csv, read_json, read_jsonl

MAX_BYTES = 50_000_000
"""Largest single document read. Record files are streamed and may be larger."""

STDIN = "-"

_KINDS = {
    ".txt": "text", ".text": "text", "": "text", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".eml": "eml",
    ".docx": "docx", ".odt": "odt",
}  # fmt: skip
_PACKED: dict[str, Callable[[bytes, str], Article]] = {
    "pdf": read_pdf,
    "eml": read_letter,
    "docx": read_docx,
    "odt": read_odt,
}
_SLOW = frozenset({"html", "pdf", "docx", "odt"})
_FEW = 16  # slow files, for which other processes are not worth starting
_STREAMED: dict[str, Callable[[Iterable[str], str, FieldMap], Loaded]] = {
    "jsonl": read_jsonl,
    "csv": read_csv,
}


def load(
    paths: Iterable[str | Path],
    *,
    fields: FieldMap = FIELDS,
    max_bytes: int = MAX_BYTES,
    stdin: IO[bytes] | None = None,
) -> Loaded:
    """Read articles from files, folders (with all below them) and `-` for standard input.

    Yields an `Article` for each one found and a `Skipped` for each source that gave none, so
    that one bad file never stops a batch.

    Args:
        paths: Files, folders, or "-".
        fields: Names of the fields in records, see `corpus.records.FIELDS`.
        max_bytes: Single documents larger than this are skipped.
        stdin: Where "-" reads from; the process's standard input by default.
    """
    read = partial(_load_one, fields=fields, max_bytes=max_bytes)
    yield from in_order(_sources(paths, stdin), read, beside=_is_slow, here=_FEW, lost=_lost)


@dataclass(frozen=True, slots=True)
class _Stdin:
    file: IO[bytes] | None


_Source = Path | _Stdin | Skipped


def _sources(paths: Iterable[str | Path], stdin: IO[bytes] | None) -> Iterator[_Source]:
    for path in paths:
        if str(path) == STDIN:
            yield _Stdin(stdin)
        elif not str(path).strip():  # an unset variable of a shell, not the folder one is in
            yield Skipped("''", "names no file")
        else:
            yield from _files(Path(path).expanduser())


def _load_one(source: _Source, fields: FieldMap, max_bytes: int) -> Loaded:
    if isinstance(source, Skipped):
        yield source
    elif isinstance(source, _Stdin):
        yield from _guard(STDIN, partial(_load_stdin, source.file, fields, max_bytes))
    else:
        yield from _guard(shown(source), partial(_load_file, source, fields, max_bytes))


def _is_slow(source: _Source) -> bool:
    return isinstance(source, Path) and _KINDS.get(source.suffix.lower()) in _SLOW


def _lost(source: _Source) -> Loaded:
    if isinstance(source, Path):
        reason = "cannot be read (reading it ended the process that did)"
        yield Skipped(shown(source), reason)


def shown(path: str | Path) -> str:
    """A path as one line that can be written anywhere.

    File systems allow names that are not UTF-8, and line breaks and commands to a terminal in them.
    """
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _guard(source: str, read: Callable[[], Loaded]) -> Loaded:
    """Turn what goes wrong with one source into one line about it."""
    empty = True
    try:
        for item in read():
            empty = False
            yield item
        if empty:
            yield Skipped(source, "no articles in it")
    except OSError as error:
        yield Skipped(source, (error.strerror or type(error).__name__).lower())
    except ValueError as error:
        yield Skipped(source, str(error))
    except Exception as error:  # a parser's own kind: one bad file must not stop the rest
        yield Skipped(source, f"cannot be read ({type(error).__name__})")


def _files(path: Path) -> Iterator[Path | Skipped]:
    """The file itself, or all files below a folder in order; hidden ones are left out."""
    try:
        folder = path.is_dir()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        yield Skipped(shown(path), (error.strerror or "cannot be opened").lower())
        return
    if not folder:
        yield path
        return
    problems: list[OSError] = []
    empty = True
    for where, below, names in os.walk(path, onerror=problems.append):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for link in (Path(where, name) for name in below):
            if link.is_symlink():
                empty = False
                yield Skipped(shown(link), "a link to a folder is not followed; name it itself")
        for name in sorted(names):
            if not name.startswith("."):
                empty = False
                yield Path(where, name)
    for problem in problems:
        yield Skipped(shown(problem.filename), (problem.strerror or "unreadable folder").lower())
    if empty and not problems:
        yield Skipped(shown(path), "no files in this folder")


def _load_file(path: Path, fields: FieldMap, max_bytes: int) -> Loaded:
    _check_regular(path)
    kind = _KINDS.get(path.suffix.lower())
    source = shown(path.resolve())
    if kind in _STREAMED:
        with path.open("rb") as file:
            yield from _STREAMED[kind](_text_lines(file), source, fields)
        return
    size = path.stat().st_size
    if size == 0:
        raise ValueError("empty file")
    if size > max_bytes:
        raise ValueError(f"larger than {max_bytes / 1e6:g} MB ({size / 1e6:.0f} MB)")
    yield from _parse(path.read_bytes(), kind, source, fields, path)


def _check_regular(path: Path) -> None:
    if path.is_symlink() and not path.exists():
        raise ValueError("broken link")
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("not a regular file")


def _load_stdin(stdin: IO[bytes] | None, fields: FieldMap, max_bytes: int) -> Loaded:
    data = (stdin or sys.stdin.buffer).read(max_bytes + 1)
    if not data.strip():
        raise ValueError("nothing on standard input")
    if len(data) > max_bytes:
        raise ValueError(f"more than {max_bytes / 1e6:g} MB on standard input; give it as a file")
    yield from _parse(data, _sniff(data, fields), STDIN, fields)


def _sniff(data: bytes, fields: FieldMap) -> str:
    """What came on standard input, which has no name to tell."""
    lines = data.lstrip(b"\xef\xbb\xbf \t\r\n").splitlines() or [b""]
    if lines[0][:1] in (b"{", b"["):
        return "jsonl" if len(lines) > 1 and lines[0].rstrip().endswith(b"}") else "json"
    if lines[0].rstrip() == b"---":
        return "markdown"
    known = {name.casefold() for names in fields.values() for name in names}
    columns = {cell.strip(' "').casefold() for cell in re.split("[,;\t]", _readable(lines[0]))}
    return "csv" if len(columns & known) > 1 else "text"


def _readable(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _parse(
    data: bytes, kind: str | None, source: str, fields: FieldMap, path: Path | None = None
) -> Loaded:
    """One document held in memory, by what it is and then by what it is called."""
    packed = _PACKED.get("pdf" if data.startswith(b"%PDF-") else kind or "")
    if packed:
        yield packed(data, source)
        return
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind == "html" or start.startswith((b"<!doctype html", b"<html")):
        decode_check = data if not start.startswith(b"<") else b""
        decode(decode_check)  # binary junk named .html
        yield read_html(data, source)
        return
    if kind is None:
        suffix = path.suffix if path else ""
        raise ValueError(f"files of type {suffix} are not read")
    text = decode(data)
    if not text.strip():
        raise ValueError("empty file")
    if kind in _STREAMED:
        yield from _STREAMED[kind](io.StringIO(text), source, fields)
    elif kind == "json":
        yield from read_json(text, source, fields)
    elif kind == "markdown":
        yield read_markdown(text, source)
    else:
        yield read_text(text, source)


def read_text(text: str, source: str) -> Article:
    """The article of one plain text, as written or as pasted from a web page.

    Raises:
        ValueError: nothing is left after the page around the article is dropped.
    """
    found = clean(text)
    if not found.body:
        raise ValueError("no article text")
    return Article.create(
        title=found.title,
        body=found.body,
        outlet=found.outlet,
        authors=found.authors,
        published=found.published,
        source=source,
        references=found.references,
    )


def _text_lines(file: IO[bytes]) -> Iterator[str]:
    """Lines of a record file; the encoding is told from its first megabyte."""
    head = file.read(1 << 20)
    if not head.strip():
        raise ValueError("empty file")
    encoding = encoding_of(head)  # raises on binary data
    file.seek(0)
    yield from io.TextIOWrapper(file, encoding=encoding, errors=AS_WINDOWS, newline="")
