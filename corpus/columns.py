"""Reading order on a printed page: columns one after the other, not line by line across them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDE = 0.43  # width of a character in heights, on average
_SAME_LINE = 0.35  # of a height that two pieces of a line may stand apart
_FEWEST_LINES = 4  # on each side of a gutter
_MOST_CROSSING = 0.25  # share of lines that may cross a gutter: headlines over both columns
_ALIGNED = 2.0  # points that the beginnings of a column's lines may differ by
_SHARE = 0.2  # of a page's rows that begin anew at a column's edge
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text and where it begins; y grows upwards, all in points."""

    x: float
    y: float
    height: float
    text: str

    @property
    def end(self) -> float:
        """About where it ends: fonts are not measured here."""
        return self.x + len(self.text) * self.height * _WIDE


def in_reading_order(fragments: Sequence[Fragment]) -> str:
    """The lines of a page that has columns, in the order they are read; "" where it has none."""
    rows = _rows(fragments)
    edges = _edges(rows)
    lines = [line for row in rows for line in _touching(row, edges)]
    ordered = _ordered(lines, edges, 0)
    return "\n".join(line.text.strip() for line in ordered) if ordered != lines else ""


def _rows(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Pieces that stand on one line, from the top down, each row from left to right."""
    rows: list[list[Fragment]] = []
    for piece in sorted(fragments, key=lambda f: (-f.y, f.x)):
        if rows and abs(rows[-1][0].y - piece.y) <= _SAME_LINE * piece.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda f: f.x) for row in rows]


def _edges(rows: Sequence[Sequence[Fragment]]) -> list[float]:
    """Where columns may begin: places inside the page at which many rows begin anew."""
    counts: dict[float, int] = {}
    for row in rows:
        for piece in row[1:]:
            place = round(piece.x / _ALIGNED) * _ALIGNED
            counts[place] = counts.get(place, 0) + 1
    fewest = max(_FEWEST_LINES, _SHARE * len(rows))
    return sorted(place for place, count in counts.items() if count >= fewest)


def _touching(row: Sequence[Fragment], edges: Sequence[float]) -> list[Fragment]:
    """The pieces of a row that make one line, as one; none reaches over a column's edge."""
    lines: list[Fragment] = []
    for piece in row:
        anew = any(abs(piece.x - edge) <= _ALIGNED for edge in edges)
        if lines and not anew and piece.x - lines[-1].end < piece.height:
            last = lines[-1]
            lines[-1] = Fragment(last.x, last.y, last.height, f"{last.text} {piece.text.strip()}")
        else:
            lines.append(piece)
    return lines


def _ordered(lines: list[Fragment], edges: Sequence[float], depth: int) -> list[Fragment]:
    gutter = _gutter(lines, edges) if depth < _DEEPEST else None
    if gutter is None:
        return lines
    ordered: list[Fragment] = []
    left: list[Fragment] = []
    right: list[Fragment] = []
    for line in lines:
        if line.x < gutter < _reach(line, gutter):
            ordered += [*_ordered(left, edges, depth + 1), *_ordered(right, edges, depth + 1), line]
            left, right = [], []
        else:
            (left if line.x < gutter else right).append(line)
    return [*ordered, *_ordered(left, edges, depth + 1), *_ordered(right, edges, depth + 1)]


def _reach(line: Fragment, gutter: float) -> float:
    """Where a line ends, unless that is so little past the gutter that it may be our guess."""
    slack = 0.25 * (line.end - line.x)
    return line.end if line.end - gutter > slack else gutter


def _gutter(lines: list[Fragment], edges: Sequence[float]) -> float | None:
    """The x of a strip that lines stand on both sides of and few cross."""
    best, fewest = None, _MOST_CROSSING * len(lines)
    for x in (edge - 1.5 * _ALIGNED for edge in edges):
        sides = [line for line in lines if not line.x < x < _reach(line, x)]
        left = [line for line in sides if line.x < x]
        right = [line for line in sides if line.x >= x]
        crossing = len(lines) - len(sides)
        if min(len(left), len(right)) < _FEWEST_LINES or crossing >= fewest:
            continue
        if _beside(left, right) and _is_prose(left) and _is_prose(right):
            best, fewest = x, crossing
    return best


def _is_prose(lines: list[Fragment]) -> bool:
    """Whether lines hold words, as a column's do; the cells of a table hold one or two."""
    return sum(line.text.count(" ") >= 2 for line in lines) >= 0.5 * len(lines)


def _beside(left: list[Fragment], right: list[Fragment]) -> bool:
    """Whether the two sides stand beside each other, not one above the other."""
    top = min(max(line.y for line in side) for side in (left, right))
    bottom = max(min(line.y for line in side) for side in (left, right))
    both = sum(bottom <= line.y <= top for line in (*left, *right))
    return both >= 0.5 * (len(left) + len(right))
