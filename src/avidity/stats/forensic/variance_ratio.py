"""Whether two printed SDs speak against the t test with a pooled variance."""

from __future__ import annotations

from scipy.special import fdtr, fdtrc

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.means import Moments


def variance_ratio(first: Moments, second: Moments) -> TestResult:
    """F test of equal variances, two-sided by doubling the smaller tail; assumes normal values.

    raises  AnalysisError if a group does not vary or has fewer than two patients

    >>> found = variance_ratio(Moments(32, 40.688, 22.4979), Moments(58, 19.914, 13.1913))
    >>> round(found.statistic, 2), found.df, found.p_value < 0.001
    (2.91, (31.0, 57.0), True)
    """
    if min(first.n, second.n) < 2 or not (first.sd > 0 and second.sd > 0):
        raise AnalysisError("a ratio of variances needs two patients and some spread per group")
    ratio = (first.sd / second.sd) ** 2
    df = float(first.n - 1), float(second.n - 1)
    p = min(1.0, 2 * min(float(fdtr(*df, ratio)), float(fdtrc(*df, ratio))))
    method = "F test of equal variances, two-sided, smaller tail doubled"
    return TestResult(p, ratio, df, method, first.n + second.n)
