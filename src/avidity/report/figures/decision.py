"""Decision curves: what acting on the model is worth, beside treating all and none."""

from __future__ import annotations

from matplotlib.axes import Axes

from avidity.report.document import Picture
from avidity.report.figures.ink import DASHES, INK, NARROW, QUIET, SERIES, canvas, ink, style
from avidity.report.figures.inputs_trust import DecisionPlot, Line
from avidity.report.figures.panel import (
    BELOW,
    GAP,
    TOP,
    Key,
    draw_line,
    legend,
    legend_height,
    line_key,
    panel,
    percent_axis,
)
from avidity.report.legible import legible

_MAIN, _SECOND = 56.0, 28.0  # mm, heights of the panels
_ALL = Key("Treat all", color=SERIES[4], dash=DASHES[2], width=1.2)
_NONE = Key("Treat none", color=INK, width=0.7)
_UNDER = 0.22  # of the height above zero, the room below it


def decision(plan: DecisionPlot) -> Picture:
    """Net benefit over thresholds, interventions avoided below it, a legend."""
    plan = legible(plan)
    keys = [line_key(line, at) for at, line in enumerate(plan.lines)]
    keys += [Key(plan.everybody.name, plan.everybody.summary, _ALL.color, _ALL.dash, _ALL.width)]
    keys += [_NONE]
    second = GAP + 2 + _SECOND if plan.avoided else 0.0
    foot = TOP + _MAIN + second + BELOW
    with style():
        figure, words = canvas(NARROW, foot + legend_height(keys))
        main = panel(figure, TOP, _MAIN)
        _benefit(main, plan)
        last = main
        if plan.avoided:
            last = panel(figure, TOP + _MAIN + GAP + 2, _SECOND)
            _avoided(last, plan)
            main.tick_params(axis="x", labelbottom=False)
        last.set_xlabel("Threshold risk from which one would treat, %", labelpad=2.5)
        legend(words, keys, foot)
        return ink(figure)


def _reach(plan: DecisionPlot) -> tuple[float, float]:
    """The thresholds shown."""
    lines = (*plan.lines, plan.everybody)
    return min(0.0, *(line.x[0] for line in lines)), max(line.x[-1] for line in lines)


def _benefit(axes: Axes, plan: DecisionPlot) -> None:
    percent_axis(axes, "x", *_reach(plan))
    highest = [plan.prevalence, *(max(line.high or line.y) for line in plan.lines)]
    top = 1.04 * max(highest)
    axes.set_ylim(-_UNDER * top, top)
    axes.locator_params(axis="y", nbins=6)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.4g}".replace("-", "−"))
    axes.set_ylabel("Net benefit", labelpad=2.5)
    axes.axhline(0, color=_NONE.color, linewidth=_NONE.width, zorder=1)
    _all(axes, plan.everybody)
    for at, line in enumerate(plan.lines):
        draw_line(axes, line, at)


def _all(axes: Axes, line: Line) -> None:
    axes.plot(line.x, line.y, color=_ALL.color, linestyle=_ALL.dash, linewidth=_ALL.width, zorder=3)


def _avoided(axes: Axes, plan: DecisionPlot) -> None:
    percent_axis(axes, "x", *_reach(plan))
    for at, line in enumerate(plan.avoided):
        draw_line(axes, line, at)
    axes.axhline(0, color=QUIET, linewidth=0.6, zorder=1)
    highest = max(max(line.y) for line in plan.avoided)
    axes.set_ylim(-0.15 * max(highest, 10), 1.08 * max(highest, 10))
    axes.locator_params(axis="y", nbins=4)
    axes.set_ylabel("Avoided\nper 100", labelpad=2.5)
