"""Running a set: every answer is saved before anything is scored, and a killed run goes on."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from corpus import Article, OnRecordError
from evals.case import Case
from evals.listen import Listening, listening
from evals.saved import (
    ANSWERS,
    CASES,
    RUN,
    Run,
    drop_cut_line,
    load_run,
    read_info,
    records,
    write_info,
)  # fmt: skip
from qa import Answer, Citation, Hit, Span

Progress = Callable[[int, int], None]
"""Called with (cases done, cases in all)."""

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

    A folder that holds part of the same run is gone on with, and what failed is asked again; one
    of another set, or made with other settings, versions or articles, is refused.

    Args:
        engine: What is asked.
        cases: What is asked of it.
        out: The run's folder.
        name: The set's name, for people.
        workers: Questions under way at once; answers are the same, latencies are not.
        hits: Passages kept of each search, for retrieval metrics.
        progress: Called after each case.

    Raises:
        OnRecordError: the folder holds another run, or cannot be written.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OnRecordError(f"cannot make {folder}: {(error.strerror or '').lower()}") from error
    info = _begin(folder, cases, name, engine)
    drop_cut_line(folder / ANSWERS)
    done = records(folder, ANSWERS)
    left = [case for case in cases if "error" in done.get(case.id, {"error": "not asked yet"})]
    finished = len(cases) - len(left)
    with listening(engine) as reader, (folder / ANSWERS).open("a", encoding="utf-8") as file:
        for record in _each(_Asking(engine, reader, hits), left, workers):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            file.flush()
            finished += 1
            if progress:
                progress(finished, len(cases))
    if left or not info.get("finished"):
        write_info(folder, info | {"finished": _now()})
    return load_run(folder)


def _begin(folder: Path, cases: Sequence[Case], name: str, engine: Answers) -> dict[str, Any]:
    """What is known of the run, written where there is none yet."""
    lines = "".join(json.dumps(asdict(case), ensure_ascii=False) + "\n" for case in cases)
    digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
    info = {
        "set": name,
        "set_hash": digest,
        "cases": len(cases),
        "started": _now(),
        **_made_with(engine),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    if (folder / RUN).exists():
        saved = read_info(folder)
        if other := _difference(saved, info):
            raise OnRecordError(f"{folder} holds {other}; choose another folder with --out")
        return saved
    (folder / CASES).write_text(lines, encoding="utf-8")
    write_info(folder, info)
    return info


def _made_with(engine: Answers) -> dict[str, dict[str, Any]]:
    """What the answers depend on, so that those of two engines are never taken for one run."""
    settings, archive = getattr(engine, "settings", None), getattr(engine, "archive", None)
    found: dict[str, dict[str, Any]] = {
        "settings": asdict(settings) if settings is not None else {}, "versions": versions()
    }  # fmt: skip
    if archive is not None:
        articles, passages = archive.library.count()
        hashes = archive.library.rows("SELECT content_hash FROM articles ORDER BY content_hash")
        digest = hashlib.sha256("".join(row[0] for row in hashes).encode()).hexdigest()[:16]
        found["archive"] = {
            "articles": articles, "passages": passages, "embedder": archive.embedder.name,
            "digest of the articles": digest,
        }  # fmt: skip
    return found


def _difference(saved: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """How a saved run differs from the one that would go on with it, in words; "" if it fits."""
    if saved.get("set_hash") != now["set_hash"]:
        return "a run of another set"
    for part in ("settings", "versions", "archive"):
        before, after = saved.get(part, {}), now.get(part, {})
        for name in [*before, *after]:
            if before.get(name) != after.get(name):
                return f"a run with another {name}: {before.get(name)}, where this has " + str(
                    after.get(name)
                )
    return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions() -> dict[str, str]:
    """Versions of what answers depend on."""
    return {name: version(name) for name in _PARTS}


def unfound(articles: Iterable[Article], cases: Sequence[Case]) -> list[str]:
    """A line for each article or quote of a case that no article is or holds: a slip of the pen,
    most likely, which would count as a search that failed."""
    names = {name for case in cases for name in case.articles}
    quotes = {quote for case in cases for quote in case.quotes}
    for article in articles:
        if not names and not quotes:
            break
        names -= {article.id, article.title, Path(article.source).name}
        quotes -= {quote for quote in quotes if quote in article.body}
    return [
        f"{case.id}: no article {what} {text[:80]!r}"
        for case in cases
        for what, given, missing in (
            ("is called", case.articles, names), ("has the words", case.quotes, quotes)
        )
        for text in given if text in missing
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks a case, and keeps what scoring needs."""

    engine: Answers
    reader: Listening | None
    hits: int

    def record(self, case: Case) -> dict[str, Any]:
        """What is saved of a case."""
        try:
            return self._asked(case)
        except OnRecordError as error:
            return {"case": case.id, "error": str(error)}
        except Exception as error:  # one broken answer is a finding; the other cases are asked
            return {"case": case.id, "error": f"{type(error).__name__}: {error}"}

    def _asked(self, case: Case) -> dict[str, Any]:
        when = {"after": case.after or None, "before": case.before or None}
        started = time.perf_counter()
        answer = self.engine.ask(case.question, case.history, **when)
        took = time.perf_counter() - started
        spans = self.reader.take() if self.reader else ()
        asked = answer.read_as or case.question
        found = self.engine.search(asked, max(self.hits, len(spans)), **when)
        cited = (*answer.citations, *answer.nearest)
        return {
            "case": case.id,
            "answer": answer.as_dict(),
            "stands": [_stands(self.engine, citation) for citation in cited],
            "hits": [_hit(hit) for hit in found],
            "spans": _spans(spans, found),
            "wall": round(took, 4),
        }


def _each(asking: _Asking, cases: Sequence[Case], workers: int) -> Iterator[dict[str, Any]]:
    if workers <= 1:
        yield from map(asking.record, cases)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        # As they are done: a slow one must not keep what follows it from being saved.
        for done in as_completed([pool.submit(asking.record, case) for case in cases]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)  # else a stop would wait for all that is left


def _spans(spans: Sequence[Span], hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """What the reader pointed at, the most probable first, and in which of the hits."""
    places = {hit.passage.id: n for n, hit in enumerate(hits)}
    return [
        {
            "hit": places.get(span.hit.passage.id),
            "start": span.start,
            "end": span.end,
            "text": span.text,
            "probability": round(span.probability, 6),
        }
        for span in spans
    ]


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
