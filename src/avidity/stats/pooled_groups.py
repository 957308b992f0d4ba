"""Table 1 over completed sets: summaries and comparisons pooled by Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.contingency import pearson
from avidity.stats.estimate import TestResult
from avidity.stats.newton import Floats
from avidity.stats.pooled_tests import pool_chi_squares
from avidity.stats.rubin import PooledTerm, Rule, pool_scalar
from avidity.stats.scores import outcome_of
from avidity.stats.summary import NUMPY_NAMES, QuantileType


@dataclass(frozen=True, slots=True)
class PooledSummary:
    """A column of numbers over m completed sets, in its unit.

    sd              root of the mean variance (n-1)
    median, lower_quartile, upper_quartile  means over the sets
    """

    n: int
    m: int
    mean: float
    sd: float
    median: float
    lower_quartile: float
    upper_quartile: float
    method: str


@dataclass(frozen=True, slots=True)
class PooledCounts:
    """A category over m completed sets.

    counts  of each level, the mean over the sets: rarely whole
    """

    n: int
    m: int
    counts: tuple[float, ...]
    method: str

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of each level."""
        return tuple(count / self.n for count in self.counts)


def pool_summary(values: npt.ArrayLike, *, quantile_type: QuantileType = 7) -> PooledSummary:
    """Mean, SD, median and quartiles over completed sets.

    values  shape (m, n), of all patients or one group
    raises  AnalysisError if the sets are empty or hold missing values
    """
    sets = _sets(values)
    at = np.quantile(sets, [0.25, 0.5, 0.75], axis=1, method=NUMPY_NAMES[quantile_type])
    lower, median, upper = at.mean(axis=1).tolist()
    alone = sets.shape[1] == 1
    return PooledSummary(
        n=sets.shape[1],
        m=len(sets),
        mean=float(sets.mean()),
        sd=float("nan") if alone else sqrt(float(sets.var(axis=1, ddof=1).mean())),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        method=(
            f"mean over {len(sets)} imputed sets of mean, median and quartiles (type"
            f" {quantile_type}); SD from the mean variance"
        ),
    )


def pool_counts(codes: npt.ArrayLike, levels: int) -> PooledCounts:
    """How many patients have each level, on average over completed sets.

    codes   shape (m, n), the place of each level, from 0; yes/no: 0 and 1 with two levels
    raises  AnalysisError on a place without a level
    """
    sets = _codes(codes, levels)
    counts = tuple(float((sets == level).sum(axis=1).mean()) for level in range(levels))
    return PooledCounts(
        sets.shape[1], len(sets), counts, f"mean count over {len(sets)} imputed sets"
    )


def compare_means(
    values: npt.ArrayLike,
    outcome: npt.ArrayLike,
    *,
    rule: Rule = "barnard-rubin",
    level: float = 0.95,
) -> PooledTerm:
    """Mean of the cases less mean of the controls, with Welch's variance in each set.

    values   shape (m, n)
    outcome  shape (n,), 0 or 1
    raises   AnalysisError if a group has fewer than two patients, or nothing varies
    """
    sets = _sets(values)
    case = outcome_of(outcome, sets.shape[1])
    if min(case.sum(), (~case).sum()) < 2:
        raise AnalysisError("two groups can be compared only with two patients or more in each")
    groups = sets[:, case], sets[:, ~case]
    gap = groups[0].mean(axis=1) - groups[1].mean(axis=1)
    variance = sum(each.var(axis=1, ddof=1) / each.shape[1] for each in groups)
    n = sets.shape[1]
    return pool_scalar(
        gap,
        variance,
        n,
        complete_df=float(n - 2),
        rule=rule,
        level=level,
        term="difference of means",
    )


def compare_counts(codes: npt.ArrayLike, outcome: npt.ArrayLike, levels: int) -> TestResult:
    """Whether a category and the outcome hang together: Pearson's chi-square, pooled (D2).

    codes    shape (m, n), the place of each level, from 0
    outcome  shape (n,), 0 or 1
    raises   AnalysisError if no set has two levels
    """
    sets = _codes(codes, levels)
    case = outcome_of(outcome, sets.shape[1])
    occupied = [level for level in range(levels) if (sets == level).any()]
    if len(occupied) < 2:
        raise AnalysisError("all patients have the same level: there is nothing to compare")
    statistics = [
        pearson([[int(((row == level) & of).sum()) for of in (case, ~case)] for level in occupied])
        for row in sets
    ]
    return pool_chi_squares(
        [each.statistic or 0.0 for each in statistics], len(occupied) - 1, sets.shape[1]
    )


def _sets(values: npt.ArrayLike) -> Floats:
    sets = np.asarray(values, dtype=np.float64)
    if sets.ndim != 2 or sets.size == 0:
        raise AnalysisError(f"completed sets must have shape (m, n), got {sets.shape}")
    if not np.isfinite(sets).all():
        raise AnalysisError("a completed set holds missing or infinite values")
    return sets


def _codes(codes: npt.ArrayLike, levels: int) -> Floats:
    sets = _sets(codes)
    if not np.isin(sets, range(levels)).all():
        raise AnalysisError(f"a completed set holds something else than levels 0 to {levels - 1}")
    return sets
