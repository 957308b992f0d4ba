"""What area under the ROC curve means and SDs would give if both groups were normal."""

from __future__ import annotations

from math import sqrt

from scipy.special import ndtr, ndtri

from avidity.errors import AnalysisError
from avidity.stats.interval import Interval, error_rate
from avidity.stats.means import Moments


def binormal_auc(first: Moments, second: Moments) -> float:
    """The chance that a patient of the first group has the higher value, both groups normal.

    raises  AnalysisError if neither group varies

    >>> round(binormal_auc(Moments(32, 53.06, 14.128), Moments(58, 44.43, 13.088)), 3)
    0.673
    """
    spread = sqrt(first.sd**2 + second.sd**2)
    if not spread > 0:
        raise AnalysisError("the binormal area needs a group that varies")
    return float(ndtr((first.mean - second.mean) / spread))


def hanley_mcneil(auc: float, m: int, n: int, level: float = 0.95) -> Interval:
    """Wald's interval of an area known from print only, cut at 0 and 1.

    auc     the area
    m, n    patients with and without the outcome
    source  Hanley & McNeil, Radiology 1982;143:29-36 (exponential approximation)
    raises  AnalysisError if the area lies outside 0 to 1 or a group is empty

    >>> interval = hanley_mcneil(0.681, 32, 58)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.562, 0.8)
    """
    if not 0 <= auc <= 1 or m < 1 or n < 1:
        raise AnalysisError("an area lies between 0 and 1 and needs a patient in each group")
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = (m - 1) * (one - auc**2) + (n - 1) * (two - auc**2) + auc * (1 - auc)
    half = -float(ndtri(error_rate(level) / 2)) * sqrt(max(0.0, spread) / (m * n))
    return Interval(max(0.0, auc - half), min(1.0, auc + half), level, "Hanley-McNeil, Wald")
