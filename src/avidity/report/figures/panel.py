"""The parts that the figures about trust share: placed axes, a legend, and counts of patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from avidity.report.figures.ink import (
    DASHES,
    HAIR,
    INK,
    LINE_HEIGHT,
    NARROW,
    SERIES,
    SERIES_TEXT,
    SMALL_SIZE,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs import GroupCounts
from avidity.report.figures.inputs_trust import Histogram, Line

LEFT, RIGHT, TOP = 13.0, 4.0, 2.5  # mm, around the axes
SIDE = NARROW - LEFT - RIGHT  # mm, the width of every panel
COUNTS = 17.0  # mm, the height of the panel of counts
GAP = 3.0  # mm, between the main panel and the counts
BELOW = 11.5  # mm, under the last panel, for the numbers and the name of the axis
PALE = 0.16  # opacity of a band
OUTCOMES = (1, 0)  # places in SERIES: those with the outcome in the warm colour, as everywhere
CURVES = (0, 3, 2, 4)  # places in SERIES: the warm colour stays with the outcome

_SAMPLE = 8.0  # mm, the piece of line in the legend
_WORDS_AT = _SAMPLE + 3  # mm from the left of the sheet
_BETWEEN = 1.2  # mm, between the entries
_NOTE_LINE = 3.4  # mm


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a sample and its words."""

    words: str
    summary: str = ""
    color: str = INK
    dash: Any = "solid"
    width: float = 1.4
    kind: Literal["line", "band", "point", "ring"] = "line"
    band: bool = False
    opacity: float = PALE


def panel(figure: Figure, top: float, height: float) -> Axes:
    """Axes of the usual width, so many mm from the top of the sheet."""
    sheet_height = 25.4 * float(figure.get_size_inches()[1])
    bottom = 1 - (top + height) / sheet_height
    return figure.add_axes((LEFT / NARROW, bottom, SIDE / NARROW, height / sheet_height))


def line_key(line: Line, at: int) -> Key:
    """The legend's entry for the curve at this place among its like."""
    return Key(line.name, line.summary, SERIES[CURVES[at]], DASHES[at], band=bool(line.low))


def draw_line(axes: Axes, line: Line, at: int) -> None:
    """The curve with its band, in the colour and dash of its place, at most the fourth."""
    color = SERIES[CURVES[at]]
    if line.low:
        axes.fill_between(
            line.x, line.low, line.high, color=color, alpha=PALE, linewidth=0, zorder=2
        )
    axes.plot(line.x, line.y, color=color, linestyle=DASHES[at], linewidth=1.4, zorder=4)


def percent_axis(axes: Axes, which: Literal["x", "y"], low: float, high: float) -> None:
    """Even ticks in percent, as many as can be read."""
    ticks = percent_ticks(low, high)
    words = [f"{100 * tick:.0f}".replace("-", "−") for tick in ticks]
    if which == "x":
        axes.set_xlim(low, high)
        axes.set_xticks(ticks, words)
    else:
        axes.set_ylim(low, high)
        axes.set_yticks(ticks, words)


