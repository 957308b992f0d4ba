"""Too many tables to list: the intercept is bounded, and where they can be, the tables are found.

The intercept is halved and halved again, and pieces in which the linear programs leave nothing are
dropped. In the pieces that are left the whole-number tables are searched, where they are not too
many; each is then fitted as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.rebuild.complete import Asked, Matches, possible
from avidity.stats.rebuild.figures import Box
from avidity.stats.rebuild.lattice import (
    Polytope,
    TooFarError,
    directions,
    moves,
    points,
    reduced,
    some_table,
)
from avidity.stats.rebuild.listing import among
from avidity.stats.rebuild.patterns import Whole
from avidity.stats.rebuild.relaxation import Relaxation, Rows
from avidity.stats.rebuild.result import Range

Progress = Callable[[str, float], None]

WIDEST = 40.0  # a coefficient beyond is no finite estimate
FINE = 1e-3  # to which the ends of the intercept are found
COARSE = 0.02  # to which it is looked whether there is any
MOST_MOVES = 18  # free whole numbers up to which tables are searched
WIDE = 8  # a piece of the intercept to begin with, in widths of all slopes' limits together
BITS = 5  # times a piece of the intercept is halved before the search of it is given up
IN_A_PIECE = 1_000_000  # partial tables in one piece before it is halved


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the search ended with.

    intercept  its proven ends; None where no intercept is possible
    totals     each pattern's proven ends, shape (C, 2), whole numbers; None as above
    matches    every table that gives the printed figures, or those found until it stopped
    proven     whether there is no other
    stopped    why not, in words
    programs   linear programs solved
    steps      partial tables looked at
    """

    intercept: Range | None
    totals: Whole | None
    matches: Matches | None
    proven: bool
    stopped: str
    programs: int
    steps: int


def quiet(_words: str, _share: float) -> None:
    """Tell nobody."""


def search(given: Asked, limits: Sequence[Box], most: int, progress: Progress = quiet) -> Found:
    """Bound the intercept and, where few enough are left, find every table.

    most      partial tables that may be looked at in all
    progress  told what is done, and which share of it
    """
    limits = [_finite(box) for box in limits]
    relaxed = Relaxation(given, limits)
    ends = bounds(relaxed, limits[0].beta, progress)
    if ends is None:
        return Found(None, None, None, True, "", relaxed.asked, 0)
    progress("bounding every pattern", 0.0)
    free = len(moves(given.made))
    if free <= MOST_MOVES:
        relaxed.sharpen(ends.low, ends.high)
    between = _between(relaxed, ends, progress)
    whole = np.column_stack([np.ceil(between[:, 0] - 1e-6), np.floor(between[:, 1] + 1e-6)])
    if free > MOST_MOVES:
        why = f"{free} whole numbers stay free, and tables are searched up to {MOST_MOVES}"
        return Found(ends, whole.astype(np.int64), None, False, why, relaxed.asked, 0)
    hunt = _Hunt(given, limits, relaxed, ends, between)
    hunt.left = most
    hunt.run(progress)
    return Found(
        ends,
        whole.astype(np.int64),
        hunt.matches(),
        not hunt.stopped,
        hunt.stopped,
        relaxed.asked,
        hunt.steps,
    )


def _between(relaxed: Relaxation, ends: Range, progress: Progress) -> Floats:
    """How many patients each pattern can hold, shape (C, 2)."""
    C, n = len(relaxed.made.X), float(relaxed.made.n)
    between = np.zeros((C, 2))
    for pattern in range(C):
        progress("bounding every pattern", pattern / C)
        wish = np.zeros(C)
        wish[pattern] = 1.0
        found = relaxed.ends(wish, ends.low, ends.high)
        between[pattern] = (0.0, n) if found is None else found
    return between


def _finite(box: Box) -> Box:
    return replace(box, beta=(max(box.beta[0], -WIDEST), min(box.beta[1], WIDEST)))


def bounds(relaxed: Relaxation, within: tuple[float, float], progress: Progress) -> Range | None:
    """The least and the greatest intercept not ruled out, to within `FINE` on the outside."""
    progress("bounding the intercept from below", 0.0)
    low = _end(relaxed, within, side=-1)
    if low is None:
        return None
    progress("bounding the intercept from above", 0.0)
    high = _end(relaxed, (low, within[1]), side=1)
    return Range(low, max(low, within[1] if high is None else high))


def _end(
    relaxed: Relaxation, within: tuple[float, float], side: int, fine: float = FINE
) -> float | None:
    """The outermost piece of this side that is possible, by halving."""
    waiting = [within]
    while waiting:
        low, high = waiting.pop()
        if not relaxed.possible(low, high):
            continue
        if high - low <= fine:
            return low if side < 0 else high
        middle = (low + high) / 2
        halves = [(low, middle), (middle, high)]
        waiting += halves[::-1] if side < 0 else halves
    return None


