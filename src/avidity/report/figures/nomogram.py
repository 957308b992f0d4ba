"""A nomogram for print: read with a ruler, checked by hand with the example below it."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    HAIR,
    INK,
    LINE_HEIGHT,
    QUIET,
    SERIES,
    SMALL_SIZE,
    TINT,
    WIDE,
    canvas,
    ink,
    style,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs_score import NomogramPlan, Scale, ScaleBranch
from avidity.report.figures.level_labels import LINE, Labels, flowing, level_labels
from avidity.report.figures.tick_labels import BESIDE, PlacedTick, marked, worded
from avidity.report.legible import legible

_LABELS = 40.0  # mm, the widest the names may grow
_SPACE = 5.0  # mm, between names and scales
_MARGIN = 5.0  # mm, right of the scales: half of the last label
_EDGE = 3.0  # mm from the end of the scales: a turn this near needs room for its value
_TURN_ROOM = 4.5  # mm
_TOP = 5.2  # mm, above the first scale, for its labels
_PITCH = 9.4  # mm, from scale to scale
_BRANCH = 7.2  # mm, from branch to branch of one number
_APART = 3.5  # mm more before the totals
_LONG, _MIDDLE, _SHORT = 1.5, 1.1, 0.7  # mm, of the ticks by rank
_WORD_AT = 1.9  # mm, from a scale to the top of its labels
_SMALL_LINE = 3.2  # mm
_BOX = 2.2  # mm, around the example
_HOW = (
    "From each value go straight up to the points and add them up; from their sum on the total"
    " points go straight down to the risk."
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the scales lie, in mm."""

    left: float
    right: float
    widest: float
    highest: float

    def at(self, points: float) -> float:
        return self.left + (self.right - self.left) * points / self.widest

    def at_total(self, total: float) -> float:
        return self.left + (self.right - self.left) * total / self.highest


@dataclass(frozen=True, slots=True)
class _Row:
    """One variable as it will be drawn: its lines of words, and the room it takes."""

    scale: Scale
    words: list[str]
    labels: Labels | None
    above: float
    below: float


def nomogram(plan: NomogramPlan) -> Picture:
    """Scales 174 mm wide; a number whose effect turns has a line for each stretch.

    Ticks and labels that would touch are left out by rank; levels that lie close are spread and
    tied to their places. The worked example is marked on every scale.
    """
    plan = legible(plan)
    names = [wrapped(scale.label, _LABELS) for scale in plan.scales]
    totals = [wrapped(name, _LABELS, bold=True) for name in _ends(plan)]
    widest = max(
        text_width(line, bold=bold)
        for lines, bold in ((names, False), (totals, True))
        for words in lines
        for line in words
    )
    frame = _frame(plan, widest)
    rows = [_row(scale, words, frame) for scale, words in zip(plan.scales, names, strict=True)]
    first = _TOP + 3.0
    bottom = first + sum(row.above + row.below for row in rows)
    example = flowing(plan.example, WIDE - 2 * _BOX - 6)
    how = wrapped(_HOW, WIDE - 1, SMALL_SIZE)
    foot = bottom + _APART + 2 * _PITCH + 3.0
    height = foot + len(how) * _SMALL_LINE + 1.0
    if example:
        height += len(example) * _SMALL_LINE + 2 * _BOX + 1.5
    with style():
        figure, axes = canvas(WIDE, height)
        _grid(axes, plan, frame, (_TOP, bottom))
        _name(axes, totals[0], _TOP, bold=True)
        _line(axes, _TOP, (frame.left, frame.right))
        _ticks(axes, [(frame.at(t.at), t) for t in plan.points], _TOP, way=-1)
        y = first
        for row in rows:
            y += row.above
            _draw(axes, row, frame, y)
            y += row.below
        _totals(axes, plan, frame, totals[1:], bottom + _APART + 3.0)
        _foot(axes, how, example, foot)
        return ink(figure)


