"""Logistic regression in many chains at once, and one draw of its coefficients in each.

By maximum likelihood where its estimate exists. Where a predictor separates the values, as
happens often with few patients and the outcome among the predictors, by Firth's penalised
likelihood with the intercept corrected, so that the share imputed is not drawn towards one half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.stats.imputation.linear_draw import RIDGE, independent
from avidity.stats.newton import Floats

Bools = npt.NDArray[np.bool_]

STILL = 1e-5  # the linear predictor of no patient moves by more; the draw is far coarser
STEPS = 12  # an estimate that exists is nearly always reached in fewer
EXTREME = 10.0  # log-odds beyond this, in so few patients, are on their way to infinity
FIRTH_STILL = 1e-2  # coarser, since Firth's steps shrink by a factor only
FIRTH_STEPS = 30
LONGEST = 3.0  # no coefficient moves further in one of Firth's steps, in deviations of its column


@dataclass(frozen=True, slots=True, eq=False)
class LogisticDraw:
    """One draw of the coefficients in each chain.

    estimate   shape (C, p), the maximum of the (penalised) likelihood
    drawn      shape (C, p), estimate plus a draw of its normal approximation
    separated  shape (C,), whether Firth's was needed
    left_out   shape (C,), whether a column that others determine was left out
    always     shape (C,), 1 or -1 where all patients have the same value, else 0
    """

    estimate: Floats
    drawn: Floats
    separated: Bools
    left_out: Bools
    always: Floats

    def log_odds(self, X: Floats) -> Floats:
        """The drawn log-odds of rows X, shape (C, k, p); infinite where only one value is seen."""
        line: Floats = (X @ self.drawn[..., np.newaxis])[..., 0]
        certain = self.always[:, np.newaxis]
        with np.errstate(invalid="ignore"):
            return np.where(certain == 0, line, certain * np.inf)


def draw_logistic(
    X: Floats,
    y: Floats,
    weights: Floats,
    rng: np.random.Generator,
    start: Floats | None = None,
) -> LogisticDraw:
    """Fit in each chain, then draw coefficients from the normal approximation of the posterior.

    X        shape (C, n, p), the first column all ones, the others in deviations
    y        shape (n,), 0 or 1
    weights  shape (C, n), how many patients a row stands for; 0 leaves it out
    start    shape (C, p), where Firth's climb starts: the estimate of the visit before
    source   Rubin, Multiple Imputation for Nonresponse in Surveys, 1987, page 169; for separated
             chains Firth, Biometrika 1993;80:27-38, and the intercept of Puhr et al., Stat Med
             2017;36:2302-2317 (FLIC)
    """
    _, kept = independent((X * weights[..., np.newaxis]).transpose(0, 2, 1) @ X)
    rows = X if kept.all() else X * kept[:, np.newaxis, :]
    cases, controls = weights @ y, weights @ (1 - y)
    mixed = (cases > 0) & (controls > 0)
    begin = np.zeros(kept.shape) if start is None else start * kept
    estimate, arrived = _maximum_likelihood(rows, y, weights, mixed)
    separated: Bools = mixed & ~arrived
    if separated.any():
        some = separated
        estimate[some] = _firth(rows[some], y, weights[some], begin[some])
    noise = rng.standard_normal(estimate.shape)
    drawn = (estimate + _spread(rows, weights, estimate, kept, noise)) * kept
    left_out: Bools = ~np.asarray(kept.all(axis=1))
    always = np.where(mixed, 0.0, np.where(cases > 0, 1.0, -1.0))
    return LogisticDraw(estimate, drawn, separated, left_out, always)


def _maximum_likelihood(
    X: Floats, y: Floats, weights: Floats, wanted: Bools
) -> tuple[Floats, Bools]:
    """Newton's steps in the wanted chains; estimates, and in which chains they came to rest."""
    coef = np.zeros((len(X), X.shape[2]))
    arrived = np.zeros(len(X), dtype=np.bool_)
    going = np.flatnonzero(wanted)
    rows, weight = X[going], weights[going]
    for _ in range(STEPS):
        if not len(going):
            break
        line = (rows @ coef[going][..., np.newaxis])[..., 0]
        risk = expit(line)
        information = _information(rows, weight * risk * (1 - risk))
        score = _total(rows, weight * (y - risk))
        step = np.linalg.solve(information, score[..., np.newaxis])[..., 0]
        coef[going] += step
        movement = np.abs((rows @ step[..., np.newaxis])[..., 0]).max(axis=1)
        running_away = (np.abs(line) * (weight > 0)).max(axis=1) > EXTREME
        arrived[going[(movement <= STILL) & ~running_away]] = True
        on = (movement > STILL) & ~running_away
        if not on.all():
            going, rows, weight = going[on], rows[on], weight[on]
    return coef, arrived


