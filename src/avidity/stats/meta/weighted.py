"""Weighted least squares of study effects, given how much the studies truly differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avidity.stats.meta.study_effect import Floats


@dataclass(frozen=True, slots=True)
class WeightedFit:
    """Coefficients of effects on a design, weighted by 1 / (own variance + tau²).

    coefficients  one per column
    covariance    inverse of X'WX
    weights       one per study
    residuals     effects less what the coefficients say of them
    trace         of P, the matrix with Py the weighted residuals
    """

    coefficients: Floats
    covariance: Floats
    weights: Floats
    residuals: Floats
    trace: float

    @property
    def q(self) -> float:
        """The weighted sum of squared residuals."""
        return float(self.weights @ self.residuals**2)


def intercept(k: int) -> Floats:
    """The design of a plain pool: one column of ones."""
    return np.ones((k, 1))


def weighted_fit(y: Floats, v: Floats, X: Floats, tau2: float) -> WeightedFit:
    """The fit at a given tau².

    X  columns that do not say the same, no more of them than studies
    """
    weights: Floats = 1 / (v + tau2)
    weighted = weights[:, None] * X
    covariance = np.asarray(np.linalg.inv(X.T @ weighted), dtype=np.float64)
    coefficients: Floats = covariance @ (weighted.T @ y)
    trace = float(weights.sum() - np.trace(covariance @ (weighted.T @ weighted)))
    return WeightedFit(coefficients, covariance, weights, y - X @ coefficients, trace)


def cochran_q(y: Floats, v: Floats, X: Floats, tau2: float = 0.0) -> float:
    """The weighted sum of squared residuals at tau²; Cochran's Q at tau² = 0."""
    return weighted_fit(y, v, X, tau2).q