def percent_ticks(low: float, high: float) -> list[float]:
    """Multiples of the finest of 1, 2, 5, 10, 20 percent that gives at most seven.

    >>> percent_ticks(0, 1)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    for step in (1, 2, 5, 10):
        ticks = [
            place / 100
            for place in range(-100, 101)
            if place % step == 0 and low - 1e-9 <= place / 100 <= high + 1e-9
        ]
        if len(ticks) <= 7:
            return ticks
    return [place / 5 for place in range(-5, 6) if low - 1e-9 <= place / 5 <= high + 1e-9]


def counts(axes: Axes, shown: Histogram, limits: tuple[float, float], words: str) -> None:
    """Patients in each bin, the first group upwards and the second downwards; counts, not shares.

    limits  of the horizontal axis
    words   of the horizontal axis
    """
    single = len(shown.groups) == 1
    widths = [high - low for low, high in zip(shown.edges, shown.edges[1:], strict=False)]
    for group, color, way in zip(shown.groups, OUTCOMES, (1, -1), strict=False):
        axes.bar(
            shown.edges[:-1],
            [way * count for count in group.counts],
            width=widths,
            align="edge",
            color=SERIES[4 if single else color],
            edgecolor="white",
            linewidth=0.4,
        )
    axes.set_xlim(*limits)
    highest = [max(*group.counts, 1) for group in shown.groups]
    bottom, top = 0.0 if single else -1.04 * highest[1], 1.04 * highest[0]
    if not single:
        places = [
            _corner(shown, group.counts, limits, group_words(group)) for group in shown.groups
        ]
        bottom, top = _room(highest, [under for _, under in places])
        for group, color, (side, _), way in zip(
            shown.groups, OUTCOMES, places, (1, -1), strict=True
        ):
            _name(axes, group_words(group), SERIES_TEXT[color], (side, way))
    axes.set_ylim(bottom, top)
    ticks = [highest[0], *(-most for most in highest[1:])]
    axes.set_yticks([0, *ticks], ["0", *(str(abs(tick)) for tick in ticks)])
    axes.axhline(0, color=INK, linewidth=0.5)
    axes.spines["bottom"].set_visible(single)
    axes.set_xlabel(words, labelpad=2.5)
    axes.set_ylabel("Patients", labelpad=2.5)


def group_words(group: GroupCounts) -> str:
    """The name of a group and its size; a name too long for the panel is cut."""
    size, name = f", n = {sum(group.counts)}", group.name
    while name and text_width(f"{name}…{size}", SMALL_SIZE) > SIDE - 1:
        name = name[:-1].rstrip()
    return f"{group.name if name == group.name else name + '…'}{size}"


def _corner(
    shown: Histogram, bars: tuple[int, ...], limits: tuple[float, float], words: str
) -> tuple[str, int]:
    """The side on which words cover the lower bars, and the highest bar they would cover."""
    wide = (text_width(words, SMALL_SIZE) + 2) / SIDE * (limits[1] - limits[0])
    spans = {"right": (limits[1] - wide, limits[1]), "left": (limits[0], limits[0] + wide)}
    under = {
        side: max(
            (
                bar
                for bar, low, high in zip(bars, shown.edges, shown.edges[1:], strict=False)
                if high > start and low < end
            ),
            default=0,
        )
        for side, (start, end) in spans.items()
    }
    side = "left" if under["left"] < under["right"] else "right"
    return side, under[side]


def _room(highest: list[int], under: list[int]) -> tuple[float, float]:
    """Ends of the axis that leave the height of a line of words beyond the bars under them."""
    top, bottom = (1.04 * most for most in highest)
    for _ in range(20):  # more room for one side makes the words of the other taller
        line = _NOTE_LINE / COUNTS * (top + bottom)
        top, bottom = max(top, under[0] + line), max(bottom, under[1] + line)
    return -bottom, top


def _name(axes: Axes, words: str, color: str, corner: tuple[str, int]) -> None:
    side, way = corner
    axes.text(
        1.0 if side == "right" else 1.2 / SIDE,
        1.0 if way > 0 else 0.0,
        words,
        transform=axes.transAxes,
        ha=side,
        va="top" if way > 0 else "bottom",
        fontsize=SMALL_SIZE,
        color=color,
    )


def notes(axes: Axes, lines: tuple[str, ...], height: float) -> None:
    """Words in the upper left corner of a panel of this height in mm."""
    said = [part for line in lines for part in wrapped(line, 0.72 * SIDE, SMALL_SIZE)]
    for at, line in enumerate(said):
        axes.text(
            1.6 / SIDE,
            1 - (1.0 + at * _NOTE_LINE) / height,
            line,
            transform=axes.transAxes,
            va="top",
            fontsize=SMALL_SIZE,
            color=INK,
            zorder=6,
        )


def legend_height(keys: list[Key]) -> float:
    """How many mm these entries take."""
    return sum(len(lines) * LINE_HEIGHT + _BETWEEN for lines in map(_lines, keys))


def legend(sheet_axes: Axes, keys: list[Key], top: float) -> None:
    """The entries below each other, so many mm from the top; axes in mm, as `ink.canvas` gives."""
    y = top
    for key in keys:
        _sample(sheet_axes, key, y + LINE_HEIGHT / 2)
        for line in _lines(key):
            for right, words in line:
                x = _WORDS_AT + right
                sheet_axes.text(x, y + LINE_HEIGHT / 2, words, va="center_baseline")
            y += LINE_HEIGHT
        y += _BETWEEN


def _lines(key: Key) -> list[list[tuple[float, str]]]:
    """Name and summary in one line where they fit, else below each other."""
    room = NARROW - _WORDS_AT - 0.5
    name = text_width(key.words) + 3
    if key.summary and name + text_width(key.summary) <= room:
        return [[(0.0, key.words), (name, key.summary)]]
    return [
        [(0.0, line)] for line in (*wrapped(key.words, room), *wrapped(key.summary, room)) if line
    ]


def _sample(axes: Axes, key: Key, y: float) -> None:
    start, end = 1.0, 1.0 + _SAMPLE
    if key.kind == "band" or key.band:
        patch = Rectangle(
            (start, y - 1.3), _SAMPLE, 2.6, facecolor=key.color, alpha=key.opacity, linewidth=0
        )
        axes.add_patch(patch)
    if key.kind == "line":
        axes.plot(
            [start, end], [y, y], color=key.color, linestyle=key.dash, linewidth=key.width, zorder=3
        )
    middle = (start + end) / 2
    if key.kind == "point":
        axes.plot([middle, middle], [y - 1.5, y + 1.5], color=key.color, linewidth=0.8)
    if key.kind in ("point", "ring"):
        ring(axes, (middle, y), key.color)


def ring(axes: Axes, at: tuple[float, float], color: str) -> None:
    """A hollow mark at this place."""
    axes.plot(
        [at[0]],
        [at[1]],
        marker="o",
        markersize=3.6,
        markerfacecolor="white",
        markeredgecolor=color,
        markeredgewidth=1.0,
        clip_on=False,
        zorder=6,
    )


IDEAL = Key("Perfect agreement", color=HAIR, width=1.0)


def diagonal(axes: Axes, limit: float) -> None:
    """Where predicted and observed agree."""
    axes.plot([0, limit], [0, limit], color=HAIR, linewidth=1.0, zorder=1)
