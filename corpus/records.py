"""JSON, JSON Lines and CSV: records whose fields are mapped onto an article's by data."""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any

from corpus.article import Article, Loaded, Skipped
from corpus.clean import drop_page_lines
from corpus.dates import parse_date
from corpus.markup import html_text
from corpus.names import authors_from

FieldMap = Mapping[str, tuple[str, ...]]

FIELDS: FieldMap = {
    "title": ("title", "headline", "name"),
    "body": ("body", "text", "content", "articleBody", "article", "maintext", "story"),
    "outlet": ("outlet", "source.name", "publisher.name", "publisher", "publication", "site",
               "sitename", "source"),
    "authors": ("authors", "author", "author.name", "byline", "creator"),
    "published": ("published", "publish_date", "published_at", "publishedAt", "date_publish",
                  "datePublished", "date", "time"),
    "url": ("url", "link", "source_url", "web_url"),
    "updated": ("updated", "dateModified", "date_modified", "modified", "updated_at", "updatedAt"),
    "language": ("language", "lang", "inLanguage"),
    "section": ("section", "articleSection", "category"),
}  # fmt: skip
"""For each of an article's fields, the names it goes by, in order. A dot looks inside."""

_SINCE_1970 = re.compile(r"(\d{9,10})(?:\d{3}|\.\d+)?")
_LONGEST_LIST = 10_000  # characters of a cell that is read as a list
_LOOKED_AT = 100  # lines of a table, to tell whether its cells are quoted
_SEPARATOR = re.compile(r"(?i)sep=([;,\t|])")  # as Excel writes it above the header
_QUOTED_CELL = re.compile(r'(?:^|\t)"[^"\t]*"(?=\t|\r?$|\r?\n)')
_HTML = re.compile(
    r"(?i)</?(?:p|br|div|span|a|b|i|em|strong|li|ul|ol|h[1-6]|blockquote|figure|img)\b[^<>]*>"
    r"|&(?:amp|quot|nbsp|[lr][sd]quo|[mn]dash|hellip|apos|#\d{2,5}|#x[\da-f]{2,4});"
)
_BLOCK = re.compile(r"(?i)<(?:p|br|div|li|h[1-6])\b")
_LISTS = ("articles", "items", "data", "results", "docs")


def read_json(text: str, source: str, fields: FieldMap = FIELDS) -> Loaded:
    """Articles of a JSON document: one record, a list, or an object that holds the list.

    What holds an object a line is JSON Lines, whatever it is called.

    Raises:
        ValueError: not JSON, or no records in it.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = text.split("\n")  # `splitlines` ends some inside a text
        if _is_object(lines[0]) and _is_object(next(filter(str.strip, lines[1:]), "")):
            yield from read_jsonl(lines, source, fields)
            return
        raise ValueError(f"not valid JSON ({error})") from error
    if isinstance(data, dict):
        held = [] if pick(data, fields["body"]) else [data.get(key) for key in _LISTS]
        data = next((one for one in held if isinstance(one, list)), [data])
    if not isinstance(data, list) or not data:
        raise ValueError("JSON holds no records: expected an object or a list of objects")
    yield from _articles(enumerate(data, 1), source, fields)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def read_jsonl(lines: Iterable[str], source: str, fields: FieldMap = FIELDS) -> Loaded:
    """Articles of JSON Lines, one at a time; a bad line is skipped, with its number."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Skipped(f"{source}#{number}", f"not valid JSON ({error})")
            continue
        yield from _articles([(number, record)], source, fields)


def read_csv(lines: Iterable[str], source: str, fields: FieldMap = FIELDS) -> Loaded:
    """Articles of a CSV or TSV file with a header line, whose names may be in any case.

    Raises:
        ValueError: there is no header.
    """
    lines = iter(lines)
    head = next(filter(str.strip, lines), "").lstrip("\ufeff")
    told = _SEPARATOR.fullmatch(head.strip())
    head = next(lines, "") if told else head
    if not head.strip():
        raise ValueError("CSV without a header line")
    delimiter = told[1] if told else max("\t;,", key=head.count)
    csv.field_size_limit(1 << 27)
    first = list(islice(lines, _LOOKED_AT))
    # Exports by tabs seldom quote: there a quotation mark is one of the text.
    quoted = delimiter != "\t" or any(_QUOTED_CELL.search(line) for line in (head, *first))
    counted = _Quotes(chain([head], first, lines))
    rows = csv.DictReader(
        counted, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    )
    known = {name.casefold(): name for names in fields.values() for name in names}
    try:
        columns = [name.strip() for name in rows.fieldnames or ()]
        rows.fieldnames = [known.get(name.casefold(), name) for name in columns]
        yield from _articles(_whole_rows(rows, counted, quoted=quoted), source, fields)
    except csv.Error as error:
        yield Skipped(f"{source}#{rows.line_num}", f"not valid CSV ({error}); the rest is unread")


