"""Logistic regression by maximum likelihood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, expit

from avidity.errors import AnalysisError
from avidity.said import say
from avidity.stats.coefficients import (
    Coefficient,
    Peak,
    profile_coefficients,
    ratio_test,
    wald_coefficients,
)
from avidity.stats.estimate import TestResult
from avidity.stats.newton import (
    Climb,
    Design,
    Floats,
    climb,
    covariance,
    design,
    locked,
    log_likelihood,
)
from avidity.stats.separation import SeparatedError, separated

SUSPICIOUS = 25  # steps; an estimate that exists is nearly always reached in fewer than ten
PATIENCE = 500


@dataclass(frozen=True, slots=True, eq=False)
class LogisticFit:
    """A model fitted by maximum likelihood; it holds no patient.

    coef            shape (p,), log-odds; the intercept first
    covariance      shape (p, p), inverse of Fisher's information
    log_likelihood, null_log_likelihood  of this model, and of the intercept alone
    """

    names: tuple[str, ...]
    coef: Floats
    covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    n: int
    n_events: int
    iterations: int
    converged: bool

    @property
    def std_error(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(self.covariance.diagonal())

    @property
    def deviance(self) -> float:
        """Minus twice the log-likelihood."""
        return -2 * self.log_likelihood

    @property
    def null_deviance(self) -> float:
        """The deviance of the intercept alone."""
        return -2 * self.null_log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion: deviance plus two for each coefficient."""
        return self.deviance + 2 * len(self.coef)

    @property
    def bic(self) -> float:
        """Schwarz's criterion: deviance plus log n for each coefficient."""
        return self.deviance + log(self.n) * len(self.coef)

    @property
    def cox_snell(self) -> float:
        """Cox and Snell's R squared."""
        return 1 - exp(-(self.null_deviance - self.deviance) / self.n)

    @property
    def nagelkerke(self) -> float:
        """Nagelkerke's R squared: Cox and Snell's over the most it could be."""
        return self.cox_snell / (1 - exp(-self.null_deviance / self.n))

    @property
    def mcfadden(self) -> float:
        """McFadden's R squared: the share of the null deviance that is explained."""
        return 1 - self.log_likelihood / self.null_log_likelihood

    @property
    def shrinkage(self) -> float:
        """Heuristic shrinkage, (chi squared - df) / chi squared (van Houwelingen & le Cessie 1990).

        Negative where the model explains less than its own number of coefficients by chance.
        """
        chi2 = self.null_deviance - self.deviance
        return (chi2 - (len(self.coef) - 1)) / chi2 if chi2 > 0 else float("-inf")

    def likelihood_ratio(self) -> TestResult:
        """The test of the whole model against its intercept alone."""
        chi2, df = self.null_deviance - self.deviance, float(len(self.coef) - 1)
        if df == 0:
            raise AnalysisError("a model of the intercept alone has nothing to test")
        chi2 = max(0.0, chi2)
        return TestResult(float(chdtrc(df, chi2)), chi2, df, "likelihood ratio test", self.n)

    def wald(self, level: float = 0.95) -> tuple[Coefficient, ...]:
        """Every coefficient with Wald's interval and Wald's p value."""
        return wald_coefficients(self.names, self.coef, self.covariance, self.n, level)

    def linear_predictor(self, X: npt.ArrayLike) -> Floats:
        """Log-odds of each row of X, shape (n, p), its columns in the order of names."""
        line: Floats = np.asarray(X, dtype=np.float64) @ self.coef
        return line

    def risk(self, X: npt.ArrayLike) -> Floats:
        """Predicted probability of the outcome for each row of X."""
        risk: Floats = expit(self.linear_predictor(X))
        return risk


def fit(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    weights: npt.ArrayLike | None = None,
) -> LogisticFit:
    """Fit a logistic model by maximum likelihood.

    X        shape (n, p) with the intercept, a column of ones, first; no missing values
    y        shape (n,), 0 or 1
    names    of the p columns
    weights  shape (n,), whole numbers: how many patients a row stands for
    raises   SeparatedError, naming the columns, where no finite estimate exists;
             AnalysisError if one outcome is absent or a column follows from others;
             ValueError on wrong shapes
    """
    rows = design(X, y, names, weights)
    ended = _arrived(rows)
    return LogisticFit(
        names=rows.names,
        coef=locked(ended.top.coef),
        covariance=locked(covariance(rows, ended.top)),
        log_likelihood=ended.top.value,
        null_log_likelihood=_null_log_likelihood(rows),
        n=rows.n,
        n_events=rows.n_events,
        iterations=ended.iterations,
        converged=ended.converged,
    )


def _arrived(rows: Design) -> Climb:
    """The top, or SeparatedError where there is none."""
    ended = climb(log_likelihood, rows, np.zeros(rows.X.shape[1]), limit=SUSPICIOUS)
    if ended.converged:
        return ended
    found = separated(rows)
    if found.found:
        raise SeparatedError(found)
    ended = climb(log_likelihood, rows, ended.top.coef, limit=PATIENCE)
    if not ended.converged:
        raise AnalysisError(
            say("the logistic model did not converge; rescale or simplify the terms")
        )
    return ended


def _null_log_likelihood(rows: Design) -> float:
    cases, controls = rows.n_events, rows.n - rows.n_events
    return cases * log(cases / rows.n) + controls * log(controls / rows.n)


def profile(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    fitted: LogisticFit,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> tuple[Coefficient, ...]:
    """Every coefficient with its profile-likelihood interval and likelihood-ratio p value.

    X, y, weights  the data `fitted` was fitted to
    source         Venzon & Moolgavkar, Appl Stat 1988;37:87-94
    """
    return profile_coefficients(_peak(X, y, fitted, weights), fitted.covariance, level)


def likelihood_ratio_tests(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    fitted: LogisticFit,
    groups: Mapping[str, Sequence[str]],
    weights: npt.ArrayLike | None = None,
) -> dict[str, TestResult]:
    """For each group of columns, the likelihood-ratio test that all their coefficients are zero.

    groups  such as {"race": ("race = black", "race = other")}: one test of 2 degrees of freedom
    raises  AnalysisError on an unknown column
    """
    peak = _peak(X, y, fitted, weights)
    return {group: ratio_test(peak, columns) for group, columns in groups.items()}


def _peak(
    X: npt.ArrayLike, y: npt.ArrayLike, fitted: LogisticFit, weights: npt.ArrayLike | None
) -> Peak:
    rows = design(X, y, fitted.names, weights)
    top = log_likelihood(rows, fitted.coef)
    return Peak(log_likelihood, rows, top, "likelihood")
