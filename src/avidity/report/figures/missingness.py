"""Which variables are missing together: one row per variable, one column per pattern."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

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
from avidity.report.figures.inputs_missing import MissingPattern, MissingPatterns
from avidity.report.legible import legible

_NAMES = 52.0  # mm, the widest the names may grow
_BAR = 22.0  # mm, the bar of a variable that everybody lacks
_BARS = 20.0  # mm, the highest bar of a pattern
_ROW, _COLUMN = 5.6, 8.5  # mm, a cell at most
_GAP = 3.0  # mm, between the matrix and what stands around it
_TOP = 4.5  # mm, for the count above the highest bar
_FOOT = 4.6  # mm, a line of numbers below the matrix
_INSET = 0.35  # mm, between a cell and its place
_KEY = 3.4  # mm, a cell in the legend
_KEY_LINE = 5.0  # mm, from the legend to the note


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where everything stands, in mm from the upper left corner."""

    left: float
    top: float
    column: float
    heights: tuple[float, ...]
    shown: tuple[MissingPattern, ...]

    @property
    def right(self) -> float:
        return self.left + self.column * len(self.shown)

    @property
    def bottom(self) -> float:
        return self.top + sum(self.heights)


def missingness(plan: MissingPatterns) -> Picture:
    """The matrix of patterns, patients per pattern above it and per variable beside it.

    Where the patterns do not all fit, the first are drawn and the rest are counted in words.
    """
    plan = legible(plan)
    names = [wrapped(variable.name, _NAMES) for variable in plan.variables]
    frame = _frame(plan, names)
    note = _note(plan, frame)
    height = frame.bottom + _FOOT + 3.4 + _KEY_LINE + LINE_HEIGHT * len(note)
    with style():
        figure, axes = canvas(WIDE, height)
        y = frame.top
        for at, (lines, height) in enumerate(zip(names, frame.heights, strict=True)):
            _row(axes, plan, frame, at, (lines, y, height))
            y += height
        _patients(axes, frame)
        _feet(axes, plan, frame)
        _legend(axes, frame, note)
        return ink(figure)


