"""Two models on the same patients: how much better one is in Brier's score and net benefit."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.newton import Floats
from avidity.stats.normal import p_of, z_of
from avidity.stats.scores import outcome_of


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """First less second, per patient, with its normal interval.

    test  of no difference; None where no patient differs
    """

    difference: float
    std_error: float
    interval: Interval
    test: TestResult | None
    n: int
    method: str


def brier_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, outcome: npt.ArrayLike, level: float = 0.95
) -> PairedDifference:
    """Brier's score of the first model less that of the second: below 0, the first is better.

    first, second  shape (n,), risks of the same patients
    source         Redelmeier and others, J Clin Epidemiol 1991;44:1141-1146, in the form of a
                   mean of paired differences
    raises         AnalysisError with fewer than two patients; ValueError on wrong shapes
    """
    one, two, case = _pair(first, second, outcome)
    each = (one - case) ** 2 - (two - case) ** 2
    return _mean(each, level, "difference of Brier scores, mean of paired differences")


def net_benefit_difference(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    outcome: npt.ArrayLike,
    threshold: float,
    level: float = 0.95,
) -> PairedDifference:
    """Net benefit of the first less that of the second: above 0, the first is better.

    threshold  above 0 and below 1; a risk equal to it is treated
    source     Vickers & Elkin, Med Decis Making 2006;26:565-574; the variance is that of the
               paired differences
    raises     AnalysisError on an impossible threshold or fewer than two patients
    """
    if not 0 < threshold < 1:
        raise AnalysisError(f"a threshold lies between 0 and 1, got {threshold:g}")
    one, two, case = _pair(first, second, outcome)
    worth = np.where(case == 1, 1.0, -threshold / (1 - threshold))
    each = ((one >= threshold).astype(float) - (two >= threshold)) * worth
    return _mean(each, level, f"difference of net benefit at {threshold:g}, paired differences")


def _pair(
    first: npt.ArrayLike, second: npt.ArrayLike, outcome: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != two.shape:
        raise ValueError(f"two rows of risks must have one shape, got {one.shape}, {two.shape}")
    if len(one) < 2:
        raise AnalysisError("two models are compared in two patients or more")
    return one, two, outcome_of(outcome, len(one)).astype(np.float64)


def _mean(each: Floats, level: float, method: str) -> PairedDifference:
    n, mean = len(each), float(each.mean())
    error = float(each.std(ddof=1)) / sqrt(n)
    half = z_of(level) * error
    test = None
    if error > 0:
        test = TestResult(p_of(mean / error), mean / error, None, "paired z test", n)
    interval = Interval(mean - half, mean + half, level, "normal")
    return PairedDifference(mean, error, interval, test, n, method)
