"""How well many models do: in the patients they were fitted to, and in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from avidity.stats.batched.auc import Sorted, Whole, in_order
from avidity.stats.batched.design import Batch, batch
from avidity.stats.batched.newton import State, fit_batch
from avidity.stats.newton import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What B models do in one group of patients each, shape (B,) every one.

    auc        area under the ROC curve
    brier      mean squared distance between risk and outcome
    r2         Nagelkerke's; in patients a model was not fitted to, that of the outcome refitted
               on the linear predictor, as rms has it
    slope, intercept  of that refit; 1 and 0 in the model's own patients; nan where the linear
               predictor never varies, or separates the outcome
    g          Gini's mean difference of the (refitted) linear predictor
    """

    auc: Floats
    brier: Floats
    r2: Floats
    slope: Floats
    intercept: Floats
    g: Floats


DECIMALS = 8
MEASURES = tuple(field.name for field in fields(Measures))


@dataclass(frozen=True, eq=False)
class Patients:
    """One group for each model, or one for all: how often each row of data is in it.

    cases, controls  shape (g, B), or (g, 1) for the same patients under every model
    """

    cases: Floats
    controls: Floats

    @cached_property
    def everyone(self) -> Floats:
        """Cases and controls together."""
        return self.cases + self.controls

    @cached_property
    def whole(self) -> tuple[Whole, Whole]:
        """Cases and controls as `auc.Sorted` wants them: fits down, or a single row."""
        if self.cases.shape[1] == 1:
            return _whole(self.cases[:, 0]), _whole(self.controls[:, 0])
        return _whole(self.cases.T), _whole(self.controls.T)

    @cached_property
    def whole_everyone(self) -> Whole:
        """Cases and controls together, as `whole` has them."""
        cases, controls = self.whole
        return cases + controls

    @cached_property
    def null_log_likelihood(self) -> Floats:
        """Of the share of cases alone, shape (B,) or (1,)."""
        m, n = self.cases.sum(axis=0), self.controls.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            total: Floats = m * np.log(m / (m + n)) + n * np.log(n / (m + n))
        return total


def _whole(counts: Floats) -> Whole:
    return np.ascontiguousarray(counts, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Predictions:
    """The linear predictor of every row of data under every model, shape (g, B)."""

    line: Floats

    @cached_property
    def ordered(self) -> Sorted:
        """Each model's predictions, sorted.

        Log-odds that agree to eight decimals are the same: models give exact ties (two levels
        with the same share of cases), and rounding must not decide them.
        """
        return in_order(np.ascontiguousarray(self.line.T), DECIMALS)

    @cached_property
    def risk(self) -> Floats:
        """Predicted probabilities."""
        with np.errstate(over="ignore"):
            risk: Floats = 1 / (1 + np.exp(-self.line))
        return risk

    def of_own(self, patients: Patients) -> Measures:
        """In the patients the models were fitted to, where they are calibrated by definition."""
        varies = np.ptp(self.line, axis=0) > 0
        one = np.where(varies, 1.0, np.nan)
        return Measures(
            auc=self.ordered.auc(*patients.whole),
            brier=self.brier(patients),
            r2=_nagelkerke(_log_likelihood(self.line, patients), patients),
            slope=one,
            intercept=one - 1,
            g=self.ordered.mean_difference(patients.whole_everyone),
        )

    def of_others(self, patients: Patients) -> Measures:
        """In other patients: the outcome is refitted on the linear predictor there."""
        intercept, slope, flat = calibrated(self.line, patients)
        refitted = np.where(flat, 0.0, intercept + slope * self.line)
        r2 = _nagelkerke(_log_likelihood(refitted, patients), patients)
        return Measures(
            auc=self.ordered.auc(*patients.whole),
            brier=self.brier(patients),
            r2=np.where(flat, 0.0, r2),
            slope=slope,
            intercept=intercept,
            g=np.where(flat, 0.0, np.abs(slope))
            * self.ordered.mean_difference(patients.whole_everyone),
        )

    def brier(self, patients: Patients) -> Floats:
        """Mean squared distance between risk and outcome, shape (B,)."""
        squared = patients.cases * (1 - self.risk) ** 2 + patients.controls * self.risk**2
        with np.errstate(invalid="ignore"):  # nobody there
            mean: Floats = squared.sum(axis=0) / patients.everyone.sum(axis=0)
        return mean


def calibrated(line: Floats, patients: Patients) -> tuple[Floats, Floats, Floats]:
    """Intercept and slope of the outcome on a linear predictor, and where it never varies.

    returns  shape (B,) each; intercept and slope are nan where no finite answer exists
    """
    shape = line.shape
    refit: Batch = batch(
        np.ones((shape[0], 2)),
        np.broadcast_to(patients.everyone, shape),
        np.broadcast_to(patients.cases, shape),
        {1: line},
    )
    ended = fit_batch(refit, np.array([0.0, 1.0]))
    fitted = ended.state == State.FITTED
    intercept, slope = np.where(fitted, ended.coef, np.nan)
    return intercept, slope, ended.state == State.DEPENDENT


def _log_likelihood(line: Floats, patients: Patients) -> Floats:
    # log(1 + e^line) without overflow; cases add their line
    softened = np.maximum(line, 0) + np.log1p(np.exp(-np.abs(line)))
    total: Floats = (patients.cases * line - patients.everyone * softened).sum(axis=0)
    return total


def _nagelkerke(log_likelihood: Floats, patients: Patients) -> Floats:
    null, n = patients.null_log_likelihood, patients.everyone.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Floats = (1 - np.exp(2 * (null - log_likelihood) / n)) / (1 - np.exp(2 * null / n))
    return share


def joined(parts: Sequence[Measures]) -> Measures:
    """The measures of several batches, one after the other."""
    return Measures(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in MEASURES}
    )
