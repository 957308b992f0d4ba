"""Whether several 2 × 2 tables share one odds ratio."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.meta.mantel_haenszel import stacked
from avidity.stats.meta.study_effect import Floats
from avidity.stats.strata import mantel_haenszel


def tarone_test(tables: ArrayLike) -> TestResult:
    """Breslow–Day test with Tarone's correction at the Mantel–Haenszel odds ratio.

    Strata in which the outcome never varies say nothing of a ratio and are left out.

    tables  k × 2 × 2 counts: row = group, column = (outcome, no outcome)
    source  Breslow & Day 1980, section 4.4; Tarone, Biometrika 1985;72:91-95
    raises  AnalysisError with fewer than two telling strata, or no finite common odds ratio
    """
    strata = stacked(tables)
    strata = strata[(strata.sum(axis=1) > 0).all(axis=1)]
    ratio = mantel_haenszel(strata.astype(int)).odds_ratio.estimate if len(strata) else np.nan
    if len(strata) < 2 or not 0 < ratio < np.inf:
        raise AnalysisError("no common odds ratio, so nothing that several strata could share")
    expected = np.array([_expected(one, ratio) for one in strata])
    n1, m1 = strata[:, 0].sum(axis=1), strata[:, :, 0].sum(axis=1)
    n2 = strata[:, 1].sum(axis=1)
    inverse = 1 / expected + 1 / (n1 - expected) + 1 / (m1 - expected)
    variance = 1 / (inverse + 1 / (n2 - m1 + expected))
    gap = strata[:, 0, 0] - expected
    statistic = float((gap**2 / variance).sum() - gap.sum() ** 2 / variance.sum())
    df = len(strata) - 1
    return TestResult(
        float(chdtrc(df, statistic)),
        statistic,
        float(df),
        "Breslow–Day test of one odds ratio, Tarone's correction",
        int(strata.sum()),
    )


def _expected(table: Floats, ratio: float) -> float:
    """Cases in the first group, given the margins and the odds ratio."""
    n1, n2 = table.sum(axis=1)
    m1 = table[:, 0].sum()
    a, b, c = 1 - ratio, n2 - m1 + ratio * (n1 + m1), -ratio * n1 * m1
    # the stable root of a x² + b x + c, good as the ratio nears 1
    return float(-2 * c / (b + sqrt(b * b - 4 * a * c)))
