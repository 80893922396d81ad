"""What a benchmark comes to: figures with intervals, times, and the versions behind them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from evals.run import versions
from evals.statistics import Figure, mean, quantile

Progress = Callable[[int, int], None]
"""Called with (questions done, questions in all)."""

Item = TypeVar("Item")

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one benchmark. Shares and scores run from 0 to 1, BLEU among them."""

    benchmark: str
    n: int
    """Questions (or pages) that were scored."""
    metrics: Mapping[str, Figure]
    seconds: Mapping[str, float]
    """What took how long: "total", "median" and "p95" a question, "index" where one was made."""
    versions: Mapping[str, str] = field(default_factory=versions)

    def as_dict(self) -> dict[str, Any]:
        """The object that `onrecord bench ... --json` prints."""
        return {
            "benchmark": self.benchmark,
            "n": self.n,
            "metrics": {
                name: {
                    "value": round(figure.value, _DIGITS),
                    "low": round(figure.low, _DIGITS),
                    "high": round(figure.high, _DIGITS),
                }
                for name, figure in self.metrics.items()
            },
            "seconds": {name: round(took, 4) for name, took in self.seconds.items()},
            "versions": dict(self.versions),
        }

    def lines(self) -> Iterator[str]:
        """The same for people, a line a figure."""
        yield f"{self.benchmark}, n={self.n}"
        for name, figure in self.metrics.items():
            yield f"{name:26} {figure}"
        times = ", ".join(f"{name} {took:.3g}" for name, took in self.seconds.items())
        yield f"{'seconds':26} {times}"


def tracked(items: Sequence[Item], progress: Progress | None) -> Iterator[Item]:
    """The items one by one, each reported once it is dealt with."""
    for done, item in enumerate(items, 1):
        yield item
        if progress:
            progress(done, len(items))


def collected(scores: Iterable[Mapping[str, float]]) -> dict[str, list[float]]:
    """The values of each measure over all questions that have it."""
    values: dict[str, list[float]] = {}
    for score in scores:
        for name, value in score.items():
            values.setdefault(name, []).append(value)
    return values


def timings(each: Sequence[float]) -> dict[str, float]:
    """Total, median and 95th percentile of the seconds that each question took."""
    return {"total": sum(each), "median": quantile(each, 0.5), "p95": quantile(each, 0.95)}


def means(
    values: Mapping[str, Sequence[float]], groups: Sequence[Hashable] | None = None
) -> dict[str, Figure]:
    """The mean of each named list; an empty one is left out, since unscored is not zero."""
    return {name: mean(own, groups) for name, own in values.items() if own}
