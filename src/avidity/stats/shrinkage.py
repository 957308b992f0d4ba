"""Coefficients drawn towards zero, so that risks hold in new patients as well as they can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.logistic import LogisticFit
from avidity.stats.newton import Floats, climb, design, locked, log_likelihood


@dataclass(frozen=True, slots=True)
class ShrinkageFactor:
    """One number to multiply every coefficient but the intercept with.

    value              as estimated: it may be negative (the model explains less than chance
                       would) or, by resampling, above 1
    monte_carlo_error  standard error from the number of resamples; None without resampling
    """

    value: float
    method: str
    monte_carlo_error: float | None = None

    @property
    def applied(self) -> float:
        """The factor kept between 0 and 1: shrinkage turns no effect round and inflates none."""
        return min(1.0, max(0.0, self.value))


def heuristic_factor(fitted: LogisticFit, candidates: int | None = None) -> ShrinkageFactor:
    """(chi-square - df) / chi-square, from the model's likelihood-ratio chi-square.

    candidates  all parameters that were tried for the model, where it was selected; None for
                the model's own
    raises      AnalysisError if the model has no term, or fewer candidates than terms are given
    source      van Houwelingen & le Cessie, Stat Med 1990;9:1303-1325; with all candidates:
                Harrell, Regression Modeling Strategies, 2nd ed. 2015, section 4.5
    """
    terms = len(fitted.coef) - 1
    df = terms if candidates is None else candidates
    if terms < 1 or df < terms:
        raise AnalysisError(f"a model of {terms} terms has at least one and {terms} candidates")
    chi2 = fitted.null_deviance - fitted.deviance
    value = (chi2 - df) / chi2 if chi2 > 0 else float("-inf")
    return ShrinkageFactor(value, f"heuristic (van Houwelingen and le Cessie), {df} parameters")


def bootstrap_factor(slopes: npt.ArrayLike) -> ShrinkageFactor:
    """The mean calibration slope of models from resamples, in the original patients.

    slopes  shape (b,), one for each resample that gave a model; the failed are counted upstream
    raises  AnalysisError with fewer than two slopes, or one that is not finite
    source  Steyerberg, Clinical Prediction Models, 2nd ed. 2019, section 13.2
    """
    given = np.asarray(slopes, dtype=np.float64)
    if given.ndim != 1 or len(given) < 2 or not np.isfinite(given).all():
        raise AnalysisError("a bootstrap factor needs at least two finite slopes")
    error = float(given.std(ddof=1)) / sqrt(len(given))
    words = f"mean calibration slope of {len(given)} bootstrap models in the original patients"
    return ShrinkageFactor(float(given.mean()), words, error)


@dataclass(frozen=True, slots=True, eq=False)
class ShrunkenModel:
    """A model with its slopes multiplied by one factor and the intercept found anew.

    coef, apparent  shape (p,), shrunken and as fitted, log odds, the intercept first
    mean_risk       in the patients of the fit: exactly their share of cases
    """

    names: tuple[str, ...]
    coef: Floats
    apparent: Floats
    factor: ShrinkageFactor
    mean_risk: float
    n: int
    n_events: int

    def risk(self, X: npt.ArrayLike) -> Floats:
        """Predicted probability of the outcome for each row of X, columns as `names`."""
        risk: Floats = expit(np.asarray(X, dtype=np.float64) @ self.coef)
        return risk


def shrunken(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    coef: npt.ArrayLike,
    factor: ShrinkageFactor,
    weights: npt.ArrayLike | None = None,
) -> ShrunkenModel:
    """Multiply the slopes by the factor; choose the intercept so that the mean risk is right.

    X        shape (n, p), the intercept's ones first; y shape (n,), 0 or 1
    coef     shape (p,), of any fit to these columns: maximum likelihood, Firth, pooled
    weights  shape (n,), whole numbers, as for the fit
    raises   AnalysisError if one outcome is absent; ValueError on wrong shapes

    The intercept is the maximum-likelihood one beside the shrunken slopes, which makes the mean
    predicted risk equal to the share of cases.
    """
    rows = design(X, y, names, weights)
    apparent = np.asarray(coef, dtype=np.float64)
    if apparent.shape != (rows.X.shape[1],) or not np.isfinite(apparent).all():
        raise ValueError(f"coef must be {rows.X.shape[1]} finite numbers, got {apparent.shape}")
    start = apparent * factor.applied
    start[0] = np.log(rows.n_events / (rows.n - rows.n_events)) - _mean_line(rows.X, start)
    ended = climb(log_likelihood, rows, start, free=[0], limit=100)
    if not ended.converged:
        raise AnalysisError("no intercept was found beside the shrunken slopes")
    found = ended.top.coef
    mean = float(rows.weights @ expit(rows.X @ found)) / rows.n
    return ShrunkenModel(
        rows.names, locked(found), locked(apparent), factor, mean, rows.n, rows.n_events
    )


def _mean_line(X: Floats, coef: Floats) -> float:
    return float((X[:, 1:] @ coef[1:]).mean())
