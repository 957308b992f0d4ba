"""Whether the chains of an imputation have settled: their course over the iterations."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    LINE_HEIGHT,
    QUIET,
    SERIES,
    SMALL_SIZE,
    WIDE,
    canvas,
    ink,
    style,
    wrapped,
)
from avidity.report.figures.inputs_missing import ChainCourse, VariableTraces
from avidity.report.legible import legible

_PAIR = 84.0  # mm, both panels of one variable
_LEFT = 12.0  # mm, for the numbers of an axis
_PANEL = 28.0  # mm, the width of a panel
_HEIGHT = 19.0  # mm
_NUMBERS = 4.0  # mm, under a panel
_BETWEEN = 3.5  # mm
_ROOM = 0.08  # of the range of the lines, left free above and below them


@dataclass(frozen=True, slots=True)
class _Block:
    """One variable with its words in lines."""

    courses: tuple[ChainCourse, ...]
    name: list[str]
    words: tuple[list[str], ...]

    @property
    def width(self) -> float:
        """How many mm a panel is wide; one alone takes the room of both."""
        return _width(len(self.courses))

    @property
    def head(self) -> float:
        """How many mm its words take."""
        return LINE_HEIGHT * (len(self.name) + max(map(len, self.words))) + 1.6


def traces(variables: tuple[VariableTraces, ...]) -> Picture:
    """Two variables side by side, for each the mean and the deviation of what was drawn.

    Chains are alike, so their colours mean nothing; lines that mix freely, with no trend, are
    what is hoped for. Eight variables fill a page.

    raises  ValueError if there is no variable
    """
    if not variables:
        raise ValueError("there is no variable to trace")
    blocks = [_block(each) for each in legible(variables)]
    rows = [blocks[at : at + 2] for at in range(0, len(blocks), 2)]
    heads = [max(block.head for block in row) for row in rows]
    foot = wrapped(_foot(variables), WIDE - 1, SMALL_SIZE)
    height = sum(head + _HEIGHT + _NUMBERS + _BETWEEN for head in heads)
    with style():
        figure, sheet_axes = canvas(WIDE, height + LINE_HEIGHT * len(foot) + 1)
        y = 0.5
        for row, head in zip(rows, heads, strict=True):
            for at, block in enumerate(row):
                _draw(figure, sheet_axes, block, (at * (WIDE - _PAIR), y, head))
            y += head + _HEIGHT + _NUMBERS + _BETWEEN
        for at, line in enumerate(foot):
            level = height + (at + 0.5) * LINE_HEIGHT
            _say(sheet_axes, (0.5, level), line, quiet=True)
        return ink(figure)


def _block(each: VariableTraces) -> _Block:
    courses = tuple(course for course in (each.mean, each.deviation) if course)
    words = tuple(wrapped(_words(course), _width(len(courses)), SMALL_SIZE) for course in courses)
    return _Block(courses, wrapped(each.name, _PAIR - 1, bold=True), words)


def _words(course: ChainCourse) -> str:
    return ", ".join(part for part in (course.what, course.note) if part)


def _width(panels: int) -> float:
    return _PANEL if panels > 1 else _PAIR - _LEFT - 3.0


def _foot(variables: tuple[VariableTraces, ...]) -> str:
    chains = max(len(each.mean.lines) for each in variables)
    return f"Horizontally the iteration; one line for each of {chains} imputed sets."


def _draw(
    figure: Figure, sheet_axes: Axes, block: _Block, place: tuple[float, float, float]
) -> None:
    """One variable at this place: mm from the left, from the top, and for its words."""
    left, y, head = place
    for at, line in enumerate(block.name):
        sheet_axes.text(
            left + 0.5, y + (at + 0.5) * LINE_HEIGHT, line, va="center_baseline", weight="bold"
        )
    for at, (course, words) in enumerate(zip(block.courses, block.words, strict=True)):
        start = left + _LEFT + at * (_PANEL + _LEFT + 1)
        for up, line in enumerate(reversed(words)):
            level = y + head - 1.2 - (up + 0.5) * LINE_HEIGHT
            _say(sheet_axes, (start, level), line, quiet=False)
        _panel(figure, course, (start, y + head, block.width))


def _say(axes: Axes, at: tuple[float, float], words: str, *, quiet: bool) -> None:
    color = QUIET if quiet else None
    axes.text(*at, words, va="center_baseline", fontsize=SMALL_SIZE, color=color)


def _panel(figure: Figure, course: ChainCourse, at: tuple[float, float, float]) -> None:
    """The lines of one quantity; its upper left corner and width in mm."""
    height = 25.4 * float(figure.get_size_inches()[1])
    left, top, width = at
    place = (left / WIDE, 1 - (top + _HEIGHT) / height, width / WIDE, _HEIGHT / height)
    axes = figure.add_axes(place)
    length = max((len(line) for line in course.lines), default=0)
    for chain, line in enumerate(course.lines):
        axes.plot(
            range(1, length + 1),
            line,
            color=SERIES[chain % len(SERIES)],
            linewidth=0.6,
            marker="o" if length == 1 else None,
            markersize=2,
        )
    first, last = (1, length) if length > 1 else (0, 2)
    low, high = _limits(course)
    axes.set_xlim(first, last)
    axes.set_ylim(low, high)
    across = _ticks(first, last, MaxNLocator(5, integer=True))
    along = _ticks(low, high, MaxNLocator(3, min_n_ticks=2))
    axes.set_xticks(across, [_number(tick) for tick in across])
    axes.set_yticks(along, [_number(tick) for tick in along])
    axes.tick_params(pad=1.5)


def _ticks(low: float, high: float, locator: MaxNLocator) -> list[float]:
    """Round numbers inside the limits."""
    return [float(tick) for tick in locator.tick_values(low, high) if low <= tick <= high]


def _limits(course: ChainCourse) -> tuple[float, float]:
    """Ends of the vertical axis; around a line that never moves, a little on both sides."""
    values = [value for line in course.lines for value in line]
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = _ROOM * (high - low) if high > low else max(abs(low), 1.0) * _ROOM
    return low - room, high + room


def _number(value: float) -> str:
    """At most five digits, with a true minus.

    >>> _number(-0.25), _number(37000.0)
    ('−0.25', '37000')
    """
    return f"{value:.5g}".replace("-", "−")
