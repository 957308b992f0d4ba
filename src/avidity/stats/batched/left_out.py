"""Models held against the patients that were left out: .632, .632+, and folds."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats import newton
from avidity.stats.batched.chunks import in_chunks
from avidity.stats.batched.models import Rule, Tally
from avidity.stats.batched.optimism import ORDINARY, apparent_of, checked
from avidity.stats.batched.performance import MEASURES, Patients, Predictions
from avidity.stats.batched.replicate import (
    Grouped,
    Replicates,
    fitted,
    held,
    joined_replicates,
    lines,
    replicate,
)
from avidity.stats.newton import Floats
from avidity.stats.resampling import Resamples, Weights

SHARE = 0.632  # of the patients that are in a bootstrap resample: 1 - 1/e


@dataclass(frozen=True, slots=True)
class SixThreeTwo:
    """One measure by the .632 rules.

    apparent        of the model in the patients it was fitted to
    left_out        mean of the resamples' models in the patients each leaves out
    no_information  what a model gets when outcome and predictors have nothing to do with another
    resamples       how many have a value
    """

    measure: str
    apparent: float
    left_out: float
    no_information: float
    resamples: int

    @property
    def overfitting(self) -> float:
        """Relative overfitting rate, 0 (none) to 1 (all that is possible)."""
        possible = self.apparent - self.no_information
        lost = self.apparent - self._bounded
        return min(1.0, max(0.0, lost / possible)) if possible else 0.0

    @property
    def plain(self) -> float:
        """The .632 estimate."""
        return (1 - SHARE) * self.apparent + SHARE * self.left_out

    @property
    def plus(self) -> float:
        """The .632+ estimate: the more overfitting, the more weight to the patients left out."""
        weight = SHARE / (1 - (1 - SHARE) * self.overfitting)
        return (1 - weight) * self.apparent + weight * self._bounded

    @property
    def _bounded(self) -> float:
        """Left out, but no worse than no information."""
        worst = min if self.apparent < self.no_information else max
        return worst(self.left_out, self.no_information)


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """AUC and Brier's score by the .632 rules, and what became of the resamples."""

    auc: SixThreeTwo
    brier: SixThreeTwo
    tally: Tally
    n: int
    method: str


def six_three_two(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    resamples: Resamples,
    rule: Rule = ORDINARY,
    executor: Executor | None = None,
) -> LeftOut:
    """The .632 and .632+ bootstrap of a fixed model; arguments and errors as `optimism`.

    source  Efron & Tibshirani, J Am Stat Assoc 1997;92:548-560
    """
    rows = newton.design(X, y, names)
    data = checked(rows, resamples)
    apparent, start = apparent_of(data, np.ones(len(rows.y)), rule)
    work = partial(replicate, data, None, rule, start)
    done = _some(joined_replicates(in_chunks(work, resamples.weights, executor)))
    risk = Predictions(lines(rows.X, start[:, np.newaxis])).risk
    share = rows.y.mean()
    by_chance = float(share * ((1 - risk) ** 2).mean() + (1 - share) * (risk**2).mean())
    return LeftOut(
        auc=_six_three_two("auc", float(apparent.auc[0]), done.tested.auc, 0.5),
        brier=_six_three_two("brier", float(apparent.brier[0]), done.tested.brier, by_chance),
        tally=done.tally,
        n=len(rows.y),
        method=f".632 and .632+ by {resamples.method}; {len(resamples)} resamples. {rule.words}",
    )


def _some(done: Replicates) -> Replicates:
    if not done.usable.any():
        raise AnalysisError("no resample has a model; the data carry too little for it")
    return done


def _six_three_two(measure: str, apparent: float, tested: Floats, chance: float) -> SixThreeTwo:
    there = tested[np.isfinite(tested)]
    left_out = float(there.mean()) if len(there) else float("nan")
    return SixThreeTwo(measure, apparent, left_out, chance, len(there))


@dataclass(frozen=True, slots=True)
class Held:
    """One measure by cross-validation: mean over the rounds, and how they scatter (SD)."""

    measure: str
    apparent: float
    tested: float
    scatter: float
    rounds: int


@dataclass(frozen=True, slots=True, eq=False)
class CrossValidated:
    """Every measure of the predictions made for patients that were left out.

    measures            each from one round's predictions pooled over its folds
    auc_within_folds    pairs of patients of the same fold only: no comparing between models
    tally               of the folds' models; a round that lacks one is left out
    """

    measures: dict[str, Held]
    auc_within_folds: float
    tally: Tally
    n: int
    method: str


def cross_validated(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    folds: Resamples,
    rule: Rule = ORDINARY,
    executor: Executor | None = None,
) -> CrossValidated:
    """Predict every patient by a model that has not seen them, round after round.

    folds   from `resampling.k_fold`; the other arguments and errors as `optimism`
    raises  ValueError if folds is no k-fold plan; AnalysisError if no round is complete
    """
    if not folds.folds:
        raise ValueError("cross-validation needs a plan made by k_fold")
    rows = newton.design(X, y, names)
    data = checked(rows, folds)
    apparent, start = apparent_of(data, np.ones(len(rows.y)), rule)
    parts = in_chunks(partial(_held_out, data, rule, start), folds.weights, executor)
    done = joined_replicates([each for each, _ in parts])
    line = np.concatenate([made for _, made in parts])
    turns = (-1, folds.folds, len(rows.y))
    complete = done.usable.reshape(turns[:2]).all(axis=1)
    if not complete.any():
        raise AnalysisError("no round has a model for every fold; use fewer folds, or Firth's")
    pooled = (line * folds.out_of_bag).reshape(turns).sum(axis=1)[complete]
    everyone = Patients(rows.y[:, np.newaxis], 1 - rows.y[:, np.newaxis])
    found = Predictions(np.ascontiguousarray(pooled.T)).of_others(everyone)
    measures = {
        name: Held(
            name,
            float(getattr(apparent, name)[0]),
            float(np.mean(getattr(found, name))),
            float(np.std(getattr(found, name), ddof=1)) if len(pooled) > 1 else float("nan"),
            len(pooled),
        )
        for name in MEASURES
    }
    return CrossValidated(
        measures=measures,
        auc_within_folds=_within_folds(done, folds, rows.y),
        tally=done.tally,
        n=len(rows.y),
        method=f"{folds.method}; predictions pooled within a round. {rule.words}",
    )


def _held_out(
    data: Grouped, rule: Rule, start: Floats, weights: Weights
) -> tuple[Replicates, Floats]:
    """A chunk of folds, and the linear predictor of every patient under each, shape (b, n)."""
    own = data.patients(weights)
    models, predictions = fitted(data, own, rule, start)
    done = held(models, predictions, own, data.patients(weights == 0))
    return done, np.ascontiguousarray(predictions.line[data.place].T)


def _within_folds(done: Replicates, folds: Resamples, y: Floats) -> float:
    """Mean area over the folds, each weighing as many pairs of case and control as it holds."""
    cases = (folds.out_of_bag * y).sum(axis=1)
    pairs = cases * (folds.out_of_bag.sum(axis=1) - cases)
    there = done.usable & np.isfinite(done.tested.auc)
    if not there.any():
        return float("nan")
    return float(np.average(done.tested.auc[there], weights=pairs[there]))
