"""The few SVG shapes the report is drawn with. Sizes are in pixels; values keep their units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evals.statistics import Figure

WIDTH, HEIGHT = 400, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 380, 16, 254
_TRACK = 200  # width of a range mark


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a plot, from 0 to `top`."""

    label: str
    top: float
    ticks: Sequence[float]
    write: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Plane:
    """The drawing area of a plot and its two axes."""

    across: Axis
    up: Axis

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return round(_LEFT + (_RIGHT - _LEFT) * min(value / self.across.top, 1.0), 1)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * min(value / self.up.top, 1.0), 1)

    def line(self, points: Iterable[tuple[float, float]], kind: str) -> Markup:
        """A line through points given in values."""
        places = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        return Markup('<polyline class="{}" points="{}"/>').format(kind, places)

    def text(self, x: float, y: float, words: str, kind: str, *, up: float = 0) -> Markup:
        """Words at a place given in values, raised by `up` pixels."""
        return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(
            kind, self.x(x), round(self.y(y) - up, 1), words
        )


def figure(key: str, title: str, description: str, plane: Plane, body: Iterable[Markup]) -> Markup:
    """A whole plot: axes, what is drawn on them, and the same told in words."""
    return Markup(
        '<svg class="plot" id="{key}" role="img" viewBox="0 0 {width} {height}" '
        'aria-labelledby="{key}-title {key}-desc">'
        '<title id="{key}-title">{title}</title><desc id="{key}-desc">{description}</desc>'
        "{axes}{body}</svg>"
    ).format(
        key=key,
        width=WIDTH,
        height=HEIGHT,
        title=title,
        description=description,
        axes=_axes(plane),
        body=Markup("").join(body),
    )


def _axes(plane: Plane) -> Markup:
    parts = []
    for value in plane.up.ticks:
        parts.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(
                _LEFT, _RIGHT, y=plane.y(value)
            )
        )
        parts.append(
            Markup('<text class="tick up" x="{}" y="{}">{}</text>').format(
                _LEFT - 6, plane.y(value) + 4, plane.up.write(value)
            )
        )
    for value in plane.across.ticks:
        parts.append(
            Markup('<text class="tick" x="{}" y="{}">{}</text>').format(
                plane.x(value), _BOTTOM + 17, plane.across.write(value)
            )
        )
    middle = (_LEFT + _RIGHT) // 2
    parts.append(
        Markup('<line class="axis" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(
            _LEFT, _RIGHT, y=_BOTTOM
        )
    )
    parts.append(
        Markup('<text class="label" x="{}" y="{}">{}</text>').format(
            middle, HEIGHT - 8, plane.across.label
        )
    )
    return Markup("").join(parts)


def range_mark(figure: Figure, top: float, other: Figure | None = None) -> Markup:
    """A value and its interval on a scale from 0 to `top`; under it another run's, hollow."""

    def x(value: float) -> float:
        return round(_TRACK * min(max(value / top, 0.0), 1.0), 1) if top else 0.0

    def mark(of: Figure, y: int, kind: str) -> Markup:
        width = max(x(of.high) - x(of.low), 1)
        return Markup(
            '<rect class="band {kind}" x="{low}" y="{y}" width="{width:.1f}" height="6" rx="3"/>'
            '<rect class="value {kind}" x="{at:.1f}" y="{above}" width="3" height="12"/>'
        ).format(kind=kind, low=x(of.low), y=y, width=width, at=x(of.value) - 1.5, above=y - 3)

    height, under = (28, mark(other, 19, "other")) if other else (14, Markup(""))
    return Markup(
        '<svg class="range" viewBox="-2 0 {} {}" aria-hidden="true">'
        '<line class="track" x1="0" x2="{}" y1="7" y2="7"/>{}{}</svg>'
    ).format(_TRACK + 4, height, _TRACK, mark(figure, 4, "own"), under)


def bar(value: float, low: float, high: float) -> Markup:
    """A share from 0 to 1 as a small bar with a whisker for its interval."""
    return Markup(
        '<svg class="bar" viewBox="0 0 60 10" aria-hidden="true">'
        '<rect class="track" width="60" height="10"/><rect class="own" width="{:.1f}" height="10"/>'
        '<line class="whisker" x1="{:.1f}" x2="{:.1f}" y1="5" y2="5"/></svg>'
    ).format(60 * value, 60 * low, 60 * high)


def round_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8 times a power of ten: its quarters are plain numbers."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * (1 - 1e-9))
