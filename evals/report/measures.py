"""What the measures are called, what they mean, and how their values are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from corpus.dates import long_date
from evals.measures import LOWER_IS_BETTER, Unit, unit

THIN = "\u202f"  # a narrow space that does not break
NONE = "–"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as a reader meets it."""

    name: str
    label: str
    meaning: str
    unit: Unit = Unit.SHARE

    @property
    def lower_is_better(self) -> bool:
        """Whether less of it is better."""
        return self.name in LOWER_IS_BETTER


MAIN = (
    Measure("right", "Right", "a right answer, or an abstention where there is none"),
    Measure("em", "Exact match", "the short answer is a right one, word for word"),
    Measure("f1", "Token F1", "words shared with the nearest right answer", Unit.POINTS),
    Measure("answer_recall", "Answer recall", "a right answer stands in the text"),
    Measure("citation_exactness", "Exact quotes", "quotes that stand in the article to the letter"),
    Measure("citation_precision", "Citation precision", "quotes that hold a right answer"),
    Measure("citation_recall", "Citation recall", "answers with a quote that holds a right one"),
    Measure(
        "abstention_balanced", "Abstention", "answering what can be, refusing what cannot, balanced"
    ),
    Measure("answered_precision", "Right when sure", "right among the answers without reserve"),
    Measure(
        "calibration_error",
        "Calibration error",
        "how far confidence is from being right",
        Unit.POINTS,
    ),
    Measure("article@5", "Article in top 5", "a right article among the first five found"),
    Measure(
        "latency_p50", "Median latency", "half of the answers are faster", Unit.SECONDS
    ),
    Measure(
        "latency_p95", "95th percentile", "one answer in twenty is slower", Unit.SECONDS
    ),
)  # fmt: skip
"""The measures that get a tile, in order."""

_BY_NAME = {measure.name: measure for measure in MAIN}


def measure(name: str) -> Measure:
    """A measure by its name; those without a tile are labelled by the name."""
    return _BY_NAME.get(name) or Measure(name, name.replace("_", " "), "", unit(name))


def written(value: float, unit: Unit) -> str:
    """A value with its unit: "39.6 %", "33.8" or "1.04 s"."""
    if plain := _plain(value, unit):
        return plain
    return f"{100 * value:.1f}" + (f"{THIN}%" if unit is Unit.SHARE else "")


def interval(low: float, high: float, unit: Unit) -> str:
    """An interval: "31.6 to 49.1"; in the unit of `written`, without the sign of per cent."""
    if _plain(low, unit):
        return f"{_plain(low, unit)} to {_plain(high, unit)}"
    return f"{_signed(100 * low)} to {_signed(100 * high)}"


def change(value: float, unit: Unit) -> str:
    """A difference with its sign: "+4.6 points" or "−0.20 s"."""
    if plain := _plain(abs(value), unit):
        return ("−" if value < 0 else "+") + plain
    sign = "+" if value > 0 else ""
    return f"{sign}{_signed(100 * value)} points"


def _plain(value: float, unit: Unit) -> str:
    """A value that is no share; "" for those that are."""
    if unit is Unit.SECONDS:
        return seconds(value)
    if unit is Unit.NUMBER:
        return f"{value:,.0f}"
    return f"{value:,.4f}" if unit is Unit.COST else ""


def seconds(value: float) -> str:
    """A duration in s, or in ms below a tenth of a second."""
    return f"{1000 * value:.0f}{THIN}ms" if abs(value) < 0.1 else f"{value:.2f}{THIN}s"


def day(text: str | None) -> str:
    """An ISO date and time as a long date; as it is where it is none."""
    try:
        return long_date(datetime.fromisoformat(text)) if text else ""
    except ValueError:
        return text or ""


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")
