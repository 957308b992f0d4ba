"""What printed figures ask of whole numbers: each aim is 0 where the figure would print so.

Values are whole steps (of 1, of 0.1, …); a printed figure is in the unit of the paper, so each aim
carries the step. Distances are scaled so that one step of one patient moves most by about 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from avidity.stats.cutpoint import Criterion
from avidity.stats.roc import delong_interval, roc
from avidity.stats.rounded import Rounded
from avidity.stats.summary import QuantileType
from avidity.stats.twins.values import Aim, Values, Whole, off

Floats = npt.NDArray[np.float64]
SLACK = 1e-9
HEAVY = 4.0  # a sum once right should not be given up lightly


def ends(printed: Rounded, unit: float = 1.0) -> tuple[float, float]:
    """Both ends of a printed figure, in units; infinite where the print is a limit."""
    high = inf if printed.high is None else float(printed.high) / unit
    return float(printed.low) / unit - SLACK, high + SLACK


@dataclass(frozen=True, slots=True)
class Column:
    """Which groups are taken together, and how large a step is in the paper's unit."""

    groups: tuple[int, ...]
    step: float = 1.0

    def of(self, values: Values) -> Whole:
        """Their numbers."""
        if len(self.groups) == 1:
            return values[self.groups[0]]
        return np.concatenate([values[at] for at in self.groups])


def mean_aim(column: Column, printed: Rounded) -> Aim:
    """The mean prints so."""
    low, high = ends(printed, column.step)

    def aim(values: Values) -> float:
        own = column.of(values)
        n = len(own)  # of nobody the sum is 0 and so are its ends
        return HEAVY * off(float(own.sum()), low * n, high * n)

    return aim


def sd_aim(column: Column, printed: Rounded) -> Aim:
    """The SD (n - 1) prints so; measured on the sum of squares."""
    low, high = ends(printed, column.step)
    low, scale = max(0.0, low), max(1.0, float(printed.value) / column.step / 8)

    def aim(values: Values) -> float:
        own = column.of(values)
        n = len(own)
        if n < 2:
            return 0.0
        spread = float((own * own).sum()) - float(own.sum()) ** 2 / n
        return off(spread, low**2 * (n - 1), high**2 * (n - 1)) / scale

    return aim


def end_aim(column: Column, printed: Rounded, *, top: bool) -> Aim:
    """The smallest or the largest value prints so."""
    low, high = ends(printed, column.step)

    def aim(values: Values) -> float:
        own = column.of(values)
        return off(float(own.max() if top else own.min()), low, high) if len(own) else 0.0

    return aim


Printed = tuple[tuple[float, Rounded], ...]  # share → as printed


def quantiles_aim(columns: tuple[tuple[Column, Printed], ...]) -> Aim:
    """Medians and quartiles print so, all of them under the same one of the two usual rules."""
    asked = [
        (column, [(share, *ends(one, column.step)) for share, one in printed])
        for column, printed in columns
    ]

    def aim(values: Values) -> float:
        ranked = [(np.sort(column.of(values)), printed) for column, printed in asked]
        return min(
            sum(
                off(quantile(own, share, kind), low, high)
                for own, printed in ranked
                if len(own)
                for share, low, high in printed
            )
            for kind in (7, 6)
        )

    return aim


def quantile(ranked: Whole, share: float, kind: QuantileType) -> float:
    """A quantile of rising numbers, of type 7 (R) or 6 (SPSS)."""
    n = len(ranked)
    place = (n - 1) * share if kind == 7 else min(max((n + 1) * share - 1, 0), n - 1)
    below = int(place)
    above = min(below + 1, n - 1)
    return float(ranked[below] + (place - below) * (ranked[above] - ranked[below]))


@dataclass(frozen=True, slots=True)
class Sides:
    """Who has the outcome and who has not, and which side speaks for it."""

    cases: Column
    controls: Column
    lower_means_case: bool = False

    def of(self, values: Values) -> tuple[Whole, Whole]:
        """Cases and controls, turned so that higher means case."""
        cases, controls = self.cases.of(values), self.controls.of(values)
        return (-cases, -controls) if self.lower_means_case else (cases, controls)


