"""Several coefficients at once, tested over m completed sets: D1, D2 and D3.

D1 needs estimates and covariances, D2 only the test statistic of each set, D3 likelihoods. D1
is the usual choice, D3 the one that does not mind how the model is parametrised, D2 the one for
tests that give nothing but a chi-square, and the least exact.
"""

from __future__ import annotations

from math import inf, isinf

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, fdtrc

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.newton import Floats


def moment_test(
    estimate: Floats, within: Floats, between: Floats, *, m: int, n: int, complete_df: float = inf
) -> TestResult:
    """D1: whether k pooled numbers are all zero, by Wald's statistic and an F distribution.

    estimate         shape (k,), the mean over the sets
    within, between  shape (k, k), mean covariance inside, covariance between the sets (m-1)
    complete_df      degrees of freedom were nothing missing; inf for a large sample
    raises           AnalysisError if the numbers follow from each other
    source           Li, Raghunathan & Rubin, J Am Stat Assoc 1991;86:1065-1073; for small samples
                     Reiter, Biometrika 2007;94:502-508
    """
    k = len(estimate)
    try:
        weighed, spread = np.linalg.solve(within, estimate), np.linalg.solve(within, between)
    except np.linalg.LinAlgError as error:
        raise AnalysisError("the terms to test together determine each other") from error
    increase = (1 + 1 / m) * float(spread.trace()) / k
    statistic = float(estimate @ weighed) / (k * (1 + increase))
    df, words = _small_sample(increase, k, m, complete_df)
    return _f_test(statistic, k, df, f"D1, moment-based F test over {m} imputed sets, {words}", n)


def _large_sample(increase: float, k: int, m: int) -> float:
    if increase <= 0:
        return inf
    t = k * (m - 1)
    if t > 4:
        return 4 + (t - 4) * _square(1 + (1 - 2 / t) / increase)
    return t * (1 + 1 / k) * _square(1 + 1 / increase) / 2


def _square(value: float) -> float:
    return value * value  # inf where a float ends; ** would raise


def _small_sample(increase: float, k: int, m: int, complete_df: float) -> tuple[float, str]:
    """Reiter's denominator degrees of freedom; where they do not exist, those for large samples."""
    large = _large_sample(increase, k, m), "degrees of freedom of Li, Raghunathan and Rubin"
    t = k * (m - 1)
    if isinf(complete_df) or t <= 4:
        return large
    a = increase * t / (t - 2)
    seen = (complete_df + 1) / (complete_df + 3) * complete_df
    c1, c2 = seen - 2 * (1 + a), seen - 4 * (1 + a)
    if c2 <= 0:  # more is missing than the patients can make up for
        return large
    lost = (
        a**2 * c1 / ((1 + a) ** 2 * c2)
        + 8 * a**2 * c1 / ((1 + a) * c2**2)
        + 4 * a**2 / ((1 + a) * c2)
        + 4 * a**2 / (c1 * c2)
        + 16 * a**2 * c1 / c2**3
        + 8 * a**2 / c2**2
    )
    return 4 + 1 / (1 / c2 + lost / (t - 4)), "Reiter's degrees of freedom"


def pool_chi_squares(statistics: npt.ArrayLike, df: int, n: int) -> TestResult:
    """D2: one test from the chi-square statistics of m completed sets.

    statistics  shape (m,), each of df degrees of freedom
    n           patients in each set
    raises      AnalysisError on fewer than two sets or a statistic below 0
    source      Li, Meng, Raghunathan & Rubin, Stat Sinica 1991;1:65-92
    """
    d = np.asarray(statistics, dtype=np.float64)
    m = len(d)
    if m < 2 or df < 1 or not (np.isfinite(d) & (d >= 0)).all():
        raise AnalysisError("pooling needs the chi-square statistics of two sets or more")
    increase = (1 + 1 / m) * float(np.sqrt(d).var(ddof=1))
    statistic = (float(d.mean()) / df - (m + 1) / (m - 1) * increase) / (1 + increase)
    below = df ** (-3 / m) * (m - 1) * _square(1 + 1 / increase) if increase > 0 else inf
    words = f"D2, pooled chi-square statistics over {m} imputed sets"
    return _f_test(max(0.0, statistic), df, below, words, n)


def pool_likelihood_ratios(
    own: npt.ArrayLike, at_mean: npt.ArrayLike, df: int, n: int
) -> TestResult:
    """D3: one likelihood-ratio test over m completed sets.

    own      shape (m,), twice the log-likelihood ratio in each set at its own two estimates
    at_mean  shape (m,), the same at the estimates averaged over the sets
    df       how many coefficients the smaller model lacks
    raises   AnalysisError on fewer than two sets
    source   Meng & Rubin, Biometrika 1992;79:103-111
    """
    own_ratio = np.asarray(own, dtype=np.float64)
    mean_ratio = np.asarray(at_mean, dtype=np.float64)
    m = len(own_ratio)
    if m < 2 or df < 1 or mean_ratio.shape != own_ratio.shape:
        raise AnalysisError("pooling needs the likelihood ratios of two sets or more")
    gap = float(own_ratio.mean() - mean_ratio.mean())
    increase = max(0.0, (m + 1) / (df * (m - 1)) * gap)
    statistic = max(0.0, float(mean_ratio.mean()) / (df * (1 + increase)))
    words = f"D3, pooled likelihood-ratio test over {m} imputed sets"
    return _f_test(statistic, df, _large_sample(increase, df, m), words, n)


def _f_test(statistic: float, k: int, df: float, method: str, n: int) -> TestResult:
    # with no end of degrees of freedom below, k times F is a chi-square
    p_value = chdtrc(k, k * statistic) if isinf(df) else fdtrc(k, df, statistic)
    return TestResult(float(p_value), statistic, (float(k), df), method, n)
