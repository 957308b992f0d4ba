"""A plan walked in a chunk of resamples: cut, screen, fit, eliminate, predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from avidity.stats.batched.cutoff_validation import Cuts, Search, cut_anew, joined_cuts
from avidity.stats.batched.cutpoint import Number, number
from avidity.stats.batched.elimination import eliminate
from avidity.stats.batched.layout import Layout, by_patients, by_patterns
from avidity.stats.batched.models import Models, fit_models
from avidity.stats.batched.newton import Bools
from avidity.stats.batched.performance import Patients, Predictions
from avidity.stats.batched.plan import OF_A_NUMBER, Candidate, PathData, Plan
from avidity.stats.batched.replicate import Grouped, Replicates, grouped, held, joined_replicates
from avidity.stats.batched.screening import likelihood_ratio, p_value
from avidity.stats.batched.solve import factor
from avidity.stats.newton import Floats
from avidity.stats.resampling import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A plan with its data, ready to be walked.

    data     rows of the model's columns; a column that is cut anew stands empty in them. Equal
             rows are one, unless a column is cut anew
    columns  of each entering candidate, places in the model (the intercept is 0)
    numbers  those that are searched or ranked, by candidate
    values   of each candidate of one column, the column itself, shape (n,)
    yes_no   every column of the model is 0 or 1
    """

    plan: Plan
    data: Grouped
    columns: tuple[tuple[int, ...], ...]
    numbers: Mapping[str, Number]
    values: Mapping[str, Floats]
    y: Floats
    yes_no: bool


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """What a plan led to in b resamples.

    cuts      of each searched candidate
    p_values  shape (b, k), of the screen; nan for a candidate that is not screened
    inside    shape (b, k), the candidates in the model
    coef      shape (b, p), in the units of the data; 0 outside the model
    risk      shape (b, n), predicted for every patient; nan without a model
    """

    cuts: Mapping[str, Cuts]
    p_values: Floats
    inside: Bools
    coef: Floats
    replicates: Replicates
    risk: Floats


def names_of(plan: Plan) -> tuple[str, ...]:
    """The columns of the model, the intercept first."""
    made = ["intercept"]
    for each in plan.entering:
        made += [each.name] if len(each.sources) == 1 else list(each.sources)
    return tuple(made)


def prepare(plan: Plan, data: PathData) -> Prepared:
    """Lay out the model's columns, and sort the numbers that are searched or ranked."""
    made, places = [np.ones(len(data.outcome))], []
    for each in plan.entering:
        start = len(made)
        made += [_entering(each, data.columns[source]) for source in each.sources]
        places.append(tuple(range(start, len(made))))
    X = np.column_stack(made)
    anew = any(isinstance(each.cut, Search) for each in plan.entering)
    singles = [each for each in plan.candidates if len(each.sources) == 1]
    return Prepared(
        plan=plan,
        data=Grouped(X, np.arange(len(X)), data.outcome) if anew else grouped(X, data.outcome),
        columns=tuple(places),
        numbers={
            each.name: number(
                data.columns[each.sources[0]],
                data.outcome,
                lower_means_case=isinstance(each.cut, Search) and each.cut.lower_means_case,
            )
            for each in singles
            if isinstance(each.cut, Search) or each.test in OF_A_NUMBER
        },
        values={each.name: data.columns[each.sources[0]] for each in singles},
        y=data.outcome,
        yes_no=bool(np.isin(X, (0, 1)).all()) and anew,
    )


def _entering(candidate: Candidate, values: Floats) -> Floats:
    if candidate.cut is None:
        return values
    if isinstance(candidate.cut, Search):
        return np.zeros_like(values)  # filled anew in every resample
    return _beyond(values, candidate.cut, lower_means_case=candidate.lower_means_case)


def _beyond(values: Floats, cut: float | Floats, *, lower_means_case: bool) -> Floats:
    """1 at or beyond the cut-off, else 0; nowhere if the cut-off is nan."""
    there = values <= cut if lower_means_case else values >= cut
    return there.astype(np.float64)


def walk(prepared: Prepared, start: Floats | None, weights: Weights) -> Walked:
    """The whole path in a chunk of resamples, weights of shape (b, n); tested in all patients.

    start  shape (p,), coefficients in the units of the data to climb from; None: nothing known
    """
    plan = prepared.plan
    own = prepared.data.patients(weights)
    cuts = {
        each.name: cut_anew(prepared.numbers[each.name], each.cut, weights)
        for each in plan.searched
        if isinstance(each.cut, Search)
    }
    varying = _cut_columns(prepared, cuts)
    p_values = _screened(prepared, varying, own, weights)
    inside = np.isnan(p_values) | (p_values < (plan.p_below or np.inf))
    layout = _layout(prepared, varying, inside, own, weights)
    near = None if start is None or layout.rank is not None else layout.fits.scaled(start)
    models = fit_models(layout.fits, plan.rule, near)
    if plan.backward is not None:
        smaller = _eliminated(prepared, layout, models, inside)
        layout, models = _refitted(prepared, varying, (inside, smaller), (layout, models), own)
        inside = smaller
    predictions = Predictions(layout.lines(models.coef))
    done = held(models, predictions, layout.own, layout.everyone)
    risk = layout.of_patients(np.where(models.usable, predictions.risk, np.nan))
    coef = layout.coef(models.coef, _active(prepared, inside))
    return Walked(cuts, p_values.T, inside.T, coef.T, done, risk.T)


