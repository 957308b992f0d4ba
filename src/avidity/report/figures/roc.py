"""Receiver operating characteristic curves, with their cut-offs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
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
from avidity.report.legible import legible

_LEFT, _RIGHT, _TOP = 13.0, 4.0, 2.5  # mm, around the square
_SIDE = NARROW - _LEFT - _RIGHT  # mm, of the square
_SAMPLE = 8.0  # mm, the piece of line in the legend
_WORDS_AT = _SAMPLE + 3  # mm from the left of the sheet
_LEGEND_AT = 12.0  # mm below the square
_BETWEEN = 1.2  # mm, between the curves of the legend
_SMALL_LINE = 3.4  # mm, line height of the cut-offs' words
_CHANCE = RocCurve("chance", (0.0, 1.0), (0.0, 1.0))
_TIED_FROM = 4.5  # mm from mark to words
_CLEAR = 0.8  # mm, between words and the axes
_Line: TypeAlias = tuple[tuple[float, str], ...]  # pieces: mm from the left, words
_MARKERS = ("o", "s", "D", "^", "v")


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle in mm from the lower left corner of the square."""

    x: float
    y: float
    width: float
    height: float


def roc(curves: tuple[RocCurve, ...]) -> Picture:
    """One or several curves on one square, the line of chance, and a legend below."""
    curves = legible(curves)
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
    """Each cut-off as a mark, its words where they cover neither a line nor other words."""
    marks = [(cut, at) for at, curve in enumerate(curves) for cut in curve.cuts]
    taken = [dot for curve in (*curves, _CHANCE) for dot in _dots(curve)]
    taken += [_around(cut) for cut, _ in marks]
    highest = max((cut.true_positive_rate for cut, _ in marks), default=0)
    for cut, at in marks:
        x, y = cut.false_positive_rate, cut.true_positive_rate
        axes.plot(
            [x],
            [y],
            marker=_MARKERS[at % len(_MARKERS)],
            markersize=5,
            markerfacecolor="white",
            markeredgecolor=SERIES[at % len(SERIES)],
            markeredgewidth=1.3,
            clip_on=False,
            zorder=4,
        )
        area = _place(cut, taken, above=len(marks) > 1 and y == highest)
        taken.append(area)
        _say(axes, cut, area, SERIES_TEXT[at % len(SERIES)])


def _say(axes: Axes, cut: CutPoint, area: _Area, color: str) -> None:
    """The words in their place, tied to a mark that is far away."""
    x, y = cut.false_positive_rate * _SIDE, cut.true_positive_rate * _SIDE
    near_x = min(max(x, area.x), area.x + area.width)
    near_y = min(max(y, area.y), area.y + area.height)
    if max(abs(near_x - x), abs(near_y - y)) > _TIED_FROM:
        line = ([x / _SIDE, near_x / _SIDE], [y / _SIDE, near_y / _SIDE])
        axes.plot(*line, color=color, linewidth=0.5, zorder=2)
    axes.text(
        area.x / _SIDE,
        (area.y + area.height) / _SIDE,
        "\n".join(_words(cut)),
        fontsize=SMALL_SIZE,
        color=color,
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


def _place(cut: CutPoint, taken: list[_Area], *, above: bool) -> _Area:
    """The free place nearest to the mark, rather below the curve, or rather above it."""
    lines = _words(cut)
    width = max(text_width(line, SMALL_SIZE) for line in lines) + 0.5
    height = _SMALL_LINE * len(lines)
    x, y = cut.false_positive_rate * _SIDE, cut.true_positive_rate * _SIDE
    across = np.arange(_CLEAR, max(_SIDE - width, _CLEAR + 0.1), 0.7)
    up = np.arange(_CLEAR, max(_SIDE - height, _CLEAR + 0.1), 0.7)
    left, low = (grid.ravel() for grid in np.meshgrid(across, up))
    free = np.ones(left.size, dtype=bool)
    for area in taken:
        beside = (left >= area.x + area.width) | (left + width <= area.x)
        free &= beside | (low >= area.y + area.height) | (low + height <= area.y)
    away = np.hypot(
        np.maximum(np.maximum(left - x, x - left - width), 0),
        np.maximum(np.maximum(low - y, y - low - height), 0),
    )
    way = -1 if above else 1  # to the lower right, or to the upper left
    lean = way * ((left + width / 2 - x) / width - (low + height / 2 - y) / height)
    best = int(np.argmin(away - 0.8 * np.clip(lean, -2, 2) + np.where(free, 0, 1000)))
    return _Area(float(left[best]), float(low[best]), width, height)


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
