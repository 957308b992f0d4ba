"""Every table of whole numbers with given margins, one pattern at a time, all tables side by side.

A pattern with two or more predictors off their base level is free; the patterns with one are what
the margins leave, and the pattern with none is what the total leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from avidity.stats.rebuild.patterns import Equations, Patterns, Whole


class TooManyError(Exception):
    """There are more tables than may be listed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """The margins in the coding in which each predictor's largest level is the base.

    member   shape (m, C), which patterns a margin counts
    margins  shape (m,)
    free     patterns with two or more predictors off base
    single   for each margin the pattern with nothing else off base
    base     the pattern with nothing off base
    extra    for each pattern, how many predictors are off base, less one
    """

    member: npt.NDArray[np.bool_]
    margins: Whole
    free: npt.NDArray[np.intp]
    single: npt.NDArray[np.intp]
    base: int
    extra: Whole


def tables(
    made: Patterns,
    margins: Whole,
    most: float = inf,
    ceiling: Whole | None = None,
    also: Equations | None = None,
) -> Whole:
    """All N of whole numbers, 0 <= N <= ceiling, with X'N = margins, shape (C, T).

    most    how many tables may be held at once
    also    further equations the tables must satisfy
    raises  TooManyError
    """
    plan = _plan(made, margins)
    if (plan.margins < 0).any():
        return np.zeros((len(made.X), 0), dtype=np.int64)
    short = int(plan.margins.sum() - margins[0])
    held = _Held(plan, short, most, ceiling)
    for place, cell in enumerate(plan.free.tolist()):
        held.expand(cell, plan.free[place + 1 :])
    found = held.whole(margins[0])
    if also is not None and len(also.left):
        found = found[:, (np.abs(also.left @ found - also.right[:, np.newaxis]) < 0.5).all(axis=0)]
    return found


class _Held:
    """The partial tables: what each has in the patterns done, and what is left of each margin.

    lack  how much the free patterns must still take beyond one margin each, lest the base
          pattern be left with less than nobody
    """

    def __init__(self, plan: _Plan, short: int, most: float, ceiling: Whole | None) -> None:
        self.plan, self.most, self.ceiling = plan, most, ceiling
        self.done: list[tuple[int, npt.NDArray[np.int32]]] = []
        self.left = plan.margins.astype(np.int32)[:, np.newaxis]
        self.lack = np.array([short], dtype=np.int32)

    def expand(self, cell: int, later: npt.NDArray[np.intp]) -> None:
        """Every number of patients this pattern can hold, for every partial table."""
        inside = np.flatnonzero(self.plan.member[:, cell])
        room = self.left[inside].min(axis=0)
        if self.ceiling is not None:
            room = np.minimum(room, self.ceiling[cell])
        count = int(room.sum()) + len(room)
        if count > self.most:
            raise TooManyError
        parent = np.repeat(np.arange(len(room)), room + 1)
        first = np.concatenate([[0], np.cumsum(room + 1)[:-1]])
        value = (np.arange(count) - first[parent]).astype(np.int32)
        left = self.left[:, parent]
        left[inside] -= value
        lack = self.lack[parent] - int(self.plan.extra[cell]) * value
        keep = np.flatnonzero(lack <= self._takes(left, later))
        self.left, self.lack = left[:, keep], lack[keep]
        parent, value = parent[keep], value[keep]
        self.done = [(one, held[parent]) for one, held in self.done]
        self.done.append((cell, value))

    def _takes(
        self, left: npt.NDArray[np.int32], later: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.int32]:
        """At most so much the patterns to come can take beyond one margin each.

        One more patient in a pattern with e extra margins uses e + 1 of what is left, so all of
        them together take at most the share e/(e + 1) of what is left.
        """
        if not len(later):
            return np.zeros(left.shape[1], dtype=np.int32)
        open_ = self.plan.member[:, later].any(axis=1)
        most = int(self.plan.extra[later].max())
        takes: npt.NDArray[np.int32] = (left[open_].sum(axis=0) * most // (most + 1)).astype(
            np.int32
        )
        return takes

    def whole(self, n: int) -> Whole:
        """The tables, with the patterns that follow from the margins."""
        made = np.zeros((len(self.plan.extra), self.left.shape[1]), dtype=np.int64)
        for cell, value in self.done:
            made[cell] = value
        made[self.plan.single] = self.left
        made[self.plan.base] = n - made.sum(axis=0)
        sound = made[self.plan.base] >= 0
        if self.ceiling is not None:
            sound &= (made <= self.ceiling[:, np.newaxis]).all(axis=0)
        return made[:, sound]


def _plan(made: Patterns, margins: Whole) -> _Plan:
    by_level = level_margins(made, margins)
    member, held, single = [], [], []
    base = [int(np.argmax(of)) for of in by_level]
    off = made.levels != np.array(base)
    for at, of in enumerate(by_level):
        for level, margin in enumerate(of):
            if level != base[at]:
                member.append(made.levels[:, at] == level)
                held.append(margin)
                alone = member[-1] & (off.sum(axis=1) == 1)
                single.append(int(np.flatnonzero(alone)[0]))
    order = off.sum(axis=1)
    free = np.flatnonzero(order >= 2)
    return _Plan(
        member=np.array(member),
        margins=np.array(held, dtype=np.int64),
        free=free[np.argsort(-order[free], kind="stable")],
        single=np.array(single, dtype=np.intp),
        base=int(np.flatnonzero(order == 0)[0]),
        extra=order - 1,
    )


def level_margins(made: Patterns, margins: Whole) -> list[list[int]]:
    """The margin of every level, the reference levels' included, by predictor."""
    found = [[0] * (int(made.levels[:, at].max()) + 1) for at in range(made.levels.shape[1])]
    for column, (at, level) in enumerate(made.columns, 1):
        found[at][level] = int(margins[column])
    references = {(at, level) for at, of in enumerate(found) for level in range(len(of))}
    for at, level in references - set(made.columns):
        found[at][level] = int(margins[0]) - sum(found[at])
    return found