def _cut_columns(prepared: Prepared, cuts: Mapping[str, Cuts]) -> dict[int, Floats]:
    """The 0/1 columns that differ between resamples, shape (n, b), by their place."""
    made = {}
    for candidate, (first, *_) in zip(prepared.plan.entering, prepared.columns, strict=True):
        if isinstance(candidate.cut, Search):
            values = prepared.values[candidate.name][:, np.newaxis]
            lower = candidate.cut.lower_means_case
            made[first] = _beyond(values, cuts[candidate.name].value, lower_means_case=lower)
    return made


def _screened(
    prepared: Prepared, varying: Mapping[int, Floats], own: Patients, weights: Weights
) -> Floats:
    """The screening p values, shape (k, b); nan where a candidate is not screened."""
    entering, data = prepared.plan.entering, prepared.data
    found = np.full((len(entering), len(weights)), np.nan)
    if prepared.plan.p_below is None:
        return found
    for row, (candidate, columns) in enumerate(zip(entering, prepared.columns, strict=True)):
        if candidate.test == "likelihood ratio":
            found[row] = likelihood_ratio(data.X, columns, varying, own)
        elif candidate.test is not None:
            entered = varying.get(columns[0], data.X[data.place, columns[0]])
            values, ranked = prepared.values[candidate.name], prepared.numbers.get(candidate.name)
            found[row] = p_value(candidate, values, ranked, entered, prepared.y, weights)
    return found


def _active(prepared: Prepared, inside: Bools) -> Bools:
    """The columns in each model, shape (p, b), from its candidates, shape (k, b)."""
    active = np.ones((prepared.data.X.shape[1], inside.shape[1]), dtype=bool)
    for row, columns in enumerate(prepared.columns):
        active[list(columns)] = inside[row]
    return active


def _layout(
    prepared: Prepared,
    varying: Mapping[int, Floats],
    inside: Bools,
    own: Patients,
    weights: Weights,
) -> Layout:
    active = _active(prepared, inside)
    if prepared.yes_no and prepared.plan.backward is None:
        across = np.ascontiguousarray(weights.T, dtype=np.float64)
        fewer = by_patterns(prepared.data, varying, active, across)
        if fewer is not None:
            return fewer
    all_once = prepared.data.patients(np.ones((1, len(prepared.y))))
    return by_patients(prepared.data, varying, active, own, all_once)


def _eliminated(prepared: Prepared, layout: Layout, models: Models, inside: Bools) -> Bools:
    """Who stays after backward elimination, shape (k, b); without a model everybody does."""
    plan, fits = prepared.plan, layout.fits
    coef = fits.scaled(models.coef)
    with np.errstate(over="ignore"):
        risk = 1 / (1 + np.exp(-fits.line(coef)))
    covariance = factor(fits.information(fits.trials * risk * (1 - risk))).inverse()
    kept = np.array([each.kept for each in plan.entering])[:, np.newaxis]
    alpha = plan.backward.alpha if plan.backward else None
    pooled = plan.backward.pooled if plan.backward else True
    may_go = inside & ~kept & models.usable
    stays = eliminate(coef, covariance, prepared.columns, may_go, alpha, pooled=pooled)
    return np.where(models.usable, stays | (inside & kept), inside)


def _refitted(
    prepared: Prepared,
    varying: Mapping[int, Floats],
    before_and_after: tuple[Bools, Bools],
    fitted: tuple[Layout, Models],
    own: Patients,
) -> tuple[Layout, Models]:
    """The models again, of those candidates that stayed."""
    before, after = before_and_after
    layout, models = fitted
    changed = np.flatnonzero((before != after).any(axis=0))
    smaller = by_patients(prepared.data, varying, _active(prepared, after), own, layout.everyone)
    if len(changed):
        again = fit_models(smaller.fits.pick(changed), prepared.plan.rule)
        models.coef[:, changed] = again.coef
        models.state[changed], models.usable[changed] = again.state, again.usable
        models.by_firth[changed] = again.by_firth
    return smaller, models


def joined_walks(parts: Sequence[Walked]) -> Walked:
    """The chunks, one after the other."""
    return Walked(
        {name: joined_cuts([part.cuts[name] for part in parts]) for name in parts[0].cuts},
        np.concatenate([part.p_values for part in parts]),
        np.concatenate([part.inside for part in parts]),
        np.concatenate([part.coef for part in parts]),
        joined_replicates([part.replicates for part in parts]),
        np.concatenate([part.risk for part in parts]),
    )
