"""Odds ratios with their intervals, one below the other, with the numbers beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    HAIR,
    INK,
    LINE_HEIGHT,
    QUIET,
    SERIES,
    SMALL_SIZE,
    WIDE,
    canvas,
    ink,
    style,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs import Forest, ForestRow
from avidity.report.legible import legible

_ROW = 5.6  # mm, a row of one line
_HEAD = 8.0  # mm, the headers above
_FOOT = 12.0  # mm, axis and its words below
_LABELS = 58.0  # mm, the widest the labels may grow
_SPACE = 5.0  # mm, between columns
_INDENT = 3.0  # mm
_FAR = 100.0  # an axis that fits itself ends here unless an estimate lies beyond
_MOST_TICKS = 8
_ARROW = 2.2  # mm


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything stands, in mm, and the ends of the axis."""

    axis_from: float
    axis_to: float
    text_at: float
    p_at: float
    low: float
    high: float

    def at(self, ratio: float) -> float:
        part = math.log(ratio / self.low) / math.log(self.high / self.low)
        return self.axis_from + part * (self.axis_to - self.axis_from)


def forest(plan: Forest) -> Picture:
    """The plot: labels, ratios on a logarithmic axis, ratios in words, p values.

    An interval that leaves the axis ends in an arrow. Rows by penalised likelihood are
    hollow, and a note below says what that means.
    """
    plan = legible(plan)
    labels = [_label(row) for row in plan.rows]
    heights = [_ROW + LINE_HEIGHT * (len(label) - 1) for label in labels]
    firth = any(row.firth for row in plan.rows)
    body = _HEAD + sum(heights)
    places = _plan(plan, labels)
    foot = body + _FOOT + LINE_HEIGHT * (max(map(len, _meanings(plan, places))) - 1)
    with style():
        figure, axes = canvas(WIDE, foot + (LINE_HEIGHT if firth else 0))
        _axis(axes, plan, places, body)
        _titles(axes, plan, places)
        y = _HEAD
        for row, label, height in zip(plan.rows, labels, heights, strict=True):
            _row(axes, places, row, label, y + height / 2)
            y += height
        if firth:
            _key(axes, foot)
        return ink(figure)


def _label(row: ForestRow) -> list[str]:
    bold = _heads(row)
    return wrapped(row.label, _LABELS - (_INDENT if row.indent else 0), bold=bold)


def _heads(row: ForestRow) -> bool:
    """Whether the row only names the rows below it."""
    return row.estimate is None and not row.text


def _plan(plan: Forest, labels: list[list[str]]) -> _Plan:
    widest = max((text_width(line, bold=True) for label in labels for line in label), default=0)
    texts = [plan.text_header, *(row.text for row in plan.rows)]
    p_texts = [plan.p_header, *(row.p_text for row in plan.rows)]
    text_width_mm = max(text_width(text) for text in texts)
    p_width = max(text_width(text, bold=True) for text in p_texts)
    axis_from = min(widest + _INDENT, _LABELS + _INDENT) + _SPACE
    p_at = WIDE - 0.5 - p_width
    text_at = p_at - _SPACE - text_width_mm
    low, high = plan.limits or _limits(plan.rows)
    return _Plan(axis_from, text_at - _SPACE, text_at, p_at, low, high)


def _limits(rows: tuple[ForestRow, ...]) -> tuple[float, float]:
    """Ends that hold every estimate, and every interval as far as 1/100 and 100."""
    held = [1.0, 2.0, 0.5]
    for row in rows:
        if row.estimate and math.isfinite(row.estimate):
            held += [row.estimate * 1.3, row.estimate / 1.3]
        for end in (row.low, row.high):
            if end and math.isfinite(end):
                held.append(min(max(end, 1 / _FAR), _FAR))
    return min(held) / 1.15, max(held) * 1.15


def _ticks(places: _Plan) -> list[float]:
    """1, 2 and 5 times the powers of ten; fewer where their numbers would touch."""
    lowest = math.floor(math.log10(places.low))
    highest = math.ceil(math.log10(places.high))
    ticks = [1.0]
    for steps, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3), ((1,), 4)):
        powers = [power for power in range(lowest, highest + 1) if power % every == 0]
        ticks = [step * 10.0**power for power in powers for step in steps]
        ticks = [tick for tick in ticks if places.low <= tick <= places.high]
        if _apart(places, ticks):
            break
    return ticks


def _apart(places: _Plan, ticks: list[float]) -> bool:
    """Whether the numbers below the axis leave room between them."""
    ends = [(places.at(tick), text_width(f"{tick:g}", SMALL_SIZE) / 2) for tick in ticks]
    gaps = [right[0] - right[1] - left[0] - left[1] for left, right in pairwise(ends)]
    return len(ticks) <= _MOST_TICKS and min(gaps, default=_SPACE) >= 2.0