def not_ruled_out(given: Asked, limits: Sequence[Box]) -> bool:
    """Whether linear programs leave any intercept at all, in pieces of `COARSE`."""
    if any(box.beta[0] > box.beta[1] or box.error[0] > box.error[1] for box in limits):
        return False
    limits = [_finite(box) for box in limits]
    return _end(Relaxation(given, limits), limits[0].beta, -1, COARSE) is not None


class _Hunt:
    """The search for whole-number tables, piece by piece of the intercept."""

    def __init__(
        self,
        given: Asked,
        limits: Sequence[Box],
        relaxed: Relaxation,
        ends: Range,
        between: Floats,
    ) -> None:
        self.given, self.limits, self.relaxed, self.ends = given, limits, relaxed, ends
        self.left, self.steps, self.stopped = 0, 0, ""
        self.start, self.moves = some_table(given.made), moves(given.made)
        self.tables: list[Whole] = []
        self.spread = np.maximum((between[:, 1] - between[:, 0]) / 2, 0.5)

    def run(self, progress: Progress) -> None:
        """Look into every piece; `stopped` says why not all were."""
        ends = np.array([box.beta for box in self.limits[1:]])
        width = max(1e-4, WIDE * float((ends[:, 1] - ends[:, 0]).sum()))
        count = max(1, ceil(self.ends.width / width))
        edges = np.linspace(self.ends.low, self.ends.high, count + 1)
        for at in range(count):
            progress("searching the tables", at / count)
            self._piece(float(edges[at]), float(edges[at + 1]), BITS)
            if self.stopped:
                return

    def _piece(self, low: float, high: float, halvings: int) -> None:
        polytope = self._polytope(low, high)
        if polytope is None or self.stopped:
            return
        may = min(self.left, IN_A_PIECE)
        try:
            held = list(points(polytope, may))
        except TooFarError:
            self._spend(may)
            if halvings and self.left > 0:
                middle_ = (low + high) / 2
                self._piece(low, middle_, halvings - 1)
                self._piece(middle_, high, halvings - 1)
            else:
                self.stopped = f"more than {self.steps:,} partial tables had to be looked at"
            return
        found = np.concatenate(held, axis=1) if held else self.start[:, np.newaxis][:, :0]
        self._spend(found.shape[1])
        kept = among(self.given, found, self.limits).totals
        if kept.shape[1]:
            self.tables.append(kept)

    def _spend(self, steps: int) -> None:
        self.steps += steps
        self.left -= steps

    def _polytope(self, low: float, high: float) -> Polytope | None:
        """What the linear programs leave of the tables, ready to be searched; None: nothing."""
        if not self.relaxed.possible(low, high):
            return None
        metric = self._metric(low, high)
        basis = reduced(self.moves, metric)
        upper, coordinates = directions(basis, metric)
        ends = np.zeros((len(basis), 2))
        for at, direction in enumerate(coordinates):
            found = self.relaxed.ends(direction, low, high)
            if found is None:
                return None
            ends[at] = np.array(found) - direction @ self.start
        rows = self._rows(low, high)
        room = 1e-6 * (1 + np.abs(ends).max())
        return Polytope(
            self.start, basis, upper, ends[:, 0] - room, ends[:, 1] + room, rows.left, rows.right
        )

    def _metric(self, low: float, high: float) -> Floats:
        """Lengths: patterns by how much they can vary, score equations by how far they may miss."""
        rows = self.relaxed.equations(low, high)
        half = len(rows.left) // 2
        slack = (rows.right[:half] + rows.right[half:]) / 2
        equations = rows.left[:half] / np.maximum(slack, 1e-9)[:, np.newaxis]
        return np.hstack([np.diag(1 / self.spread), equations.T])

    def _rows(self, low: float, high: float) -> Rows:
        """Every inequality the totals must satisfy, those of sign included."""
        rows = self.relaxed.rows(low, high)
        cuts = self.relaxed.cut_rows(self.relaxed.most_spread(low, high))
        C = len(self.start)
        equal = self.given.totals
        left = [rows.left, cuts.left, -np.eye(C), equal.left, -equal.left]
        right = [rows.right, cuts.right, np.zeros(C), equal.right, -equal.right]
        return Rows(np.vstack(left), np.concatenate(right) + 1e-9)

    def matches(self) -> Matches:
        """The tables found, each once."""
        held = self.tables or [self.start[:, np.newaxis][:, :0]]
        every = np.unique(np.concatenate(held, axis=1), axis=1)
        return possible(self.given, among(self.given, every, self.limits))
