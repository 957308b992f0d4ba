"""Common risk ratio and risk difference of several 2 × 2 tables, Mantel and Haenszel's way.

The common odds ratio and the test are in `stats.strata`.
"""

from __future__ import annotations

from math import exp, inf, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike

from avidity.errors import AnalysisError
from avidity.stats.contingency import two_by_two
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval
from avidity.stats.meta.study_effect import Floats
from avidity.stats.normal import z_of


def stacked(tables: ArrayLike) -> Floats:
    """Counts of k × 2 × 2 as numbers, strata without two filled groups left out.

    raises  AnalysisError if the shape is another, or no stratum has both groups
    """
    given = np.asarray(tables)
    if given.ndim != 3 or given.shape[1:] != (2, 2):
        raise AnalysisError(f"strata are k × 2 × 2 counts, got the shape {given.shape}")
    strata = np.array([two_by_two(one) for one in given], dtype=float)
    full: Floats = strata[(strata.sum(axis=2) > 0).all(axis=1)]
    if len(full) == 0:
        raise AnalysisError("no stratum has patients in both groups, so nothing can be compared")
    return full


def common_risk_ratio(tables: ArrayLike, level: float = 0.95) -> Estimate:
    """The risk ratio all strata share.

    tables  k × 2 × 2 counts: row = group, column = (outcome, no outcome)
    source  Greenland & Robins, Biometrics 1985;41:55-68
    raises  AnalysisError if no stratum has both groups
    """
    strata = stacked(tables)
    (a, c), n1, n2, n = strata[:, :, 0].T, *_sizes(strata)
    along, against = float((a * n2 / n).sum()), float((c * n1 / n).sum())
    words = "Mantel–Haenszel common risk ratio, Greenland–Robins interval"
    if along == 0 or against == 0:
        estimate = nan if along == against else (0.0 if along == 0 else inf)
        return Estimate(estimate, None, int(n.sum()), f"{words} (none: a group has no cases)")
    spread = float(((n1 * n2 * (a + c) - a * c * n) / n**2).sum())
    half = z_of(level) * sqrt(spread / (along * against))
    centre = log(along / against)
    limits = Interval(centre - half, centre + half, level, "Greenland–Robins").map(exp)
    return Estimate(along / against, limits, int(n.sum()), words)


def common_risk_difference(tables: ArrayLike, level: float = 0.95) -> Estimate:
    """The difference of shares all strata have in common.

    source  Greenland & Robins, Biometrics 1985;41:55-68; variance: Sato, Biometrics
            1989;45:1323-1324, good for few large and for many small strata
    raises  AnalysisError if no stratum has both groups
    """
    strata = stacked(tables)
    (a, c), n1, n2, n = strata[:, :, 0].T, *_sizes(strata)
    weight = float((n1 * n2 / n).sum())
    estimate = float(((a * n2 - c * n1) / n).sum()) / weight
    first, second = n1 / n, n2 / n
    shift = c * first**2 - a * second**2 + first * second * (n2 - n1) / 2
    spread = a * (n2 - c) / n + c * (n1 - a) / n
    variance = (estimate * float(shift.sum()) + float(spread.sum()) / 2) / weight**2
    half = z_of(level) * sqrt(max(0.0, variance))
    words = "Mantel–Haenszel common risk difference, Sato interval"
    limits = Interval(estimate - half, estimate + half, level, "Sato")
    return Estimate(estimate, limits, int(n.sum()), words)


def _sizes(strata: Floats) -> tuple[Floats, Floats, Floats]:
    first, second = strata.sum(axis=2).T
    return first, second, first + second
