"""Logistic regression by Firth's penalised likelihood: finite where maximum likelihood is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    Point,
    climb,
    covariance,
    design,
    locked,
    log_likelihood,
    together,
)

LIMIT = 1000
SMALL = 500_000  # rows times columns squared


@dataclass(frozen=True, slots=True, eq=False)
class FirthFit:
    """A model fitted by penalised likelihood; it holds no patient.

    coef        shape (p,), log-odds; the intercept first
    covariance  shape (p, p), inverse of Fisher's information at the estimate (the convention of
                SAS and brglm2; logistf since 1.24 uses the augmented data's)
    penalised_log_likelihood       log-likelihood plus half the log determinant of the information
    null_penalised_log_likelihood  the same with every slope held at 0, the penalty kept whole
    method      how the coefficients were found, in words
    """

    names: tuple[str, ...]
    coef: Floats
    covariance: Floats
    penalised_log_likelihood: float
    null_penalised_log_likelihood: float
    log_likelihood: float
    n: int
    n_events: int
    iterations: int
    converged: bool
    method: str = "Firth penalised likelihood"

    @property
    def std_error(self) -> Floats:
        """Standard errors, from the inverse information at the estimate."""
        return np.sqrt(self.covariance.diagonal())

    def likelihood_ratio(self) -> TestResult:
        """The penalised likelihood-ratio test of all slopes together."""
        df = float(len(self.coef) - 1)
        if df == 0:
            raise AnalysisError("a model of the intercept alone has nothing to test")
        chi2 = 2 * (self.penalised_log_likelihood - self.null_penalised_log_likelihood)
        chi2 = max(0.0, chi2)
        name = "penalised likelihood ratio test, the penalty kept whole"
        return TestResult(float(chdtrc(df, chi2)), chi2, df, name, self.n)

    def wald(self, level: float = 0.95) -> tuple[Coefficient, ...]:
        """Every coefficient with Wald's interval and p value; poor under separation."""
        return wald_coefficients(self.names, self.coef, self.covariance, self.n, level)

    def linear_predictor(self, X: npt.ArrayLike) -> Floats:
        """Log-odds of each row of X, shape (n, p), its columns in the order of names."""
        line: Floats = np.asarray(X, dtype=np.float64) @ self.coef
        return line

    def risk(self, X: npt.ArrayLike) -> Floats:
        """Predicted probability of the outcome; on average too near one half (see `flic`)."""
        risk: Floats = expit(self.linear_predictor(X))
        return risk


def penalised_log_likelihood(rows: Design, coef: Floats) -> Point:
    """Log-likelihood plus half the log determinant of the information, and Firth's score.

    The curvature is that of the data with every row split once more by its leverage, half a
    case and half a control each: closer to the true one than the information, and positive. The
    true one is added where the data are small enough for it to save time.

    source  Firth, Biometrika 1993;80:27-38; Heinze & Schemper, Stat Med 2002;21:2409-2419
    """
    plain = log_likelihood(rows, coef)
    orthogonal, triangle = np.linalg.qr(np.sqrt(plain.spread)[:, np.newaxis] * rows.X)
    leverage = (orthogonal**2).sum(axis=1)
    risk = expit(rows.X @ coef)
    small = rows.X.shape[0] * rows.X.shape[1] ** 2 <= SMALL
    with np.errstate(divide="ignore"):  # so far out that the information is lost: minus infinity
        half_log_determinant = float(np.log(np.abs(triangle.diagonal())).sum())
    return replace(
        plain,
        value=plain.value + half_log_determinant,
        residual=plain.residual + leverage * (0.5 - risk),
        curvature=(rows.weights + leverage) * risk * (1 - risk),
        exact=_second_derivatives(rows, orthogonal, leverage, risk) if small else None,
    )


def _second_derivatives(rows: Design, orthogonal: Floats, leverage: Floats, risk: Floats) -> Floats:
    """Minus the second derivatives of the penalised log-likelihood, shape (p, p).

    The leverages move with the coefficients: each by the skewness 1 - 2p of its own row, and all
    by the information in them, whose derivatives are third moments of the design.

    orthogonal  shape (n, p), the rows of X by the root of their spread, made orthonormal
    """
    skew = 1 - 2 * risk
    own = (rows.weights + leverage) * risk * (1 - risk) - leverage * skew**2 / 2
    pairs = (orthogonal[:, :, np.newaxis] * orthogonal[:, np.newaxis]).reshape(len(skew), -1)
    third = pairs.T @ (skew[:, np.newaxis] * rows.X)
    exact: Floats = (rows.X.T * own) @ rows.X + third.T @ third / 2
    return exact


