"""CANARD (Elgohary et al. 2019): follow-up questions rewritten to stand on their own.

Scored by corpus BLEU-4 (Papineni et al. 2002): clipped n-gram precisions over the whole corpus,
their geometric mean for n = 1 to 4 without smoothing, and the brevity penalty. The authors run
Moses' `multi-bleu-detok.perl`: mteval-13a tokens, case-sensitive, one reference, 0 to 100. So do
we, from 0 to 1. Differences: they tokenize both sides with spaCy before that, which parts "didn't"
into two; and their systems see the page's title and section, where ours sees the turns alone.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import OnRecordError
from evals.bench import files
from evals.bench.result import Progress, Result, means, timings, tracked
from evals.statistics import Figure, bootstrap
from qa.follow_up import standalone

Rewriter = Callable[[str, Sequence[tuple[str, str]]], str]
"""From a question and the earlier turns to a question that stands on its own."""

_ORDER = 4
_HEADINGS = 2  # a history begins with the page's title and the section's
_TOKENS = (
    (re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), r" \1 "),
    (re.compile(r"([^0-9])([\.,])"), r"\1 \2 "),
    (re.compile(r"([\.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One follow-up question and how a person rewrote it."""

    question: str
    history: tuple[tuple[str, str], ...]
    """Earlier turns as (question, answer)."""
    rewrite: str
    dialog: str


def load(path: Path) -> Iterator[Turn]:
    """The turns of a file (a JSON list as released, or JSON Lines).

    Raises:
        OnRecordError: naming file and line.
    """
    for where, record in files.records(path):
        history = files.items(record, "History", where, str)[_HEADINGS:]
        yield Turn(
            question=files.text(record, "Question", where),
            history=tuple(list(pairwise(history))[::2]),
            rewrite=files.text(record, "Rewrite", where),
            dialog=files.text(record, "QuAC_dialog_id", where),
        )


def run(
    turns: Iterable[Turn], rewrite: Rewriter = standalone, progress: Progress | None = None
) -> Result:
    """Rewrite every question and score the rewrites; `copy_bleu` is that of the bare questions.

    Raises:
        OnRecordError: there are none.
    """
    asked = list(turns)
    if not asked:
        raise OnRecordError("no questions are left to ask")
    rewrites, seconds = [], []
    for turn in tracked(asked, progress):
        started = time.perf_counter()
        rewrites.append(rewrite(turn.question, turn.history))
        seconds.append(time.perf_counter() - started)
    references = [turn.rewrite for turn in asked]
    groups = [turn.dialog for turn in asked]
    same = [float(a == b) for a, b in zip(rewrites, references, strict=True)]
    metrics = {
        "bleu": _figure(rewrites, references, groups),
        "copy_bleu": _figure([turn.question for turn in asked], references, groups),
        **means({"exact": same}, groups),
    }
    return Result("canard", len(asked), metrics, timings(seconds))


def tokens(text: str) -> list[str]:
    """The tokens of mteval-v13a, case kept."""
    text = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, sign in (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(entity, sign)
    text = f" {text} "
    for pattern, parted in _TOKENS:
        text = pattern.sub(parted, text)
    return text.split()


def bleu(rewrites: Sequence[str], references: Sequence[str]) -> float:
    """Corpus BLEU-4 with one reference each, 0 to 1; 0.0 where an order has no match."""
    counts = np.array([_counts(a, b) for a, b in zip(rewrites, references, strict=True)])
    return _bleu(counts.sum(axis=0))


def _figure(
    rewrites: Sequence[str], references: Sequence[str], groups: Sequence[object] | None
) -> Figure:
    counts = np.array([_counts(a, b) for a, b in zip(rewrites, references, strict=True)])
    return bootstrap(lambda some: _bleu(counts[some].sum(axis=0)), len(counts), groups)


def _counts(rewrite: str, reference: str) -> list[int]:
    """Matches for n = 1 to 4, n-grams for n = 1 to 4, and both lengths."""
    ours, theirs = tokens(rewrite), tokens(reference)
    matches, totals = [], []
    for n in range(1, _ORDER + 1):
        own, gold = Counter(_ngrams(ours, n)), Counter(_ngrams(theirs, n))
        matches.append(sum((own & gold).values()))
        totals.append(sum(own.values()))
    return [*matches, *totals, len(ours), len(theirs)]


def _ngrams(words: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + n]) for at in range(len(words) - n + 1))


def _bleu(sums: NDArray[np.int64]) -> float:
    matches, totals, (ours, theirs) = sums[:_ORDER], sums[_ORDER:-2], sums[-2:]
    if not matches.all():
        return 0.0
    brevity = min(0.0, 1 - theirs / ours)
    return float(np.exp(brevity + np.log(matches / totals).mean()))
