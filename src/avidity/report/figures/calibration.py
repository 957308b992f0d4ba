"""Calibration: how often the outcome came at each predicted risk."""

from __future__ import annotations

from matplotlib.axes import Axes

from avidity.report.document import Picture
from avidity.report.figures.ink import NARROW, SERIES, canvas, ink, style
from avidity.report.figures.inputs_trust import CalibrationPlot, GroupPoint
from avidity.report.figures.panel import (
    BELOW,
    COUNTS,
    GAP,
    IDEAL,
    SIDE,
    TOP,
    Key,
    counts,
    diagonal,
    draw_line,
    legend,
    legend_height,
    line_key,
    notes,
    panel,
    percent_axis,
    ring,
)
from avidity.report.legible import legible

_POINTS = SERIES[4]


def calibration(plan: CalibrationPlot) -> Picture:
    """A square of predicted against observed risk, the patients' risks below, a legend."""
    plan = legible(plan)
    keys = [line_key(line, at) for at, line in enumerate(plan.lines)]
    if plan.points:
        keys.append(Key(plan.points_name, color=_POINTS, kind="point"))
    keys.append(IDEAL)
    foot = TOP + SIDE + GAP + COUNTS + BELOW
    with style():
        figure, words = canvas(NARROW, foot + legend_height(keys))
        square = panel(figure, TOP, SIDE)
        _square(square, plan)
        below = panel(figure, TOP + SIDE + GAP, COUNTS)
        counts(below, plan.risks, (0, plan.limit), "Predicted risk, %")
        percent_axis(below, "x", 0, plan.limit)
        legend(words, keys, foot)
        return ink(figure)


def _square(axes: Axes, plan: CalibrationPlot) -> None:
    percent_axis(axes, "x", 0, plan.limit)
    percent_axis(axes, "y", 0, plan.limit)
    axes.tick_params(axis="x", labelbottom=False)
    axes.set_ylabel("Observed share, %", labelpad=2.5)
    diagonal(axes, plan.limit)
    for at, line in enumerate(plan.lines):
        draw_line(axes, line, at)
    for point in plan.points:
        _point(axes, point)
    notes(axes, plan.notes, SIDE)


def _point(axes: Axes, point: GroupPoint) -> None:
    at = [point.predicted, point.predicted]
    axes.plot(at, [point.low, point.high], color=_POINTS, linewidth=0.8, zorder=3)
    ring(axes, (point.predicted, point.observed), _POINTS)
