"""Running a set: every answer is saved before anything is scored, and a killed run goes on."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from corpus import Article, OnRecordError
from evals.case import Case
from qa import Answer, Citation, Hit

Progress = Callable[[int, int], None]
"""Called with (cases done, cases in all)."""

ANSWERS, JUDGED = "answers.jsonl", "judged.jsonl"
_PARTS = ("onrecord", "chromadb", "tantivy", "onnxruntime", "tokenizers")


class Answers(Protocol):
    """What is evaluated: an `Engine`, or anything around one."""

    def ask(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        *,
        after: str | None = None,
        before: str | None = None,
    ) -> Answer:
        """Answer a question."""
        ...

    def search(
        self,
        question: str,
        limit: int = 10,
        *,
        after: str | None = None,
        before: str | None = None,
    ) -> list[Hit]:
        """Find passages."""
        ...

    def article(self, article_id: str) -> Article | None:
        """The article as the archive has it, to check quotes against."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """The saved answers of a set: a folder with `run.json`, `cases.jsonl` and `answers.jsonl`."""

    folder: Path
    info: Mapping[str, Any]
    cases: Sequence[Case]
    answers: Mapping[str, Mapping[str, Any]]
    """By case id: the answer as a dict, its hits, and what stands at its citations' offsets."""
    judged: Mapping[str, bool | None] = field(default_factory=dict)
    """By case id: the verdict of a judge, None where it gave none."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def run(  # noqa: PLR0913 - each is a choice a caller may make
    engine: Answers,
    cases: Sequence[Case],
    out: str | Path,
    *,
    name: str = "",
    workers: int = 1,
    hits: int = 20,
    progress: Progress | None = None,
) -> Run:
    """Ask every case and save each answer as it comes.

    A folder that holds part of the same run is gone on with; one of another set is refused.

    Args:
        engine: What is asked.
        cases: What is asked of it.
        out: The run's folder.
        name: The set's name, for people.
        workers: Questions under way at once; answers are the same, latencies are not.
        hits: Passages kept of each search, for retrieval metrics.
        progress: Called after each case.

    Raises:
        OnRecordError: the folder holds a run of another set.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    _begin(folder, cases, name, engine)
    done = _saved(folder, ANSWERS)
    left = [case for case in cases if case.id not in done]
    finished = len(cases) - len(left)
    with (folder / ANSWERS).open("a", encoding="utf-8") as file:
        for record in _each(engine, left, workers, hits):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            file.flush()
            finished += 1
            if progress:
                progress(finished, len(cases))
    return load_run(folder)


def load_run(folder: str | Path) -> Run:
    """Read a saved run, whole or in part.

    Raises:
        OnRecordError: there is none in the folder.
    """
    folder = Path(folder)
    try:
        info = json.loads((folder / "run.json").read_text("utf-8"))
        lines = (folder / "cases.jsonl").read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise OnRecordError(f"no run in {folder}; make one with: onrecord eval run SET") from error
    judged = {case: record["right"] for case, record in _saved(folder, JUDGED).items()}
    cases = [_case(json.loads(line)) for line in lines]
    return Run(folder, info, cases, _saved(folder, ANSWERS), judged)


def _begin(folder: Path, cases: Sequence[Case], name: str, engine: Answers) -> None:
    lines = "".join(json.dumps(asdict(case), ensure_ascii=False) + "\n" for case in cases)
    digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
    file = folder / "run.json"
    if file.exists():
        if json.loads(file.read_text("utf-8")).get("set_hash") != digest:
            raise OnRecordError(f"{folder} holds a run of another set; choose another with --out")
        return
    settings = getattr(engine, "settings", None)
    info = {
        "set": name,
        "set_hash": digest,
        "cases": len(cases),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": asdict(settings) if settings is not None else {},
        "versions": versions(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    file.write_text(json.dumps(info, indent=2, ensure_ascii=False), encoding="utf-8")


def versions() -> dict[str, str]:
    """Versions of what answers depend on."""
    return {name: version(name) for name in _PARTS}


def _saved(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """Saved records by case; a last line cut short by a kill is dropped from the file."""
    file = folder / name
    if not file.exists():
        return {}
    data = file.read_bytes()
    if data and not data.endswith(b"\n"):
        data = data[: data.rfind(b"\n") + 1]
        file.write_bytes(data)
    records = (json.loads(line) for line in data.decode("utf-8").splitlines())
    return {record["case"]: record for record in records}


def _each(
    engine: Answers, cases: Sequence[Case], workers: int, hits: int
) -> Iterable[dict[str, Any]]:
    if workers <= 1:
        yield from (_answer(engine, case, hits) for case in cases)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(lambda case: _answer(engine, case, hits), cases)


def _answer(engine: Answers, case: Case, hits: int) -> dict[str, Any]:
    after, before = case.after or None, case.before or None
    started = time.perf_counter()
    try:
        answer = engine.ask(case.question, case.history, after=after, before=before)
    except OnRecordError as error:
        return {"case": case.id, "error": str(error)}
    took = time.perf_counter() - started
    found = engine.search(case.question, hits, after=after, before=before)
    return {
        "case": case.id,
        "answer": answer.as_dict(),
        "stands": [_stands(engine, citation) for citation in (*answer.citations, *answer.nearest)],
        "hits": [_hit(hit) for hit in found],
        "wall": round(took, 4),
    }


def _stands(engine: Answers, citation: Citation) -> str | None:
    """What the archive's own copy of the article has at a citation's place."""
    article = engine.article(citation.article.id)
    return article.body[citation.start : citation.end] if article else None


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "article": hit.article.id,
        "title": hit.article.title,
        "source": Path(hit.article.source).name,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
    }


def _case(record: dict[str, Any]) -> Case:
    for name in ("answers", "articles", "quotes", "tags"):
        record[name] = tuple(record[name])
    record["history"] = tuple((q, a) for q, a in record["history"])
    return Case(**record)
