"""The card of a points score: findings, their points, and a box for the sum."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from avidity.report.figures.ink import (
    HAIR,
    INK,
    LINE_HEIGHT,
    QUIET,
    SMALL_SIZE,
    TINT,
    WIDE,
    wrapped,
)
from avidity.report.figures.inputs_score import CardLine, ScorePlan

CARD = 80.0  # mm, the width of a column
_ROW = 4.9  # mm, a line
_HEAD = 6.0  # mm, the header
_SUM = 8.0  # mm, the line of the total
_PAD = 2.0  # mm, inside the card
_POINTS = 12.0  # mm, the column of points
_INDENT = 3.0  # mm


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the card with its words broken to its width."""

    line: CardLine
    words: list[str]

    @property
    def height(self) -> float:
        """In mm."""
        return _ROW + LINE_HEIGHT * (len(self.words) - 1)


def entry_of(line: CardLine) -> Entry:
    """The line, its words broken; a heading may use the column of points too."""
    room = CARD - 2 * _PAD - _POINTS - (_INDENT if line.indent else 0)
    heading = not line.points
    return Entry(line, wrapped(line.label, room + (_POINTS if heading else 0), bold=heading))


def halves(entries: list[Entry]) -> list[list[Entry]]:
    """Two columns, about equally long, that break where a variable begins if one does."""
    starts = [at for at, entry in enumerate(entries) if at and not entry.line.indent]
    starts = starts or list(range(1, len(entries)))
    if not starts:
        return [entries]
    heights = [entry.height for entry in entries]
    cut = min(starts, key=lambda at: abs(sum(heights[:at]) - sum(heights[at:]) - _SUM))
    return [entries[:cut], entries[cut:]]


def card_height(columns: list[list[Entry]]) -> float:
    """The longest column, the sum at the end of the last one included."""
    *others, last = (_HEAD + sum(entry.height for entry in column) for column in columns)
    return max([*others, last + _SUM])


def draw_card(axes: Axes, plan: ScorePlan, columns: list[list[Entry]]) -> None:
    """Header and lines of each column, and the sum at the end of the last."""
    y = 0.0
    for left, column in zip((0.5, WIDE - 0.5 - CARD), columns, strict=False):
        ends = (left, left + CARD)
        axes.plot(ends, [0.5, 0.5], color=INK, linewidth=0.8)
        y = 0.5 + _HEAD / 2
        axes.text(ends[0] + _PAD, y, "Finding", va="center_baseline", weight="bold")
        axes.text(ends[1] - _PAD, y, "Points", va="center_baseline", ha="right", weight="bold")
        y = 0.5 + _HEAD
        axes.plot(ends, [y, y], color=INK, linewidth=0.6)
        for number, entry in enumerate(column):
            _line(axes, entry, ends, y, rule=number > 0)
            y += entry.height
        axes.plot(ends, [y, y], color=INK, linewidth=0.8)
        if column is columns[-1]:
            _sum(axes, plan, ends, y)


def _line(axes: Axes, entry: Entry, ends: tuple[float, float], y: float, *, rule: bool) -> None:
    line, middle = entry.line, y + entry.height / 2
    if rule and not line.indent:
        axes.plot(ends, [y, y], color=HAIR, linewidth=0.5)
    x = ends[0] + _PAD + (_INDENT if line.indent else 0)
    for at, words in enumerate(entry.words):
        level = middle + LINE_HEIGHT * (at - (len(entry.words) - 1) / 2)
        weight = "normal" if line.points else "bold"
        axes.text(x, level, words, va="center_baseline", weight=weight)
    if line.points:
        nothing = line.points == "0"
        axes.text(
            ends[1] - _PAD,
            middle,
            line.points,
            va="center_baseline",
            ha="right",
            color=QUIET if nothing else INK,
            weight="normal" if nothing else "bold",
        )


def _sum(axes: Axes, plan: ScorePlan, ends: tuple[float, float], y: float) -> None:
    """The total, with its range and a box to write it into."""
    left, right = ends
    axes.fill([left, right, right, left], [y, y, y + _SUM, y + _SUM], color=TINT, linewidth=0)
    axes.plot(ends, [y, y], color=INK, linewidth=0.6)
    axes.plot(ends, [y + _SUM] * 2, color=INK, linewidth=0.8)
    middle = y + _SUM / 2
    axes.text(left + _PAD, middle, "Total", va="center_baseline", weight="bold")
    box = [right - _PAD - 9, right - _PAD]
    axes.fill(
        [box[0], box[1], box[1], box[0]],
        [middle - 2.5, middle - 2.5, middle + 2.5, middle + 2.5],
        facecolor="white",
        edgecolor=INK,
        linewidth=0.6,
    )
    words = f"possible: {plan.range}"
    axes.text(
        box[0] - 2,
        middle,
        words,
        va="center_baseline",
        ha="right",
        fontsize=SMALL_SIZE,
        color=QUIET,
    )
