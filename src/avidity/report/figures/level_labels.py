"""Where the labels of a category's levels stand when their places on the scale lie close.

Labels keep the order of their places and are moved apart as little as possible, on one side of the
scale, or on both; where even that is too tight they become numbers with a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from avidity.report.figures.ink import SMALL_SIZE, text_width, wrapped

LINE = 3.2  # mm, line height of the labels
STRAIGHT = 1.9  # mm, from the scale to labels that stand at their places
TIED = 4.4  # mm, to labels that do not: room for the tie
GAP = 1.8  # mm, between labels
FARTHEST = 30.0  # mm a label may be moved
MOVED = 1.6  # mm: less is not worth a tie
SAME = 0.2  # mm: levels nearer to each other share a label
WIDTHS = (34.0, 22.0)  # mm, labels are wrapped to


@dataclass(frozen=True, slots=True)
class Placed:
    """One label: its tick at x, its words around centre, below the scale (side 1) or above (-1).

    top  mm from the scale to the nearest edge of the words
    """

    x: float
    lines: tuple[str, ...]
    centre: float
    side: int = 1
    top: float = STRAIGHT

    @property
    def tied(self) -> bool:
        """Whether the words stand elsewhere than their tick."""
        return self.top > STRAIGHT

    @property
    def width(self) -> float:
        """Of the widest line, mm."""
        return max(text_width(line, SMALL_SIZE) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels of one scale, and the key of those that became numbers, to begin at key_at."""

    placed: tuple[Placed, ...]
    key: tuple[str, ...] = ()

    @property
    def key_at(self) -> float:
        """Where the lines of the key begin: at the first level, mm."""
        return min(label.x for label in self.placed)

    @property
    def above(self) -> float:
        """Room needed above the scale, mm."""
        return _room([label for label in self.placed if label.side < 0])

    @property
    def below(self) -> float:
        """Room needed below the scale, the key included, mm."""
        return _room([label for label in self.placed if label.side > 0]) + LINE * len(self.key)


def _room(labels: Sequence[Placed]) -> float:
    return max((label.top + LINE * len(label.lines) for label in labels), default=0.0)


def level_labels(places: Sequence[tuple[float, str]], limits: tuple[float, float]) -> Labels:
    """Lay out the labels.

    places  of the levels in mm, with their labels, in any order; equal places share one label
    limits  the labels stay between these, in mm
    """
    joined = _joined(places)
    for width in WIDTHS:
        labels = [Placed(x, tuple(wrapped(words, width, SMALL_SIZE)), x) for x, words in joined]
        for sides in (1, 2):
            found = _spread(labels, limits, sides)
            if found:
                return Labels(tuple(found))
    numbered = [Placed(x, (str(at),), x) for at, (x, _) in enumerate(joined, 1)]
    key = [f"{at} = {label}" for at, (_, label) in enumerate(joined, 1)]
    found = _spread(numbered, limits, 2, farthest=limits[1] - limits[0]) or numbered
    pieces = [*(f"{each};" for each in key[:-1]), key[-1]]
    return Labels(tuple(found), tuple(flowing(pieces, limits[1] - joined[0][0])))


def flowing(pieces: Sequence[str], width: float) -> list[str]:
    """The pieces one after the other, in lines of this width; none is torn unless it must be."""
    lines: list[str] = []
    for piece in pieces:
        joined = f"{lines[-1]} {piece}" if lines else piece
        if lines and text_width(joined, SMALL_SIZE) <= width:
            lines[-1] = joined
        else:
            lines += wrapped(piece, width, SMALL_SIZE)
    return lines


def _joined(places: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Levels at one place under one label, from left to right."""
    found: list[tuple[float, str]] = []
    for x, label in sorted(places, key=lambda place: place[0]):
        if found and x - found[-1][0] < SAME:
            found[-1] = (found[-1][0], f"{found[-1][1]}, {label}")
        else:
            found.append((x, label))
    return found


def _spread(
    labels: Sequence[Placed], limits: tuple[float, float], sides: int, farthest: float = FARTHEST
) -> list[Placed] | None:
    """The labels moved apart, every second one above if there are two sides; None if too far."""
    found: list[Placed] = []
    for side in range(sides):
        row = labels[side::sides]
        centres = _apart(row, limits)
        if centres is None:
            return None
        away = [abs(c - label.x) for c, label in zip(centres, row, strict=True)]
        if max(away, default=0) > farthest:
            return None
        top = TIED if max(away, default=0) > MOVED else STRAIGHT
        found += [
            replace(label, centre=centre, side=-1 if side else 1, top=top)
            for label, centre in zip(row, centres, strict=True)
        ]
    return found


def _apart(row: Sequence[Placed], limits: tuple[float, float]) -> list[float] | None:
    """Centres in order, clear of each other, nearest to their places in the sense of squares.

    Less the room of the labels before it, every centre only has to be no less than the one before:
    pool the neighbours that are not, and their mean is the best for all of them.
    """
    before, offset = 0.0, []
    for at, label in enumerate(row):
        before += (row[at - 1].width + label.width) / 2 + GAP if at else 0.0
        offset.append(before)
    if not row:
        return []
    low = limits[0] + row[0].width / 2
    high = limits[1] - row[-1].width / 2 - offset[-1]
    if low > high:
        return None
    pools: list[tuple[float, int]] = []
    for label, own in zip(row, offset, strict=True):
        mean, count = label.x - own, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    means = [min(max(mean, low), high) for mean, count in pools for _ in range(count)]
    return [mean + own for mean, own in zip(means, offset, strict=True)]
