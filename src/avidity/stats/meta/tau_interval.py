"""An interval for the variance between studies."""

from __future__ import annotations

from scipy.special import chdtri

from avidity.stats.interval import Interval, error_rate
from avidity.stats.meta.heterogeneity import q_at
from avidity.stats.meta.study_effect import Floats


def tau_squared_interval(y: Floats, v: Floats, X: Floats, level: float = 0.95) -> Interval:
    """The tau² at which Q is no surprise: between its chi-squared quantiles (Q-profile).

    Exact when the studies' own variances are known. An end that Q never reaches is 0.
    source  Viechtbauer, Stat Med 2007;26:37-52
    """
    k, p = X.shape
    alpha = error_rate(level)
    high = float(chdtri(k - p, 1 - alpha / 2))  # chdtri takes the upper tail
    low = float(chdtri(k - p, alpha / 2))
    return Interval(q_at(y, v, X, low), q_at(y, v, X, high), level, "Q-profile")
