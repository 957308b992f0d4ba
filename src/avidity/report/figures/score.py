"""A points card, and beside it the risk that goes with each total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    HAIR,
    INK,
    QUIET,
    SERIES,
    SMALL_SIZE,
    WIDE,
    canvas,
    ink,
    style,
    text_width,
)
from avidity.report.figures.inputs_score import RiskBar, ScorePlan
from avidity.report.figures.panel import percent_axis
from avidity.report.figures.points_card import CARD, card_height, draw_card, entry_of, halves
from avidity.report.legible import legible

_GUTTER = 8.0  # mm, between card and plot
_LONGEST = 118.0  # mm: a card that is longer takes the whole width in two columns
_LEFT = 14.0  # mm, from the plot's edge to its axis
_PLOT = 62.0  # mm, its height
_TOP = 3.0  # mm
_BELOW = 12.0  # mm, for the numbers and the name of the axis
_COUNT = 3.8  # mm, a row of counts below the plot
_KEY = 4.2  # mm, a line of the legend
_CAP = 0.7  # mm, half the end of an interval
_ROOM = 1.2  # mm, between counts
_ORDINALS = {2: "second", 3: "third"}


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle on the sheet, in mm from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


def score(plan: ScorePlan) -> Picture:
    """The card on the left and the risks on the right; below each other if the card is long.

    Totals nobody had are hollow: their risk follows from the model alone.
    """
    plan = legible(plan)
    entries = [entry_of(line) for line in plan.card]
    half = _Area(CARD + _GUTTER, _TOP, WIDE - CARD - _GUTTER, _PLOT)
    beside = card_height([entries]) <= _LONGEST and _every(plan, half) == 1
    columns = [entries] if beside else halves(entries)
    card, below = card_height(columns), _BELOW + 3 * _COUNT + len(_keys(plan)) * _KEY + 1.0
    area = replace(half, height=max(_PLOT, card - _TOP - below + 1.0))
    if not beside:
        area = _Area(0.5, 0.5 + card + _GUTTER, WIDE - 0.5, _PLOT)
    height = max(
        1.0 + card, area.top + area.height + below + (_KEY if _every(plan, area) > 1 else 0)
    )
    with style():
        figure, axes = canvas(WIDE, height)
        draw_card(axes, plan, columns)
        risks = _axes(figure, area, height)
        _risks(risks, plan, _CAP / _unit(plan, area))
        _counts(axes, plan, area)
        _legend(axes, plan, area)
        return ink(figure)


def _axes(figure: Figure, area: _Area, height: float) -> Axes:
    return figure.add_axes(
        (
            (area.left + _LEFT) / WIDE,
            1 - (area.top + area.height) / height,
            _width(area) / WIDE,
            area.height / height,
        )
    )


def _width(area: _Area) -> float:
    return area.width - _LEFT - 3.0


def _limits(plan: ScorePlan) -> tuple[float, float]:
    return plan.risks[0].total - 0.6, plan.risks[-1].total + 0.6


def _unit(plan: ScorePlan, area: _Area) -> float:
    """How many mm one point is wide."""
    low, high = _limits(plan)
    return _width(area) / (high - low)


def _risks(axes: Axes, plan: ScorePlan, cap: float) -> None:
    top = max(bar.high for bar in plan.risks)
    limit = next(end for end in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0) if top <= end)
    percent_axis(axes, "y", 0, limit)
    axes.set_xlim(*_limits(plan))
    axes.set_ylabel(plan.risk_name, labelpad=2.5)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.grid(axis="y", color=HAIR, linewidth=0.35)
    axes.set_axisbelow(True)
    for bar in plan.risks:
        _bar(axes, bar, cap)
    corrected = [(bar.total, bar.corrected) for bar in plan.risks if bar.corrected is not None]
    if corrected:
        axes.plot(*zip(*corrected, strict=True), color=SERIES[1], linewidth=1.2, dashes=(5, 1.6))


def _bar(axes: Axes, bar: RiskBar, cap: float) -> None:
    """One total: its risk, and its interval with ends so many points wide."""
    color = SERIES[0]
    axes.plot([bar.total] * 2, [bar.low, bar.high], color=color, linewidth=0.9, zorder=3)
    for end in (bar.low, bar.high):
        axes.plot([bar.total - cap, bar.total + cap], [end] * 2, color=color, linewidth=0.9)
    axes.plot(
        [bar.total],
        [bar.risk],
        marker="o",
        markersize=4.2,
        markerfacecolor=color if bar.n else "white",
        markeredgecolor=color,
        markeredgewidth=1.0,
        clip_on=False,
        zorder=4,
    )


def _counts(axes: Axes, plan: ScorePlan, area: _Area) -> None:
    """Totals, risks, patients and cases below the plot, as many as have room."""
    scale, low = _unit(plan, area), _limits(plan)[0]
    bottom, rows, every = area.top + area.height, _rows(plan), _every(plan, area)
    for at, (name, words) in enumerate(rows):
        y = bottom + 3.0 + (at * _COUNT + 4.6 if at else 0)
        left = area.left + _LEFT
        axes.text(
            left - 2.2, y, name, va="center_baseline", ha="right", fontsize=SMALL_SIZE, color=QUIET
        )
        for place, (bar, word) in enumerate(zip(plan.risks, words, strict=True)):
            x = left + (bar.total - low) * scale
            if not at:
                axes.plot([x, x], [bottom, bottom + 0.9], color=INK, linewidth=0.6)
            if place % every == 0:
                axes.text(x, y, word, va="center_baseline", ha="center", fontsize=SMALL_SIZE)
    middle = area.left + _LEFT + _width(area) / 2
    axes.text(middle, bottom + 6.4, "Total points", va="center_baseline", ha="center")


def _rows(plan: ScorePlan) -> list[tuple[str, list[str]]]:
    return [
        ("", [str(bar.total).replace("-", "−") for bar in plan.risks]),
        ("Risk, %", [f"{100 * bar.risk:.0f}" for bar in plan.risks]),
        ("Patients", [str(bar.n) for bar in plan.risks]),
        ("Cases", [str(bar.cases) for bar in plan.risks]),
    ]


def _every(plan: ScorePlan, area: _Area) -> int:
    """Every how many totals can have their numbers."""
    width = max(text_width(word, SMALL_SIZE) for _, words in _rows(plan) for word in words)
    totals = [bar.total for bar in plan.risks]
    for every in range(1, len(totals)):
        kept = totals[::every]
        if min(b - a for a, b in pairwise(kept)) * _unit(plan, area) >= width + _ROOM:
            return every
    return len(totals)


def _keys(plan: ScorePlan) -> list[tuple[str, str]]:
    keys = [("solid", f"risk and {plan.interval}")]
    if any(bar.n == 0 for bar in plan.risks):
        keys.append(("hollow", "a total no patient had: by the model alone"))
    if any(bar.corrected is not None for bar in plan.risks):
        keys.append(("dashed", "risk corrected for optimism"))
    return keys


def _legend(axes: Axes, plan: ScorePlan, area: _Area) -> None:
    y = area.top + area.height + _BELOW + 3 * _COUNT + 1.0
    left = area.left + _LEFT
    for kind, words in _keys(plan):
        if kind == "dashed":
            axes.plot([left - 6, left], [y, y], color=SERIES[1], linewidth=1.2, dashes=(5, 1.6))
        else:
            axes.plot(
                [left - 3],
                [y],
                marker="o",
                markersize=4.2,
                markerfacecolor=SERIES[0] if kind == "solid" else "white",
                markeredgecolor=SERIES[0],
            )
            axes.plot([left - 6, left], [y, y], color=SERIES[0], linewidth=0.9, zorder=1)
        axes.text(left + 2, y, words, va="center_baseline", fontsize=SMALL_SIZE)
        y += _KEY
    every = _every(plan, area)
    if every > 1:
        words = f"Numbers stand below every {_ORDINALS.get(every, f'{every}th')} total."
        axes.text(left - 6, y, words, va="center_baseline", fontsize=SMALL_SIZE, color=QUIET)
