"""What a number does to the odds or the risk, and what its cut-off makes of it."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    HAIR,
    INK,
    NARROW,
    SERIES,
    canvas,
    ink,
    style,
)
from avidity.report.figures.inputs_trust import EffectPlot, Histogram, Step
from avidity.report.figures.panel import (
    BELOW,
    COUNTS,
    GAP,
    TOP,
    Key,
    counts,
    draw_line,
    legend,
    legend_height,
    line_key,
    panel,
    percent_axis,
    ring,
)
from avidity.report.legible import legible

_MAIN = 54.0  # mm
_STEP = SERIES[3]
_FAR = 10.0  # ratios: a band that goes further beyond its curves leaves the panel
_OUTSIDE = 0.025  # of the patients at either end: curves beyond them may leave the panel
_PLACES = (0, 2, 3)  # of the curves; the step has the colour of the second
_TICKS = ((1, 2, 5), (1, 3), (1,))
_MOST_TICKS = 8


def effect(plan: EffectPlot) -> Picture:
    """The curve with its band, the cut-off's step over it, and how the number is spread."""
    plan = legible(plan)
    keys = [line_key(line, at) for line, at in zip(plan.lines, _PLACES, strict=False)]
    if plan.step:
        keys.append(Key(plan.step.label, color=_STEP, width=1.6))
    if plan.reference is not None:
        unit = f" {plan.unit}" if plan.unit else ""
        keys.append(Key(f"Reference, {plan.reference:g}{unit}", kind="ring"))
    foot = TOP + _MAIN + GAP + COUNTS + BELOW
    with style():
        figure, words = canvas(NARROW, foot + legend_height(keys))
        main = panel(figure, TOP, _MAIN)
        _main(main, plan)
        below = panel(figure, TOP + _MAIN + GAP, COUNTS)
        name = f"{plan.name}, {plan.unit}" if plan.unit else plan.name
        counts(below, plan.values, _ends(plan), name)
        legend(words, keys, foot)
        return ink(figure)


def _ends(plan: EffectPlot) -> tuple[float, float]:
    low = min(plan.values.edges[0], *(line.x[0] for line in plan.lines))
    high = max(plan.values.edges[-1], *(line.x[-1] for line in plan.lines))
    return low, high


def _main(axes: Axes, plan: EffectPlot) -> None:
    axes.set_xlim(*_ends(plan))
    axes.tick_params(axis="x", labelbottom=False)
    if plan.scale == "Risk":
        percent_axis(axes, "y", 0, _risk_top(plan))
        axes.set_ylabel("Risk, %", labelpad=2.5)
    else:
        _log_axis(axes, plan)
    for line, at in zip(plan.lines, _PLACES, strict=False):
        draw_line(axes, line, at)
    if plan.step:
        _step(axes, plan.step)
    if plan.reference is not None:
        ring(axes, (plan.reference, 1.0), INK)


def _risk_top(plan: EffectPlot) -> float:
    highest = max(max(line.high or line.y) for line in plan.lines)
    return min(1.0, math.ceil(10.5 * highest) / 10)


def _log_axis(axes: Axes, plan: EffectPlot) -> None:
    low, high = _limits(plan)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    ticks = _ticks(low, high)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in ticks]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel("Odds ratio, log scale", labelpad=2.5)
    axes.axhline(1, color=HAIR, linewidth=0.8, zorder=1)


def _limits(plan: EffectPlot) -> tuple[float, float]:
    """Ends that hold every curve, and most of its band, where all but a few patients are."""
    first, last = _crowd(plan.values)
    middle, ends = [1.0], [0.5, 2.0]
    for line in plan.lines:
        inside = [at for at, x in enumerate(line.x) if first <= x <= last]
        middle += [line.y[at] for at in inside]
        ends += [band[at] for band in (line.low, line.high) if band for at in inside]
    if plan.step:
        middle += [plan.step.below, plan.step.above]
    low, high = min(middle), max(middle)
    held = [min(max(end, low / _FAR), high * _FAR) for end in ends]
    return min(low, *held) / 1.15, max(high, *held) * 1.15


def _crowd(values: Histogram) -> tuple[float, float]:
    """Edges between which all but the outermost patients lie."""
    bins = [sum(bars) for bars in zip(*(group.counts for group in values.groups), strict=True)]
    outside = _OUTSIDE * sum(bins)
    first, last, before, after = 0, len(bins), 0, 0
    while first < last - 1 and before + bins[first] <= outside:
        before, first = before + bins[first], first + 1
    while last - 1 > first and after + bins[last - 1] <= outside:
        after, last = after + bins[last - 1], last - 1
    return values.edges[first], values.edges[last]


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten; fewer where they would crowd."""
    lowest, highest = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in _TICKS:
        ticks = [step * 10.0**power for power in range(lowest, highest + 1) for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= _MOST_TICKS:
            break
    return ticks


def _step(axes: Axes, step: Step) -> None:
    """Both levels, and the jump between them, which is not a part of the curve."""
    low, high = axes.get_xlim()
    for ends, level in (([low, step.cut], step.below), ([step.cut, high], step.above)):
        axes.plot(
            ends,
            [level, level],
            color=_STEP,
            linewidth=1.6,
            solid_capstyle="butt",
            zorder=5,
        )
    jump = [step.below, step.above]
    axes.plot([step.cut] * 2, jump, color=_STEP, linewidth=0.9, linestyle=(0, (2, 1.5)), zorder=5)
