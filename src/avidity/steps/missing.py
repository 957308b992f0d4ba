"""What is missing, and the declared model with it imputed: chained equations, pooled by Rubin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.imputation.convergence import Trace
from avidity.stats.imputation.impute import Imputations, impute
from avidity.stats.imputation.variables import Variable, category, number, plan, yes_no
from avidity.stats.interval import Interval
from avidity.stats.missingness import Missingness, missingness
from avidity.stats.newton import Floats
from avidity.stats.pooled_logistic import PooledLogistic, pool_logistic
from avidity.stats.regression import odds_ratios
from avidity.steps.design import INTERCEPT, design
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.sound import SoundModel


@dataclass(frozen=True, slots=True)
class PooledEffect:
    """One odds ratio over the imputed sets, beside the one of the complete cases.

    fmi   fraction of missing information
    """

    term: str
    label: str
    odds_ratio: float
    interval: Interval
    test: TestResult
    df: float
    fmi: float
    complete_case: float | None
    complete_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Imputed:
    """The declared model over all patients, missing values imputed; aggregates only.

    methods   by variable, how its gaps were filled
    traces    how the chains ran; ``unsettled`` names those that did not mix
    n         patients of the pooled model; complete: those of the complete-case model
    """

    sentence: str
    pooled: str
    methods: Mapping[str, str]
    warnings: tuple[str, ...]
    traces: tuple[Trace, ...]
    unsettled: tuple[str, ...]
    effects: tuple[PooledEffect, ...]
    sets: int
    n: int
    complete: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing among the variables of the declared model, and what was done.

    imputed   None when nothing is missing or nothing was to be imputed; ``why_none`` says why
    """

    missingness: Missingness
    imputed: Imputed | None
    why_none: str


def fill(names: Sequence[str], labelled: Labelled, model: SoundModel | None) -> Missing:
    """Count what is missing in the declared variables; impute and pool where something is."""
    rows = labelled.patients
    gone = np.column_stack([rows[name].is_null().to_numpy() for name in names])
    counted = missingness(gone, list(names), rows[OUTCOME].to_numpy().astype(int))
    wishes = labelled.study.sound
    if not gone.any():
        return Missing(counted, None, "nothing is missing")
    if not wishes.imputations:
        return Missing(counted, None, "study.toml asks for complete cases only")
    if any(labelled.characteristics[name].among for name in names):
        return Missing(counted, None, "a variable is not asked of everybody")
    try:
        imputed = _imputed(names, labelled, model)
    except (AnalysisError, ValueError) as error:
        return Missing(counted, None, str(error))
    return Missing(counted, imputed, "")


def _imputed(names: Sequence[str], labelled: Labelled, model: SoundModel | None) -> Imputed:
    study, rows = labelled.study, labelled.patients
    asked = plan([variable_of(name, labelled) for name in names], rows[OUTCOME].to_numpy())
    found = impute(
        asked,
        max(2, study.sound.imputations),
        rng=np.random.default_rng(study.about.seed),
        iterations=study.sound.iterations,
    )
    kept = model.kept if model else tuple(names)
    sets: list[Floats] = []
    titles: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    for at in range(found.m):
        whole = replace(labelled, patients=completed(names, labelled, found, at))
        knots = model.knots if model else {}
        arrays = design(kept, whole, knots)
        sets.append(arrays.X)
        titles = (INTERCEPT, *(term.name for term in arrays.terms))
        labels = {term.name: term.label for term in arrays.terms}
    pooled = pool_logistic(
        np.stack(sets), rows[OUTCOME].to_numpy().astype(float), titles, level=study.about.confidence
    )
    return Imputed(
        sentence=found.sentence,
        pooled=pooled.sentence,
        methods=dict(found.methods),
        warnings=found.warnings,
        traces=found.traces,
        unsettled=tuple(trace.variable for trace in found.traces if not trace.settled),
        effects=_effects(pooled, labels, kept, labelled),
        sets=found.m,
        n=rows.height,
        complete=model.n if model else 0,
    )


def variable_of(name: str, labelled: Labelled) -> Variable:
    """A variable of the study as the chained equations take it."""
    variable, column = labelled.characteristics[name], labelled.patients[name]
    if variable.kind == "category":
        place = {level: at for at, level in enumerate(variable.levels)}
        given = [None if value is None else place[value] for value in column.to_list()]
        return category(name, _floats(given), variable.levels)
    values = _floats(column.cast(pl.Float64).to_list())
    return yes_no(name, values) if variable.kind == "yes/no" else number(name, values)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def completed(
    names: Sequence[str], labelled: Labelled, found: Imputations, at: int
) -> pl.DataFrame:
    """The patients of one completed set; they never leave this step."""
    columns = []
    for name in names:
        variable, values = labelled.characteristics[name], found.values[name][at]
        if variable.kind == "category":
            levels = [variable.levels[int(place)] for place in values]
            columns.append(pl.Series(name, levels, dtype=pl.String))
        elif variable.kind == "yes/no":
            columns.append(pl.Series(name, values == 1, dtype=pl.Boolean))
        else:
            columns.append(pl.Series(name, values, dtype=pl.Float64))
    return labelled.patients.with_columns(columns)


def _effects(
    pooled: PooledLogistic, labels: Mapping[str, str], kept: tuple[str, ...], labelled: Labelled
) -> tuple[PooledEffect, ...]:
    beside = _complete_case(kept, labelled, tuple(labels))
    rows = []
    for row, term in zip(pooled.rows, pooled.pooled.rows[1:], strict=True):
        odds, interval = beside.get(row.term, (None, None))
        rows.append(
            PooledEffect(
                row.term,
                labels[row.term],
                row.odds_ratio,
                row.interval,
                term.test,
                term.df,
                term.fmi,
                odds,
                interval,
            )
        )
    return tuple(rows)


def _complete_case(
    kept: tuple[str, ...], labelled: Labelled, titles: tuple[str, ...]
) -> dict[str, tuple[float, Interval]]:
    """Wald odds ratios of the complete cases, where they exist and mean the same columns."""
    try:
        arrays = design(kept, labelled)
        if tuple(term.name for term in arrays.terms) != titles:
            return {}
        names = (INTERCEPT, *titles)
        got = odds_ratios(arrays.X, arrays.y, names, "wald", labelled.study.about.confidence)
    except AnalysisError:
        return {}
    return {row.term: (row.odds_ratio, row.interval) for row in got.rows}