def auc_aim(sides: Sides, printed: Rounded) -> Aim:
    """The area under the curve prints so; measured in pairs won."""
    low, high = ends(printed)

    def aim(values: Values) -> float:
        cases, controls = sides.of(values)
        pairs = len(cases) * len(controls)
        return off(wins(cases, controls), low * pairs, high * pairs)

    return aim


def wins(cases: Whole, controls: Whole) -> float:
    """Pairs the case wins, a tie counting half."""
    line = np.sort(controls)
    below = np.searchsorted(line, cases, "left")
    return float((below + np.searchsorted(line, cases, "right")).sum()) / 2


def area_interval_aim(sides: Sides, low: Rounded | None, high: Rounded | None, level: float) -> Aim:
    """The ends of the area's interval by DeLong print so."""

    def aim(values: Values) -> float:
        cases, controls = sides.of(values)
        if min(len(cases), len(controls)) < 2:
            return 0.0
        outcome = np.repeat([1, 0], [len(cases), len(controls)])
        found = delong_interval(roc(np.concatenate([cases, controls]), outcome), level)
        pairs = ((found.low, low), (found.high, high))
        return 1000 * sum(off(own, *ends(printed)) for own, printed in pairs if printed)

    return aim


def best_cut_aim(sides: Sides, first: int, by: Criterion) -> Aim:
    """No cut-off is better than the one that calls values from ``first`` on positive.

    first  the smallest value, turned as `Sides` turns them, that is called positive
    """

    def aim(values: Values) -> float:
        cases, controls = (np.sort(one) for one in sides.of(values))
        if not len(cases) or not len(controls):
            return 0.0
        cuts = np.append(np.union1d(cases, controls), first)
        tp = len(cases) - np.searchsorted(cases, cuts, "left")
        fp = len(controls) - np.searchsorted(controls, cuts, "left")
        worth = by(tp, fp, len(cases) - tp, len(controls) - fp)
        return 1000 * max(0.0, float(worth.max() - worth[-1]))

    return aim


def p_aim(
    first: Column,
    second: Column,
    printed: Rounded,
    tests: Sequence[Callable[[Whole, Whole], float]],
) -> Aim:
    """The p value of one of the tests of two groups prints so; measured on the log scale."""
    low, high = ends(printed)
    low, high = log(low) if low > 0 else -inf, log(min(high, 1.0)) if high > 0 else -inf

    def aim(values: Values) -> float:
        pair = first.of(values), second.of(values)
        if high == -inf or min(len(one) for one in pair) < 2:  # no p can print so, or none is there
            return 0.0
        return 100 * min(off(log(max(test(*pair), 1e-300)), low, high) for test in tests)

    return aim


def pooled_p(first: Whole, second: Whole) -> float:
    """Student's t test with the variance pooled."""
    m, n = len(first), len(second)
    df = m + n - 2
    pooled = ((m - 1) * float(first.var(ddof=1)) + (n - 1) * float(second.var(ddof=1))) / df
    return _t_p(first, second, pooled * (1 / m + 1 / n), df)


def welch_p(first: Whole, second: Whole) -> float:
    """The t test without equal variances, by Welch."""
    one, two = float(first.var(ddof=1)) / len(first), float(second.var(ddof=1)) / len(second)
    if one + two == 0:
        return _t_p(first, second, 0.0, 1.0)
    df = (one + two) ** 2 / (one**2 / (len(first) - 1) + two**2 / (len(second) - 1))
    return _t_p(first, second, one + two, df)


def _t_p(first: Whole, second: Whole, variance: float, df: float) -> float:
    gap = abs(float(first.mean() - second.mean()))
    if variance == 0:
        return 0.0 if gap else 1.0
    return float(2 * stdtr(df, -gap / sqrt(variance)))


def rank_p(first: Whole, second: Whole) -> float:
    """Mann and Whitney's normal p without a continuity correction, corrected for ties."""
    m, n = len(first), len(second)
    _, ties = np.unique(np.concatenate([first, second]), return_counts=True)
    total = m + n
    lost = float((ties.astype(float) ** 3 - ties).sum()) / (total * (total - 1))
    spread = m * n / 12 * (total + 1 - lost)
    return float(2 * ndtr(-abs(wins(first, second) - m * n / 2) / sqrt(spread))) if spread else 1.0