def _frame(plan: NomogramPlan, names: float) -> _Frame:
    """The scales beside names of this width, with room for the values of turns at their ends."""
    turns = [branch.end for scale in plan.scales for branch in scale.branches if branch.turn]
    length = WIDE - _MARGIN - names - _SPACE
    edge = _EDGE / length * plan.widest
    left = _TURN_ROOM if any(turn < edge for turn in turns) else 0.0
    right = _TURN_ROOM if any(turn > plan.widest - edge for turn in turns) else 0.0
    return _Frame(0.5 + names + _SPACE + left, WIDE - _MARGIN - right, plan.widest, plan.highest)


def _ends(plan: NomogramPlan) -> tuple[str, str, str]:
    return ("Points", "Total points", plan.risk_label)


def _row(scale: Scale, words: list[str], frame: _Frame) -> _Row:
    lines = len(words) * LINE_HEIGHT / 2
    if scale.kind == "number":
        below = _PITCH / 2 + 1.2 + (len(scale.branches) - 1) * _BRANCH
        if len(scale.branches) > 1 or len(worded(_placed(scale.branches[0], frame))) > 1:
            return _Row(scale, words, None, max(_PITCH / 2 - 1.2, lines), max(below, lines))
    places = [(x, tick.label) for x, tick in _placed(scale.branches[0], frame)]
    if scale.kind == "number":  # too short for two labels: its ends are named as levels are
        places = [min(places), max(places)]
    labels = level_labels(places, (frame.left - _SPACE + 0.5, WIDE - 0.5))
    above = max(_PITCH / 2 - 1.2, labels.above + 1.4, lines)
    return _Row(scale, words, labels, above, max(_PITCH / 2 + 1.2, labels.below + 1.4, lines))


def _placed(branch: ScaleBranch, frame: _Frame) -> list[PlacedTick]:
    return [(frame.at(tick.at), tick) for tick in branch.ticks]


def _grid(axes: Axes, plan: NomogramPlan, frame: _Frame, ends: tuple[float, float]) -> None:
    """Hairs down from the labelled points, for the ruler."""
    places = [frame.at(tick.at) for tick in plan.points if tick.rank == 0]
    axes.vlines(places, *ends, color=HAIR, linewidth=0.35, zorder=0)


def _name(axes: Axes, words: list[str], y: float, *, bold: bool = False) -> None:
    for at, line in enumerate(words):
        level = y + LINE_HEIGHT * (at - (len(words) - 1) / 2)
        axes.text(0.5, level, line, va="center_baseline", weight="bold" if bold else "normal")


def _line(axes: Axes, y: float, ends: tuple[float, float]) -> None:
    axes.plot(ends, [y, y], color=INK, linewidth=0.8, solid_capstyle="butt", zorder=3)


def _ticks(axes: Axes, ticks: list[PlacedTick], y: float, *, way: int) -> None:
    """Marks and labels below the line (way 1) or above it (way -1), as many as have room."""
    _marks(axes, ticks, y, way=way)
    _words(axes, worded(ticks), y, way=way)


def _marks(axes: Axes, ticks: list[PlacedTick], y: float, *, way: int) -> None:
    shown = marked(ticks)
    ends = [y + way * (_LONG, _MIDDLE, _SHORT)[tick.rank] for _, tick in shown]
    axes.vlines([x for x, _ in shown], y, ends, color=INK, linewidth=0.5, zorder=3)


def _words(axes: Axes, ticks: list[PlacedTick], y: float, *, way: int) -> None:
    for x, tick in ticks:
        _word(axes, x, y + way * _WORD_AT, tick.label, va="top" if way > 0 else "bottom")


def _word(axes: Axes, x: float, y: float, words: str, va: str = "top", ha: str = "center") -> None:
    """A label on the hairs' own white, so that none runs through it."""
    dress = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    axes.text(x, y, words, ha=ha, va=va, fontsize=SMALL_SIZE, bbox=dress, zorder=2)