@dataclass(frozen=True, slots=True)
class _BrokenRow:
    reason: str


class _Quotes:
    """Lines, with the quotation marks in them counted."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += line.count('"')
        return line


def _whole_rows(
    rows: csv.DictReader[Any], quotes: _Quotes, *, quoted: bool
) -> Iterator[tuple[int, dict[str, Any] | _BrokenRow]]:
    """Rows, numbered from 2; in place of one that cannot be told, what is wrong with it."""
    before = rows.line_num, quotes.count
    for number, row in enumerate(rows, 2):
        lines, marks = rows.line_num - before[0], quotes.count - before[1]
        before = rows.line_num, quotes.count
        if quoted and lines > 1 and marks % 2 == 1:
            yield number, _BrokenRow(f"a quotation mark is not closed: {lines} lines are one row")
            continue
        # What `DictReader` calls the cells beyond the header; exports may end lines with a comma.
        surplus = any(str(cell).strip() for cell in row.get(None) or ())
        yield number, _BrokenRow("more cells than the header has columns") if surplus else row


def _articles(records: Iterable[tuple[int, Any]], source: str, fields: FieldMap) -> Loaded:
    for number, record in records:
        where = f"{source}#{number}"
        if isinstance(record, _BrokenRow):
            yield Skipped(where, record.reason)
            continue
        if not isinstance(record, dict):
            yield Skipped(where, f"expected an object, found {type(record).__name__}")
            continue
        try:
            yield article_from_record(record, where, fields)
        except ValueError as error:
            yield Skipped(where, str(error))
        except Exception as error:  # odd data of any kind must not stop the rest
            yield Skipped(where, f"cannot be read ({type(error).__name__})")


def article_from_record(record: dict[str, Any], source: str, fields: FieldMap = FIELDS) -> Article:
    """Map one record onto an article.

    Raises:
        ValueError: none of the body fields holds text.
    """
    title = _prose(pick(record, fields["title"]))
    body = _prose(pick(record, fields["body"]))
    if not body:
        names = ", ".join(fields["body"])
        raise ValueError(f"no article text: none of the fields {names} (map one: --map body=FIELD)")
    paragraphs = [line.strip() for line in io.StringIO(body, newline=None)]
    kept = "\n\n".join(drop_page_lines(paragraphs, title, tail=False)) or body
    url = _text(pick(record, fields["url"]))
    outlet = _text(pick(record, fields["outlet"]))
    return Article.create(
        title=title or kept[:80].split("\n")[0],
        body=kept,
        outlet=outlet,
        authors=_authors(pick(record, fields["authors"]), outlet),
        published=_moment(pick(record, fields["published"])),
        updated=_moment(pick(record, fields["updated"])),
        language=_text(pick(record, fields["language"])),
        section=_text(pick(record, fields["section"])),
        url=url if url.startswith(("http://", "https://")) else "",
        source=source,
    )


def pick(record: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The first of the named fields that holds something, else None."""
    for name in names:
        value: Any = record
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if (value and isinstance(value, list)) or (value != "" and _is_plain(value)):
            return value
    return None


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(str(part) for part in value if _is_plain(part))
    return str(value).strip() if _is_plain(value) else ""


def _prose(value: Any) -> str:
    """Text that may be in HTML, as exports of content systems have it."""
    text = _text(value)
    if not _HTML.search(text):
        return text
    return html_text(text if _BLOCK.search(text) else text.replace("\n", "<br>")) or text


def _is_plain(value: Any) -> bool:
    """Text, a date or a number; true and false are neither, nor is what is no number (NaN)."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, (str, int, date)) and not isinstance(value, bool)


def _moment(value: Any) -> datetime | None:
    """A date as people write it, or seconds or milliseconds since 1970."""
    text = _text(value)
    if (date := parse_date(text)) or not (count := _SINCE_1970.fullmatch(text)):
        return date
    return datetime.fromtimestamp(int(count[1]), UTC)


def _authors(value: Any, outlet: str) -> tuple[str, ...]:
    """A list of names or of objects with one, or a byline."""
    if isinstance(value, str) and value.lstrip().startswith("[") and len(value) <= _LONGEST_LIST:
        value = _listed(value)
    listed = value if isinstance(value, list) else [value]
    names = [_text(one.get("name") if isinstance(one, dict) else one) for one in listed]
    # Exports may have all in small letters, which on a page is a login's name.
    return authors_from((n.title() if n.islower() and " " in n else n for n in names), outlet)


def _listed(text: str) -> Any:
    """A list as it was written into a table's cell, else the text: "['Jane Doe', 'John Roe']"."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
