"""Ridge and lasso logistic regression along a path of penalties, and the choice of one.

The strength is counted per patient and the columns are scaled to standard deviation 1 (divisor
n), as glmnet does: a strength of s is C = 1 / (n s) in scikit-learn on columns scaled so, and a
ridge of penalty (n - 1) s in rms. Coefficients are given on the original scale. The intercept is
never penalised. Each column is penalised by itself: the levels of a category come and go singly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats, locked
from avidity.stats.penalised.climb import climb_all
from avidity.stats.penalised.penalty import LASSO, RIDGE, Penalty
from avidity.stats.penalised.problems import Batch, Flags, Place, batch, slope, start
from avidity.stats.penalised.rows import Rows, rows_of

LENGTH = 50  # strengths on a path
SHORTEST = 1e-3  # the last strength, as a share of the one that leaves no term to the lasso
LONGEST = 1e3  # the first of a ridge, which never leaves a term out, likewise
BEYOND = 1e9  # a strength that holds every penalised coefficient at zero
FLAT = 1e-9  # less curvature than this, per patient: the estimate is on its way to infinity


@dataclass(frozen=True, slots=True)
class Shrinking:
    """What was asked: the penalty, the columns it spares, and the strengths to try.

    unpenalised  names of columns that stay in and are not shrunk; the intercept is always spared
    strengths    falling and above 0; None lays them between the strength that leaves no term and
                 a thousandth of it (ridge: from a thousand times that strength), evenly in the
                 logarithm, anew for every resample
    """

    penalty: Penalty = LASSO
    unpenalised: tuple[str, ...] = ()
    strengths: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PenalisedFit:
    """One model on the path; it holds no patient.

    coef          shape (p,), log-odds on the original scale; the intercept first
    strength      of the penalty, per patient
    effective_df  coefficients the model is worth, intercept included: for lasso those that are
                  not zero, for ridge the trace of its hat matrix
    """

    names: tuple[str, ...]
    coef: Floats
    strength: float
    deviance: float
    null_deviance: float
    effective_df: float
    n: float
    n_events: float
    method: str

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns with a coefficient that is not zero, without the intercept."""
        return tuple(
            name for name, value in zip(self.names[1:], self.coef[1:], strict=True) if value != 0
        )

    @property
    def aic(self) -> float:
        """Deviance plus two for each effective coefficient."""
        return self.deviance + 2 * self.effective_df

    def linear_predictor(self, X: npt.ArrayLike) -> Floats:
        """Log-odds of each row of X, shape (n, p), its columns in the order of names."""
        line: Floats = np.asarray(X, dtype=np.float64) @ self.coef
        return line

    def risk(self, X: npt.ArrayLike) -> Floats:
        """Predicted probability of the outcome for each row of X."""
        risk: Floats = expit(self.linear_predictor(X))
        return risk