def fit_firth(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    weights: npt.ArrayLike | None = None,
) -> FirthFit:
    """Fit a logistic model by Firth's penalised likelihood; separation does no harm.

    X, y, names, weights  as `logistic.fit`
    raises                AnalysisError if one outcome is absent or a column follows from others;
                          ValueError on wrong shapes
    source                Firth, Biometrika 1993;80:27-38; tolerance 1e-11 in each log-odds
    """
    rows = design(X, y, names, weights)
    zero = np.zeros(rows.X.shape[1])
    ended = _arrived(rows, zero, None)
    null = _arrived(rows, zero, [0])
    return FirthFit(
        names=rows.names,
        coef=locked(ended.top.coef),
        covariance=locked(covariance(rows, ended.top)),
        penalised_log_likelihood=ended.top.value,
        null_penalised_log_likelihood=null.top.value,
        log_likelihood=log_likelihood(rows, ended.top.coef).value,
        n=rows.n,
        n_events=rows.n_events,
        iterations=ended.iterations,
        converged=ended.converged,
    )


def _arrived(rows: Design, start: Floats, free: list[int] | None) -> Climb:
    ended = climb(penalised_log_likelihood, rows, start, free, LIMIT)
    if not ended.converged:
        raise AnalysisError(say("Firth's fit did not converge; rescale or simplify the terms"))
    return ended


def profile_firth(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    fitted: FirthFit,
    level: float = 0.95,
    weights: npt.ArrayLike | None = None,
) -> tuple[Coefficient, ...]:
    """Every coefficient with its profile penalised interval and penalised likelihood-ratio p.

    X, y, weights  the data `fitted` was fitted to
    source         Heinze & Schemper, Stat Med 2002;21:2409-2419
    """
    return profile_coefficients(_peak(X, y, fitted, weights), fitted.covariance, level)


def penalised_ratio_tests(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    fitted: FirthFit,
    groups: Mapping[str, Sequence[str]],
    weights: npt.ArrayLike | None = None,
) -> dict[str, TestResult]:
    """For each group of columns, the penalised likelihood-ratio test that all are zero.

    raises  AnalysisError on an unknown column
    """
    peak = _peak(X, y, fitted, weights)
    return {group: ratio_test(peak, columns) for group, columns in groups.items()}


def _peak(
    X: npt.ArrayLike, y: npt.ArrayLike, fitted: FirthFit, weights: npt.ArrayLike | None
) -> Peak:
    rows = together(design(X, y, fitted.names, weights))
    top = penalised_log_likelihood(rows, fitted.coef)
    return Peak(penalised_log_likelihood, rows, top, "penalised likelihood")


def flic(
    X: npt.ArrayLike, y: npt.ArrayLike, fitted: FirthFit, weights: npt.ArrayLike | None = None
) -> FirthFit:
    """Firth's slopes with the intercept found anew, so that the mean risk is the share of cases.

    The covariance stays that of Firth's fit.

    source  Puhr, Heinze, Nold, Lusa & Geroldinger, Stat Med 2017;36:2302-2317 (FLIC)
    """
    rows = design(X, y, fitted.names, weights)
    ended = climb(log_likelihood, rows, fitted.coef, [0], LIMIT)
    method = f"{fitted.method}, intercept corrected (FLIC)"
    return replace(
        fitted,
        coef=locked(ended.top.coef),
        log_likelihood=ended.top.value,
        method=method,
    )


def flac(
    X: npt.ArrayLike, y: npt.ArrayLike, fitted: FirthFit, weights: npt.ArrayLike | None = None
) -> FirthFit:
    """Firth's augmented data with an added covariate that tells real rows from added ones.

    Mean risk is the share of cases, and the slopes change a little too. Every row comes back
    twice, as a case and as a control, each with half its leverage. The covariance is that of the
    augmented data.

    source  Puhr, Heinze, Nold, Lusa & Geroldinger, Stat Med 2017;36:2302-2317 (FLAC)
    """
    rows = design(X, y, fitted.names, weights)
    spread = log_likelihood(rows, fitted.coef).spread
    half = (np.linalg.qr(np.sqrt(spread)[:, np.newaxis] * rows.X)[0] ** 2).sum(axis=1) / 2
    added = np.repeat([0.0, 1.0], [len(rows.y), 2 * len(rows.y)])
    augmented = Design(
        X=np.column_stack([np.vstack([rows.X] * 3), added]),
        y=np.concatenate([rows.y, rows.y, 1 - rows.y]),
        weights=np.concatenate([rows.weights, half, half]),
        names=(*rows.names, "added"),
    )
    ended = climb(log_likelihood, augmented, np.append(fitted.coef, 0.0), limit=LIMIT)
    own = slice(0, len(rows.names))
    at_own = penalised_log_likelihood(rows, ended.top.coef[own])
    return replace(
        fitted,
        coef=locked(ended.top.coef[own]),
        covariance=locked(covariance(augmented, ended.top)[own, own]),
        penalised_log_likelihood=at_own.value,
        log_likelihood=log_likelihood(rows, ended.top.coef[own]).value,
        iterations=ended.iterations,
        converged=ended.converged,
        method="Firth penalised likelihood with added covariate (FLAC)",
    )
