"""Eval cases: a question, what is right, and where it stands. From JSONL, CSV or YAML."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus import OnRecordError
from corpus.dates import parse_date
from corpus.encoding import decode

SETS = Path(__file__).parent / "sets"
"""The folder with the sets that ship."""


class SetError(OnRecordError):
    """An eval set that cannot be read: file, line, field and the offending value."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its right answers."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    """Any of these is right. For a conflict: every value that some article gives."""
    kind: str = ""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier turns as (question, answer)."""
    articles: tuple[str, ...] = ()
    """Ids, titles or file names of the articles where the answer stands."""
    quotes: tuple[str, ...] = ()
    """Exact sentences that hold the answer."""
    after: str = ""
    before: str = ""
    unanswerable: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()


_NAMES = tuple(field.name for field in fields(Case))
_LISTS = ("answers", "articles", "quotes", "tags")
_TEXTS = ("id", "question", "kind", "after", "before", "note")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0", "")


def load_set(path: str | Path) -> list[Case]:
    """Read a set of cases; the name of one that ships ("samples") does as well.

    In CSV, lists are separated by `|` and a history is JSON.

    Raises:
        SetError: naming file, line, field and value.
    """
    file = Path(path)
    if not file.is_file() and (SETS / f"{path}.jsonl").exists():
        file = SETS / f"{path}.jsonl"
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for where, record in _records(file):
        case = _case(record, where)
        if case.id in seen:
            raise SetError(f"{where}: id: {case.id!r} is used already, in {seen[case.id]}")
        seen[case.id] = where
        cases.append(case)
    if not cases:
        raise SetError(f"{file}: no cases in it")
    return cases


def _records(file: Path) -> Iterator[tuple[str, Any]]:
    try:
        text = decode(file.read_bytes())
    except OSError as error:
        raise SetError(f"{file}: {(error.strerror or 'cannot be read').lower()}") from error
    except ValueError as error:
        raise SetError(f"{file}: {error}") from error
    readers = {".jsonl": _jsonl, ".csv": _csv, ".yaml": _yaml, ".yml": _yaml}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise SetError(f"{file}: a set is a .jsonl, .csv or .yaml file")
    yield from reader(text, file)


def _jsonl(text: str, file: Path) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):  # `splitlines` ends some inside a text
        if line.strip():
            try:
                yield f"{file}:{number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise SetError(f"{file}:{number}: not valid JSON ({error}): {line[:80]}") from error


def _csv(text: str, file: Path) -> Iterator[tuple[str, Any]]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = list(rows.fieldnames or ())
    except csv.Error as error:
        raise SetError(f"{file}:1: not valid CSV ({error})") from error
    if repeated := [name for name in names if names.count(name) > 1]:
        raise SetError(f"{file}:1: the field {repeated[0]!r} is there twice")
    for row in _rows(rows, file):
        where = f"{file}:{rows.line_num}"
        if None in row:  # what `DictReader` calls the values beyond the header
            raise SetError(f"{where}: more values than the header has fields: {row[None]!r}")
        record: dict[str, Any] = {name: value for name, value in row.items() if value}
        for name in _LISTS:
            if name in record:
                parts = (part.strip() for part in record[name].split("|"))
                record[name] = [part for part in parts if part]
        if "unanswerable" in record:
            record["unanswerable"] = _boolean(record["unanswerable"], where)
        if "history" in record:
            try:
                record["history"] = json.loads(record["history"])
            except ValueError:
                raise _wrong(where, "history", record["history"], "JSON") from None
        yield where, record


def _rows(rows: csv.DictReader[str], file: Path) -> Iterator[dict[Any, Any]]:
    csv.field_size_limit(1 << 27)
    try:
        yield from rows
    except csv.Error as error:
        raise SetError(f"{file}:{rows.line_num}: not valid CSV ({error})") from error


def _boolean(text: str, where: str) -> bool:
    if text.casefold() in _TRUE:
        return True
    if text.casefold() in _FALSE:
        return False
    raise _wrong(where, "unanswerable", text, "true or false")


def _yaml(text: str, file: Path) -> Iterator[tuple[str, Any]]:
    import yaml

    class AsWritten(yaml.SafeLoader):
        """YAML would read 8:30 as 510, 0123 as 83, and yes as true."""

    AsWritten.yaml_implicit_resolvers = {
        first: [(tag, found) for tag, found in known if tag.endswith((":null", ":merge"))]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    try:
        root = yaml.compose(text, AsWritten)
        data = yaml.load(text, AsWritten)
    except (yaml.YAMLError, RecursionError) as error:
        raise SetError(f"{file}: not valid YAML ({' '.join(str(error).split())})") from error
    if not isinstance(data, list) or root is None:
        raise SetError(f"{file}: expected a list of cases, found {type(data).__name__}")
    for node, record in zip(root.value, data, strict=True):
        where = f"{file}:{node.start_mark.line + 1}"
        if isinstance(record, dict):
            keys = [key.value for key, _ in node.value]
            if repeated := [key for key in keys if keys.count(key) > 1]:
                raise SetError(f"{where}: the field {repeated[0]!r} is there twice")
            if "unanswerable" in record:
                record["unanswerable"] = _boolean(str(record["unanswerable"]), where)
            for name, value in record.items():  # "[1,130]" is a list of two
                if name in _LISTS and isinstance(value, list) and _is_split(value):
                    raise _wrong(where, name, value, "a figure with a comma in quotation marks")
        yield where, record


def _is_split(values: list[Any]) -> bool:
    """Whether neighbours are the parts of a figure that a comma split: 1 and 130."""
    return any(
        re.fullmatch(r"\d{1,3}", str(a)) and re.fullmatch(r"\d{3}", str(b))
        for a, b in pairwise(values)
    )


def _case(record: Any, where: str) -> Case:
    if not isinstance(record, Mapping):
        raise SetError(f"{where}: expected an object, found {str(record)[:80]!r}")
    if unknown := [str(name) for name in record if name not in _NAMES]:
        raise SetError(f"{where}: {unknown[0]}: no such field; there are: {', '.join(_NAMES)}")
    values: dict[str, Any] = {name: record[name] for name in _NAMES if record.get(name) is not None}
    for name in ("id", "question"):
        if not str(values.get(name, "")).strip():
            raise _wrong(where, name, values.get(name), "text")
    for name in _TEXTS:
        if name in values:
            if isinstance(values[name], (list, dict)):
                raise _wrong(where, name, values[name], "text")
            values[name] = _plain(str(values[name]), name, where)
    for name in _LISTS:
        if name in values:
            values[name] = _texts(values[name], name, where)
    values["history"] = _history(values.get("history", ()), where)
    _check(values, where)
    return Case(**values)


def _texts(value: Any, name: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(_is_plain(item) for item in value):
        raise _wrong(where, name, value, "a list of texts")
    if not all(str(item).strip() for item in value):
        raise _wrong(where, name, value, "texts that are not blank")
    return tuple(_plain(str(item), name, where) for item in value)


def _plain(text: str, name: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _wrong(where, name, text, "text in UTF-8") from None
    return text


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _history(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    right = isinstance(value, (list, tuple)) and all(
        isinstance(turn, (list, tuple)) and len(turn) == 2 and all(isinstance(t, str) for t in turn)
        for turn in value
    )
    if not right:
        raise _wrong(where, "history", value, "a list of [question, answer] pairs")
    return tuple((turn[0], turn[1]) for turn in value)


def _check(values: Mapping[str, Any], where: str) -> None:
    unanswerable = values.get("unanswerable", False)
    if not isinstance(unanswerable, bool):
        raise _wrong(where, "unanswerable", unanswerable, "true or false")
    if unanswerable and values.get("answers"):
        raise _wrong(where, "answers", values["answers"], "none, as the case is unanswerable")
    if not unanswerable and not values.get("answers"):
        raise _wrong(where, "answers", values.get("answers"), "at least one, or unanswerable: true")
    for name in ("after", "before"):
        if values.get(name) and parse_date(values[name]) is None:
            raise _wrong(where, name, values[name], "a date such as 2025-02-05")


def _wrong(where: str, field: str, value: Any, expected: str) -> SetError:
    shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "..."
    return SetError(f"{where}: {field}: expected {expected}, found {shown}")


def save_set(cases: Iterable[Case], path: str | Path) -> None:
    """Write cases as JSON Lines, leaving out what is empty."""
    lines = []
    for case in cases:
        record = {name: getattr(case, name) for name in _NAMES}
        kept = {k: v for k, v in record.items() if v not in ("", (), False) or k == "answers"}
        lines.append(json.dumps(kept, ensure_ascii=False))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
