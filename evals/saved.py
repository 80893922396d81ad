"""A saved run: a folder with its cases, every answer, and what a judge said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import OnRecordError
from evals.case import Case

RUN, CASES = "run.json", "cases.jsonl"
ANSWERS, JUDGED = "answers.jsonl", "judged.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """The saved answers of a set: a folder with `run.json`, `cases.jsonl` and `answers.jsonl`."""

    folder: Path
    info: Mapping[str, Any]
    cases: Sequence[Case]
    answers: Mapping[str, Mapping[str, Any]]
    """By case id: the answer as a dict, its hits, the reader's spans, and what stands at its
    citations' offsets; or an error, of a question that could not be asked."""
    judged: Mapping[str, Judgement] = field(default_factory=dict)
    """By case id: what a judge said of it."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def unasked(self) -> int:
        """How many cases have no record yet."""
        return sum(case.id not in self.answers for case in self.cases)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said of one answer, and what that took."""

    right: bool | None
    """None where it gave no verdict."""
    tokens_in: int = 0
    tokens_out: int = 0
    counted: str = ""
    """"usage" where the model told its tokens, "tiktoken" where they were counted here."""
    cost: float | None = None
    """In the currency of the prices given; None where none were."""
    model: str = ""
    """Who judged."""


def load_run(folder: str | Path) -> Run:
    """Read a saved run, whole or in part.

    Raises:
        OnRecordError: there is none in the folder.
    """
    folder = Path(folder)
    try:
        info = json.loads((folder / RUN).read_text("utf-8"))
        cases = [_case(json.loads(line)) for line in lines(folder / CASES)]
    except (OSError, ValueError) as error:
        raise OnRecordError(f"no run in {folder}; make one with: onrecord eval run SET") from error
    judged = {
        case: Judgement(**{k: v for k, v in record.items() if k != "case"})
        for case, record in records(folder, JUDGED).items()
    }
    return Run(folder, info, cases, records(folder, ANSWERS), judged)


def is_finished(folder: Path) -> bool:
    """Whether a folder holds a run whose cases have all been asked."""
    file = folder / RUN
    return file.exists() and "finished" in read_info(folder)


def same_set(first: Run, second: Run) -> None:
    """Make sure that two runs can be told against each other.

    Raises:
        OnRecordError: they are of different sets.
    """
    if first.info["set_hash"] != second.info["set_hash"]:
        raise OnRecordError(f"{first.folder} and {second.folder} are runs of different sets")


def write_info(folder: Path, info: Mapping[str, Any]) -> None:
    """Write what is known of a run."""
    text = json.dumps(info, indent=2, ensure_ascii=False)
    new = folder / f"{RUN}.new"  # whole or not at all, whenever it is killed
    new.write_text(text, encoding="utf-8")
    new.replace(folder / RUN)


def read_info(folder: Path) -> dict[str, Any]:
    """What is known of a run.

    Raises:
        OnRecordError: it cannot be read.
    """
    try:
        info: dict[str, Any] = json.loads((folder / RUN).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OnRecordError(
            f"{folder / RUN} cannot be read ({error}); choose another folder with --out"
        ) from error
    return info


def records(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """Saved records by case, the last of each."""
    file = folder / name
    saved = {}
    for number, line in enumerate(lines(file) if file.exists() else (), 1):
        try:
            record = json.loads(line)
            saved[record["case"]] = record
        except (ValueError, TypeError, KeyError) as error:
            raise OnRecordError(
                f"{file}:{number}: no record of a case; drop the line and run the same again"
            ) from error
    return saved


def lines(file: Path) -> Iterator[str]:
    """The whole lines of a file; what a kill cut short, or is being written, is left out.

    Only "\\n" ends a line: article text holds what `splitlines` takes for ends as well.
    """
    with file.open("rb") as opened:
        yield from (line.decode("utf-8") for line in opened if line.endswith(b"\n"))


def drop_cut_line(file: Path) -> None:
    """Drop what a kill left of a last line, so that the next one begins a line of its own."""
    if not file.exists():
        return
    with file.open("rb+") as opened:
        data = opened.read()
        opened.truncate(data.rfind(b"\n") + 1)


def _case(record: dict[str, Any]) -> Case:
    for name in ("answers", "articles", "quotes", "tags"):
        record[name] = tuple(record[name])
    record["history"] = tuple((q, a) for q, a in record["history"])
    return Case(**record)
