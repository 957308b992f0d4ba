"""How strong the penalty should be: by cross-validation, or by Akaike's criterion.

The folds are data: an array with the fold of every row, made once from a seeded generator, so
that another program can repeat the choice. All copies of a row that a resample drew lie in the
same fold, so that no patient is judged by a model that has seen him.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_expit

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats, locked
from avidity.stats.penalised.path import (
    Paths,
    PenalisedFit,
    PenalisedPath,
    Shrinking,
    paths,
    penalised_path,
)
from avidity.stats.penalised.problems import Flags, Places
from avidity.stats.penalised.rows import Rows, rows_of


def stratified_folds(y: npt.ArrayLike, folds: int, chance: np.random.Generator) -> Places:
    """A fold from 0 to folds - 1 for every row, cases and controls dealt out evenly.

    y       shape (n,), 0 or 1
    chance  the seeded generator that shuffles
    raises  ValueError unless there are 2 to n folds
    """
    outcome = np.asarray(y)
    if not 2 <= folds <= len(outcome):
        raise ValueError(f"there must be 2 to {len(outcome)} folds, got {folds}")
    order = np.concatenate([chance.permutation(np.flatnonzero(outcome == k)) for k in (1, 0)])
    place = np.empty(len(outcome), dtype=np.intp)
    place[order] = np.arange(len(outcome)) % folds
    return place


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """B paths, and how each strength did; every array has shape (B, L).

    held_out        mean deviance per patient in rows the model had not seen, NaN without folds
    held_out_error  standard error of that mean over the folds
    """

    strengths: Floats
    deviance: Floats
    effective_df: Floats
    held_out: Floats
    held_out_error: Floats


Choice = Callable[[Trials], Places]  # the place on each path, shape (B,)


def least_deviance(trials: Trials) -> Places:
    """The strength with the least held-out deviance; of equals the strongest."""
    return np.asarray(np.argmin(trials.held_out, axis=1), dtype=np.intp)


def one_error(trials: Trials) -> Places:
    """The strongest penalty within one standard error of the least held-out deviance."""
    best = least_deviance(trials)
    each = np.arange(len(best))
    limit = trials.held_out[each, best] + trials.held_out_error[each, best]
    return np.asarray(np.argmax(trials.held_out <= limit[:, np.newaxis], axis=1), dtype=np.intp)


def least_aic(trials: Trials) -> Places:
    """The strength with the least deviance plus two effective df; needs no folds."""
    aic = trials.deviance + 2 * trials.effective_df
    return np.asarray(np.argmin(aic, axis=1), dtype=np.intp)


WORDS: dict[Choice, str] = {
    least_deviance: "strength with the least cross-validated deviance",
    one_error: "strongest penalty within one standard error of the least cross-validated deviance",
    least_aic: "strength with the least AIC, counting effective degrees of freedom",
}


@dataclass(frozen=True, slots=True, eq=False)
class CrossValidated:
    """One path and its held-out deviance.

    held_out, held_out_error  shape (L,), as in `Trials`
    folds                     how many were used
    """

    path: PenalisedPath
    held_out: Floats
    held_out_error: Floats
    folds: int

    def place(self, choose: Choice) -> int:
        """Where on the path the choice falls."""
        numbers = (self.path.strengths, self.path.deviance, self.path.effective_df)
        rows = [each[np.newaxis] for each in (*numbers, self.held_out, self.held_out_error)]
        return int(choose(Trials(*rows))[0])

    def model(self, choose: Choice = least_deviance) -> PenalisedFit:
        """The model of the chosen strength."""
        words = WORDS.get(choose, choose.__name__.replace("_", " "))
        if choose is not least_aic:
            words = f"{words} ({self.folds} folds)"
        return self.path.model(self.place(choose), words)

    def at_edge(self, choose: Choice = least_deviance) -> bool:
        """Whether the weakest strength was chosen: the best may lie beyond the path."""
        return self.place(choose) == len(self.path.strengths) - 1


def cross_validated(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    how: Shrinking,
    folds: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
) -> CrossValidated:
    """The path, and how its models do in folds left out of their fitting.

    The columns are scaled anew in each training part. The mean and its standard error weigh each
    fold by its patients, as cv.glmnet does.

    X, y, names, how, weights  as `penalised_path`
    folds   shape (n,), whole numbers; rows of one number are left out together
    raises  as `penalised_path`; AnalysisError if a training part lacks an outcome, or with fewer
            than two folds that hold patients
    """
    path = penalised_path(X, y, names, how, weights)
    rows = rows_of(X, y, names, weights)
    place = _folds(folds, len(rows.y))
    mean, error, failed = _held_out(rows, how, place, path.strengths[np.newaxis])
    if failed[0]:
        raise AnalysisError(
            "a fold cannot be left out: fewer than two folds hold patients, or the others lack an"
            " outcome; use fewer folds"
        )
    used = len(np.unique(place[rows.weights[0] > 0]))
    return CrossValidated(path, locked(mean[0]), locked(error[0]), used)


def by_aic(path: PenalisedPath) -> PenalisedFit:
    """The model of the path with the least AIC."""
    return path.model(int(np.argmin(path.aic)), WORDS[least_aic])


def _folds(folds: npt.ArrayLike, n: int) -> Places:
    place = np.asarray(folds)
    if place.shape != (n,):
        raise ValueError(f"folds must have shape ({n},), got {place.shape}")
    return np.unique(place, return_inverse=True)[1].astype(np.intp)


def _held_out(
    rows: Rows, how: Shrinking, place: Places, strengths: Floats
) -> tuple[Floats, Floats, Flags]:
    """Mean deviance per patient, its error, and whether a fold could not be left out.

    strengths  shape (B, L); returns two of that shape, and one of shape (B,)
    """
    masks = place == np.arange(place.max() + 1)[:, np.newaxis]
    many = len(rows.weights)
    training = np.concatenate([rows.weights * ~mask for mask in masks])
    found = paths(
        Rows(rows.X, rows.y, training, rows.names), how, np.tile(strengths, (len(masks), 1))
    )
    size = np.stack([rows.weights[:, mask].sum(axis=1) for mask in masks])  # (K, B)
    deviance = np.zeros((len(masks), *strengths.shape))
    for fold, mask in enumerate(masks):
        coef = found.coef[fold * many : (fold + 1) * many]
        deviance[fold] = _deviance(rows, coef, mask) / np.maximum(size[fold], 1e-300)[:, np.newaxis]
    deviance[size == 0] = 0.0  # an empty fold says nothing
    share = (size / size.sum(axis=0))[:, :, np.newaxis]
    mean = (share * deviance).sum(axis=0)
    used = (size > 0).sum(axis=0)
    spread = (share * (deviance - mean) ** 2).sum(axis=0)
    error = np.sqrt(spread / np.maximum(used - 1, 1)[:, np.newaxis])
    stuck = (found.failed.reshape(len(masks), many) & (size > 0)).any(axis=0)
    return mean, error, stuck | (used < 2)


def _deviance(rows: Rows, coef: Floats, mask: Flags) -> Floats:
    """Minus twice the log-likelihood of the masked rows, for models (B, L, p): shape (B, L)."""
    sign = 2 * rows.y[mask] - 1
    own = log_expit(sign * (coef @ rows.X[mask].T))
    total: Floats = -2 * np.einsum("bln,bn->bl", own, rows.weights[:, mask])
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """The chosen model of every resample.

    coef      shape (R, p), original scale, the intercept first; NaN where it failed
    strength  shape (R,)
    failed    shape (R,), true where an outcome was absent, from the resample or from the rest
              when a fold was left out
    """

    names: tuple[str, ...]
    coef: Floats
    strength: Floats
    failed: Flags

    @property
    def inclusion(self) -> dict[str, float]:
        """For each column, the share of resamples that kept it, the failed left out."""
        kept = (self.coef[~self.failed, 1:] != 0).mean(axis=0).tolist()
        return dict(zip(self.names[1:], kept, strict=True))


def resampled(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    how: Shrinking,
    choose: Choice,
    weights: npt.ArrayLike,
    folds: npt.ArrayLike | None = None,
) -> Resampled:
    """Path, choice and model anew in every resample, all of them at once.

    weights  shape (R, n): how often each resample drew each row
    choose   `least_deviance`, `one_error` or `least_aic`; the first two need folds
    folds    shape (n,), as `cross_validated`
    raises   as `penalised_path`; a resample without an answer is marked, not raised
    """
    if folds is None and choose is not least_aic:
        raise ValueError("a choice by cross-validation needs folds")
    rows = rows_of(X, y, names, weights)
    found = paths(rows, how)
    mean, error = np.full_like(found.deviance, np.nan), np.full_like(found.deviance, np.nan)
    failed = found.failed
    if folds is not None and choose is not least_aic:
        mean, error, stuck = _held_out(rows, how, _folds(folds, len(rows.y)), _filled(found))
        failed = failed | stuck
    at = choose(Trials(found.strengths, found.deviance, found.effective_df, mean, error))
    each = np.arange(len(at))
    coef, strength = found.coef[each, at], found.strengths[each, at]
    coef[failed], strength[failed] = np.nan, np.nan
    failed.setflags(write=False)
    return Resampled(rows.names, locked(coef), locked(strength), failed)


def _filled(found: Paths) -> Floats:
    """The strengths; for a failed path any, since it is struck out."""
    some = np.geomspace(1.0, 0.5, found.strengths.shape[1])
    return np.where(found.failed[:, np.newaxis], some, found.strengths)
