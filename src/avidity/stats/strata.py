"""One comparison in several strata: Cochran, Mantel and Haenszel."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtri

from avidity.errors import AnalysisError
from avidity.stats.contingency import two_by_two
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.interval import Interval, error_rate


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """The test that the odds ratio is 1 in every stratum, and the odds ratio they share."""

    test: TestResult
    odds_ratio: Estimate


def mantel_haenszel(
    tables: ArrayLike, *, continuity: bool = True, level: float = 0.95
) -> MantelHaenszel:
    """Cochran–Mantel–Haenszel test and common odds ratio of 2 × 2 tables.

    tables      k × 2 × 2 counts, one table per stratum; strata with fewer than two patients
                are left out
    continuity  half a patient's correction in the test (R's default)
    source      Mantel & Haenszel, J Natl Cancer Inst 1959;22:719-748; interval: Robins,
                Breslow & Greenland, Biometrics 1986;42:311-323
    raises      AnalysisError if no stratum has two patients or a table is not 2 × 2
    """
    given = np.asarray(tables)
    if given.ndim != 3 or given.shape[1:] != (2, 2):
        raise AnalysisError(f"strata are k × 2 × 2 counts, got the shape {given.shape}")
    full = [two_by_two(one) for one in given if np.sum(one) > 1]
    if not full:
        raise AnalysisError("no stratum has two patients, so there is nothing to compare")
    strata = np.array(full, dtype=float)
    return MantelHaenszel(_test(strata, continuity), _odds_ratio(strata, level))


def _test(strata: NDArray[np.float64], continuity: bool) -> TestResult:
    n = strata.sum(axis=(1, 2))
    row, column = strata.sum(axis=2), strata.sum(axis=1)
    excess = float((strata[:, 0, 0] - row[:, 0] * column[:, 0] / n).sum())
    variance = float((row.prod(axis=1) * column.prod(axis=1) / (n**2 * (n - 1))).sum())
    words = "with" if continuity else "no"
    method = f"Cochran–Mantel–Haenszel test, {words} continuity correction"
    if variance == 0:
        text = f"{method}; no stratum has both groups and both answers, so p is 1"
        return TestResult(1.0, 0.0, 1.0, text, int(n.sum()))
    gap = abs(excess) - min(0.5, abs(excess)) if continuity else abs(excess)
    statistic = gap**2 / variance
    return TestResult(float(chdtrc(1, statistic)), statistic, 1.0, method, int(n.sum()))


def _odds_ratio(strata: NDArray[np.float64], level: float) -> Estimate:
    alpha = error_rate(level)
    n = strata.sum(axis=(1, 2))
    along = strata[:, 0, 0] * strata[:, 1, 1] / n
    against = strata[:, 0, 1] * strata[:, 1, 0] / n
    total = int(n.sum())
    words = "Mantel–Haenszel common odds ratio, Robins–Breslow–Greenland interval"
    r, s = float(along.sum()), float(against.sum())
    if r == 0 or s == 0:
        estimate = 0.0 if s > 0 else (inf if r > 0 else nan)
        return Estimate(estimate, None, total, f"{words} (none: an edge of the scale)")
    p = (strata[:, 0, 0] + strata[:, 1, 1]) / n
    q = 1 - p
    variance = (
        float((p * along).sum()) / (2 * r * r)
        + float((p * against + q * along).sum()) / (2 * r * s)
        + float((q * against).sum()) / (2 * s * s)
    )
    half = float(ndtri(1 - alpha / 2)) * sqrt(variance)
    centre = log(r / s)
    limits = Interval(centre - half, centre + half, level, "Robins–Breslow–Greenland").map(exp)
    return Estimate(r / s, limits, total, words)