def _firth(X: Floats, y: Floats, weights: Floats, start: Floats) -> Floats:
    """Firth's estimates, then each chain's intercept found anew."""
    coef = start.copy()
    going = np.arange(len(X))
    for _ in range(FIRTH_STEPS):
        rows, weight = X[going], weights[going]
        risk = expit((rows @ coef[going][..., np.newaxis])[..., 0])
        spread = weight * risk * (1 - risk)
        inverse = np.linalg.inv(_information(rows, spread))
        leverage = spread * ((rows @ inverse) * rows).sum(axis=-1)
        score = _total(rows, weight * (y - risk) + leverage * (0.5 - risk))
        curved = _information(rows, (weight + leverage) * risk * (1 - risk))
        step = np.linalg.solve(curved, score[..., np.newaxis])[..., 0]
        step = np.clip(step, -LONGEST, LONGEST)
        coef[going] += step
        moved = np.abs((rows @ step[..., np.newaxis])[..., 0]).max(axis=1) > FIRTH_STILL
        if not moved.any():
            break
        going = going[moved]
    coef[:, 0] = _intercept(coef, X, y, weights)
    return coef


def _intercept(coef: Floats, X: Floats, y: Floats, weights: Floats) -> Floats:
    """The intercept at which the mean risk is the share seen, the slopes as they are."""
    slopes = (X @ coef[..., np.newaxis])[..., 0] - coef[:, :1]
    found = coef[:, 0].copy()
    for _ in range(STEPS):
        risk = expit(found[:, np.newaxis] + slopes)
        gap = (weights * (y - risk)).sum(axis=1)
        spread = (weights * risk * (1 - risk)).sum(axis=1)
        found += np.clip(gap / np.maximum(spread, 1e-12), -1.0, 1.0)
    return found


def _spread(X: Floats, weights: Floats, coef: Floats, kept: Bools, noise: Floats) -> Floats:
    """Noise with the covariance of the estimates."""
    risk = expit((X @ coef[..., np.newaxis])[..., 0])
    information = _information(X, weights * risk * (1 - risk))
    at = np.arange(X.shape[2])
    information[:, at, at] += ~kept
    root = np.linalg.inv(np.linalg.cholesky(information))
    shift: Floats = (root.transpose(0, 2, 1) @ noise[..., np.newaxis])[..., 0]
    return shift


def _information(X: Floats, spread: Floats) -> Floats:
    """X'WX in each chain, with so little ridge that it can be inverted whatever happens."""
    gram = (X * spread[..., np.newaxis]).transpose(0, 2, 1) @ X
    at = np.arange(X.shape[2])
    gram[:, at, at] *= 1 + RIDGE * RIDGE
    gram[:, at, at] += RIDGE * RIDGE
    return gram


def _total(X: Floats, residual: Floats) -> Floats:
    """X'r in each chain."""
    total: Floats = (X.transpose(0, 2, 1) @ residual[..., np.newaxis])[..., 0]
    return total
