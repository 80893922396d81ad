"""Article extraction (Zyte's article-extraction-benchmark): article text out of news pages.

As its `evaluate.py`: runs of four words (case kept) that page and truth share, weighed so that
each page counts alike; mean precision over pages where something was extracted, mean recall, and
F1 of those two means. The difference: our own bootstrap, where theirs takes 1.96 deviations. A
failure is a page that gives no text.

The rules of `corpus.page` were made looking at one half of the pages, told by a hash of their
names; the figures named "held-out half" are of the other, whose
pages nobody looked at.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus import OnRecordError
from corpus.language import language_of
from corpus.page import read_html, read_plain
from evals.bench import files
from evals.bench.result import Progress, Result, timings, tracked
from evals.statistics import Figure, Indices, bootstrap, mean

_WORDS = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the text of its article."""

    file: Path
    truth: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of the runs of words of a page and its truth: in both, in one, in the other."""

    both: float
    extra: float
    missing: float


def load(folder: Path) -> Iterator[Page]:
    """The pages of a folder with `ground-truth.json` and `html/*.html.gz`.

    Raises:
        OnRecordError: a file is missing or has another shape.
    """
    path = files.find(folder, "ground-truth.json")
    truths = files.read_json(path)
    if not isinstance(truths, dict):
        raise OnRecordError(f"{path}: expected an object with a page a key")
    for name, record in truths.items():
        file = folder / "html" / f"{name}.html.gz"
        if not file.is_file():
            raise OnRecordError(f"{file}: no such page, though {path.name} names it")
        yield Page(file, files.text(record, "articleBody", f"{path}: {name}", default=""))


def is_held_out(name: str) -> bool:
    """Whether a page is of the half that no rule was made on."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def run(
    folder: Path,
    limit: int | None = None,
    progress: Progress | None = None,
    *,
    plain: bool = False,
) -> Result:
    """Extract every page (or the first `limit`) and score the texts.

    Args:
        folder: The benchmark's.
        limit: Only the first so many pages.
        progress: Called as pages are done.
        plain: Whether trafilatura alone extracts, to compare with.

    Raises:
        OnRecordError: a file is missing, or there are no pages.
    """
    pages = list(islice(load(folder), limit))
    if not pages:
        raise OnRecordError(f"{folder}: no pages in it")
    overlaps, failures, seconds = [], [], []
    for page in tracked(pages, progress):
        started = time.process_time()  # of one core, whatever else the machine does
        text = extract(page.file, plain=plain)
        seconds.append(time.process_time() - started)
        failures.append(float(not text.strip()))
        overlaps.append(overlap(page.truth, text))
    metrics = _figures(overlaps, "") | {"failures": mean(failures)}
    for name, chosen in _slices(pages).items():
        metrics |= _figures([overlaps[n] for n in chosen], f", {name}") if chosen else {}
    times = timings(seconds)
    times["pages a second"] = len(pages) / times["total"]
    return Result("extraction", len(pages), metrics, times)


def _figures(overlaps: Sequence[Overlap], of: str) -> dict[str, Figure]:
    return {
        f"{name}{of}": bootstrap(_over(overlaps, statistic), len(overlaps))
        for name, statistic in (("f1", f1), ("precision", precision), ("recall", recall))
    }


def _slices(pages: Sequence[Page]) -> dict[str, list[int]]:
    """The numbers of the pages in each half, and of those that are not in English."""
    names = [page.file.name.removesuffix(".html.gz") for page in pages]
    held = [is_held_out(name) for name in names]
    foreign = [language_of(page.truth, "en") != "en" for page in pages]
    numbers = range(len(pages))
    return {
        "tuning half": [n for n in numbers if not held[n]],
        "held-out half": [n for n in numbers if held[n]],
        "other languages": [n for n in numbers if foreign[n]],
    }


def extract(file: Path, *, plain: bool = False) -> str:
    """The article text of a packed page; "" where there is none."""
    data = gzip.decompress(file.read_bytes())
    try:
        return read_plain(data) if plain else read_html(data, str(file)).body
    except ValueError:
        return ""


def overlap(truth: str, text: str) -> Overlap:
    """How the runs of words of an extracted text fit those of the truth; all 0 of two blanks."""
    gold, own = Counter(_runs(truth)), Counter(_runs(text))
    both = sum((gold & own).values())
    extra, missing = sum((own - gold).values()), sum((gold - own).values())
    total = (both + extra + missing) or 1
    return Overlap(both / total, extra / total, missing / total)


def precision(overlaps: Sequence[Overlap]) -> float:
    """Mean over the pages that gave some text."""
    return _mean([o.both / (o.both + o.extra) for o in overlaps if o.both + o.extra])


def recall(overlaps: Sequence[Overlap]) -> float:
    """Mean over the pages that have an article."""
    return _mean([o.both / (o.both + o.missing) for o in overlaps if o.both + o.missing])


def f1(overlaps: Sequence[Overlap]) -> float:
    """Harmonic mean of the two means."""
    p, r = precision(overlaps), recall(overlaps)
    return 2 * p * r / (p + r) if p + r else 0.0


def _runs(text: str) -> list[tuple[str, ...]]:
    """All runs of four words; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    found = [tuple(words[at : at + _WORDS]) for at in range(max(1, len(words) - _WORDS + 1))]
    return [run for run in found if run]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _over(
    overlaps: Sequence[Overlap], statistic: Callable[[Sequence[Overlap]], float]
) -> Callable[[Indices], float]:
    return lambda some: statistic([overlaps[n] for n in some])
