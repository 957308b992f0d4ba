"""Peto's common odds ratio, for rare outcomes in groups of similar size."""

from __future__ import annotations

from math import exp, sqrt

from numpy.typing import ArrayLike

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval
from avidity.stats.meta.mantel_haenszel import stacked
from avidity.stats.normal import z_of


def peto_odds_ratio(tables: ArrayLike, level: float = 0.95) -> Estimate:
    """Peto's odds ratio: exp of the sum of observed - expected over that of its variances.

    Biased where the ratio is far from 1 or the groups differ much in size; empty cells need no
    correction.

    tables  k × 2 × 2 counts: row = group, column = (outcome, no outcome)
    source  Yusuf and others, Prog Cardiovasc Dis 1985;27:335-371
    raises  AnalysisError if the outcome varies in no stratum
    """
    strata = stacked(tables)
    n = strata.sum(axis=(1, 2))
    rows, columns = strata.sum(axis=2), strata.sum(axis=1)
    excess = strata[:, 0, 0] - rows[:, 0] * columns[:, 0] / n
    variance = float((rows.prod(axis=1) * columns.prod(axis=1) / (n**2 * (n - 1))).sum())
    if variance == 0:
        raise AnalysisError("the outcome varies in no stratum, so there is no odds ratio")
    centre, half = float(excess.sum()) / variance, z_of(level) / sqrt(variance)
    limits = Interval(centre - half, centre + half, level, "Peto").map(exp)
    return Estimate(exp(centre), limits, int(n.sum()), "Peto common odds ratio")
