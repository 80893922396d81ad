"""The plot of `evals.scale`: four small ones in one SVG, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from evals.report.svg import HEIGHT, WIDTH, Axis, Plane, figure, round_up

_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#667}.tick.up{text-anchor:end}.tick{text-anchor:"
    "middle}.label{text-anchor:middle}.head{text-anchor:start;font-weight:600}.grid{stroke:#8884}"
    ".axis{stroke:#889}.curve{fill:none;stroke-width:2}.one{stroke:#2a7de1}.two{stroke:#d9822b}"
    "text.one,text.two{stroke:none}text.one{fill:#2a7de1}text.two{fill:#d9822b}"
)
_PANELS = (
    ("Indexing, minutes", (("indexing, s", "", 1 / 60),)),
    ("Disk, GB", (("disk, MB", "", 1 / 1000),)),
    ("Peak memory, GB", (
        ("memory indexing, MB", "indexing", 1 / 1000), ("memory serving, MB", "serving", 1 / 1000),
    )),
    ("Search, p95 in ms", (("p95", "all", 1.0), ("filtered p95", "filtered", 1.0))),
)  # fmt: skip


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """An SVG of the rows; each curve over the number of passages."""
    panels = []
    for n, (title, curves) in enumerate(_PANELS):
        x, y = WIDTH * (n % 2), HEIGHT * (n // 2)
        plot = _panel(f"panel{n}", title, curves, rows)
        panels.append(
            Markup('<svg x="{}" y="{}" width="{}" height="{}">{}</svg>').format(
                x, y, WIDTH, HEIGHT, plot
            )
        )
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"><style>{}</style>{}</svg>'
        ).format(2 * WIDTH, 2 * HEIGHT, Markup(_STYLE), Markup("").join(panels))
    )


def _panel(
    key: str, title: str, curves: Sequence[tuple[str, str, float]], rows: Sequence[dict[str, Any]]
) -> Markup:
    right = round_up(max(row["passages"] for row in rows))
    top = round_up(max(row[name] * scale for name, _, scale in curves for row in rows))
    plane = Plane(
        Axis("passages", right, [right * q / 4 for q in range(5)], _thousands),
        Axis(title, top, [top * q / 4 for q in range(5)], lambda value: f"{value:g}"),
    )
    body = [Markup('<text class="head" x="50" y="10">{}</text>').format(title)]
    told = []
    for (name, label, scale), kind in zip(curves, ("one", "two"), strict=False):
        points = [(row["passages"], row[name] * scale) for row in rows]
        body.append(plane.line(points, f"curve {kind}"))
        if label:
            body.append(plane.text(*points[-1], label, f"tick up {kind}", up=6))
        told.append(f"{label} " + ", ".join(f"{y:.3g} at {x:,}" for x, y in points))
    return figure(key, title, "; ".join(told).strip(), plane, body)


def _thousands(value: float) -> str:
    return f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k"
