"""The declared model validated with its missing values imputed anew in every resample.

Beside the complete-case validation: all patients count, and the imputation is one more step of the
path that is repeated. Bootstrap first, then one imputation in each resample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.batched.path import whole_path
from avidity.stats.batched.plan import Candidate, PathData, Plan, path_data
from avidity.stats.imputation.impute import impute, impute_resamples
from avidity.stats.imputation.variables import plan as imputation_plan
from avidity.stats.splines import Spline, default_knots
from avidity.steps.design import Floats, default_step
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.missing import variable_of
from avidity.steps.resamples import resamples_of
from avidity.steps.validate import IMPUTED, NotValidated, Validation, backward_of, rule_of, told

ITERATIONS = 5  # in a resample: nobody looks at a trace there

Columns = Callable[[Floats], dict[str, Floats]]


def validate_imputed(
    labelled: Labelled, names: Sequence[str], executor: Executor | None = None
) -> Validation | NotValidated | None:
    """Impute, eliminate and fit again in every resample; None where nothing is to be imputed.

    names  the declared terms, in their order, which is the order of the chained equations' plan
    """
    wishes, rows = labelled.study.sound, labelled.patients
    gaps = any(rows[name].null_count() for name in names)
    if not gaps or not wishes.imputations:
        return None
    if any(labelled.characteristics[name].among for name in names):
        return NotValidated(IMPUTED, "a variable is not asked of everybody")
    try:
        return _walked(labelled, names, executor)
    except (AnalysisError, ValueError) as error:
        return NotValidated(IMPUTED, str(error))


def _walked(labelled: Labelled, names: Sequence[str], executor: Executor | None) -> Validation:
    study, rows = labelled.study, labelled.patients
    y = rows[OUTCOME].to_numpy().astype(float)
    chance = np.random.default_rng(study.about.seed)
    resamples = resamples_of(labelled, rows)
    asked = imputation_plan([variable_of(name, labelled) for name in names], y)
    sets = impute(asked, max(2, study.sound.imputations), rng=chance)
    again = impute_resamples(asked, resamples.weights, rng=chance, iterations=ITERATIONS)

    makers = {name: _maker(name, labelled) for name in names}
    measured = {name: asked.variable(name).values for name in names}
    candidates = tuple(
        Candidate(name, tuple(made(measured[name]))) for name, made in makers.items()
    )
    path = Plan(candidates, backward=backward_of(labelled), rule=rule_of(labelled))

    def data(values: Mapping[str, Floats]) -> PathData:
        columns: dict[str, Floats] = {}
        for name, made in makers.items():
            columns |= made(values.get(name, measured[name]))
        return path_data(columns, y, path)

    completed = [
        data({name: drawn[at, 0] for name, drawn in again.values.items()})
        for at in range(len(resamples))
    ]
    all_sets = [
        data({name: values[at] for name, values in sets.values.items()}) for at in range(sets.m)
    ]
    found = whole_path(
        path,
        all_sets[0],
        resamples,
        level=study.about.confidence,
        executor=executor,
        completed=completed,
        sets=all_sets,
    )
    gone = ", ".join(labelled.characteristics[name].label for name in sets.order)
    words = (
        f" Before that, in every resample, missing values of {gone} imputed once"
        f" by chained equations ({ITERATIONS} iterations), the outcome among the predictors."
        f" Apparent: mean of {sets.m} completed sets."
    )
    return told(IMPUTED, found, y, resamples, labelled, (), words)


def _maker(name: str, labelled: Labelled) -> Columns:
    """What turns a variable's completed values, shape (n,), into columns of the model.

    Knots and steps are those of the measured values, in every resample.
    """
    variable, wishes = labelled.characteristics[name], labelled.study
    if variable.kind == "category":
        seen = set(labelled.patients[name].drop_nulls().to_list())
        levels = [level for level in variable.levels if level in seen]
        reference = variable.reference if variable.reference in levels else levels[0]
        places = {
            f"{name}={level}": variable.levels.index(level)
            for level in levels
            if level != reference
        }
        return lambda values: {
            title: (values == place).astype(float) for title, place in places.items()
        }
    if variable.kind == "yes/no":
        return lambda values: {name: values}
    numbers = labelled.patients[name].drop_nulls().to_numpy().astype(float)
    if name in wishes.sound.knots:
        spline = Spline(default_knots(numbers, wishes.sound.knots[name]))
        titles = spline.names(name)
        return lambda values: dict(zip(titles, spline.basis(values).T, strict=True))
    step = wishes.model.per.get(name) or default_step(numbers)
    return lambda values: {name: values / step}
