"""Whether a column of numbers could come from a normal distribution."""

from __future__ import annotations

import warnings

from numpy.typing import ArrayLike

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.summary import never_varies, numbers

MOST = 5000  # beyond this Royston's approximation of p was not studied


def shapiro_wilk(values: ArrayLike) -> TestResult:
    """Shapiro and Wilk's test; a small p speaks against a normal distribution.

    values  shape (n,), no missing values
    source  Royston, Appl Stat 1995;44:547-551 (AS R94), as in scipy
    raises  AnalysisError below three values, or if all are the same: no answer is possible
    """
    from scipy.stats import shapiro  # half a second to import, wanted only here

    given = numbers(values)
    if given.size < 3:
        raise AnalysisError(f"the Shapiro–Wilk test needs at least 3 values, got {given.size}")
    if never_varies(given):
        raise AnalysisError("the Shapiro–Wilk test needs values that vary; all are the same")
    method = "Shapiro–Wilk test"
    if given.size > MOST:
        method += f"; p is approximate above {MOST} values"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # said in the method instead
        w, p = shapiro(given)
    return TestResult(float(p), float(w), None, method, given.size)


def looks_normal(values: ArrayLike, alpha: float = 0.05) -> bool | None:
    """Shapiro–Wilk does not speak against it; None where the test cannot say.

    It cannot say below three values or when all are the same.
    """
    given = numbers(values)
    if given.size < 3 or never_varies(given):
        return None
    return shapiro_wilk(given).p_value >= alpha
