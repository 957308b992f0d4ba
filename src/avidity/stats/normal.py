"""The standard normal distribution, for intervals and p values."""

from __future__ import annotations

from scipy.special import ndtr, ndtri

from avidity.stats.interval import error_rate


def z_of(level: float) -> float:
    """How many standard errors a two-sided interval of this level reaches: 1.96 for 0.95.

    raises  AnalysisError unless 0 < level < 1

    >>> round(z_of(0.95), 6)
    1.959964
    """
    return float(ndtri(1 - error_rate(level) / 2))


def p_of(z: float) -> float:
    """The two-sided p value of a standard normal statistic.

    >>> p_of(0.0)
    1.0
    """
    return 2 * float(ndtr(-abs(z)))
