"""The design of many logistic fits at once: same patients, other weights, other cut-offs.

Arrays stand patients down and fits across, shape (g, B), so that every product over patients is
one matrix product and every step over fits runs along memory. Columns that are the same in all
fits are kept once; only those that differ (a number cut anew in every resample) are kept in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats

Places = npt.NDArray[np.intp]

SMALL = 250_000  # products in one call; beyond it BLAS wakes threads, which cost more than they do
FEW = 16  # columns in a call below which cutting it up does not pay


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The pairs of columns neither of which varies.

    first, second  shape (pairs,)
    at             shape (p, p), which pair stands there; any where a column varies
    """

    first: Places
    second: Places
    at: Places


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B logistic fits of the same g rows of data.

    X        shape (g, p), the intercept's ones first; 0 in columns that vary
    varying  column number to values, shape (g, B), for columns that differ from fit to fit
    trials   shape (g, B), how many patients a row stands for in each fit; may be 0
    events   shape (g, B), how many of them are cases
    active   shape (p, B), 1 for a column that is in the fit and 0 for one that is not; None: all
    centre, scale  shape (p,): X holds (value - centre) / scale, so that a year does no harm
    products shape (pairs, g), of each pair of columns
    """

    X: Floats
    varying: Mapping[int, Floats]
    trials: Floats
    events: Floats
    active: Floats | None
    centre: Floats
    scale: Floats
    pairs: Pairs
    products: Floats

    @property
    def size(self) -> int:
        """How many fits."""
        return int(self.trials.shape[1])

    def pick(self, fits: Places) -> Batch:
        """The same for some of the fits."""
        return replace(
            self,
            varying={column: values[:, fits] for column, values in self.varying.items()},
            trials=self.trials[:, fits],
            events=self.events[:, fits],
            active=None if self.active is None else self.active[:, fits],
        )

    def line(self, coef: Floats) -> Floats:
        """The linear predictor of each row in each fit, shape (g, B), of coef, shape (p, B)."""
        line = product(self.X, coef)
        for column, values in self.varying.items():
            line += values * coef[column]
        return line

    def slopes(self, residual: Floats) -> Floats:
        """The sum of column times residual, shape (p, B), of residual, shape (g, B)."""
        slopes = product(self.X.T, residual)
        for column, values in self.varying.items():
            slopes[column] = (values * residual).sum(axis=0)
        return slopes if self.active is None else slopes * self.active

    def information(self, spread: Floats) -> Floats:
        """X'WX of every fit, shape (p, p, B), of the weights W, shape (g, B).

        A column that is not in a fit gets a 1 on the diagonal and 0 beside it: its coefficient
        then stays where it is.
        """
        made = self.moments(spread)
        if self.active is not None:
            diagonal = np.arange(len(made))
            made[diagonal, diagonal] += 1 - self.active
        return made

    def moments(self, spread: Floats) -> Floats:
        """X'WX of every fit, all 0 for a column that is not in it."""
        made: Floats = product(self.products, spread)[self.pairs.at]
        done: list[int] = []
        for column, values in self.varying.items():
            own = values * spread
            made[column] = made[:, column] = product(self.X.T, own)
            for other in done:
                mixed = (self.varying[other] * own).sum(axis=0)
                made[column, other] = made[other, column] = mixed
            made[column, column] = (values * own).sum(axis=0)
            done.append(column)
        if self.active is not None:
            made *= self.active[:, np.newaxis] * self.active
        return made

    def column(self, place: int) -> Floats:
        """One column, shape (g, 1) or, where it varies, (g, B)."""
        return self.varying[place] if place in self.varying else self.X[:, place : place + 1]

    def quadratic(self, matrix: Floats) -> Floats:
        """The form x'Mx of each row in each fit, shape (g, B), of symmetric M, shape (p, p, B).

        Columns that are not in a fit count for nothing.
        """
        if self.active is not None:
            matrix = matrix * self.active[:, np.newaxis] * self.active
        first, second = self.pairs.first, self.pairs.second
        twice = matrix[first, second] * (1.0 + (first != second))[:, np.newaxis]
        made = product(self.products.T, twice)
        done: list[int] = []
        for column, values in self.varying.items():
            # X is 0 where columns vary, so their mixed terms are added here
            made += values * (2 * product(self.X, matrix[column]) + values * matrix[column, column])
            for other in done:
                made += 2 * values * self.varying[other] * matrix[column, other]
            done.append(column)
        return made

    def original(self, coef: Floats) -> Floats:
        """Coefficients in the units of the data, shape (p, B)."""
        given: Floats = coef / self.scale[:, np.newaxis]
        given[0] -= self.centre @ given
        return given

    def scaled(self, coef: Floats) -> Floats:
        """Coefficients in the units of the data, shape (p,) or (p, B), as the batch wants them."""
        given: Floats = (coef.T * self.scale).T
        given[0] += self.centre @ coef
        return given


def batch(
    X: Floats,
    trials: Floats,
    events: Floats,
    varying: Mapping[int, Floats] | None = None,
    active: Floats | None = None,
) -> Batch:
    """Prepare B fits; the arguments are the fields of `Batch`, X in the units of the data.

    Columns of X named in varying are not looked at.
    """
    changing = dict(varying or {})
    values = np.array(X, dtype=np.float64)
    values[:, list(changing)] = 0.0
    centre, scale = values.mean(axis=0), values.std(axis=0)
    fixed = (scale == 0) | (np.ptp(values, axis=0) == 0)
    centre[fixed], scale[fixed] = 0.0, 1.0
    values = (values - centre) / scale
    paired = _paired(values.shape[1], changing)
    products = np.ascontiguousarray((values[:, paired.first] * values[:, paired.second]).T)
    return Batch(values, changing, trials, events, active, centre, scale, paired, products)


def patterns(X: Floats) -> tuple[Floats, Places]:
    """The different rows of X, and which of them each row is: equal patients are one row."""
    different, place = np.unique(X, axis=0, return_inverse=True)
    return different, place.reshape(-1)


def summed(place: Places, count: int, weights: Floats) -> Floats:
    """Weights of patients, shape (n, B), added up by pattern, shape (count, B)."""
    order = np.argsort(place, kind="stable")
    ordered = weights[order]
    if count == len(place):
        return ordered
    starts = np.searchsorted(place[order], np.arange(count))
    added: Floats = np.add.reduceat(ordered, starts, axis=0)
    return added


def _paired(p: int, varying: Mapping[int, Floats]) -> Pairs:
    fixed = [column for column in range(p) if column not in varying]
    both = [(row, column) for row in fixed for column in fixed if column <= row]
    first, second = np.array(both, dtype=np.intp).T
    at = np.zeros((p, p), dtype=np.intp)
    at[first, second] = at[second, first] = np.arange(len(both))
    return Pairs(first, second, at)


def product(left: Floats, right: Floats) -> Floats:
    """The matrix product, cut along the fits so that no call wakes BLAS's threads for a trifle."""
    rows, inner = left.shape
    width = SMALL // max(1, rows * inner)
    across = right.shape[1]
    if width >= across or width < FEW:
        return left @ right
    made = np.empty((rows, across))
    for start in range(0, across, width):
        made[:, start : start + width] = left @ right[:, start : start + width]
    return made
