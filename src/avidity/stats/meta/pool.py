"""Several studies of one effect, pooled."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from numpy.typing import ArrayLike
from scipy.special import chdtrc, stdtr, stdtrit

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval, error_rate
from avidity.stats.meta.heterogeneity import NAMES, Estimator, tau_squared, typical_variance
from avidity.stats.meta.study_effect import Floats, effects_and_variances
from avidity.stats.meta.tau_interval import tau_squared_interval
from avidity.stats.meta.weighted import WeightedFit, cochran_q, intercept, weighted_fit
from avidity.stats.normal import p_of, z_of

Test = Literal["normal", "Knapp–Hartung"]
Freedom = Literal["normal", "k-1", "k-2"]
NOTHING = 1e-12  # a standard error that is rounding alone


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How much the studies differ beyond chance.

    q              Cochran's test that they share one effect
    tau2           variance of the true effects, on the scale of analysis
    tau2_interval  Q-profile; it and tau2 may disagree, as two methods
    estimator      of tau2, in words; empty for a common effect
    i2             share of the variance that is not chance, 0 to 1: tau² / (tau² + s²) with the
                   typical variance s², or (Q - df) / Q for a common effect
    h2             total over chance: tau² / s² + 1, or Q / df
    """

    q: TestResult
    tau2: float
    tau2_interval: Interval | None
    estimator: str
    i2: float
    h2: float


@dataclass(frozen=True, slots=True)
class Pooled:
    """One effect out of several studies, on the scale of analysis.

    k              studies
    std_error      as the method says
    interval       for the mean of the studies
    test           of an effect of 0 on this scale
    prediction     where the true effect of a new study is expected; None for a common effect and
                   where too few studies leave no degree of freedom
    shares         each study's share of the weight, adding to 1
    narrower       whether the Knapp–Hartung interval is narrower than the normal one, which can
                   happen by chance where the studies agree closely
    """

    model: Literal["common effect", "random effects"]
    estimate: float
    std_error: float
    interval: Interval
    test: TestResult
    prediction: Interval | None
    heterogeneity: Heterogeneity | None
    shares: tuple[float, ...]
    k: int
    narrower: bool
    method: str


def pool_common(effects: ArrayLike, std_errors: ArrayLike, level: float = 0.95) -> Pooled:
    """All studies taken to share one true effect: inverse variance weights.

    effects, std_errors  one per study, on the scale of analysis
    raises               AnalysisError on a standard error that is not above 0
    """
    y, v = effects_and_variances(effects, std_errors)
    k, X = len(y), intercept(len(y))
    fit = weighted_fit(y, v, X, 0.0)
    estimate, error = float(fit.coefficients[0]), sqrt(float(fit.covariance[0, 0]))
    words = "common effect, inverse variance weights, normal interval"
    return Pooled(
        "common effect",
        estimate,
        error,
        _around(estimate, z_of(level) * error, level, "normal"),
        TestResult(p_of(estimate / error), estimate / error, None, "z test of no effect", k),
        None,
        _common_heterogeneity(y, v, X) if k > 1 else None,
        _shares(fit),
        k,
        False,
        words,
    )