@dataclass(frozen=True, slots=True, eq=False)
class PenalisedPath:
    """The models for all strengths, the strongest penalty first.

    strengths     shape (L,), falling
    coef          shape (L, p), original scale, the intercept first
    deviance      shape (L,), in the patients the models were fitted to
    effective_df  shape (L,), as in `PenalisedFit`
    """

    names: tuple[str, ...]
    penalty: str
    strengths: Floats
    coef: Floats
    deviance: Floats
    effective_df: Floats
    null_deviance: float
    n: float
    n_events: float

    @property
    def aic(self) -> Floats:
        """Of each model, shape (L,)."""
        return self.deviance + 2 * self.effective_df

    def model(self, at: int, chosen: str = "strength given") -> PenalisedFit:
        """The model at one place of the path; chosen says how that place was found."""
        return PenalisedFit(
            names=self.names,
            coef=self.coef[at],
            strength=float(self.strengths[at]),
            deviance=float(self.deviance[at]),
            null_deviance=self.null_deviance,
            effective_df=float(self.effective_df[at]),
            n=self.n,
            n_events=self.n_events,
            method=f"{self.penalty} logistic regression on standardised columns, {chosen}",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The paths of B problems: strengths (B, L), coef (B, L, p), deviance and df (B, L).

    failed  shape (B,), true where an outcome is absent: every number of that problem is NaN
    """

    strengths: Floats
    coef: Floats
    deviance: Floats
    effective_df: Floats
    failed: Flags


def penalised_path(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    how: Shrinking,
    weights: npt.ArrayLike | None = None,
) -> PenalisedPath:
    """Fit the model at every strength, from the strongest penalty down.

    X, y, names  as `logistic.fit`, but columns may follow from one another
    weights      shape (n,), 0 or more; None counts every row once
    raises       AnalysisError if one outcome is absent or a fit does not arrive; ValueError on
                 wrong shapes, on strengths that do not fall or are not above 0, or an unknown name
    """
    rows = rows_of(X, y, names, weights)
    found = paths(rows, how)
    n, events = float(rows.weights[0].sum()), float(rows.weights[0] @ rows.y)
    if not 0 < events < n:
        raise AnalysisError("a logistic model needs patients with and without the outcome")
    if found.failed[0]:
        raise AnalysisError(
            "the penalised fit did not arrive: an unpenalised column may separate the outcome or"
            " follow from others, or the weakest penalty is too weak; penalise the column, or end"
            " the path earlier"
        )
    return PenalisedPath(
        names=rows.names,
        penalty=how.penalty.name,
        strengths=locked(found.strengths[0]),
        coef=locked(found.coef[0]),
        deviance=locked(found.deviance[0]),
        effective_df=locked(found.effective_df[0]),
        null_deviance=-2 * (events * log(events / n) + (n - events) * log((n - events) / n)),
        n=n,
        n_events=events,
    )


def ridge(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    strength: float,
    weights: npt.ArrayLike | None = None,
) -> PenalisedFit:
    """The ridge model at one strength above 0; arguments and errors as `penalised_path`."""
    return penalised_path(X, y, names, Shrinking(RIDGE, (), (strength,)), weights).model(0)


def lasso(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    strength: float,
    weights: npt.ArrayLike | None = None,
) -> PenalisedFit:
    """The lasso model at one strength above 0; arguments and errors as `penalised_path`."""
    return penalised_path(X, y, names, Shrinking(LASSO, (), (strength,)), weights).model(0)


def paths(rows: Rows, how: Shrinking, strengths: Floats | None = None) -> Paths:
    """The paths of all problems at once.

    strengths  shape (B, L), each problem's own; None takes those of how
    raises     ValueError as `penalised_path`; a problem without an answer is marked in `failed`
    """
    spared = _spared(rows, how)
    given = how.strengths if strengths is None else strengths
    cases, total = rows.weights @ rows.y, rows.weights.sum(axis=1)
    absent = ~((cases > 0) & (cases < total))
    # A problem without both outcomes walks along with all patients, and is struck out below.
    weights = np.where(absent[:, np.newaxis], 1.0, rows.weights)
    centre, scale = rows.X[:, 1:].mean(axis=0), rows.X[:, 1:].std(axis=0)
    whole = batch((rows.X[:, 1:] - centre) / scale, rows.y, weights, ~spared)
    laid = None if given is None else _checked(given, len(weights))
    parts = [_walk(part, how, None if laid is None else laid[at]) for at, part in whole.parts()]
    walked = [np.concatenate(each) for each in zip(*parts, strict=True)]
    coef = walked[1]
    coef[:, :, 1:] /= scale
    coef[:, :, 0] -= coef[:, :, 1:] @ centre
    failed = absent | ~walked[4].all(axis=1)
    for numbers in walked[:4]:
        numbers[failed] = np.nan
    return Paths(walked[0], coef, walked[2], walked[3], failed)


def _spared(rows: Rows, how: Shrinking) -> Flags:
    if unknown := sorted(set(how.unpenalised) - set(rows.names[1:])):
        raise ValueError(f"no column to leave unpenalised is named {', '.join(unknown)}")
    spared = np.array([name in how.unpenalised for name in rows.names[1:]], dtype=np.bool_)
    if spared.all():
        raise ValueError("there is no column to penalise")
    return spared


def _checked(strengths: npt.ArrayLike, problems: int) -> Floats:
    own = np.asarray(strengths, dtype=np.float64)
    if not ((own > 0) & np.isfinite(own)).all() or (np.diff(own) >= 0).any() or own.size == 0:
        raise ValueError(
            "strengths must fall from the first to the last, all above 0;"
            " for no penalty at all use maximum likelihood"
        )
    return np.broadcast_to(own, (problems, own.shape[-1]))


def _walk(problems: Batch, how: Shrinking, strengths: Floats | None) -> tuple[Floats, ...]:
    """Down the path, each model from the one before.

    returns  strengths, coefficients (the intercept first), deviances, effective df, arrived
    """
    place, finite = _spared_only(problems)
    laid = _laid(problems, how.penalty, place) if strengths is None else strengths
    coef, deviance, df, arrived = [], [], [], []
    for strength in laid.T:
        ended = climb_all(problems, how.penalty, strength, place)
        place = ended.place
        coef.append(np.column_stack([place.intercept, place.coef / problems.spread]))
        deviance.append(-2 * ended.log_likelihood)
        df.append(1 + ended.df)
        arrived.append(ended.arrived & finite)
    return laid.copy(), *(np.stack(each, axis=1) for each in (coef, deviance, df, arrived))


def _spared_only(problems: Batch) -> tuple[Place, Flags]:
    """The spared columns alone, and whether they have a finite estimate.

    Where they separate the outcome no penalty on the others helps: the slope fades on the way
    to infinity, and only the lost curvature tells that nothing was reached.
    """
    place, finite = start(problems), np.ones(len(problems.weights), dtype=np.bool_)
    if problems.penalised.all():
        return place, finite
    ended = climb_all(problems, LASSO, np.full(len(problems.weights), BEYOND), place)
    own = np.flatnonzero(~problems.penalised)
    block = slope(problems, ended.place).curvature[:, own[:, np.newaxis], own]
    return ended.place, ended.arrived & (np.linalg.eigvalsh(block)[:, 0] > FLAT * problems.total)


def _laid(problems: Batch, penalty: Penalty, nothing: Place) -> Floats:
    """Strengths from the one that leaves no term to the lasso, evenly in the logarithm."""
    pull = np.abs(slope(problems, nothing).gradient) * problems.penalised
    # A hair more than the largest pull, so that rounding lets no term in at the first strength.
    most = np.maximum(pull.max(axis=1) / problems.total, 1e-12) * (1 + 1e-9)
    first = LONGEST if penalty is RIDGE else 1.0
    laid: Floats = most[:, np.newaxis] * np.geomspace(first, SHORTEST, LENGTH)
    return laid