def _frame(plan: MissingPatterns, names: list[list[str]]) -> _Frame:
    left = 2 + max(
        *(text_width(line) for lines in names for line in lines),
        *(text_width(foot, SMALL_SIZE) for foot in _foot_words(plan)),
    )
    beside = _GAP + _BAR + 1.5 + max(text_width(v.text, SMALL_SIZE) for v in plan.variables)
    room = WIDE - left - beside - 0.5
    widest = max(text_width(str(pattern.n), SMALL_SIZE) for pattern in plan.patterns) + 1.2
    fit = max(1, int(room // max(widest, 4.0)))
    shown = plan.patterns[:fit]
    heights = tuple(max(_ROW, LINE_HEIGHT * len(lines) + 1.4) for lines in names)
    return _Frame(left, _TOP + _BARS + 1.0, min(_COLUMN, room / len(shown)), heights, shown)


def _row(
    axes: Axes,
    plan: MissingPatterns,
    frame: _Frame,
    at: int,
    place: tuple[list[str], float, float],
) -> None:
    """One variable: its name, its cell in each pattern, and how many lack it."""
    lines, y, height = place
    variable = plan.variables[at]
    middle = y + height / 2
    for line_at, line in enumerate(lines):
        level = middle + LINE_HEIGHT * (line_at - (len(lines) - 1) / 2)
        axes.text(0.5, level, line, va="center_baseline")
    for column, pattern in enumerate(frame.shown):
        x = frame.left + column * frame.column
        _cell(axes, (x, y, frame.column, height), missing=pattern.missing[at])
    start = frame.right + _GAP
    length = _BAR * variable.missing / max(plan.n, 1)
    if variable.missing:
        axes.add_patch(Rectangle((start, y + 1), length, height - 2, facecolor=SERIES[0]))
    color = INK if variable.missing else QUIET
    axes.text(
        start + length + 1.2,
        middle,
        variable.text,
        va="center_baseline",
        fontsize=SMALL_SIZE,
        color=color,
    )


def _cell(axes: Axes, box: tuple[float, float, float, float], *, missing: bool) -> None:
    """A cell: pale where measured; dark with a cross where missing, so that grey print tells."""
    x, y, width, height = box
    axes.add_patch(
        Rectangle(
            (x + _INSET, y + _INSET),
            width - 2 * _INSET,
            height - 2 * _INSET,
            facecolor=SERIES[0] if missing else TINT,
            edgecolor=SERIES[0] if missing else HAIR,
            linewidth=0.4,
        )
    )
    if missing:
        reach = min(width, height) * 0.17
        across, down = x + width / 2, y + height / 2
        for way in (1, -1):
            axes.plot(
                [across - reach, across + reach],
                [down - way * reach, down + way * reach],
                color="white",
                linewidth=0.9,
            )


def _patients(axes: Axes, frame: _Frame) -> None:
    """A bar for each pattern, the count above it."""
    most = max(pattern.n for pattern in frame.shown)
    base = _TOP + _BARS
    for at, pattern in enumerate(frame.shown):
        x = frame.left + at * frame.column
        height = _BARS * pattern.n / max(most, 1)
        width = min(frame.column - 1.2, 5.0)
        side = (frame.column - width) / 2
        complete = not any(pattern.missing)
        axes.add_patch(
            Rectangle(
                (x + side, base - height),
                width,
                height,
                facecolor=SERIES[2] if complete else SERIES[0],
            )
        )
        axes.text(
            x + frame.column / 2,
            base - height - 1.9,
            str(pattern.n),
            ha="center",
            va="center_baseline",
            fontsize=SMALL_SIZE,
        )


def _feet(axes: Axes, plan: MissingPatterns, frame: _Frame) -> None:
    """The words beside the counts, and under each pattern how many have the outcome."""
    beside, below = _TOP + _BARS - 1.9, frame.bottom + _FOOT / 2 + 0.4
    patients, cases = _foot_words(plan)
    _say(axes, (0.5, beside), patients)
    _say(axes, (frame.right + _GAP, beside), "Missing, n (%)")
    _say(axes, (0.5, below), cases)
    for at, pattern in enumerate(frame.shown):
        middle = frame.left + (at + 0.5) * frame.column
        _say(axes, (middle, below), str(pattern.n_outcome), centred=True)


def _foot_words(plan: MissingPatterns) -> tuple[str, str]:
    return f"Patients (n = {plan.n})", f"of them {plan.outcome_word}"


def _note(plan: MissingPatterns, frame: _Frame) -> list[str]:
    """What the picture shows, and what it leaves out, in lines."""
    words = "Each column holds the patients who lack exactly the same variables."
    rest = plan.patterns[len(frame.shown) :]
    if rest:
        patients = sum(pattern.n for pattern in rest)
        words += f" Not drawn: {len(rest)} rarer patterns with {patients} patients together."
    return wrapped(words, WIDE - 1, SMALL_SIZE)


def _legend(axes: Axes, frame: _Frame, note: list[str]) -> None:
    """The marks side by side, then the note."""
    y = frame.bottom + _FOOT + 3.4
    x = 0.5
    for words, color in (
        ("measured", None),
        ("missing", SERIES[0]),
        ("nothing missing", SERIES[2]),
    ):
        box = (x, y - _KEY / 2, _KEY, _KEY)
        if color == SERIES[2]:
            place = (box[0] + _INSET, box[1] + _INSET)
            axes.add_patch(Rectangle(place, _KEY - 2 * _INSET, _KEY - 2 * _INSET, facecolor=color))
        else:
            _cell(axes, box, missing=color is not None)
        x += _KEY + 1.5
        _say(axes, (x, y), words)
        x += text_width(words, SMALL_SIZE) + 6
    for at, line in enumerate(note):
        _say(axes, (0.5, y + _KEY_LINE + at * LINE_HEIGHT), line)


def _say(axes: Axes, at: tuple[float, float], words: str, *, centred: bool = False) -> None:
    """Quiet words beside or under the matrix."""
    side = "center" if centred else "left"
    axes.text(*at, words, ha=side, va="center_baseline", fontsize=SMALL_SIZE, color=QUIET)
