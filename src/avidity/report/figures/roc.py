"""Receiver operating characteristic curves, with their cut-offs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    DASHES,
    HAIR,
    LINE_HEIGHT,
    NARROW,
    SERIES,
    SERIES_TEXT,
    SMALL_SIZE,
    ink,
    sheet,
    style,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs import CutPoint, RocCurve

_LEFT, _RIGHT, _TOP = 13.0, 4.0, 2.5  # mm, around the square
_SIDE = NARROW - _LEFT - _RIGHT  # mm, of the square
_SAMPLE = 8.0  # mm, the piece of line in the legend
_WORDS_AT = _SAMPLE + 3  # mm from the left of the sheet
_LEGEND_AT = 12.0  # mm below the square
_BETWEEN = 1.2  # mm, between the curves of the legend
_SMALL_LINE = 3.4  # mm, line height of the cut-offs' words
_CLEAR = 1.2  # mm, between words and the axes
_Line: TypeAlias = tuple[tuple[float, str], ...]  # pieces: mm from the left, words
_MARKERS = ("o", "s", "D", "^", "v")


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle in mm from the lower left corner of the square."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: _Area) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def inside(self) -> bool:
        return (
            self.x >= _CLEAR
            and self.y >= _CLEAR
            and self.x + self.width <= _SIDE
            and self.y + self.height <= _SIDE
        )


def roc(curves: tuple[RocCurve, ...]) -> Picture:
    """One or several curves on one square, the line of chance, and a legend below."""
    entries = _entries(curves)
    legend = sum(len(lines) * LINE_HEIGHT + _BETWEEN for lines in entries)
    height = _TOP + _SIDE + _LEGEND_AT + legend
    with style():
        figure = sheet(NARROW, height)
        axes = figure.add_axes(
            (_LEFT / NARROW, 1 - (_TOP + _SIDE) / height, _SIDE / NARROW, _SIDE / height)
        )
        _frame(axes)
        for at, curve in enumerate(curves):
            _curve(axes, curve, at)
        _cuts(axes, curves)
        _legend(axes, entries)
        return ink(figure)


def _frame(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    axes.set_yticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    axes.set_xlabel("1 − specificity, %", labelpad=2.5)
    axes.set_ylabel("Sensitivity, %", labelpad=2.5)
    axes.plot([0, 1], [0, 1], color=HAIR, linewidth=0.8, zorder=1)


def _curve(axes: Axes, curve: RocCurve, at: int) -> None:
    axes.plot(
        curve.false_positive_rate,
        curve.true_positive_rate,
        color=SERIES[at % len(SERIES)],
        linestyle=DASHES[at % len(DASHES)],
        linewidth=1.4,
        clip_on=False,
        zorder=3,
    )


def _cuts(axes: Axes, curves: tuple[RocCurve, ...]) -> None:
    """Each cut-off as a mark, its words where they cover neither a curve nor other words."""
    marks = [(cut, at) for at, curve in enumerate(curves) for cut in curve.cuts]
    taken = [dot for curve in curves for dot in _dots(curve)]
    taken += [_around(cut) for cut, _ in marks]
    for cut, at in marks:
        color = SERIES[at % len(SERIES)]
        axes.plot(
            [cut.false_positive_rate],
            [cut.true_positive_rate],
            marker=_MARKERS[at % len(_MARKERS)],
            markersize=5,
            markerfacecolor="white",
            markeredgecolor=color,
            markeredgewidth=1.3,
            clip_on=False,
            zorder=4,
        )
        area = _place(cut, taken)
        taken.append(area)
        axes.text(
            area.x / _SIDE,
            (area.y + area.height) / _SIDE,
            "\n".join(_words(cut)),
            fontsize=SMALL_SIZE,
            color=SERIES_TEXT[at % len(SERIES)],
            va="top",
            linespacing=1.15,
            zorder=5,
        )


def _words(cut: CutPoint) -> list[str]:
    return [line for text in cut.label.split("\n") for line in wrapped(text, 38, SMALL_SIZE)]


def _dots(curve: RocCurve) -> list[_Area]:
    """The curve as a string of small areas no words may cover."""
    points = list(zip(curve.false_positive_rate, curve.true_positive_rate, strict=True))
    dots = []
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) * _SIDE / 1.5))
        for step in range(steps + 1):
            part = step / steps
            x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
            dots.append(_Area(x * _SIDE - 0.7, y * _SIDE - 0.7, 1.4, 1.4))
    return dots


def _around(cut: CutPoint) -> _Area:
    x, y = cut.false_positive_rate * _SIDE, cut.true_positive_rate * _SIDE
    return _Area(x - 1.4, y - 1.4, 2.8, 2.8)


def _place(cut: CutPoint, taken: list[_Area]) -> _Area:
    """The free place nearest to the mark, the side below the curve first."""
    lines = _words(cut)
    width = max(text_width(line, SMALL_SIZE) for line in lines) + 0.5
    height = _SMALL_LINE * len(lines)
    x, y = cut.false_positive_rate * _SIDE, cut.true_positive_rate * _SIDE
    places = []
    for far in (2.4, 4.0, 6.5, 9.0, 12.0, 16.0):
        places += [
            _Area(x + far, y - far - height + 1.5, width, height),
            _Area(x + far, y - height / 2, width, height),
            _Area(x - far - width, y + far - 1.5, width, height),
            _Area(x - width / 2, y - far - height, width, height),
            _Area(x - width / 2, y + far, width, height),
        ]
    inside = [place for place in places if place.inside()]
    free = [place for place in inside if not any(place.meets(area) for area in taken)]
    return (free or inside or places)[0]


def _entries(curves: tuple[RocCurve, ...]) -> list[list[_Line]]:
    """The legend: for each curve its lines, name and summary side by side where they fit."""
    room = NARROW - _WORDS_AT - 0.5
    names = max((text_width(curve.name) for curve in curves), default=0) + 3
    if all(names + text_width(curve.summary) <= room for curve in curves):
        return [[((0.0, curve.name), (names, curve.summary))] for curve in curves]
    stacked = [[*wrapped(curve.name, room), *wrapped(curve.summary, room)] for curve in curves]
    return [[((0.0, words),) for words in lines if words] for lines in stacked]


def _legend(axes: Axes, entries: list[list[_Line]]) -> None:
    """Below the square: a piece of each line, the curve's name and its area."""
    y = -_LEGEND_AT
    start = 1.0 - _LEFT
    for at, lines in enumerate(entries):
        level = (y - LINE_HEIGHT / 2) / _SIDE
        sample = Line2D(
            [start / _SIDE, (start + _SAMPLE) / _SIDE],
            [level, level],
            color=SERIES[at % len(SERIES)],
            linestyle=DASHES[at % len(DASHES)],
            linewidth=1.4,
            clip_on=False,
        )
        axes.add_line(sample)
        for line in lines:
            for right, words in line:
                x = (_WORDS_AT - _LEFT + right) / _SIDE
                axes.text(x, (y - LINE_HEIGHT / 2) / _SIDE, words, va="center_baseline")
            y -= LINE_HEIGHT
        y -= _BETWEEN
