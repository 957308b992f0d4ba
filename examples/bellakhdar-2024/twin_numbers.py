"""Whole-number ages and diameters, and a joint table, that carry a paper's printed figures.

The paper prints means, standard deviations, cut-offs, areas under the curve and odds ratios.
Together they fix sums and sums of squares, but no single patient. Any list of whole numbers with
those sums is as good as another for reproducing the paper; this file finds one by a seeded search.
Only ``random.random()`` is drawn on, whose sequence Python promises to keep.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb, exp, prod, sqrt
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Chance, seeded, and the same on every machine."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311  # no secret hangs on it

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of the things, each as likely."""
        return things[self.between(0, len(things) - 1)]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """The things in another order."""
        left = list(things)
        return [left.pop(self.between(0, len(left) - 1)) for _ in things]


@dataclass(frozen=True)
class Band:
    """So many patients whose value lies from low to high, both included."""

    n: int
    low: int
    high: int


@dataclass(frozen=True)
class Group:
    """What the paper's figures fix for one group: its bands, the sum and the sum of squares."""

    bands: tuple[Band, ...]
    total: int
    squares: int

    @property
    def n(self) -> int:
        """How many patients."""
        return sum(band.n for band in self.bands)

    def limits(self) -> list[Band]:
        """One band per patient."""
        return [band for band in self.bands for _ in range(band.n)]


@dataclass(frozen=True)
class Target:
    """Two groups, the cut-off that must be the one Youden optimum, and the printed area."""

    cases: Group
    controls: Group
    cutoff: int
    u_low: float  # case-control pairs won by the case, a tie being half a win
    u_high: float


def find_values(target: Target, dice: Dice) -> tuple[list[int], list[int]]:
    """Whole numbers for the cases and the controls that hit every figure of the target.

    One patient goes up and another of the same group down by as much, so the sums stay; a change
    that brings the rest no nearer is mostly taken back (annealing, the temperature falling).
    """
    groups = (target.cases, target.controls)
    limits = tuple(group.limits() for group in groups)
    for _ in range(20):
        values = tuple(_start(group, dice) for group in groups)
        distance, temperature = _distance(target, *values), 40.0
        while temperature > 0.05:
            which = dice.between(0, 1)
            before = list(values[which])
            if not _shift(values[which], limits[which], dice):
                continue
            now = _distance(target, *values)
            if now == 0:
                return values[0], values[1]
            if now <= distance or dice.chance(exp((distance - now) / temperature)):
                distance = now
            else:
                values[which][:] = before
            temperature *= 0.9995
    raise RuntimeError("no list of whole numbers was found that carries the printed figures")


def _start(group: Group, dice: Dice) -> list[int]:
    """Values spread over their bands as a normal curve would, moved until the sum is right."""
    mean = group.total / group.n
    curve = NormalDist(mean, sqrt(group.squares / group.n - mean**2))
    values = []
    for band in group.bands:
        foot, head = curve.cdf(band.low - 0.5), curve.cdf(band.high + 0.5)
        steps = [foot + (head - foot) * (i + 0.5) / band.n for i in range(band.n)]
        values += [round(curve.inv_cdf(step)) for step in steps]
    limits = group.limits()
    while (gap := group.total - sum(values)) != 0:
        at = dice.between(0, len(values) - 1)
        moved = values[at] + (1 if gap > 0 else -1)
        if limits[at].low <= moved <= limits[at].high:
            values[at] = moved
    return values


def _shift(values: list[int], limits: list[Band], dice: Dice) -> bool:
    """Move one value up and another down; False when their bands forbid it."""
    up, down = dice.between(0, len(values) - 1), dice.between(0, len(values) - 1)
    step = dice.between(1, 3)
    fits = values[up] + step <= limits[up].high and values[down] - step >= limits[down].low
    if up == down or not fits:
        return False
    values[up] += step
    values[down] -= step
    return True


def _distance(target: Target, cases: list[int], controls: list[int]) -> float:
    """How far from the target: 0 when all holds."""
    off = abs(sum(v * v for v in cases) - target.cases.squares)
    off += abs(sum(v * v for v in controls) - target.controls.squares)
    won, youden = _curve(cases, controls)
    best = youden.pop(target.cutoff)
    rival = max(0.0, max(youden.values()) - best + 0.01)
    return off + 4 * max(0.0, target.u_low - won, won - target.u_high) + 2000 * rival


def _curve(cases: list[int], controls: list[int]) -> tuple[float, dict[int, float]]:
    """Case-control pairs won (a tie is half), and Youden's J at and above each value there is."""
    case_at, control_at = Counter(cases), Counter(controls)
    won, above, wrong = 0.0, 0, 0
    youden = {}
    for value in sorted({*cases, *controls}, reverse=True):
        won += control_at[value] * (above + case_at[value] / 2)
        above += case_at[value]
        wrong += control_at[value]
        youden[value] = above / len(cases) - wrong / len(controls)
    return won, youden


Cell = tuple[int, int, int]  # age >= 54, diameter >= 29 mm, metastasis; 1 is yes


def likeliest_split(
    totals: dict[Cell, int], risk: dict[Cell, float], cases: Cell, n_cases: int
) -> dict[Cell, int]:
    """How many cases fall into each cell, the likeliest of all the ways that fit the margins.

    totals   patients in each cell, cases and controls together
    risk     the model's risk in each cell
    cases    how many cases have each of the three factors
    """

    def likelihood(split: dict[Cell, int]) -> float:
        return prod(
            comb(totals[cell], k) * risk[cell] ** k * (1 - risk[cell]) ** (totals[cell] - k)
            for cell, k in split.items()
        )

    return max(_splits(totals, cases, n_cases), key=likelihood)


def _splits(totals: dict[Cell, int], cases: Cell, n_cases: int) -> Iterator[dict[Cell, int]]:
    """Every way to lay the cases into the cells that gives each factor its count."""
    free = [(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1)]  # the other four follow from the margins
    for k in product(*(range(totals[cell] + 1) for cell in free)):
        split = dict(zip(free, k, strict=True))
        only_age = cases[0] - split[1, 0, 1] - split[1, 1, 0] - split[1, 1, 1]
        only_diameter = cases[1] - split[0, 1, 1] - split[1, 1, 0] - split[1, 1, 1]
        only_metastasis = cases[2] - split[0, 1, 1] - split[1, 0, 1] - split[1, 1, 1]
        split |= {(1, 0, 0): only_age, (0, 1, 0): only_diameter, (0, 0, 1): only_metastasis}
        split[0, 0, 0] = n_cases - sum(split.values())
        if all(0 <= n <= totals[cell] for cell, n in split.items()):
            yield split
