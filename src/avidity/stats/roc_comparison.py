"""Whether two scores tell cases from controls equally well (DeLong)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr, stdtrit

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.normal import z_of
from avidity.stats.roc import Roc, midrank, placements
from avidity.stats.scores import scores_of

Alternative = Literal["two-sided", "greater", "less"]


@dataclass(frozen=True, slots=True)
class RocComparison:
    """Two areas and the difference first minus second.

    variance    of the difference
    covariance  of the two areas; 0 for two separate groups of patients
    df          None where the normal distribution is used, as in the paired test
    same_order  both scores put all patients in the same order, so that the areas are one number
    """

    auc_first: float
    auc_second: float
    variance: float
    covariance: float
    df: float | None
    n: int
    same_order: bool
    method: str

    @property
    def difference(self) -> float:
        """First area minus second."""
        return self.auc_first - self.auc_second

    @property
    def std_error(self) -> float:
        """Standard error of the difference."""
        return sqrt(self.variance)

    def interval(self, level: float = 0.95) -> Interval | None:
        """The interval of the difference, cut at -1 and 1.

        A single point only where both scores order the patients alike. None where DeLong's
        variance is zero for any other reason (both areas at a bound): it then tells nothing.
        """
        half = z_of(level) if self.df is None else float(stdtrit(self.df, (1 + level) / 2))
        if self.variance == 0 and not self.same_order:
            return None
        reach = half * self.std_error
        low, high = max(-1.0, self.difference - reach), min(1.0, self.difference + reach)
        return Interval(low, high, level, self.method)

    def test(self, alternative: Alternative = "two-sided") -> TestResult | None:
        """The test that both areas are equal; "greater" asks if the first is larger.

        Equal areas without variance give statistic 0 and p = 1 (two-sided). None where the areas
        differ and DeLong's variance is zero: no p value can be told.
        """
        if self.variance == 0:
            if self.difference != 0:
                return None
            statistic = 0.0
        else:
            statistic = self.difference / self.std_error
        p_value = self._tail(statistic, alternative)
        return TestResult(p_value, statistic, self.df, f"{self.method}, {alternative}", self.n)

    def _tail(self, statistic: float, alternative: Alternative) -> float:
        def below(value: float) -> float:
            return float(ndtr(value) if self.df is None else stdtr(self.df, value))

        if alternative == "less":
            return below(statistic)
        if alternative == "greater":
            return below(-statistic)
        return min(1.0, 2 * below(-abs(statistic)))


def compare_paired(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    outcome: npt.ArrayLike,
    lower_means_case: tuple[bool, bool] = (False, False),
) -> RocComparison:
    """Two scores of the same patients, by DeLong's test.

    first, second     shape (n,), no missing values
    outcome           shape (n,), 0 or 1
    lower_means_case  the direction of each score
    raises            as `roc`; AnalysisError with fewer than two cases or two controls
    source            DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837-845
    """
    one, case = scores_of(first, outcome, lower_means_case=lower_means_case[0])
    two, _ = scores_of(second, outcome, lower_means_case=lower_means_case[1])
    m, n = int(case.sum()), int((~case).sum())
    if m < 2 or n < 2:
        raise AnalysisError("DeLong's test needs at least two cases and two controls")
    cases_one, controls_one = placements(one, case)
    cases_two, controls_two = placements(two, case)
    # The variance of each patient's own difference: scores that order alike give exactly zero.
    variance = (cases_one - cases_two).var(ddof=1) / m / n**2
    variance += (controls_one - controls_two).var(ddof=1) / n / m**2
    covariance = np.cov(cases_one, cases_two)[0, 1] / m / n**2
    covariance += np.cov(controls_one, controls_two)[0, 1] / n / m**2
    return RocComparison(
        auc_first=float(cases_one.sum()) / (m * n),
        auc_second=float(cases_two.sum()) / (m * n),
        variance=float(variance),
        covariance=float(covariance),
        df=None,
        n=m + n,
        same_order=bool((midrank(one) == midrank(two)).all()),
        method="DeLong's test for two scores of the same patients",
    )


def compare_unpaired(first: Roc, second: Roc) -> RocComparison:
    """Two areas from separate groups of patients, with Satterthwaite's degrees of freedom.

    raises  AnalysisError if a group in either has a single member
    source  DeLong's variances; degrees of freedom with each study's patients less one, as pROC
    """
    if first.variance is None or second.variance is None:
        raise AnalysisError("DeLong's test needs at least two cases and two controls in each group")
    variance = first.variance + second.variance
    parts = first.variance**2 / (first.n - 1) + second.variance**2 / (second.n - 1)
    return RocComparison(
        auc_first=first.auc,
        auc_second=second.auc,
        variance=variance,
        covariance=0.0,
        df=variance**2 / parts if parts > 0 else None,
        n=first.n + second.n,
        same_order=False,
        method="DeLong's test for separate patients, Satterthwaite degrees of freedom",
    )
