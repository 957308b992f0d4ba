"""The penalties of ridge and lasso: what a coefficient costs, and the step each of them takes.

For one problem with weights w that sum to N the function that falls is

    -(log-likelihood) + N * strength * cost(b),    cost = sum b^2 / 2  or  sum |b|,

with b the coefficients of columns scaled to standard deviation 1. The intercept and any column
declared unpenalised cost nothing.

source  Friedman, Hastie & Tibshirani, J Stat Softw 2010;33(1) for the function and the descent
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.penalised.problems import Flags, Slope

SWEEPS = 20  # of the descent over the coordinates, before its signs are tried exactly
TRIES = 25


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a coefficient costs, and what follows from it.

    cost      of coefficients b, shape (B, p): shape (B, p)
    pull      gradient of the log-likelihood left over once the cost is paid, shape (B, p);
              zero everywhere means arrived (for lasso these are the conditions of Karush,
              Kuhn & Tucker)
    step      from a slope, b and the strength of each coefficient to the next b
    df        effective coefficients, the intercept not counted, shape (B,)
    """

    name: str
    cost: Callable[[Floats], Floats]
    pull: Callable[[Floats, Floats, Floats], Floats]
    step: Callable[[Slope, Floats, Floats], Floats]
    df: Callable[[Slope, Floats, Floats], Floats]


def _ridge_pull(gradient: Floats, coef: Floats, strength: Floats) -> Floats:
    return gradient - strength * coef


def _ridge_step(at: Slope, coef: Floats, strength: Floats) -> Floats:
    heavy = at.curvature + strength[:, :, np.newaxis] * np.eye(coef.shape[1])
    gradient = at.gradient - at.along * at.gradient_intercept[:, np.newaxis] - strength * coef
    return coef + _solved(heavy, gradient)


def _ridge_df(at: Slope, coef: Floats, strength: Floats) -> Floats:
    """Trace of the unpenalised curvature over the penalised one (Gray 1992)."""
    heavy = at.curvature + strength[:, :, np.newaxis] * np.eye(coef.shape[1])
    share = np.linalg.solve(heavy, at.curvature)
    own: Floats = np.where(at.idle, 0.0, np.diagonal(share, axis1=1, axis2=2)).sum(axis=1)
    return own


def _lasso_pull(gradient: Floats, coef: Floats, strength: Floats) -> Floats:
    beyond = np.sign(gradient) * np.maximum(np.abs(gradient) - strength, 0.0)
    return np.where(coef == 0, beyond, gradient - strength * np.sign(coef))


def _lasso_df(_at: Slope, coef: Floats, _strength: Floats) -> Floats:
    """Coefficients that are not zero (Zou, Hastie & Tibshirani 2007)."""
    kept: Floats = (coef != 0).sum(axis=1).astype(np.float64)
    return kept


def _lasso_step(at: Slope, coef: Floats, strength: Floats) -> Floats:
    """The lowest place of the quadratic: the signs tried exactly, else descent over coordinates."""
    target = at.gradient - at.along * at.gradient_intercept[:, np.newaxis]
    target = target + np.einsum("bij,bj->bi", at.curvature, coef)
    found, waiting = coef.copy(), np.arange(len(coef))
    for _ in range(TRIES):
        part = (at.curvature[waiting], target[waiting], strength[waiting])
        exact, good = _exact(*part, found[waiting])
        found[waiting[good]] = exact[good]
        waiting = waiting[~good]
        if not len(waiting):
            break
        found[waiting] = _swept(
            at.curvature[waiting], target[waiting], strength[waiting], found[waiting]
        )
    return found


def _swept(curvature: Floats, target: Floats, strength: Floats, coef: Floats) -> Floats:
    now = coef.copy()
    for _ in range(SWEEPS):
        for j in range(now.shape[1]):
            own = curvature[:, j, j]
            rest = target[:, j] - np.einsum("bi,bi->b", curvature[:, j], now) + own * now[:, j]
            now[:, j] = np.sign(rest) * np.maximum(np.abs(rest) - strength[:, j], 0.0) / own
    return now


def _exact(
    curvature: Floats, target: Floats, strength: Floats, coef: Floats
) -> tuple[Floats, Flags]:
    """The end if the signs are right, and whether they are."""
    active = (coef != 0) | (strength == 0)
    both = active[:, :, np.newaxis] & active[:, np.newaxis, :]
    matrix = np.where(both, curvature, np.eye(coef.shape[1]))
    found = _solved(matrix, np.where(active, target - strength * np.sign(coef), 0.0))
    left = target - np.einsum("bij,bj->bi", curvature, found)
    same = (np.sign(found) == np.sign(coef)) | ~active | (strength == 0)
    outside = active | (np.abs(left) <= strength * (1 + 1e-9))
    return found, (same & outside).all(axis=1)


def _solved(matrix: Floats, right: Floats) -> Floats:
    found: Floats = np.linalg.solve(matrix, right[:, :, np.newaxis])[:, :, 0].astype(np.float64)
    return found


RIDGE = Penalty("ridge", lambda coef: coef**2 / 2, _ridge_pull, _ridge_step, _ridge_df)
LASSO = Penalty("lasso", np.abs, _lasso_pull, _lasso_step, _lasso_df)
