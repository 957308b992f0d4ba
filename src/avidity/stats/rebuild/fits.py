"""Maximum likelihood from totals and sufficient statistics alone: no outcome table is needed.

The log-likelihood of a logistic model is b'X'y - sum N log(1 + exp(Xb)). The outcome enters by X'y,
which a paper prints; where its top lies depends on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.stats.batched.design import product
from avidity.stats.batched.solve import LOST, factor
from avidity.stats.newton import Floats
from avidity.stats.rebuild.figures import Fitted

STEPS = 60
ARRIVED = 1e-10  # the linear predictor of no pattern moves by more
LONGEST = 4.0  # of a step, on the linear predictor; longer ones are cut to it
FAR = 30.0  # a linear predictor out here is on its way to infinity
AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """T fits.

    coef       shape (p, T)
    error      shape (p, T), standard errors
    deviance   shape (T,)
    converged  shape (T,); False where no finite estimate was found: separated, or a level is empty
    """

    coef: Floats
    error: Floats
    deviance: Floats
    converged: npt.NDArray[np.bool_]

    def fitted(self) -> Fitted:
        """As the figures look at them."""
        return Fitted(self.coef, self.error, self.deviance)


def fit_totals(X: Floats, totals: Floats, sums: Floats, start: Floats | None = None) -> Fits:
    """Fit a logistic model to every column of totals.

    X       shape (C, p), the intercept first
    totals  shape (C, T), patients of each pattern
    sums    shape (p,), X'y
    start   shape (p,) or (p, T), where to begin
    """
    size = totals.shape[1]
    coef = np.zeros((X.shape[1], size))
    if start is None:
        coef[0] = np.log(sums[0] / (totals.sum(axis=0) - sums[0]))
    else:
        coef += start if start.ndim == 2 else start[:, np.newaxis]
    parts = [
        _fit(X, totals[:, at : at + AT_ONCE], sums, coef[:, at : at + AT_ONCE])
        for at in range(0, size, AT_ONCE)
    ]
    if not parts:
        return Fits(coef, coef, np.zeros(0), np.zeros(0, dtype=bool))
    return Fits(
        np.concatenate([part.coef for part in parts], axis=1),
        np.concatenate([part.error for part in parts], axis=1),
        np.concatenate([part.deviance for part in parts]),
        np.concatenate([part.converged for part in parts]),
    )


def _fit(X: Floats, totals: Floats, sums: Floats, coef: Floats) -> Fits:
    pairs = _Pairs(X)
    arrived = np.zeros(totals.shape[1], dtype=bool)
    todo = np.arange(totals.shape[1])
    coef = coef.copy()
    for _ in range(STEPS):
        step, sound = _step(pairs, totals[:, todo], sums, coef[:, todo])
        coef[:, todo] += step
        line = product(X, coef[:, todo])
        moved = np.abs(product(X, step)).max(axis=0)
        arrived[todo[sound & (moved <= ARRIVED)]] = True
        lost = ~sound | (np.where(totals[:, todo] > 0, np.abs(line), 0).max(axis=0) > FAR)
        todo = todo[~arrived[todo] & ~lost]
        if not len(todo):
            break
    return _finished(pairs, totals, sums, coef, arrived)


class _Pairs:
    """The products of the columns of X, for all information matrices at once."""

    def __init__(self, X: Floats) -> None:
        self.X = X
        p = X.shape[1]
        self.products = np.ascontiguousarray(
            (X[:, :, np.newaxis] * X[:, np.newaxis, :]).reshape(len(X), p * p).T
        )

    def information(self, spread: Floats) -> Floats:
        """X'WX, shape (p, p, T), of weights of shape (C, T)."""
        p = self.X.shape[1]
        return product(self.products, spread).reshape(p, p, spread.shape[1])


def _step(
    pairs: _Pairs, totals: Floats, sums: Floats, coef: Floats
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Newton's step of every fit, cut where it is long; False where the information ran out."""
    risk = expit(product(pairs.X, coef))
    hoped = totals * risk
    gradient = sums[:, np.newaxis] - product(pairs.X.T, hoped)
    factored = factor(pairs.information(hoped * (1 - risk)))
    step = factored.solve(gradient)
    length = np.abs(product(pairs.X, step)).max(axis=0)
    step *= np.minimum(1.0, LONGEST / np.maximum(length, 1e-300))
    return step, factored.least > LOST


def _finished(
    pairs: _Pairs, totals: Floats, sums: Floats, coef: Floats, arrived: npt.NDArray[np.bool_]
) -> Fits:
    line = product(pairs.X, coef)
    risk = expit(line)
    factored = factor(pairs.information(totals * risk * (1 - risk)))
    diagonal = np.arange(len(coef))
    variance = factored.inverse()[diagonal, diagonal]
    deviance = 2 * ((totals * np.logaddexp(0, line)).sum(axis=0) - sums @ coef)
    return Fits(coef, np.sqrt(variance), deviance, arrived & (factored.least > LOST))
