"""Prediction instability: what models from resamples would have told the same patients."""

from __future__ import annotations

from matplotlib.axes import Axes

from avidity.report.document import Picture
from avidity.report.figures.ink import NARROW, SERIES, canvas, ink, style
from avidity.report.figures.inputs_trust import InstabilityPlot
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
    legend,
    legend_height,
    notes,
    panel,
    percent_axis,
)
from avidity.report.legible import legible

_OPACITY = (0.14, 0.26, 0.38)  # the widest spread the palest; they lie over each other


def instability(plan: InstabilityPlot) -> Picture:
    """A square of the study's own risk against the resamples', with bands; risks below."""
    plan = legible(plan)
    keys = [Key("Median of the resamples", color=SERIES[0])]
    total = 1.0
    for spread, opacity in zip(plan.spreads, _OPACITY, strict=False):
        total *= 1 - opacity
        keys.append(Key(spread.name, color=SERIES[0], kind="band", opacity=1 - total))
    keys += [Key("The study's own prediction", color=IDEAL.color, width=IDEAL.width)]
    foot = TOP + SIDE + GAP + COUNTS + BELOW
    with style():
        figure, words = canvas(NARROW, foot + legend_height(keys))
        _square(panel(figure, TOP, SIDE), plan)
        below = panel(figure, TOP + SIDE + GAP, COUNTS)
        counts(below, plan.risks, (0, 1), "Risk predicted by the study's model, %")
        percent_axis(below, "x", 0, 1)
        legend(words, keys, foot)
        return ink(figure)


def _square(axes: Axes, plan: InstabilityPlot) -> None:
    percent_axis(axes, "x", 0, 1)
    percent_axis(axes, "y", 0, 1)
    axes.tick_params(axis="x", labelbottom=False)
    axes.set_ylabel("Risk predicted by models from resamples, %", labelpad=2.5)
    diagonal(axes, 1.0)
    for spread, opacity in zip(plan.spreads, _OPACITY, strict=False):
        axes.fill_between(
            plan.original,
            spread.low,
            spread.high,
            color=SERIES[0],
            alpha=opacity,
            linewidth=0,
            zorder=2,
        )
    axes.plot(plan.original, plan.middle, color=SERIES[0], linewidth=1.4, zorder=4)
    notes(axes, plan.notes, SIDE)
