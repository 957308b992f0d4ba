"""Studies one below the other, their pool as a diamond, and what stands beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    SERIES_TEXT,
    SMALL_SIZE,
    WIDE,
    canvas,
    ink,
    style,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs_pooling import PoolForest, PoolRow
from avidity.report.legible import legible
from avidity.stats.ticks import ticks as round_numbers

_ROW = 5.6  # mm, a row of one line
_HEAD = 8.0  # mm, the headers above
_FOOT = 12.0  # mm, axis and its words below
_LABELS = 46.0  # mm, the widest the labels may grow
_LEAST = 34.0  # mm, the narrowest the axis may get
_SPACE = 4.0  # mm, between columns
_FAR = 50.0  # a ratio's axis that fits itself ends here unless an estimate lies beyond
_MOST_TICKS = 8
_ARROW = 2.2  # mm
_SQUARE = (1.0, 4.0)  # mm, the side of the smallest and the largest study
_POOL, _STUDY, _OWN = SERIES[0], SERIES[4], SERIES[1]
_PALE = SERIES[2]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything stands, in mm, and the ends of the axis."""

    data_at: float
    axis_from: float
    axis_to: float
    weight_to: float
    text_at: float
    low: float
    high: float
    log: bool

    def at(self, value: float) -> float:
        if self.log:
            part = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.axis_from + part * (self.axis_to - self.axis_from)

    def held(self, value: float) -> float:
        """Where it stands, at the edge when it lies beyond."""
        return self.at(min(max(value, self.low), self.high))


def pooled_forest(plan: PoolForest) -> Picture:
    """The plot: labels, printed data, effects on their axis, weights, effects in words.

    Squares are studies, larger with more weight; diamonds are pools, hollow where somebody else
    printed them; a bar with ends is where a new study is expected; a ring is your own cohort.
    """
    plan = legible(plan)
    places = _plan(plan)
    labels = [wrapped(row.label, _label_width(plan), bold=_bold(row)) for row in plan.rows]
    heights = [_ROW + LINE_HEIGHT * (len(label) - 1) for label in labels]
    body = _HEAD + sum(heights)
    with style():
        figure, axes = canvas(WIDE, body + _FOOT)
        _axis(axes, plan, places, body)
        _titles(axes, plan, places)
        y = _HEAD
        for row, label, height in zip(plan.rows, labels, heights, strict=True):
            _row(axes, places, row, label, y + height / 2)
            y += height
        return ink(figure)


def _bold(row: PoolRow) -> bool:
    return row.kind in {"heading", "pool"}


def _label_width(plan: PoolForest) -> float:
    widest = max(text_width(row.label, bold=_bold(row)) for row in plan.rows)
    return min(widest, _LABELS) + 0.5


def _widest(words: Sequence[str], *, bold: bool = False) -> float:
    return max((text_width(text, bold=bold) for text in words), default=0.0)


def _plan(plan: PoolForest) -> _Plan:
    rows = plan.rows
    data_at = 0.5 + _label_width(plan) + _SPACE
    data = max(_widest([row.data for row in rows]), text_width(plan.data_header, bold=True))
    axis_from = data_at + (data + _SPACE if data else 0)
    text = max(
        _widest([row.text for row in rows], bold=True), text_width(plan.text_header, bold=True)
    )
    text_at = WIDE - 0.5 - text
    weight = max(_widest([row.weight for row in rows]), text_width("Weight", bold=True))
    weight_to = text_at - _SPACE
    axis_to = max(weight_to - weight - _SPACE, axis_from + _LEAST)
    low, high = _limits(plan)
    return _Plan(data_at, axis_from, axis_to, weight_to, text_at, low, high, plan.axis == "log")


