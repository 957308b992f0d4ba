"""Whole numbers for several groups at once that carry what is printed of them.

Printed means, standard deviations, quartiles, areas under the curve and p values fix sums, not
patients: any numbers with those sums are as good as others. This looks for some by simulated
annealing; nothing is proven where it finds none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Values = Sequence[Whole]  # one array for each group
Aim = Callable[[Values], float]  # 0 where it holds, else how far off, about 1 for one step

HOT, COLD = 20.0, 0.05


@dataclass(frozen=True, slots=True)
class Band:
    """So many patients whose value lies from low to high, both included."""

    n: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class GroupTarget:
    """One group: its bands, rising and apart, values that must occur, and where to begin.

    pinned  values somebody must have, such as the printed ends
    start   share → value, rising from share 0 to 1: the shape the search begins with
    total   the ends of the sum the search begins with, where it is known
    """

    bands: tuple[Band, ...]
    pinned: tuple[int, ...] = ()
    start: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))
    total: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The best numbers found, one rising array for each group.

    distance  0 where every aim holds
    steps     how many changes were tried
    """

    values: tuple[Whole, ...]
    distance: float
    steps: int


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look: so many starts, each cooled in so many steps."""

    starts: int = 8
    steps: int = 12_000


@dataclass(slots=True)
class _State:
    """The groups' numbers, the limits of each, and how far off they are."""

    values: list[Whole]
    limits: list[tuple[Whole, Whole]]
    distance: float


def find_values(
    groups: Sequence[GroupTarget],
    aims: Sequence[Aim],
    generator: np.random.Generator,
    effort: Effort | None = None,
) -> Found:
    """Numbers inside their bands for which every aim is 0, or the nearest that were met.

    groups  what each group's numbers may be
    aims    what all of them together must carry
    """
    effort = effort or Effort()
    best: Found | None = None
    steps = 0
    for _ in range(effort.starts):
        state = _started(groups, aims, generator)
        steps += _cooled(state, aims, generator, effort.steps)
        if best is None or state.distance < best.distance:
            best = Found(tuple(np.sort(one) for one in state.values), state.distance, steps)
        if best.distance == 0:
            break
    if best is None:
        raise ValueError("at least one start is needed")
    return Found(best.values, best.distance, steps)


def off(value: float, low: float, high: float) -> float:
    """How far a number lies outside two ends."""
    return max(0.0, low - value, value - high)


def _total(values: Values, aims: Sequence[Aim], most: float = inf) -> float:
    """The sum of the distances; broken off where it is beyond what would be taken."""
    total = 0.0
    for aim in aims:
        total += aim(values)
        if total > most:
            break
    return total


def _started(
    groups: Sequence[GroupTarget], aims: Sequence[Aim], generator: np.random.Generator
) -> _State:
    values, limits = [], []
    for group in groups:
        low = np.repeat([band.low for band in group.bands], [band.n for band in group.bands])
        high = np.repeat([band.high for band in group.bands], [band.n for band in group.bands])
        shares, places = zip(*group.start, strict=True)
        drawn = np.interp(np.sort(generator.random(len(low))), shares, places)
        first = np.clip(np.rint(drawn).astype(np.int64), low, high)
        for value in group.pinned:
            free = np.flatnonzero((low <= value) & (value <= high) & (low < high))
            if len(free):
                place = free[np.argmin(np.abs(first[free] - value))]
                first[place] = low[place] = high[place] = value
        if group.total is not None:
            _balance(first, (low, high), group.total, generator)
        values.append(first)
        limits.append((low, high))
    return _State(values, limits, _total(values, aims))


def _balance(
    values: Whole,
    limits: tuple[Whole, Whole],
    total: tuple[float, float],
    generator: np.random.Generator,
) -> None:
    """Move one value after the other by a step until the sum is right, or nothing can move."""
    low, high = limits
    while (gap := int(values.sum())) < total[0] or gap > total[1]:
        rise = 1 if gap < total[0] else -1
        free = np.flatnonzero(values < high if rise > 0 else values > low)
        if not len(free):
            return
        values[free[int(generator.random() * len(free))]] += rise


def _cooled(state: _State, aims: Sequence[Aim], generator: np.random.Generator, steps: int) -> int:
    """Change one or two numbers of a group at a time; steps that were taken."""
    movable = [at for at, (low, high) in enumerate(state.limits) if (low < high).any()]
    if not movable:
        return 0
    fall, heat = (COLD / HOT) ** (1 / steps), HOT
    for step in range(steps):
        if state.distance == 0:
            return step
        heat *= fall
        which = movable[int(generator.random() * len(movable))]
        changed = _changed(state.values[which], state.limits[which], generator)
        if changed is None:
            continue
        before, state.values[which] = state.values[which], changed
        most = state.distance - heat * log(1 - generator.random())  # Metropolis's rule, drawn first
        distance = _total(state.values, aims, most)
        if distance <= most:
            state.distance = distance
        else:
            state.values[which] = before
    return steps


def _changed(
    values: Whole, limits: tuple[Whole, Whole], generator: np.random.Generator
) -> Whole | None:
    """One number up and another down by as much, so that the sum stays; or one number alone; or
    four numbers, so that the sum of squares stays too.
    """
    low, high = limits
    draws = generator.random(4)
    if draws[3] < 0.4:
        return _four(values, limits, draws)
    up, down = int(draws[0] * len(values)), int(draws[1] * len(values))
    wide = max(3, int(values.max() - values.min()) // 8)
    step = 1 + int(draws[2] ** 2 * wide)
    together = draws[3] < 0.85
    if values[up] + step > high[up] or (together and values[down] - step < low[down]):
        return None
    if together and up == down:
        return None
    changed = values.copy()
    if together:
        changed[up] += step
        changed[down] -= step
    elif draws[3] < 0.925:
        changed[up] += step
    elif values[up] - step >= low[up]:
        changed[up] -= step
    else:
        return None
    return changed


def _four(values: Whole, limits: tuple[Whole, Whole], draws: Shares) -> Whole | None:
    """Two numbers up by one and two down by one: sum and sum of squares stay.

    One up and one down, i and j, change the sum of squares by 2(i - j + 1); another pair, k down
    and l up, takes it back where l - k + 1 = -(i - j + 1).
    """
    low, high = limits
    i, j, k = (int(draw * len(values)) for draw in draws[:3])
    if len({i, j, k}) < 3:
        return None
    wanted = values[k] - values[i] + values[j] - 2
    there = np.flatnonzero((values == wanted) & (values < high))
    there = there[(there != i) & (there != j) & (there != k)]
    if not len(there) or values[i] >= high[i] or values[j] <= low[j] or values[k] <= low[k]:
        return None
    changed = values.copy()
    changed[[i, there[int(draws[3] / 0.4 * len(there))]]] += 1
    changed[[j, k]] -= 1
    return changed
