"""Many weighted logistic likelihoods on the same rows, as one batch.

A fold of a cross-validation and a resample of a bootstrap are the same rows with other weights,
so a thousand of them are a few products of matrices. Columns are scaled to standard deviation 1
under each problem's own weights (divisor: their sum), since a penalty needs one measure for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_expit, logit

from avidity.stats.newton import Floats

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

CONSTANT = 1e-12  # a column whose variance is less than this share of its mean square is idle
BALLAST = 1e-10  # on the curvature alone: a singular matrix can be solved, the end stays the same
BLOCK = 2_000_000  # numbers of a table of pairs held at a time
NEAR = 50_000  # numbers of one batch: they stay in the processor's own memory
SMALL = 250_000  # multiplications in one call; beyond it BLAS wakes threads, which cost more


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B problems on the same n rows.

    Z         shape (n, p), columns with mean 0 and standard deviation 1 over the rows
    y         shape (n,), 0 or 1
    weights   shape (B, n), 0 or more
    spread    shape (B, p), each column's standard deviation under the weights; 1 where it is idle
    idle      shape (B, p), true where a column does not vary: its coefficient stays 0
    penalised shape (p,), true where the penalty applies
    """

    Z: Floats
    y: Floats
    weights: Floats
    spread: Floats
    idle: Flags
    penalised: Flags

    @property
    def total(self) -> Floats:
        """Sum of the weights of each problem, shape (B,)."""
        total: Floats = self.weights.sum(axis=1)
        return total

    def part(self, which: Places | slice) -> Batch:
        """Some of the problems."""
        return replace(
            self, weights=self.weights[which], spread=self.spread[which], idle=self.idle[which]
        )

    def parts(self) -> Iterator[tuple[slice, Batch]]:
        """All of the problems, a few at a time, so that no array becomes large."""
        n, p = self.Z.shape
        step = max(1, NEAR // max(n, p * p))
        for start in range(0, len(self.weights), step):
            which = slice(start, start + step)
            yield which, self.part(which)


def batch(Z: Floats, y: Floats, weights: Floats, penalised: Flags) -> Batch:
    """The problems with their columns' spread; arguments as the fields of `Batch`."""
    total = weights.sum(axis=1)[:, np.newaxis]
    square = weights @ Z**2 / total
    variance = square - (weights @ Z / total) ** 2
    idle = variance <= CONSTANT * square
    return Batch(Z, y, weights, np.sqrt(np.where(idle, 1.0, variance)), idle, penalised)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where each problem stands: intercept, shape (B,), and scaled coefficients, shape (B, p)."""

    intercept: Floats
    coef: Floats

    def part(self, which: Places | Flags) -> Place:
        """Some of the problems."""
        return Place(self.intercept[which], self.coef[which])

    def put(self, which: Places, other: Place) -> None:
        """Set some of the problems; only arrays made for it are changed."""
        self.intercept[which], self.coef[which] = other.intercept, other.coef

    def moved(self, by: Place, share: Floats) -> Place:
        """A share, shape (B,), of the way along."""
        coef = self.coef + share[:, np.newaxis] * by.coef
        return Place(self.intercept + share * by.intercept, coef)


def start(problems: Batch) -> Place:
    """No coefficient, and the intercept that gives the share of cases."""
    share = problems.weights @ problems.y / problems.total
    return Place(logit(share), np.zeros_like(problems.spread))


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """The log-likelihood at a place, as far as its second derivatives.

    log_likelihood  shape (B,)
    gradient        shape (B, p), and of the intercept shape (B,)
    curvature       shape (B, p, p), with the intercept moved along to its best
    along           shape (B, p), how far the intercept moves back for a step of a coefficient
    idle            shape (B, p), as in `Batch`
    """

    log_likelihood: Floats
    gradient: Floats
    gradient_intercept: Floats
    curvature: Floats
    curvature_intercept: Floats
    along: Floats
    idle: Flags

    def part(self, which: Flags) -> Slope:
        """Some of the problems."""
        return Slope(*(getattr(self, field.name)[which] for field in fields(self)))


def line(problems: Batch, place: Place) -> Floats:
    """The log-odds of every row in every problem, shape (B, n)."""
    odds: Floats = _product(place.coef / problems.spread, problems.Z.T)
    odds += place.intercept[:, np.newaxis]
    return odds


def slope(problems: Batch, place: Place) -> Slope:
    """Value, gradient and curvature of each log-likelihood."""
    odds = line(problems, place)
    risk = expit(odds)
    residual = problems.weights * (problems.y - risk)
    spread = problems.weights * (risk * (1 - risk))
    sign = 2 * problems.y - 1
    of_intercept = np.maximum(spread.sum(axis=1), 1e-300)
    with_intercept = _product(spread, problems.Z) / problems.spread
    along = with_intercept / of_intercept[:, np.newaxis]
    scale = problems.spread[:, :, np.newaxis] * problems.spread[:, np.newaxis, :]
    curvature = _products(problems.Z, spread) / scale
    curvature -= along[:, :, np.newaxis] * with_intercept[:, np.newaxis, :]
    return Slope(
        log_likelihood=np.einsum("bn,bn->b", problems.weights, log_expit(sign * odds)),
        gradient=np.where(problems.idle, 0.0, _product(residual, problems.Z) / problems.spread),
        gradient_intercept=residual.sum(axis=1),
        curvature=_without_idle(curvature, problems),
        curvature_intercept=of_intercept,
        along=np.where(problems.idle, 0.0, along),
        idle=problems.idle,
    )


def _products(Z: Floats, weights: Floats) -> Floats:
    """Z'WZ of every problem, shape (B, p, p): one product of matrices for a block of rows."""
    n, p = Z.shape
    sums = np.zeros((len(weights), p * p))
    step = max(1, BLOCK // (p * p))
    for first in range(0, n, step):
        rows = slice(first, first + step)
        pairs = (Z[rows, :, np.newaxis] * Z[rows, np.newaxis, :]).reshape(-1, p * p)
        sums += _product(weights[:, rows], pairs)
    return sums.reshape(-1, p, p)


def _product(left: Floats, right: Floats) -> Floats:
    """The matrix product, a few problems at a time."""
    width = max(1, SMALL // right.size)
    made = np.empty((len(left), right.shape[1]))
    for first in range(0, len(left), width):
        made[first : first + width] = left[first : first + width] @ right
    return made


def _without_idle(curvature: Floats, problems: Batch) -> Floats:
    p = problems.Z.shape[1]
    both = problems.idle[:, :, np.newaxis] | problems.idle[:, np.newaxis, :]
    kept = np.where(both, 0.0, curvature)
    ballast = BALLAST * problems.total
    diagonal = np.arange(p)
    kept[:, diagonal, diagonal] += np.where(problems.idle, 1.0, ballast[:, np.newaxis])
    return kept