def _draw(axes: Axes, row: _Row, frame: _Frame, y: float) -> None:
    scale = row.scale
    _name(axes, row.words, y)
    for at, branch in enumerate(scale.branches):
        level = y + at * _BRANCH
        ends = sorted((frame.at(branch.start), frame.at(branch.end)))
        _line(axes, level, (ends[0], ends[1]))
        if branch.turn:
            _turn(axes, branch, frame, level)
        if scale.kind == "number":
            ticks = _placed(branch, frame)
            _marks(axes, ticks, level, way=1)
            if not row.labels:
                _words(axes, worded(ticks, _wall(branch, frame)), level, way=1)
    if row.labels:
        _levels(axes, row.labels, y)
    if scale.example is not None:
        _mark(axes, frame.at(scale.example), y + scale.branch * _BRANCH)


def _wall(branch: ScaleBranch, frame: _Frame) -> float | None:
    return frame.at(branch.end) if branch.turn else None


def _turn(axes: Axes, branch: ScaleBranch, frame: _Frame, y: float) -> None:
    """The bend to the next stretch, with the value where the effect turns."""
    x, way = frame.at(branch.end), 1 if branch.end > branch.start else -1
    axes.plot([x, x], [y, y + _BRANCH], color=INK, linewidth=0.8, zorder=3)
    side = "left" if way > 0 else "right"
    _word(axes, x + way * BESIDE, y + _BRANCH / 2, branch.turn, "center_baseline", side)


def _levels(axes: Axes, labels: Labels, y: float) -> None:
    for label in labels.placed:
        way = label.side
        axes.plot([label.x] * 2, [y, y + way * _LONG], color=INK, linewidth=0.7, zorder=3)
        if label.tied:
            tie = [y + way * _LONG, y + way * (label.top - 0.5)]
            axes.plot([label.x, label.centre], tie, color=QUIET, linewidth=0.4, zorder=2)
        for at, line in enumerate(label.lines):
            row = label.top + LINE * at if way > 0 else label.top + LINE * (len(label.lines) - at)
            axes.text(label.centre, y + way * row, line, ha="center", va="top", fontsize=SMALL_SIZE)
    below = y + labels.below - LINE * len(labels.key)
    for at, line in enumerate(labels.key):
        _word(axes, labels.key_at, below + LINE * at, line, ha="left")


def _mark(axes: Axes, x: float, y: float) -> None:
    """The worked example: a triangle that stands on the scale."""
    axes.fill(
        [x, x - 0.95, x + 0.95],
        [y - 0.25, y - 1.9, y - 1.9],
        color=SERIES[1],
        linewidth=0,
        zorder=5,
    )


def _totals(
    axes: Axes, plan: NomogramPlan, frame: _Frame, names: list[list[str]], y: float
) -> None:
    """The sum and the risk, one below the other on the same measure, tied by hairs."""
    risk = y + _PITCH
    ends = (frame.at_total(0), frame.at_total(plan.highest))
    tied = [frame.at_total(tick.at) for tick in plan.risk if tick.rank == 0]
    axes.vlines(tied, y, risk, color=HAIR, linewidth=0.35, zorder=0)
    for words, level, ticks in ((names[0], y, plan.total), (names[1], risk, plan.risk)):
        _name(axes, words, level, bold=True)
        _line(axes, level, ends)
        _ticks(axes, [(frame.at_total(tick.at), tick) for tick in ticks], level, way=1)
        if plan.example_total is not None:
            _mark(axes, frame.at_total(plan.example_total), level)


def _foot(axes: Axes, how: list[str], example: list[str], y: float) -> None:
    """How to read it, and the example in a box."""
    for at, line in enumerate(how):
        axes.text(0.5, y + at * _SMALL_LINE, line, va="top", fontsize=SMALL_SIZE, color=QUIET)
    if not example:
        return
    top = y + len(how) * _SMALL_LINE + 1.0
    height = len(example) * _SMALL_LINE + 2 * _BOX - 1.0
    axes.fill(
        [0.5, WIDE - 0.5, WIDE - 0.5, 0.5],
        [top, top, top + height, top + height],
        color=TINT,
        linewidth=0,
    )
    _mark(axes, 0.5 + _BOX + 1.0, top + _BOX + 2.3)
    for at, line in enumerate(example):
        level = top + _BOX + at * _SMALL_LINE
        axes.text(0.5 + _BOX + 4, level, line, va="top", fontsize=SMALL_SIZE, color=INK)
