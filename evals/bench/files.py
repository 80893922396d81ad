"""Reading benchmark files as their authors publish them, with errors that name file and line."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from corpus import OnRecordError

Record = tuple[str, Mapping[str, Any]]
"""Where it stands, for error messages, and what it holds."""

_PACKED = ("", ".xz", ".gz")


def find(folder: Path, name: str) -> Path:
    """A file of a folder, plain or packed as .xz or .gz.

    Raises:
        OnRecordError: it is not there.
    """
    if not folder.is_dir():
        raise OnRecordError(f"{folder}: no such folder; give the one that holds {name}")
    for packed in _PACKED:
        if (folder / (name + packed)).is_file():
            return folder / (name + packed)
    raise OnRecordError(f"{folder}: no {name} in this folder, plain, .xz or .gz")


def open_text(path: Path) -> IO[str]:
    """Open a text file, unpacking .xz and .gz as it is read.

    Raises:
        OnRecordError: it cannot be opened.
    """
    try:
        if path.suffix == ".xz":
            return lzma.open(path, "rt", encoding="utf-8-sig")
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding="utf-8-sig")
        return path.open(encoding="utf-8-sig")
    except OSError as error:
        raise OnRecordError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error


def read_json(path: Path) -> Any:
    """A whole JSON file.

    Raises:
        OnRecordError: it cannot be read or is not JSON, with the line.
    """
    with open_text(path) as file:
        try:
            return json.load(file)
        except json.JSONDecodeError as error:
            raise OnRecordError(f"{path}:{error.lineno}: not valid JSON ({error.msg})") from error
        except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
            raise OnRecordError(f"{path}: cannot be read ({error})") from error


def records(path: Path) -> Iterator[Record]:
    """The objects of a JSON Lines file, one by one, or of a JSON list.

    Raises:
        OnRecordError: naming the file and the line.
    """
    with open_text(path) as file:
        try:
            first = next((line for line in file if line.strip()), "")
            is_list = first.lstrip().startswith("[")
            file.seek(0)
            if not is_list:
                yield from _lines(path, file)
                return
        except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
            raise OnRecordError(f"{path}: cannot be read ({error})") from error
    for n, record in enumerate(read_json(path)):
        yield f"{path}[{n}]", _object(record, f"{path}[{n}]")


def _lines(path: Path, file: IO[str]) -> Iterator[Record]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise OnRecordError(f"{where}: not valid JSON: {line.strip()[:60]!r}") from error
        yield where, _object(record, where)


def _object(record: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(record, Mapping):
        raise OnRecordError(f"{where}: expected an object, found {type(record).__name__}")
    return record


def text(record: Any, name: str, where: str, default: str | None = None) -> str:
    """A field that holds text.

    Raises:
        OnRecordError: it is missing (and there is no default) or holds something else.
    """
    value = _object(record, where).get(name)
    value = default if value is None else value
    if not isinstance(value, str):
        raise wrong(where, name, "text", value)
    return value


def items(record: Any, name: str, where: str, kind: type = object) -> list[Any]:
    """A field that holds a list, of things of one kind.

    Raises:
        OnRecordError: it is missing or holds something else.
    """
    value = _object(record, where).get(name)
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise wrong(where, name, "a list" + (" of texts" if kind is str else ""), value)
    return value


def wrong(where: str, name: str, expected: str, value: Any) -> OnRecordError:
    """The error for a field of the wrong kind."""
    found = "nothing" if value is None else repr(value)[:60]
    return OnRecordError(f"{where}: {name}: expected {expected}, found {found}")
