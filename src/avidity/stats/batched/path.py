"""Internal validation of a whole path: everything the study did, done again in every resample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.batched.chunks import in_chunks, spread
from avidity.stats.batched.cutoff_validation import (
    CutoffValidation,
    Search,
    cutoff_validation,
)
from avidity.stats.batched.newton import State
from avidity.stats.batched.optimism import Optimism, corrected
from avidity.stats.batched.performance import MEASURES, Measures
from avidity.stats.batched.plan import PathData, Plan
from avidity.stats.batched.walk import Prepared, Walked, joined_walks, names_of, prepare, walk
from avidity.stats.newton import Floats, locked
from avidity.stats.resampling import Resamples, Weights

HALF = 0.5
NO_MODEL = {
    State.SEPARATED: "it separates the outcome; let the rule refit it by Firth's method",
    State.ONE_OUTCOME: "one outcome is absent",
    State.DEPENDENT: "a column is constant or follows from others; was a cut-off best put nowhere?",
    State.UNSOLVED: "the fit did not converge",
}


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """Where the path leads in all patients.

    cutoffs   by searched candidate
    p_values  of the screen, by candidate; nan where it was not screened
    inside    candidates in the model
    names, coef  of the model's columns, the intercept first; 0 outside the model
    risk      shape (n,), predicted in the patients themselves
    """

    cutoffs: Mapping[str, float]
    p_values: Mapping[str, float]
    inside: tuple[str, ...]
    names: tuple[str, ...]
    coef: Floats
    risk: Floats


@dataclass(frozen=True, slots=True)
class ModelFrequency:
    """A set of candidates, and its share of the resamples that have a model."""

    candidates: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class PathValidation:
    """What the path is worth, found by walking it again in every resample.

    apparent     where it leads in all patients
    cutoffs      how each searched cut-off scatters, and what it is worth
    inclusion    share of the models each candidate is in
    models       every set of candidates that came out, the most frequent first
    optimism     AUC, Brier's score, R squared, slope, intercept, g: corrected for the whole path
    coef         shape (B, p), of each resample's model; 0 outside it, nan without one
    predictions  shape (B, n), risk of every patient by each resample's model; nan without one
    """

    apparent: Arrived
    cutoffs: Mapping[str, CutoffValidation]
    inclusion: Mapping[str, float]
    models: tuple[ModelFrequency, ...]
    optimism: Optimism
    coef: Floats
    predictions: Floats
    method: str

    @property
    def empty(self) -> float:
        """Share of the models that hold nobody: the intercept alone."""
        return sum(model.share for model in self.models if not model.candidates)

    def instability(self) -> Floats:
        """How far each patient's risk moves between resamples: mean |difference|, shape (n,).

        From the risk by the model of all patients.

        source  Riley & Collins, Biom J 2023;65:2200302 (MAPE)
        """
        moved: Floats = np.nanmean(np.abs(self.predictions - self.apparent.risk), axis=0)
        return moved


def whole_path(
    plan: Plan,
    data: PathData,
    resamples: Resamples,
    *,
    level: float = 0.95,
    executor: Executor | None = None,
    completed: Sequence[PathData] | None = None,
    sets: Sequence[PathData] = (),
) -> PathValidation:
    """Walk the plan in all patients and in every resample; test each model in all patients.

    data       from `plan.path_data`
    resamples  of its patients
    level      of the intervals, as in `optimism`
    executor   spreads the resamples; the numbers do not depend on it
    completed  for each resample the data with its missing values filled in anew by that resample;
               slower, since each is prepared by itself. None: data, the same for all
    sets       completed sets of all patients, data among them: what is found in all patients is
               then the mean over them; a candidate is in the model that is in most
    returns    resamples with one outcome only, or with a constant or dependent column in the model,
               are dropped; separated ones meet the plan's rule; all are counted. A model without
               candidates is kept: its AUC is one half, and it has no slope
    raises     ValueError if resamples do not fit, or a cut-off is to be searched in several sets;
               AnalysisError if the path has no end in all
               patients, or in no resample
    source     Harrell, Lee & Mark, Stat Med 1996;15:361-387
    """
    if resamples.n != len(data.outcome) or (completed and len(completed) != len(resamples)):
        raise ValueError("resamples, data and completed data must be of the same patients")
    prepared = prepare(plan, data)
    first = _in_everyone(plan, [prepare(plan, each) for each in sets] or [prepared])
    start = first.coef[0]
    if completed is None:
        parts = in_chunks(partial(walk, prepared, start), resamples.weights, executor)
    else:
        tasks = list(zip(completed, resamples.weights, strict=True))
        parts = spread(partial(_one, plan, start), tasks, executor)
    return _validation(prepared, first, joined_walks(parts), resamples, level)


def _in_everyone(plan: Plan, sets: Sequence[Prepared]) -> Walked:
    """The path in all patients of each set; raises AnalysisError where it has no end."""
    if len(sets) > 1 and plan.searched:
        raise ValueError("a cut-off is searched in one set of patients, not in several")
    once = np.ones((1, len(sets[0].y)), dtype=np.int64)
    first = joined_walks([walk(each, None, once) for each in sets])
    if not first.replicates.usable.all():
        state = first.replicates.state[~first.replicates.usable][0]
        why = NO_MODEL[State(int(state))]
        raise AnalysisError(f"the path leads to no model in all patients: {why}")
    return first


def _one(plan: Plan, start: Floats, task: tuple[PathData, Weights]) -> Walked:
    completed, weights = task
    return walk(prepare(plan, completed), start, weights[np.newaxis])


def _validation(
    prepared: Prepared, first: Walked, done: Walked, resamples: Resamples, level: float
) -> PathValidation:
    plan, usable = prepared.plan, done.replicates.usable
    if not usable.any():
        raise AnalysisError("no resample has a model; the data carry too little for this path")
    method = f"{plan.words} All of it again in {len(resamples)} resamples by {resamples.method}."
    names = [each.name for each in plan.entering]
    return PathValidation(
        apparent=_arrived(plan, first),
        cutoffs={
            each.name: cutoff_validation(
                each.name,
                prepared.numbers[each.name],
                each.cut,
                done.cuts[each.name],
                resamples.method,
                level,
            )
            for each in plan.searched
            if isinstance(each.cut, Search)
        },
        inclusion=dict(zip(names, done.inside[usable].mean(axis=0).tolist(), strict=True)),
        models=_models(names, done.inside[usable]),
        optimism=Optimism(
            measures=corrected(_mean(first.replicates.trained), done.replicates, level),
            tally=done.replicates.tally,
            replicates=done.replicates,
            n=len(prepared.y),
            n_events=int(prepared.y.sum()),
            method=method,
        ),
        coef=locked(np.where(usable[:, np.newaxis], done.coef, np.nan)),
        predictions=locked(done.risk),
        method=method,
    )


def _mean(measures: Measures) -> Measures:
    """Over the sets; of one set, its own."""
    means = {name: np.mean(getattr(measures, name), keepdims=True) for name in MEASURES}
    return Measures(**means)


def _arrived(plan: Plan, first: Walked) -> Arrived:
    names = [each.name for each in plan.entering]
    inside = zip(names, first.inside.mean(axis=0) > HALF, strict=True)
    return Arrived(
        cutoffs={name: float(cuts.value[0]) for name, cuts in first.cuts.items()},
        p_values=dict(zip(names, first.p_values.mean(axis=0).tolist(), strict=True)),
        inside=tuple(name for name, there in inside if there),
        names=names_of(plan),
        coef=locked(first.coef.mean(axis=0)),
        risk=locked(first.risk.mean(axis=0)),
    )


def _models(names: Sequence[str], inside: np.ndarray) -> tuple[ModelFrequency, ...]:
    """Each different set with its share; equally frequent ones, the smaller set first."""
    sets, counts = np.unique(inside, axis=0, return_counts=True)
    found = [
        ModelFrequency(
            tuple(name for name, there in zip(names, chosen, strict=True) if there),
            int(count) / len(inside),
        )
        for chosen, count in zip(sets, counts, strict=True)
    ]
    return tuple(sorted(found, key=lambda model: (-model.share, len(model.candidates))))