def pool_random(
    effects: ArrayLike,
    std_errors: ArrayLike,
    estimator: Estimator = "REML",
    test: Test = "Knapp–Hartung",
    prediction: Freedom = "k-1",
    level: float = 0.95,
) -> Pooled:
    """Studies whose true effects are scattered around a mean.

    effects, std_errors  one per study, on the scale of analysis; two studies at least
    estimator            of tau², see `heterogeneity.tau_squared`
    test                 "Knapp–Hartung": t with k - 1 degrees of freedom and the standard error
                         from the observed scatter, not truncated; "normal": z
    prediction           the distribution behind the prediction interval: t with k - 1 or k - 2
                         degrees of freedom, or normal; its error is sqrt(tau² + SE²)
    raises               AnalysisError with fewer than two studies
    source               Hartung & Knapp, Stat Med 2001;20:3875-3889; IntHout and others, BMC Med
                         Res Methodol 2014;14:25; Higgins and others, JRSS A 2009;172:137-159
    """
    y, v = effects_and_variances(effects, std_errors)
    k, X = len(y), intercept(len(y))
    if k < 2:
        raise AnalysisError("random effects need two studies or more, got one")
    tau2 = tau_squared(y, v, X, estimator)
    fit = weighted_fit(y, v, X, tau2)
    estimate, plain = float(fit.coefficients[0]), sqrt(float(fit.covariance[0, 0]))
    error = plain
    if test == "Knapp–Hartung":
        error = plain * sqrt(fit.q / (k - 1))
    half = _quantile(k - 1 if test == "Knapp–Hartung" else None, level) * error
    return Pooled(
        "random effects",
        estimate,
        error,
        _around(estimate, half, level, test),
        _tested(estimate, error, k, test),
        _predicted(estimate, sqrt(tau2 + error**2), k, prediction, level),
        _random_heterogeneity(y, v, X, tau2, estimator, level),
        _shares(fit),
        k,
        half < z_of(level) * plain,
        f"random effects, tau² by {NAMES[estimator]}, {test} interval"
        + (f" (t with {k - 1} df)" if test == "Knapp–Hartung" else ""),
    )


def _tested(estimate: float, error: float, k: int, test: Test) -> TestResult:
    if error < NOTHING:  # all studies say exactly the same: Knapp–Hartung has no scatter to go by
        return TestResult(
            float("nan"), None, float(k - 1), "no test: the studies do not scatter", k
        )
    ratio = estimate / error
    if test == "normal":
        return TestResult(p_of(ratio), ratio, None, "z test of no effect", k)
    p = 2 * float(stdtr(k - 1, -abs(ratio)))
    return TestResult(p, ratio, float(k - 1), "Knapp–Hartung t test of no effect", k)


def _predicted(
    estimate: float, error: float, k: int, freedom: Freedom, level: float
) -> Interval | None:
    df = {"normal": None, "k-1": k - 1, "k-2": k - 2}[freedom]
    if df is not None and df < 1:
        return None
    words = "prediction, normal" if df is None else f"prediction, t with {df} df"
    return _around(estimate, _quantile(df, level) * error, level, words)


def _quantile(df: int | None, level: float) -> float:
    return z_of(level) if df is None else float(stdtrit(df, 1 - error_rate(level) / 2))


def _around(estimate: float, half: float, level: float, words: str) -> Interval:
    return Interval(estimate - half, estimate + half, level, words)


def _q(y: Floats, v: Floats, X: Floats) -> TestResult:
    df = X.shape[0] - X.shape[1]
    q = cochran_q(y, v, X)
    return TestResult(float(chdtrc(df, q)), q, float(df), "Cochran's Q test", len(y))


def _common_heterogeneity(y: Floats, v: Floats, X: Floats) -> Heterogeneity:
    q = _q(y, v, X)
    statistic, df = cochran_q(y, v, X), len(y) - X.shape[1]
    i2 = max(0.0, (statistic - df) / statistic) if statistic > 0 else 0.0
    return Heterogeneity(q, 0.0, None, "", i2, statistic / df)


def _random_heterogeneity(
    y: Floats, v: Floats, X: Floats, tau2: float, estimator: Estimator, level: float
) -> Heterogeneity:
    typical = typical_variance(v, X)
    return Heterogeneity(
        _q(y, v, X),
        tau2,
        tau_squared_interval(y, v, X, level),
        NAMES[estimator],
        tau2 / (tau2 + typical),
        tau2 / typical + 1,
    )


def _shares(fit: WeightedFit) -> tuple[float, ...]:
    return tuple(float(each) for each in fit.weights / fit.weights.sum())
