"""Putting the page together: templates, style and script in one file that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.report import plots, tiles
from evals.report.measures import day, seconds
from evals.report.rows import Row, rows
from evals.saved import Run
from evals.score import Report
from evals.statistics import quantile

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class _Filter:
    """A button over the table of cases."""

    name: str
    label: str
    n: int


_FILTERS = {
    "": "All",
    "wrong": "Wrong",
    "right": "Right",
    "abstained": "Abstained",
    "overconfident": "Answered though unanswerable",
    "changed": "Changed",
    "better": "Now right",
    "worse": "Now wrong",
}
_OF_TWO = ("changed", "better", "worse")


def write_report(
    run: Run, report: Report, file: str | Path, against: tuple[Run, Report] | None = None
) -> Path:
    """Write a scored run as one self-contained HTML page; returns the file.

    Everything of articles, questions and answers is escaped; the page runs no script but its own
    and loads nothing. It reads without JavaScript too.

    Args:
        run: The run.
        report: Its scores.
        file: Where to write; folders are made.
        against: An earlier run of the same set and its scores, to show beside it.

    Raises:
        OnRecordError: `against` is of another set.
    """
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_page(run, report, against), encoding="utf-8", errors="replace")
    return path


def _page(run: Run, report: Report, against: tuple[Run, Report] | None) -> str:
    other = against[1] if against else None
    paired = tiles.differences((run, report), against) if against else {}
    of_slices = tiles.slices(report, other)
    table = rows(run, report, against, [s.name for s in of_slices])
    style, script = _part("page.css"), _part("page.js")
    return _environment().get_template("page.html").render(
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        run=run,
        set_name=_set_name(run),
        date=day(run.info.get("started")),
        against=against[0] if against else None,
        against_date=day(against[0].info.get("started")) if against else "",
        headline=_headline(report),
        verdict=paired["right"].verdict if "right" in paired else "",
        tiles=tiles.tiles(report, other, paired),
        lines=tiles.lines(report, other),
        columns=tiles.columns(report),
        slices=of_slices,
        plots=_plots(report, other),
        judge=str(report.judge) if report.judge else "",
        made_with=_made_with(run, against[0] if against else None),
        rows=table,
        filters=_filters(table, bool(against)),
    )  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["seconds"] = seconds
    return environment


def _part(name: str) -> Markup:
    """A file of ours that goes into the page as it is."""
    return Markup((_HERE / name).read_text("utf-8").strip())


def _hash(text: str) -> str:
    """What a content security policy knows an inline style or script by."""
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()


def _set_name(run: Run) -> str:
    return Path(str(run.info.get("set") or run.name)).stem


def _headline(report: Report) -> str:
    if (figure := report.metrics.get("right")) is None:
        return "Nothing scored yet"
    right = round(figure.value * figure.n)
    return f"{right} of {figure.n} cases right"


def _plots(report: Report, other: Report | None) -> list[tuple[str, str, Markup]]:
    """Each with its heading and what to see in it."""
    own, before = plots.series(report), plots.series(other) if other else None
    return [
        (
            "Risk against coverage",
            f"How many of the {len(own.confidences)} answers given are wrong, if only the surest "
            "are kept. A curve that rises from the left means the confidence sorts them well.",
            plots.risk_coverage_plot(own, before),
        ),
        (
            "Confidence against accuracy",
            "Answers of like confidence, with their number and 95 % interval. On the dashed line, "
            "an answer is right as often as it claims to be.",
            plots.reliability_plot(own, before),
        ),
        (
            "Time to answer",
            f"Of all {len(own.seconds)} cases asked. The dashed lines mark the median, "
            f"{seconds(quantile(own.seconds, 0.5))}, and the 95th percentile, "
            f"{seconds(quantile(own.seconds, 0.95))}.",
            plots.latency_plot(own, before),
        ),
    ]


def _made_with(run: Run, against: Run | None) -> list[tuple[str, str, str, bool]]:
    """Settings and versions: name, value, the other run's value, and whether they differ."""
    own, other = _facts(run), _facts(against) if against else {}
    names = dict.fromkeys([*own, *other])
    return [
        (n, own.get(n, "–"), other.get(n, "–"), bool(against) and own.get(n) != other.get(n))
        for n in names
    ]


def _facts(run: Run) -> dict[str, str]:
    info: dict[str, Any] = dict(run.info)
    plain = {
        str(k): str(v)
        for part in ("settings", "archive", "versions")
        for k, v in info.get(part, {}).items()
    }
    return plain | {"machine": str(info.get("machine", "–")), "folder": run.name}


def _filters(table: Sequence[Row], two: bool) -> list[_Filter]:
    made = []
    for name, label in _FILTERS.items():
        if two or name not in _OF_TWO:
            n = sum(name in row.filters for row in table) if name else len(table)
            made.append(_Filter(name, label, n))
    return made
