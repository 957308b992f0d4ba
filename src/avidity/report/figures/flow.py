"""The way of the patients into the study, as STROBE asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    INK,
    LINE_HEIGHT,
    QUIET,
    TINT,
    WIDE,
    canvas,
    ink,
    style,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs import Flow, FlowLeft, FlowStage, FlowStep
from avidity.report.legible import legible

_MAIN = 76.0  # mm, width of a box of the main column
_SIDE_AT = 94.0  # mm, where the side boxes begin
_PAD = 3.0  # mm, between frame and words
_GAP = 9.0  # mm, from box to box at least
_LIFT = 0.3  # mm, since most letters stand above the line and few below
_EDGE = 0.5  # mm, so that frames are not cut in half at the sheet's edge


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a box: words at the left, a count at the right."""

    words: str
    count: str = ""
    bold: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    lines: tuple[_Line, ...]
    filled: bool = False

    @property
    def height(self) -> float:
        return 2 * _PAD + LINE_HEIGHT * len(self.lines)

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def flow(plan: Flow) -> Picture:
    """The flow diagram: main column, who left and why at its right, the groups below."""
    plan = legible(plan)
    boxes, sides = _columns(plan)
    groups = _groups(plan.groups, boxes[-1].bottom + 2 * _GAP)
    everything = [*boxes, *(side for side in sides if side), *groups]
    with style():
        height = max(box.bottom for box in everything) + _EDGE
        figure, axes = canvas(WIDE, height)
        for box in everything:
            _draw(axes, box)
        for (upper, lower), side in zip(pairwise(boxes), sides, strict=True):
            _arrow(axes, (upper.middle, upper.bottom), (upper.middle, lower.y))
            if side:
                level = side.y + side.height / 2
                _arrow(axes, (upper.middle, level), (side.x, level))
        _fork(axes, boxes[-1], groups)
        return ink(figure)


def _columns(plan: Flow) -> tuple[list[_Box], list[_Box | None]]:
    """The boxes of the main column from top to bottom, and the side box after each but the last."""
    boxes = [_Box(_EDGE, _EDGE, _MAIN, _step_lines(plan.start, _MAIN), filled=True)]
    sides: list[_Box | None] = []
    width = WIDE - _EDGE - _SIDE_AT
    for stage in plan.stages:
        below = boxes[-1].bottom + _GAP
        side = None
        if stage.left:
            lines = _left_lines(stage, width)
            side = _Box(_SIDE_AT, boxes[-1].bottom + _GAP / 2, width, lines)
            below = max(side.bottom + _GAP / 2, below)
        sides.append(side)
        boxes.append(_Box(_EDGE, below, _MAIN, _step_lines(stage.then, _MAIN), filled=True))
    return boxes, sides


def _groups(steps: tuple[FlowStep, ...], y: float) -> list[_Box]:
    """The answers among those included, side by side, all as tall as the tallest."""
    if not steps:
        return []
    space = 6.0
    width = min(_MAIN, (WIDE - 2 * _EDGE - space * (len(steps) - 1)) / len(steps))
    lines = [_step_lines(step, width) for step in steps]
    tallest = max(len(each) for each in lines)
    padded = [(*each[:-1], *[_Line("")] * (tallest - len(each)), each[-1]) for each in lines]
    return [
        _Box(_EDGE + at * (width + space), y, width, each, filled=True)
        for at, each in enumerate(padded)
    ]


def _step_lines(step: FlowStep, width: float) -> tuple[_Line, ...]:
    words = wrapped(step.label, width - 2 * _PAD)
    return (*(_Line(line) for line in words), _Line(f"n = {step.n:,}", bold=True))


def _left_lines(stage: FlowStage, width: float) -> tuple[_Line, ...]:
    """The reasons, each with its count; a sum above them when there are several."""
    lines: list[_Line] = []
    if len(stage.left) > 1:
        total = sum(left.n for left in stage.left)
        lines.append(_Line("Left at this point", f"n = {total:,}", bold=True))
    for left in stage.left:
        lines += _reason_lines(left, width, alone=len(stage.left) == 1)
    return tuple(lines)


def _reason_lines(left: FlowLeft, width: float, *, alone: bool) -> list[_Line]:
    count = f"n = {left.n:,}"
    room = width - 2 * _PAD - text_width(f"n = {max(left.n, 888):,}", bold=True) - 3
    quiet = left.n == 0
    first, *rest = wrapped(left.reason, room)
    head = _Line(first, count, bold=alone and not quiet, quiet=quiet)
    return [head, *(_Line(line, bold=head.bold, quiet=quiet) for line in rest)]


def _draw(axes: Axes, box: _Box) -> None:
    fill = TINT if box.filled else "white"
    frame = Rectangle(
        (box.x, box.y), box.width, box.height, facecolor=fill, edgecolor=INK, linewidth=0.6
    )
    axes.add_patch(frame)
    for at, line in enumerate(box.lines):
        y = box.y + _PAD + LINE_HEIGHT * (at + 0.5) - _LIFT
        color, weight = QUIET if line.quiet else INK, "bold" if line.bold else "normal"
        axes.text(box.x + _PAD, y, line.words, va="center_baseline", color=color, weight=weight)
        if line.count:
            x = box.x + box.width - _PAD
            axes.text(
                x, y, line.count, ha="right", va="center_baseline", color=color, weight=weight
            )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    dress = {
        "arrowstyle": "-|>,head_width=0.16,head_length=0.32",
        "linewidth": 0.7,
        "color": INK,
        "shrinkA": 0,
        "shrinkB": 0,
    }
    axes.annotate("", xy=end, xytext=start, arrowprops=dress)


def _fork(axes: Axes, last: _Box, groups: list[_Box]) -> None:
    """From the last box down, across, and into each group."""
    if not groups:
        return
    level = last.bottom + _GAP
    ends = [last.middle, *(group.middle for group in groups)]
    axes.plot([last.middle, last.middle], [last.bottom, level], color=INK, linewidth=0.7)
    axes.plot([min(ends), max(ends)], [level, level], color=INK, linewidth=0.7)
    for group in groups:
        _arrow(axes, (group.middle, level), (group.middle, group.y))
