"""Which marks and labels of a scale there is room for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import inf

from avidity.report.figures.ink import SMALL_SIZE, text_width
from avidity.report.figures.inputs_score import ScaleTick

MARK_ROOM = 0.75  # mm, from mark to mark
WORD_GAP = 1.6  # mm, between labels
BESIDE = 1.0  # mm, between a line that turns and words beside it

PlacedTick = tuple[float, ScaleTick]  # where on paper, in mm


def marked(ticks: list[PlacedTick]) -> list[PlacedTick]:
    """The ticks that can be told apart."""
    return _kept(ticks, lambda _: MARK_ROOM, most=2)


def worded(ticks: list[PlacedTick], wall: float | None = None) -> list[PlacedTick]:
    """The ticks whose labels have room.

    wall  where the line turns down: labels keep clear of it
    """
    clear = [
        (x, tick)
        for x, tick in ticks
        if wall is None or abs(x - wall) > text_width(tick.label, SMALL_SIZE) / 2 + BESIDE
    ]
    return _kept(clear, lambda tick: text_width(tick.label, SMALL_SIZE) + WORD_GAP, most=1)


def _kept(
    ticks: list[PlacedTick], room: Callable[[ScaleTick], float], *, most: int
) -> list[PlacedTick]:
    """The ticks that have room: between two neighbours of one rank all of the next, or none.

    So a step on paper is divided evenly or not at all, also where a curve crowds its values; on
    a straight scale all steps are divided alike.
    """
    ordered = sorted(ticks, key=lambda each: each[0])
    kept = _clear([each for each in ordered if each[1].rank == 0], room)
    for rank in range(1, most + 1):
        upto = [each for each in ordered if each[1].rank <= rank]
        walls = [-inf, inf] if _even(upto) else [-inf, *(x for x, _ in kept), inf]
        found = list(kept)
        for left, right in pairwise(walls):
            inside = [each for each in upto if left < each[0] < right and each[1].rank == rank]
            among = [each for each in kept if left <= each[0] <= right]
            together = sorted([*inside, *among], key=lambda each: each[0])
            if inside and len(_clear(together, room)) == len(together):
                found += inside
        kept = sorted(found, key=lambda each: each[0])
    return kept


def _even(ordered: list[PlacedTick]) -> bool:
    """Whether these ticks lie equally far apart."""
    gaps = [right - left for (left, _), (right, _) in pairwise(ordered)]
    return not gaps or max(gaps) <= 1.02 * min(gaps)


def _clear(ordered: list[PlacedTick], room: Callable[[ScaleTick], float]) -> list[PlacedTick]:
    """Every tick that does not touch the one kept before it."""
    kept: list[PlacedTick] = []
    for x, tick in ordered:
        if not kept or x - kept[-1][0] >= (room(tick) + room(kept[-1][1])) / 2:
            kept.append((x, tick))
    return kept