def _limits(plan: PoolForest) -> tuple[float, float]:
    held = [plan.nothing] if plan.nothing is not None else []
    ends: list[float] = []
    for row in plan.rows:
        held += [row.estimate] if row.estimate is not None else []
        ends += [end for end in (row.low, row.high) if end is not None and math.isfinite(end)]
    if plan.axis == "log":
        held = [value for value in held if value > 0] + [0.8, 1.25]
        ends = [min(max(end, 1 / _FAR), _FAR) for end in ends if end > 0]
        return min([*held, *ends]) / 1.12, max([*held, *ends]) * 1.12
    low, high = min([*held, *ends], default=0.0), max([*held, *ends], default=1.0)
    room = 0.05 * (high - low or 1.0)
    return low - room, high + room


def _ticks(places: _Plan) -> list[tuple[float, str]]:
    """Round numbers; fewer where their words would touch."""
    found: list[tuple[float, str]] = []
    for asked in _candidates(places):
        found = [(tick, f"{tick:g}".replace("-", "−")) for tick in asked]
        spans = [(places.at(tick), text_width(words, SMALL_SIZE) / 2) for tick, words in found]
        gaps = [right[0] - right[1] - left[0] - left[1] for left, right in pairwise(spans)]
        if len(found) <= _MOST_TICKS and min(gaps, default=_SPACE) >= 2.0:
            break
    return found


def _candidates(places: _Plan) -> list[list[float]]:
    if not places.log:
        return [
            [tick.value for tick in round_numbers(places.low, places.high, about) if not tick.rank]
            for about in (6, 5, 4, 3, 2)
        ]
    lowest, highest = math.floor(math.log10(places.low)), math.ceil(math.log10(places.high))
    made = []
    for steps, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 4)):
        powers = [power for power in range(lowest, highest + 1) if power % every == 0]
        ticks = [step * 10.0**power for power in powers for step in steps]
        made.append([tick for tick in ticks if places.low <= tick <= places.high])
    return made


def _axis(axes: Axes, plan: PoolForest, places: _Plan, bottom: float) -> None:
    if plan.nothing is not None:
        x = places.at(plan.nothing)
        axes.plot([x, x], [_HEAD - 1, bottom], color=HAIR, linewidth=0.8, zorder=1)
    pools = [row.estimate for row in plan.rows if row.kind == "pool"]
    if len(pools) == 1 and pools[0] is not None:
        x = places.at(pools[0])
        axes.plot([x, x], [_HEAD - 1, bottom], color=_POOL, linewidth=0.6, dashes=(3, 2), zorder=1)
    axes.plot([places.axis_from, places.axis_to], [bottom, bottom], color=INK, linewidth=0.6)
    for tick, words in _ticks(places):
        x = places.at(tick)
        axes.plot([x, x], [bottom, bottom + 0.9], color=INK, linewidth=0.6)
        axes.text(x, bottom + 1.6, words, ha="center", va="top", fontsize=SMALL_SIZE)
    if plan.nothing is not None and (plan.lower_means or plan.higher_means):
        _sides(axes, plan, places, bottom + 6.0)
    else:
        middle = (places.axis_from + places.axis_to) / 2
        words = plan.effect + (", log scale" if places.log else "")
        axes.text(middle, bottom + 6.0, words, ha="center", va="top", fontsize=SMALL_SIZE)


def _sides(axes: Axes, plan: PoolForest, places: _Plan, y: float) -> None:
    x = places.at(plan.nothing or 1.0)
    dress = {"va": "top", "fontsize": SMALL_SIZE, "color": QUIET}
    if plan.lower_means:
        axes.text(x - 2, y, f"← {plan.lower_means}", ha="right", fontdict=dress)
    if plan.higher_means:
        axes.text(x + 2, y, f"{plan.higher_means} →", ha="left", fontdict=dress)


