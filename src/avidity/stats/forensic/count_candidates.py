"""Every plausible test of a printed table of counts, with its p value."""

from __future__ import annotations

from math import erfc, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from avidity.stats.conditional import MINIMUM_LIKELIHOOD, Conditional, two_sided
from avidity.stats.contingency import (
    Counts,
    counts,
    expected,
    likelihood_ratio,
    linear_by_linear,
    pearson,
    two_by_two,
    yates,
)
from avidity.stats.fisher import fisher
from avidity.stats.forensic.fingerprint import Candidate

FISHER = "Fisher, two-sided (minimum likelihood)"
PEARSON = "chi-square (Pearson)"
YATES = "chi-square with Yates' correction"
WALD = "univariable logistic regression, Wald"
LIKELIHOOD_RATIO = "likelihood ratio chi-square"
LINEAR = "N − 1 chi-square (linear-by-linear)", "linear-by-linear association"
CENTRAL = "Fisher, smaller tail doubled (central)"
MID_P = "Fisher, mid-p"
ONE_SIDED = "Fisher, one-sided"
OR_FISHER = ", Fisher where an expected count is below 5"


def count_candidates(table: ArrayLike) -> tuple[Candidate, ...]:
    """The p value of every test that a paper may have used on this table.

    table   r × c counts, rows the levels, columns the groups; empty rows and columns change
            nothing. For 2 × 2 tables the likelihood ratio test is also that of the univariable
            logistic model, and N − 1 chi-square also SPSS's linear-by-linear row
    raises  AnalysisError if the table holds no counts

    >>> found = {one.test: one.low for one in count_candidates([[19, 16], [13, 42]])}
    >>> round(found[WALD], 6), round(found[PEARSON], 6), round(found[FISHER], 6)
    (0.003804, 0.003064, 0.006199)
    """
    seen = counts(table)
    given = _two_by_two(seen) if seen.shape == (2, 2) else _larger(seen)
    return tuple(Candidate(test, p, p) for test, p in given.items() if p is not None)


def small_expectation(table: ArrayLike) -> bool:
    """Whether an expected count is below 5, the usual reason to prefer Fisher's test."""
    return bool(np.any(expected(table) < 5))


def fishers_p(table: ArrayLike) -> dict[str, float]:
    """P of Fisher's test of a 2 × 2 table in every reading, without their intervals.

    The same numbers as `fisher_2x2` gives, many times faster.
    raises  AnalysisError if the table is not 2 × 2 or holds no counts

    >>> {test: round(p, 4) for test, p in fishers_p([[3, 29], [0, 58]]).items()}[CENTRAL]
    0.0844
    """
    family = Conditional.of(*(int(cell) for cell in two_by_two(table).ravel()))
    if family.cells.size == 1:  # a margin is empty
        return dict.fromkeys((FISHER, CENTRAL, MID_P, ONE_SIDED), 1.0)
    tail = min(1.0, family.at_most(0.0), family.at_least(0.0))
    half = min(family.below_and_half(0.0), family.mirrored().below_and_half(0.0))
    return {
        FISHER: two_sided(family, MINIMUM_LIKELIHOOD),
        CENTRAL: min(1.0, 2 * tail),
        MID_P: 2 * half,
        ONE_SIDED: tail,
    }


def _two_by_two(seen: Counts) -> dict[str, float | None]:
    fishers = fishers_p(seen)
    exact = fishers[FISHER]
    plain, corrected = pearson(seen).p_value, yates(seen).p_value
    small = small_expectation(seen)
    return {
        FISHER: exact,
        PEARSON: plain,
        YATES: corrected,
        PEARSON + OR_FISHER: exact if small else plain,
        YATES + OR_FISHER: exact if small else corrected,
        LIKELIHOOD_RATIO: likelihood_ratio(seen).p_value,
        LINEAR[0]: linear_by_linear(seen).p_value,
        WALD: _wald(seen),
        CENTRAL: fishers[CENTRAL],
        MID_P: fishers[MID_P],
        ONE_SIDED: fishers[ONE_SIDED],
        "z test of two shares, unpooled": _unpooled(seen),
    }


def _larger(seen: Counts) -> dict[str, float | None]:
    exact, plain = fisher(seen).p_value, pearson(seen).p_value
    return {
        FISHER: exact,
        PEARSON: plain,
        PEARSON + OR_FISHER: exact if small_expectation(seen) else plain,
        LIKELIHOOD_RATIO: likelihood_ratio(seen).p_value,
        LINEAR[1]: linear_by_linear(seen).p_value,
        WALD: _wald_levels(seen),
    }


def _wald(seen: Counts) -> float | None:
    """The Wald p of the log odds ratio; None where a cell is empty and no estimate exists."""
    if np.any(seen == 0):
        return None
    (a, b), (c, d) = seen.tolist()
    z = log(a * d / (b * c)) / sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return float(erfc(abs(z) / sqrt(2)))


def _wald_levels(seen: Counts) -> float | None:
    """SPSS's row for the whole factor: Wald test that all levels' log-odds are the same."""
    if seen.shape[1] != 2 or np.any(seen == 0):
        return None
    log_odds = np.log(seen[:, 0] / seen[:, 1])
    weight = 1 / (1 / seen).sum(axis=1)
    centre = (weight @ log_odds) / weight.sum()
    return float(chdtrc(seen.shape[0] - 1, weight @ (log_odds - centre) ** 2))


def _unpooled(seen: Counts) -> float | None:
    """Difference of the columns' shares over its own standard error."""
    of = seen.sum(axis=0)
    if np.any(of == 0):
        return None
    share = seen[0] / of
    error = sqrt(float((share * (1 - share) / of).sum()))
    if error == 0:
        return None
    return float(2 * ndtr(-abs(share[0] - share[1]) / error))
