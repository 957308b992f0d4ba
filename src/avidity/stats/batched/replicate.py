"""One model fitted in every resample, held against the resample and against other patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.batched.design import Places, batch, patterns, summed
from avidity.stats.batched.models import Models, Rule, Tally, fit_models, tally
from avidity.stats.batched.newton import Bools
from avidity.stats.batched.performance import (
    MEASURES,
    Measures,
    Patients,
    Predictions,
    joined,
)
from avidity.stats.newton import Floats
from avidity.stats.resampling import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Patients with equal covariates as one row.

    X      shape (g, p), the different rows
    place  shape (n,), which of them each patient is
    y      shape (n,), 0 or 1
    """

    X: Floats
    place: Places
    y: Floats

    def patients(self, weights: npt.ArrayLike) -> Patients:
        """Cases and controls by row, of weights of the patients, shape (b, n)."""
        across = np.ascontiguousarray(np.asarray(weights).T, dtype=np.float64)
        g = len(self.X)
        everyone = summed(self.place, g, across)
        cases = summed(self.place, g, across * self.y[:, np.newaxis])
        return Patients(cases, everyone - cases)


def grouped(X: Floats, y: Floats) -> Grouped:
    """Group equal rows of X, shape (n, p)."""
    different, place = patterns(X)
    return Grouped(different, place, y)


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """What became of each resample: shapes (B,); nan in trained and tested where it has no model.

    state     how the fit ended, values of `newton.State`
    usable    whether there is a model; by_firth whether penalised likelihood found it
    trained   in the resample's own patients
    tested    in the original patients, or in those the resample leaves out
    """

    state: npt.NDArray[np.int8]
    usable: Bools
    by_firth: Bools
    trained: Measures
    tested: Measures

    @property
    def tally(self) -> Tally:
        """What became of them, counted."""
        return tally(self.state, self.usable, self.by_firth)


def fitted(
    data: Grouped, own: Patients, rule: Rule, start: Floats | None = None
) -> tuple[Models, Predictions]:
    """The model of each group of patients, and its linear predictor for every row of data.

    start  shape (p,), coefficients in the units of the data to climb from; None: nothing known
    """
    prepared = batch(data.X, own.everyone, own.cases)
    near = None if start is None else prepared.scaled(start)
    models = fit_models(prepared, rule, near)
    return models, Predictions(lines(data.X, models.coef))


def lines(X: Floats, coef: Floats) -> Floats:
    """Linear predictors, shape (g, B), of coef, shape (p, B): summed alike for every row.

    Rows that differ only in columns with a coefficient of 0 get the very same value: a tie.
    """
    made = np.repeat(coef[:1], len(X), axis=0)
    for values, slopes in zip(X.T[1:], coef[1:], strict=True):
        made += values[:, np.newaxis] * slopes
    return made


def replicate(
    data: Grouped,
    others: Patients | None,
    rule: Rule,
    start: Floats | None,
    weights: Weights,
) -> Replicates:
    """Fit a chunk of resamples, weights of shape (b, n); measure them in their own and in others.

    others  the patients the models are tested in; None: those each resample leaves out
    """
    own = data.patients(weights)
    models, predictions = fitted(data, own, rule, start)
    return held(models, predictions, own, others or data.patients(weights == 0))


def held(models: Models, predictions: Predictions, own: Patients, others: Patients) -> Replicates:
    """Models held against their own patients and against others."""
    return Replicates(
        models.state,
        models.usable,
        models.by_firth,
        _only(models.usable, predictions.of_own(own)),
        _only(models.usable, predictions.of_others(others)),
    )


def _only(usable: Bools, measures: Measures) -> Measures:
    return Measures(**{m: np.where(usable, getattr(measures, m), np.nan) for m in MEASURES})


def joined_replicates(parts: Sequence[Replicates]) -> Replicates:
    """The chunks, one after the other."""
    return Replicates(
        np.concatenate([part.state for part in parts]),
        np.concatenate([part.usable for part in parts]),
        np.concatenate([part.by_firth for part in parts]),
        joined([part.trained for part in parts]),
        joined([part.tested for part in parts]),
    )
