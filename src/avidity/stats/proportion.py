"""What share, and how sure one can be of it."""

from __future__ import annotations

from math import sqrt

from scipy.special import betaincinv, ndtri

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval, error_rate


def wilson(k: int, n: int, level: float = 0.95) -> Estimate:
    """A share with Wilson's score interval, without continuity correction.

    k, n    those with the property, and all who could be judged (the missing left out)
    source  Wilson, J Am Stat Assoc 1927;22:209-212; Newcombe, Stat Med 1998;17:857-872, method 3
    raises  AnalysisError if n is 0 or k is not within 0..n

    >>> share = wilson(19, 38)
    >>> round(share.interval.low, 6), round(share.interval.high, 6)
    (0.348499, 0.651501)
    """
    alpha = _checked(k, n, level)
    z2 = float(ndtri(1 - alpha / 2)) ** 2
    middle = (2 * k + z2) / (2 * (n + z2))
    half = sqrt(z2 * (z2 + 4 * k * (n - k) / n)) / (2 * (n + z2))
    low, high = middle - half, middle + half
    return _share(k, n, Interval(low, high, level, "Wilson"))


def wilson_continuity(k: int, n: int, level: float = 0.95) -> Estimate:
    """A share with Wilson's score interval and continuity correction.

    source  Newcombe, Stat Med 1998;17:857-872, method 4
    raises  AnalysisError if n is 0 or k is not within 0..n
    """
    alpha = _checked(k, n, level)
    z = float(ndtri(1 - alpha / 2))
    p, q = k / n, (n - k) / n
    below = z * sqrt(max(0.0, z**2 - 2 - 1 / n + 4 * p * (n * q + 1)))
    above = z * sqrt(max(0.0, z**2 + 2 - 1 / n + 4 * p * (n * q - 1)))
    low = (2 * k + z**2 - 1 - below) / (2 * (n + z**2))
    high = (2 * k + z**2 + 1 + above) / (2 * (n + z**2))
    return _share(k, n, Interval(low, high, level, "Wilson with continuity correction"))


def clopper_pearson(k: int, n: int, level: float = 0.95) -> Estimate:
    """A share with the exact (central binomial) interval; never less sure than it says.

    source  Clopper & Pearson, Biometrika 1934;26:404-413
    raises  AnalysisError if n is 0 or k is not within 0..n
    """
    alpha = _checked(k, n, level)
    low = float(betaincinv(k, n - k + 1, alpha / 2)) if k > 0 else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - alpha / 2)) if k < n else 1.0
    return _share(k, n, Interval(low, high, level, "Clopper–Pearson"))


def _checked(k: int, n: int, level: float) -> float:
    if n <= 0:
        raise AnalysisError("a share needs at least one patient in its denominator, got none")
    if not 0 <= k <= n:
        raise AnalysisError(f"a share needs a count between 0 and {n}, got {k}")
    return error_rate(level)


def _share(k: int, n: int, interval: Interval) -> Estimate:
    # none and all end exactly at 0 and 1, not a rounding error beside them
    low = 0.0 if k == 0 else max(0.0, interval.low)
    high = 1.0 if k == n else min(1.0, interval.high)
    exact = Interval(low, high, interval.level, interval.method)
    return Estimate(k / n, exact, n, f"share, {interval.method} interval")
