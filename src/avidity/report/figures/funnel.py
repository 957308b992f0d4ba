"""The funnel plot: whether small studies scatter to both sides."""

from __future__ import annotations

from matplotlib.axes import Axes

from avidity.report.document import Picture
from avidity.report.figures.ink import HAIR, INK, NARROW, QUIET, SERIES, canvas, ink, style
from avidity.report.figures.inputs_pooling import Funnel
from avidity.report.figures.panel import BELOW, SIDE, TOP, Key, legend, legend_height, panel, ring
from avidity.report.legible import legible
from avidity.stats.ticks import ticks

_HEIGHT = 0.82 * SIDE


def funnel(plan: Funnel) -> Picture:
    """Effects across, standard errors downwards from 0, the sides where chance would end."""
    plan = legible(plan)
    keys = [
        Key("One study", color=SERIES[0], kind="ring"),
        Key(plan.centre_name, color=SERIES[1]),
        Key(plan.sides_name, color=QUIET, dash=(0, (4, 2)), width=0.9),
    ]
    if plan.nothing is not None:
        keys.append(Key("No effect", color=HAIR, width=0.9))
    foot = TOP + _HEIGHT + BELOW
    with style():
        figure, words = canvas(NARROW, foot + legend_height(keys))
        _draw(panel(figure, TOP, _HEIGHT), plan)
        legend(words, keys, foot)
        return ink(figure)


def _draw(axes: Axes, plan: Funnel) -> None:
    deepest = 1.08 * max(point.std_error for point in plan.points)
    reach = plan.z * deepest
    values = [point.value for point in plan.points]
    low = min([plan.centre - reach, *values])
    high = max([plan.centre + reach, *values])
    room = 0.04 * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(deepest, 0)
    depths = [tick.value for tick in ticks(0.0, deepest, 5) if tick.rank == 0]
    axes.set_yticks(depths, [f"{depth:g}" for depth in depths])
    axes.set_ylabel("Standard error", labelpad=2.5)
    inside = [(place, words) for place, words in plan.ticks if low - room <= place <= high + room]
    axes.set_xticks([place for place, _ in inside], [words for _, words in inside])
    axes.set_xlabel(plan.effect)
    if plan.nothing is not None and low - room <= plan.nothing <= high + room:
        axes.axvline(plan.nothing, color=HAIR, linewidth=0.9, zorder=1)
    axes.plot([plan.centre] * 2, [0, deepest], color=SERIES[1], linewidth=1.2, zorder=2)
    for side in (-1, 1):
        axes.plot(
            [plan.centre, plan.centre + side * reach],
            [0, deepest],
            color=QUIET,
            linestyle=(0, (4, 2)),
            linewidth=0.9,
            zorder=2,
        )
    for point in plan.points:
        ring(axes, (point.value, point.std_error), SERIES[0])
    axes.tick_params(colors=INK)