def _axis(axes: Axes, plan: Forest, places: _Plan, bottom: float) -> None:
    one = places.at(1.0)
    axes.plot([one, one], [_HEAD - 1, bottom], color=HAIR, linewidth=0.8, zorder=1)
    axes.plot([places.axis_from, places.axis_to], [bottom, bottom], color=INK, linewidth=0.6)
    for tick in _ticks(places):
        x = places.at(tick)
        axes.plot([x, x], [bottom, bottom + 0.9], color=INK, linewidth=0.6)
        axes.text(x, bottom + 1.6, f"{tick:g}", ha="center", va="top", fontsize=SMALL_SIZE)
    if plan.lower_means or plan.higher_means:
        _sides(axes, one, bottom + 6.0, _meanings(plan, places))
    else:
        middle = (places.axis_from + places.axis_to) / 2
        axes.text(middle, bottom + 6.0, f"{plan.effect}, log scale", ha="center", va="top")


def _meanings(plan: Forest, places: _Plan) -> tuple[list[str], list[str]]:
    """The words of either side of 1, in lines that stay on the sheet."""
    one = places.at(1.0)
    lower = f"← {plan.lower_means}" if plan.lower_means else ""
    higher = f"{plan.higher_means} →" if plan.higher_means else ""
    return wrapped(lower, one - 2.5, SMALL_SIZE), wrapped(higher, WIDE - one - 2.5, SMALL_SIZE)


def _sides(axes: Axes, one: float, y: float, meanings: tuple[list[str], list[str]]) -> None:
    for lines, x, align in zip(meanings, (one - 2, one + 2), ("right", "left"), strict=True):
        for at, line in enumerate(lines):
            level = y + LINE_HEIGHT * at
            axes.text(x, level, line, ha=align, va="top", fontsize=SMALL_SIZE, color=QUIET)


def _titles(axes: Axes, plan: Forest, places: _Plan) -> None:
    y = _HEAD / 2 - 0.5
    dress = {"va": "center_baseline", "weight": "bold"}
    axes.text(places.text_at, y, plan.text_header, fontdict=dress)
    axes.text(places.p_at, y, plan.p_header, fontdict=dress)
    middle = (places.axis_from + places.axis_to) / 2
    axes.text(middle, y, plan.effect, ha="center", fontdict=dress)
    axes.plot([0.5, WIDE - 0.5], [_HEAD - 1.5, _HEAD - 1.5], color=INK, linewidth=0.6)


def _row(axes: Axes, places: _Plan, row: ForestRow, label: list[str], y: float) -> None:
    weight = "bold" if _heads(row) else "normal"
    for at, line in enumerate(label):
        level = y + LINE_HEIGHT * (at - (len(label) - 1) / 2)
        x = 0.5 + (_INDENT if row.indent else 0)
        axes.text(x, level, line, va="center_baseline", weight=weight)
    quiet = QUIET if row.estimate is None else INK
    axes.text(places.text_at, y, row.text, va="center_baseline", color=quiet)
    axes.text(places.p_at, y, row.p_text, va="center_baseline", color=quiet)
    if row.estimate is None:
        return
    _interval(axes, places, row, y)
    if places.low <= row.estimate <= places.high:
        axes.plot(
            [places.at(row.estimate)],
            [y],
            marker="s",
            markersize=4.6,
            markerfacecolor="white" if row.firth else SERIES[0],
            markeredgecolor=SERIES[0],
            markeredgewidth=1.1,
            zorder=4,
        )


def _interval(axes: Axes, places: _Plan, row: ForestRow, y: float) -> None:
    """The line of the interval; an end beyond the axis becomes an arrow at its edge."""
    low = 0.0 if row.low is None else row.low
    high = math.inf if row.high is None else row.high
    start = places.at(min(max(low, places.low), places.high))
    end = places.at(min(max(high, places.low), places.high))
    axes.plot([start, end], [y, y], color=SERIES[0], linewidth=1.2, zorder=3, solid_capstyle="butt")
    if low < places.low:
        _arrow_head(axes, start, y, -1)
    if high > places.high:
        _arrow_head(axes, end, y, 1)


def _arrow_head(axes: Axes, x: float, y: float, way: int) -> None:
    back = x - way * _ARROW
    axes.fill([x + way * 0.4, back, back], [y, y - 0.9, y + 0.9], color=SERIES[0], linewidth=0)


def _key(axes: Axes, y: float) -> None:
    """What a hollow mark means."""
    axes.plot(
        [1.6],
        [y],
        marker="s",
        markersize=4.6,
        markerfacecolor="white",
        markeredgecolor=SERIES[0],
        markeredgewidth=1.1,
    )
    words = "Firth's penalised likelihood, profile interval (the ordinary estimate does not exist)"
    axes.text(4.5, y, words, va="center_baseline", fontsize=SMALL_SIZE, color=QUIET)
