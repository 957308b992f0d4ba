"""One continuous variable in each group, as counts, with the cut-off between them."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    INK,
    NARROW,
    SERIES,
    SMALL_SIZE,
    ink,
    sheet,
    style,
    text_width,
)
from avidity.report.figures.inputs import Distribution, GroupCounts
from avidity.report.legible import legible

_LEFT, _RIGHT = 12.0, 4.0  # mm
_PANEL = 24.0  # mm, one group's height
_TITLE = 6.5  # mm, above each panel
_ORDER = (1, 0, 2, 3, 4)  # the first group, those with the outcome, in the lighter warm colour
_ROOM = 1.22  # the axis against the tallest bar: the words of the cut-off stand above the bars
_TOP, _BELOW = 0.5, 11.0  # mm


def distribution(plan: Distribution) -> Picture:
    """One panel per group below each other, on one axis, the cut-off through all of them.

    The height of a bar is the share of its group, since the groups differ in size.
    """
    plan = legible(plan)
    height = _TOP + len(plan.groups) * (_PANEL + _TITLE) + _BELOW
    tallest = max((max(_shares(group), default=0) for group in plan.groups), default=0)
    with style():
        figure = sheet(NARROW, height)
        for at, group in enumerate(plan.groups):
            bottom = height - _TOP - (at + 1) * (_PANEL + _TITLE)
            axes = _panel(figure, bottom, height)
            last = at == len(plan.groups) - 1
            _bars(axes, plan, group, SERIES[_ORDER[at % len(_ORDER)]])
            _scale(axes, plan, tallest, last=last)
            _cut(axes, plan, words=at == 0)
        return ink(figure)


def _shares(group: GroupCounts) -> list[float]:
    total = sum(group.counts)
    return [100 * count / total if total else 0.0 for count in group.counts]


def _panel(figure: Figure, bottom: float, height: float) -> Axes:
    place = (_LEFT / NARROW, bottom / height, 1 - (_LEFT + _RIGHT) / NARROW, _PANEL / height)
    return figure.add_axes(place)


def _bars(axes: Axes, plan: Distribution, group: GroupCounts, color: str) -> None:
    widths = [high - low for low, high in zip(plan.edges, plan.edges[1:], strict=False)]
    axes.bar(
        plan.edges[:-1],
        _shares(group),
        width=widths,
        align="edge",
        color=color,
        edgecolor="white",
        linewidth=0.5,
    )
    title = f"{group.name}, n = {sum(group.counts)}"
    axes.text(0, 1.05, title, transform=axes.transAxes, weight="bold", va="bottom")


def _scale(axes: Axes, plan: Distribution, tallest: float, *, last: bool) -> None:
    axes.set_xlim(plan.edges[0], plan.edges[-1])
    axes.set_ylim(0, max(tallest * _ROOM, 1))
    axes.set_ylabel("% of group")
    axes.locator_params(axis="y", nbins=4)
    axes.tick_params(axis="x", labelbottom=last)
    if last:
        unit = f", {plan.unit}" if plan.unit else ""
        axes.set_xlabel(f"{plan.name}{unit}", labelpad=2.5)


def _cut(axes: Axes, plan: Distribution, *, words: bool) -> None:
    """The line of the cut-off in its panel; its words beside it, in the room above the bars."""
    if plan.cut is None:
        return
    axes.axvline(plan.cut, color="white", linewidth=1.9)
    axes.axvline(plan.cut, color=INK, linewidth=0.9, linestyle=(0, (3, 2)))
    if not words:
        return
    width = NARROW - _LEFT - _RIGHT
    part = (plan.cut - plan.edges[0]) / (plan.edges[-1] - plan.edges[0])
    space = 1.2 / width
    right = part + space + text_width(plan.cut_label, SMALL_SIZE) / width <= 1
    axes.text(
        part + space if right else part - space,
        0.99,
        plan.cut_label,
        transform=axes.transAxes,
        ha="left" if right else "right",
        va="top",
        fontsize=SMALL_SIZE,
    )
