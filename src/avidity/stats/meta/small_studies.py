"""Whether small studies find more: the funnel's lopsidedness, tested."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.meta.heterogeneity import Estimator, tau_squared
from avidity.stats.meta.study_effect import Floats, effects_and_variances
from avidity.stats.meta.weighted import weighted_fit
from avidity.stats.normal import p_of

ENOUGH = 10  # studies below which the test says next to nothing (Cochrane Handbook 13.3.5.4)


def egger(effects: ArrayLike, std_errors: ArrayLike) -> TestResult:
    """Egger's regression of the effects on their standard errors, t with k - 2 df.

    Weights 1 / SE², with a factor for the scatter: the effect over its standard error
    regressed on precision, whose intercept Egger tested, is the same.

    source  Egger and others, BMJ 1997;315:629-634
    raises  AnalysisError with fewer than three studies, or all of one size
    """
    y, v, X = _design(effects, std_errors)
    fit = weighted_fit(y, v, X, 0.0)
    df = len(y) - 2
    statistic = float(fit.coefficients[1]) / sqrt(fit.q / df * float(fit.covariance[1, 1]))
    p = 2 * float(stdtr(df, -abs(statistic)))
    return TestResult(p, statistic, float(df), "Egger's regression, t test", len(y))


def egger_mixed(
    effects: ArrayLike, std_errors: ArrayLike, estimator: Estimator = "REML"
) -> TestResult:
    """The same regression with true differences between studies added to chance, z test.

    source  Sterne & Egger 2005, in Rothstein, Publication bias in meta-analysis, chapter 6
    raises  as `egger`
    """
    y, v, X = _design(effects, std_errors)
    fit = weighted_fit(y, v, X, tau_squared(y, v, X, estimator))
    statistic = float(fit.coefficients[1]) / sqrt(float(fit.covariance[1, 1]))
    words = f"Egger's regression, mixed effects ({estimator}), z test"
    return TestResult(p_of(statistic), statistic, None, words, len(y))


def _design(effects: ArrayLike, std_errors: ArrayLike) -> tuple[Floats, Floats, Floats]:
    y, v = effects_and_variances(effects, std_errors)
    if len(y) < 3 or np.ptp(v) == 0:
        raise AnalysisError("a lopsided funnel needs three studies or more, of different sizes")
    return y, v, np.column_stack([np.ones(len(y)), np.sqrt(v)])
