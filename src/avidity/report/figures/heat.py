"""How far definitions agree: a square with counts below the diagonal and kappa above it."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from avidity.report.document import Picture
from avidity.report.figures.ink import (
    HAIR,
    INK,
    LINE_HEIGHT,
    QUIET,
    SMALL_SIZE,
    TINT,
    WIDE,
    canvas,
    ink,
    style,
    text_width,
    wrapped,
)
from avidity.report.figures.inputs import Agreement
from avidity.report.legible import legible

_CELL_WIDTH, _CELL_HEIGHT = 17.0, 9.0  # mm, at most so wide, at least so high
_HEAD = 6.0  # mm
_LEGEND_ROOM = 44.0  # mm; where less is left beside the matrix, the legend stands below
_LABELS = 62.0  # mm, the widest the names may grow
_PALE, _DEEP = (0xF4, 0xF8, 0xFB), (0x17, 0x40, 0x6D)
_LIGHT_TEXT_FROM = 0.55  # of the way from pale to deep


def heat(plan: Agreement) -> Picture:
    """The matrix; its columns carry the numbers of the rows, so that no word stands on its side."""
    plan = legible(plan)
    names = [wrapped(f"{at} {name}", _LABELS) for at, name in enumerate(plan.names, start=1)]
    left = max(text_width(line) for lines in names for line in lines) + 4
    size = len(plan.names)
    width = min(_CELL_WIDTH, (WIDE - left - 1) / size)
    height = max(_CELL_HEIGHT, LINE_HEIGHT * max(map(len, names)) + 1.5)
    bottom = _HEAD + size * height
    beside = left + size * width + 6
    legend = _legend(plan, beside, bottom)
    with style():
        figure, axes = canvas(WIDE, max(bottom + 0.5, *(y + LINE_HEIGHT for _, y, _ in legend)))
        for row in range(size):
            y = _HEAD + row * height
            _name(axes, names[row], y + height / 2)
            middle = left + (row + 0.5) * width
            axes.text(middle, _HEAD / 2, str(row + 1), ha="center", va="center_baseline")
            for column in range(size):
                _cell(axes, plan, (row, column), (left + column * width, y, width, height))
        for x, y, line in legend:
            axes.text(x, y, line, va="center_baseline", fontsize=SMALL_SIZE, color=QUIET)
        return ink(figure)


def _legend(plan: Agreement, beside: float, bottom: float) -> list[tuple[float, float, str]]:
    """What the cells say, line by line at its place: beside the matrix, or below it."""
    words = (
        f"Diagonal: patients called {plan.yes_word}.",
        "Below the diagonal: patients called alike / patients both could decide.",
        "Above the diagonal: Cohen's kappa; the deeper the colour, the closer.",
    )
    right = beside + _LEGEND_ROOM <= WIDE
    x, y = (beside, _HEAD + 2.5) if right else (0.5, bottom + 4)
    places = []
    for sentence in words:
        for line in wrapped(sentence, WIDE - x - 1, SMALL_SIZE):
            places.append((x, y, line))
            y += LINE_HEIGHT
        y += 1.8 if right else 0.0
    return places


def _name(axes: Axes, lines: list[str], middle: float) -> None:
    for at, line in enumerate(lines):
        level = middle + LINE_HEIGHT * (at - (len(lines) - 1) / 2)
        axes.text(0.5, level, line, va="center_baseline")


def _cell(
    axes: Axes, plan: Agreement, at: tuple[int, int], place: tuple[float, float, float, float]
) -> None:
    row, column = at
    x, y, width, height = place
    kappa = plan.kappa[row][column]
    fill, color, weight = "white", INK, "normal"
    if row == column:
        words, fill, weight = str(plan.yes[row]), TINT, "bold"
    elif row > column:
        words = f"{plan.alike[row][column]}/{plan.decided[row][column]}"
        if text_width(words) > width - 1:
            words = words.replace("/", "/\n")
    elif kappa is None:
        words, color = "–", QUIET
    else:
        depth = min(max(kappa, 0.0), 1.0)
        words, fill = f"{kappa:.2f}".replace("-", "−"), _shade(depth)
        color = "white" if depth > _LIGHT_TEXT_FROM else INK
    frame = Rectangle((x, y), width, height, facecolor=fill, edgecolor=HAIR, linewidth=0.5)
    axes.add_patch(frame)
    axes.text(
        x + width / 2,
        y + height / 2,
        words,
        ha="center",
        va="center" if "\n" in words else "center_baseline",
        color=color,
        weight=weight,
        linespacing=1.1,
    )


def _shade(depth: float) -> str:
    mixed = (round(pale + depth * (deep - pale)) for pale, deep in zip(_PALE, _DEEP, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
