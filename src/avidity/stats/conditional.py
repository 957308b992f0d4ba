"""The one cell of a 2 × 2 table that is free once its margins are fixed.

Given the margins, the upper left cell follows the noncentral hypergeometric distribution,
whose only parameter is the odds ratio. θ is its natural logarithm throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, log, log1p, nan

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from avidity.stats.root import crossing, outward

Numbers = NDArray[np.float64]
Part = tuple[float, float]

# two tables are as likely as each other when they differ by less than this share (R's choice)
TIE = 1e-7


@dataclass(frozen=True, slots=True)
class Conditional:
    """All values the upper left cell can take, and how likely each is at an odds ratio.

    cells       the possible values, rising, shape (m,)
    log_weight  logarithm of the number of tables behind each, up to a constant
    at          place of the value that was seen
    """

    cells: Numbers
    log_weight: Numbers
    at: int

    @classmethod
    def of(cls, a: int, b: int, c: int, d: int) -> Conditional:
        """From the four cells, row by row."""
        lowest, highest = max(0, a - d), min(a + b, a + c)
        cells = np.arange(lowest, highest + 1, dtype=float)
        other = (cells, a + b - cells, a + c - cells, d - a + cells)
        weight = -np.sum([gammaln(cell + 1) for cell in other], axis=0)
        return cls(cells, weight, a - lowest)

    def mirrored(self) -> Conditional:
        """The same table with its columns exchanged: θ changes its sign."""
        return Conditional(-self.cells[::-1], self.log_weight[::-1], self.cells.size - 1 - self.at)

    def density(self, theta: float) -> Numbers:
        """Probability of each possible value, shape (m,)."""
        power = self.log_weight + theta * (self.cells - self.cells[self.at])
        likely = np.exp(power - power.max())
        density: Numbers = likely / likely.sum()
        return density

    def at_most(self, theta: float) -> float:
        """Probability of the seen value or a smaller one."""
        return float(self.density(theta)[: self.at + 1].sum())

    def at_least(self, theta: float) -> float:
        """Probability of the seen value or a larger one."""
        return float(self.density(theta)[self.at :].sum())

    def below_and_half(self, theta: float) -> float:
        """Probability of a smaller value and half of that of the seen one."""
        density = self.density(theta)
        return float(density[: self.at].sum() + density[self.at] / 2)

    def most_likely(self) -> float:
        """θ at which the seen value is the expected one; infinite at either end of the cells."""
        if self.cells.size == 1:
            return nan
        if self.at in (0, self.cells.size - 1):
            return -inf if self.at == 0 else inf
        seen = self.cells[self.at]
        return outward_falling(lambda theta: float(seen - self.density(theta) @ self.cells), 0.0)


def outward_falling(falling: Callable[[float], float], start: float) -> float:
    """Where a falling function of θ crosses zero, on whichever side of start that is."""
    return outward(falling, start, 0.5 if falling(start) > 0 else -0.5)


def upper_end(family: Conditional, tail: Callable[[float], float], alpha: float) -> float:
    """θ beyond which a falling tail is less than alpha; infinite if no larger cell is possible."""
    if family.at == family.cells.size - 1:
        return inf
    return outward_falling(lambda theta: tail(theta) - alpha, 0.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """One principle of two-sided inference; the rest of this file inverts a test built on it.

    first_far  the place of the first value above the seen one that is as extreme as it at θ
    at_most    p is at most this many times the lower tail, from the number of possible values
    """

    first_far: Callable[[Conditional, float], int]
    at_most: Callable[[int], float]


def _first_as_unlikely(family: Conditional, theta: float) -> int:
    """The first larger value that is no more likely than the seen one."""
    power = family.log_weight + theta * (family.cells - family.cells[family.at])
    above = power[family.at + 1 :] <= power[family.at] + log1p(TIE)
    return _first_true(above, family)


def _first_as_rare_a_tail(family: Conditional, theta: float) -> int:
    """The first larger value whose upper tail is no heavier than the seen lower tail."""
    density = family.density(theta)
    tails = np.cumsum(density[::-1])[::-1][family.at + 1 :]
    return _first_true(tails <= density[: family.at + 1].sum() * (1 + TIE), family)


def _first_true(above: NDArray[np.bool_], family: Conditional) -> int:
    found = int(np.argmax(above)) if above.any() else above.size
    return family.at + 1 + found


# every far value is no more likely than the seen one, so at worst all of them weigh as much
MINIMUM_LIKELIHOOD = Rule(_first_as_unlikely, lambda size: size + 1.0)
# the far tail is no heavier than the seen one
BLAKER = Rule(_first_as_rare_a_tail, lambda _: 2.01)


def p_upward(family: Conditional, theta: float, first_far: int) -> float:
    """Probability of the seen value or smaller, or of the first far value or larger."""
    density = family.density(theta)
    return float(density[: family.at + 1].sum() + density[first_far:].sum())


def two_sided(family: Conditional, rule: Rule, theta: float = 0.0) -> float:
    """Two-sided p value at θ: every value as extreme as the seen one, on both sides."""
    up = rule.first_far(family, theta)
    if up > family.at + 1:
        return min(1.0, p_upward(family, theta, up))
    mirrored = family.mirrored()
    return min(1.0, p_upward(mirrored, -theta, rule.first_far(mirrored, -theta)))


def parts_upward(family: Conditional, rule: Rule, alpha: float) -> list[Part]:
    """The θ above the centre that a two-sided test at alpha does not reject: one part or more.

    The p value falls by jumps and rises between them, so what is not rejected can have gaps.
    As long as the lower tail alone is alpha or more nothing is rejected; once it is so small
    that no far values could make it alpha, everything is. Between the two the jumps are
    found one by one. The first part begins at -inf, standing for all below.
    """
    if family.at == family.cells.size - 1:
        return [(-inf, inf)]
    near = upper_end(family, family.at_most, alpha)
    far = upper_end(family, family.at_most, alpha / rule.at_most(family.cells.size))
    parts: list[Part] = [(-inf, near)]
    left = near
    value = rule.first_far(family, near)
    while left < far:
        right, following = _next_jump(family, rule, left, far, value)
        for part in _kept(family, (left, right), value, alpha):
            if part[0] <= parts[-1][1]:
                parts[-1] = (parts[-1][0], max(part[1], parts[-1][1]))
            else:
                parts.append(part)
        left, value = right, following
    return parts


def _next_jump(
    family: Conditional, rule: Rule, left: float, far: float, value: int
) -> tuple[float, int]:
    """The θ up to which `value` stays the first far one, and the first far one after it."""
    if value == family.cells.size or rule.first_far(family, far) == value:
        return far, value
    jump = crossing(lambda theta: value - rule.first_far(family, theta) + 0.5, left, far)
    after = float(np.nextafter(jump, inf))
    while (
        rule.first_far(family, after) <= value
    ):  # step over the last bits in which rounding wavers
        after += 1e-15 * max(1.0, abs(after))
    return after, rule.first_far(family, after)


def _kept(family: Conditional, piece: Part, value: int, alpha: float) -> list[Part]:
    """The parts of a piece without jumps in which p is at least alpha.

    There 1 - p is the probability of a run of values, which rises and then falls in θ, so p
    is highest at the ends: at most two parts, one at each end.
    """
    left, right = piece

    def beyond(theta: float) -> float:
        return p_upward(family, theta, value) - alpha

    at_left, at_right = beyond(left) >= 0, beyond(right) >= 0
    if not at_left and not at_right:
        return []
    if at_left and at_right:
        bottom = _bottom(family, piece, value)
        if beyond(bottom) >= 0:
            return [piece]
        return [(left, crossing(beyond, left, bottom)), (crossing(beyond, bottom, right), right)]
    edge = crossing(beyond, left, right)
    return [(left, edge)] if at_left else [(edge, right)]


def _bottom(family: Conditional, piece: Part, value: int) -> float:
    """Where p is lowest within a piece: the run between is expected where all values are."""

    def lean(theta: float) -> float:
        density = family.density(theta)
        run = density[family.at + 1 : value]
        if not run.size:
            return 1.0
        middle = run @ family.cells[family.at + 1 : value] / run.sum()
        return float(middle - density @ family.cells)

    if lean(piece[0]) <= 0:
        return piece[0]
    if lean(piece[1]) >= 0:
        return piece[1]
    return crossing(lean, *piece)


def both_ways(family: Conditional, rule: Rule, alpha: float) -> list[Part]:
    """All θ a two-sided test at alpha does not reject, as rising parts; usually one."""
    up = parts_upward(family, rule, alpha)
    down = [(-high, -low) for low, high in reversed(parts_upward(family.mirrored(), rule, alpha))]
    centre = (down[-1][0], up[0][1])
    return [*down[:-1], centre, *up[1:]]


def odds(theta: float) -> float:
    """The odds ratio whose logarithm this is; beyond all floats it is infinite."""
    return inf if theta > log(np.finfo(float).max) else exp(theta)
