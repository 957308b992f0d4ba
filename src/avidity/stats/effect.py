"""How large a difference is, in standard deviations: always the first group less the second.

Positive means more in the first group. (Some packages subtract the other way round.)
"""

from __future__ import annotations

from math import copysign, inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from avidity.errors import AnalysisError
from avidity.stats.contingency import counts
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval, error_rate
from avidity.stats.means import Moments

SIGN = "first less second"


def smd_numbers(
    x: ArrayLike, y: ArrayLike, *, hedges: bool = False, level: float = 0.95
) -> Estimate:
    """Standardised difference of means of two groups; see smd_from_moments.

    x, y    the two groups, no missing values
    raises  AnalysisError if a group has fewer than two patients
    """
    first, second = Moments.of(x, "the first group"), Moments.of(y, "the second group")
    return smd_from_moments(first, second, hedges=hedges, level=level)


def smd_from_moments(
    first: Moments, second: Moments, *, hedges: bool = False, level: float = 0.95
) -> Estimate:
    """Standardised difference of means: the gap over √((s₁² + s₂²) / 2).

    hedges  times 1 - 3 / (4 (n - 2) - 1), which takes out the small-sample excess
    source  Austin, Stat Med 2009;28:3083-3107; interval: Hedges & Olkin 1985, large sample;
            Hedges, J Educ Stat 1981;6:107-128
    raises  AnalysisError if a group has fewer than two patients

    >>> round(smd_from_moments(Moments(50, 103, 5.5), Moments(50, 100, 4.5)).estimate, 4)
    0.597
    """
    if min(first.n, second.n) < 2:
        raise AnalysisError("a standardised difference needs at least two patients in each group")
    scale = sqrt((first.sd**2 + second.sd**2) / 2)
    words = f"standardised mean difference, {SIGN}, √((s₁²+s₂²)/2)"
    gap = _ratio(first.mean - second.mean, scale)
    plain = _with_interval(gap, (first.n, second.n), level, words)
    if not hedges:
        return plain
    shrink = 1 - 3 / (4 * (first.n + second.n - 2) - 1)
    interval = plain.interval.map(lambda end: shrink * end) if plain.interval else None
    method = f"{plain.method}, Hedges' correction"
    return Estimate(shrink * plain.estimate, interval, plain.n, method)


def smd_binary(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Standardised difference of two shares: the gap over √((p₁q₁ + p₂q₂) / 2).

    k1, n1  those with the property and all, in the first group; k2, n2 in the second
    source  Austin, Commun Stat Simul Comput 2009;38:1228-1234
    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    for k, n in ((k1, n1), (k2, n2)):
        if not 0 <= k <= n or n == 0:
            raise AnalysisError(f"a share needs a count between 0 and a positive total: {k} of {n}")
    p1, p2 = k1 / n1, k2 / n2
    gap = _ratio(p1 - p2, sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 2))
    words = f"standardised difference of shares, {SIGN}, √((p₁q₁+p₂q₂)/2)"
    return _with_interval(gap, (n1, n2), level, words)


def smd_levels(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> Estimate:
    """Standardised difference of two groups over several unordered levels; it has no sign.

    first, second  counts per level, in the same order; levels nobody has are left out
    source         Yang & Dalton, SAS Global Forum 2012, paper 335 (a Mahalanobis distance)
    raises         AnalysisError if a group is empty or the levels do not match
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.shape != b.shape or a.ndim != 1:
        raise AnalysisError("both groups need one count for each of the same levels")
    table = counts(np.vstack([a, b]))
    n1, n2 = (int(total) for total in table.sum(axis=1))
    if min(n1, n2) == 0:
        raise AnalysisError("a group is empty, so there is nothing to compare")
    # any one level says nothing the others do not, so the last is dropped
    shares = (table[:, table.sum(axis=0) > 0] / table.sum(axis=1, keepdims=True))[:, :-1]
    words = "standardised difference over several levels, without sign, Yang–Dalton"
    signed = _with_interval(_mahalanobis(shares), (n1, n2), level, words)
    interval = signed.interval.map(lambda end: max(0.0, end)) if signed.interval else None
    return Estimate(signed.estimate, interval, signed.n, signed.method)


def _mahalanobis(shares: NDArray[np.float64]) -> float:
    gap = shares[0] - shares[1]
    if not np.any(gap):
        return 0.0
    spread = sum(np.diag(p) - np.outer(p, p) for p in shares) / 2
    solution, _, _, _ = np.linalg.lstsq(spread, gap, rcond=1e-12)
    if not np.allclose(spread @ solution, gap, rtol=0, atol=1e-9):
        return inf  # the groups differ in a direction in which neither varies
    return float(sqrt(gap @ solution))


def _ratio(gap: float, scale: float) -> float:
    if gap == 0:
        return 0.0
    return gap / scale if scale > 0 else copysign(inf, gap)


def _with_interval(gap: float, sizes: tuple[int, int], level: float, words: str) -> Estimate:
    alpha = error_rate(level)
    n1, n2 = sizes
    if abs(gap) == inf:
        text = f"{words}; neither group varies, so it is infinite and has no interval"
        return Estimate(gap, None, n1 + n2, text)
    half = float(ndtri(1 - alpha / 2)) * sqrt(1 / n1 + 1 / n2 + gap**2 / (2 * (n1 + n2)))
    interval = Interval(gap - half, gap + half, level, "large-sample normal")
    return Estimate(gap, interval, n1 + n2, words)
