"""Where a chunk's models are fitted: on the patients, or on the few patterns their columns make.

A model of 0/1 columns sees no more than how many cases and controls each pattern of answers
holds. With few columns in it there are far fewer patterns than patients, the patterns are the
same in every resample whatever its cut-offs are, and so a thousand fits shrink to almost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avidity.stats.batched.design import Batch, Places, batch, product
from avidity.stats.batched.newton import Bools
from avidity.stats.batched.performance import Patients
from avidity.stats.batched.replicate import Grouped, lines
from avidity.stats.newton import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows to fit b models on, and the way back to columns and patients.

    fits    the batch to be fitted
    own, everyone  the patients of each resample, and all, by row
    rank    shape (p, b), which column of the batch each column of the model is; None: the same
    place   the row of each patient: shape (n,), or (n, b) where it differs between resamples
    """

    fits: Batch
    own: Patients
    everyone: Patients
    varying: Mapping[int, Floats]
    X: Floats
    rank: Places | None
    place: Places

    def coef(self, fitted: Floats, active: Bools) -> Floats:
        """Coefficients of the model's columns, shape (p, b), from those of the batch."""
        if self.rank is None:
            return fitted
        there = np.take_along_axis(fitted, self.rank, axis=0)
        return np.where(active, there, 0.0)

    def lines(self, fitted: Floats) -> Floats:
        """Linear predictors by row, shape (g, b); equal patients get the very same value."""
        made = lines(self.X, fitted)
        for column, values in self.varying.items():
            made += values * fitted[column]
        return made

    def of_patients(self, values: Floats) -> Floats:
        """Values by row as values by patient, shape (n, b)."""
        if self.place.ndim == 1:
            return values[self.place]
        return np.take_along_axis(values, self.place, axis=0)


def by_patients(
    data: Grouped, varying: Mapping[int, Floats], active: Bools, own: Patients, all_once: Patients
) -> Layout:
    """The rows as they are; active, shape (p, b), says which columns are in each model."""
    some = None if active.all() else active.astype(np.float64)
    fits = batch(data.X, own.everyone, own.cases, varying, some)
    return Layout(fits, own, all_once, varying, data.X, None, data.place)


def by_patterns(
    data: Grouped, varying: Mapping[int, Floats], active: Bools, across: Floats
) -> Layout | None:
    """One row for each pattern of the 0/1 columns in the model; None where that is no fewer.

    data    not grouped: one row for each patient, all columns but the intercept 0 or 1
    active  shape (p, b); across  shape (n, b), the weights
    """
    n, size = across.shape
    inside = active[1:]
    most = int(inside.sum(axis=0).max(initial=0))
    count = 1 << most
    if count > n:
        return None
    # the first column in a model is the first bit, whichever column that is
    rank = np.cumsum(inside, axis=0)
    bit = np.where(inside, 1 << np.maximum(rank - 1, 0), 0).astype(np.float64)
    code = product(data.X[:, 1:], bit)
    for column, values in varying.items():
        code += values * bit[column - 1]
    place = code.astype(np.intp)
    cell = place + count * np.arange(size)
    patterns = (np.arange(count)[:, np.newaxis] >> np.arange(most)) & 1
    X = np.column_stack([np.ones(count), patterns.astype(np.float64)])
    own = _counted(cell, across, data.y, count)
    everyone = _counted(cell, np.ones_like(across), data.y, count)
    there = np.arange(most + 1)[:, np.newaxis] <= inside.sum(axis=0)
    fits = batch(X, own.everyone, own.cases, None, there.astype(np.float64))
    whole_rank = np.vstack([np.zeros((1, size), dtype=np.intp), rank])
    return Layout(fits, own, everyone, {}, X, whole_rank, place)


def _counted(cell: Places, across: Floats, y: Floats, count: int) -> Patients:
    """Cases and controls in each pattern of each resample, shape (count, b)."""
    shape, total = (across.shape[1], count), across.shape[1] * count
    groups = []
    for some in (y == 1, y == 0):
        counts = np.bincount(cell[some].ravel(), across[some].ravel(), total)
        groups.append(np.ascontiguousarray(counts.reshape(shape).T, dtype=np.float64))
    return Patients(*groups)