def _titles(axes: Axes, plan: PoolForest, places: _Plan) -> None:
    y = _HEAD / 2 - 0.5
    dress = {"va": "center_baseline", "weight": "bold"}
    axes.text(0.5, y, "Study", fontdict=dress)
    axes.text(places.data_at, y, plan.data_header, fontdict=dress)
    middle = (places.axis_from + places.axis_to) / 2
    axes.text(middle, y, plan.effect, ha="center", fontdict=dress)
    if any(row.weight for row in plan.rows):
        axes.text(places.weight_to, y, "Weight", ha="right", fontdict=dress)
    axes.text(places.text_at, y, plan.text_header, fontdict=dress)
    axes.plot([0.5, WIDE - 0.5], [_HEAD - 1.5, _HEAD - 1.5], color=INK, linewidth=0.6)


def _row(axes: Axes, places: _Plan, row: PoolRow, label: list[str], y: float) -> None:
    weight = "bold" if _bold(row) else "normal"
    color = SERIES_TEXT[1] if row.kind == "own" else INK
    for at, line in enumerate(label):
        level = y + LINE_HEIGHT * (at - (len(label) - 1) / 2)
        axes.text(0.5, level, line, va="center_baseline", weight=weight, color=color)
    axes.text(places.data_at, y, row.data, va="center_baseline", color=QUIET)
    axes.text(places.weight_to, y, row.weight, va="center_baseline", ha="right", color=QUIET)
    axes.text(places.text_at, y, row.text, va="center_baseline", weight=weight, color=color)
    if row.kind == "prediction":
        _bar(axes, places, row, y)
    elif row.estimate is not None and row.kind in {"pool", "published"}:
        _diamond(axes, places, (row.low or 0.0, row.estimate, row.high or 0.0), y, row.kind)
    elif row.estimate is not None:
        _line(axes, places, row, row.estimate, y)


def _line(axes: Axes, places: _Plan, row: PoolRow, estimate: float, y: float) -> None:
    color = _OWN if row.kind == "own" else _STUDY
    _whisker(axes, places, row, y, color)
    x = places.held(estimate)
    if row.kind == "own":
        axes.plot(
            [x], [y], "o", markersize=4.8, markerfacecolor="white", markeredgecolor=color,
            markeredgewidth=1.4, zorder=4,
        )  # fmt: skip
        return
    half = (_SQUARE[0] + (_SQUARE[1] - _SQUARE[0]) * math.sqrt(min(1.0, row.share))) / 2
    axes.fill(
        [x - half, x + half, x + half, x - half],
        [y - half, y - half, y + half, y + half],
        color=SERIES[0],
        linewidth=0,
        zorder=4,
    )


def _whisker(axes: Axes, places: _Plan, row: PoolRow, y: float, color: str) -> None:
    """The interval; an end beyond the axis becomes an arrow at its edge."""
    low = -math.inf if row.low is None else row.low
    high = math.inf if row.high is None else row.high
    start, end = places.held(low), places.held(high)
    axes.plot([start, end], [y, y], color=color, linewidth=1.1, zorder=3, solid_capstyle="butt")
    for beyond, x, way in ((low < places.low, start, -1), (high > places.high, end, 1)):
        if beyond:
            back = x - way * _ARROW
            tip = x + way * 0.4
            axes.fill([tip, back, back], [y, y - 0.9, y + 0.9], color=color, linewidth=0, zorder=3)


def _diamond(
    axes: Axes, places: _Plan, ends: tuple[float, float, float], y: float, kind: str
) -> None:
    low, middle, high = (places.held(each) for each in ends)
    axes.fill(
        [low, middle, high, middle],
        [y, y - 1.7, y, y + 1.7],
        facecolor=_POOL if kind == "pool" else "white",
        edgecolor=_POOL,
        linewidth=1.0,
        zorder=4,
        joinstyle="round",
    )


def _bar(axes: Axes, places: _Plan, row: PoolRow, y: float) -> None:
    """Where a new study is expected: a thick pale line, with arrows where it leaves the axis."""
    axes.plot(
        [places.held(row.low or places.low), places.held(row.high or places.high)],
        [y, y],
        color=_PALE,
        linewidth=3.0,
        zorder=2,
        solid_capstyle="butt",
    )
    _whisker(axes, places, row, y, _PALE)
