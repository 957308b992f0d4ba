"""How well would it do for new patients: the whole path walked again in every resample.

Everything the study did to reach its model is repeated: cut-offs are searched anew, candidates
screened anew, terms eliminated anew, separated fits handled by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from avidity.errors import AnalysisError
from avidity.stats.batched.cutoff_validation import CutoffValidation, Search
from avidity.stats.batched.models import Rule
from avidity.stats.batched.optimism import Corrected
from avidity.stats.batched.path import PathValidation, whole_path
from avidity.stats.batched.plan import Backward, Candidate, Plan, Test, path_data
from avidity.stats.interval import Interval
from avidity.stats.resampling import Resamples
from avidity.steps.benefit import Benefit, benefit
from avidity.steps.calibrate import Calibrated, calibrate
from avidity.steps.design import Floats, design
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.resamples import resamples_of
from avidity.steps.variables import Characteristic
from avidity.study import Policy

Track = Literal[
    "as usually done", "as it should be done", "as it should be done, missing values imputed"
]
IMPUTED: Track = "as it should be done, missing values imputed"
TESTS: dict[Policy, tuple[Test, Test]] = {
    "paper": ("pooled t", "Fisher"),
    "spss": ("Mann–Whitney", "Pearson"),
    "modern": ("Welch t", "Fisher"),
}
MOST = 10  # of the sets of candidates and of the cut-offs that are listed
BANDS = 20  # of predicted risk, in the picture of instability


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of performance: as it looks, and as it is to be expected in new patients."""

    name: str
    apparent: float
    optimism: float
    corrected: float
    interval: Interval | None
    resamples: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A searched cut-off in the resamples.

    interval      percentiles of the cut-offs found: how far the number itself is uncertain
    frequent      the cut-offs found most often, each with its share of the resamples
    impossible    resamples with one outcome only; nowhere: those where nobody was best called
                  positive
    """

    variable: str
    value: float
    interval: Interval | None
    frequent: tuple[tuple[float, float], ...]
    sensitivity: Measure
    specificity: Measure
    youden: Measure
    impossible: int
    nowhere: int


@dataclass(frozen=True, slots=True)
class Band:
    """Patients of about the same predicted risk: where the resamples' models put them.

    risk        mean predicted risk by the model of all patients
    low … high  mean of their 2.5th, 25th, 50th, 75th and 97.5th percentiles over the resamples'
                models
    """

    risk: float
    low: float
    lower_quartile: float
    middle: float
    upper_quartile: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Validation:
    """One track, validated.

    inclusion   share of the resamples' models that hold each candidate
    models      the sets of candidates that came out most often
    moved       mean distance of a patient's risk between the resamples' models and the model
    came_in     patients of the analysis; those lacking a value are in ``left``
    drawn       how the resamples were drawn, or which file they were read from
    not_walked  parts of the path the validation could not repeat, in words
    slopes      the mean calibration slope of the resamples' models in all patients
    """

    track: Track
    words: str
    drawn: str
    tally: str
    n: int
    events: int
    came_in: int
    left: int
    resamples: int
    used: int
    measures: Mapping[str, Measure]
    cutoffs: tuple[Spread, ...]
    inclusion: Mapping[str, float]
    models: tuple[tuple[tuple[str, ...], float], ...]
    moved: float
    bands: tuple[Band, ...]
    calibration: Calibrated
    benefit: Benefit
    slope: float
    not_walked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotValidated:
    """A track without a validation, and why."""

    track: Track
    why: str


def validate_usual(
    labelled: Labelled, names: Sequence[str], executor: Executor | None = None
) -> Validation | NotValidated:
    """The usual way: cut-offs searched, candidates screened, model fitted, in every resample.

    names   the terms of the model, or the candidates of the screen
    """
    track: Track = "as usually done"
    known, study = labelled.characteristics, labelled.study
    asked = [known[name] for name in names if not known[name].among]
    left_out = [known[name].label for name in names if known[name].among]
    lower = study.cutoffs.lower_means_case
    screen = study.model.screen
    candidates, rows = [], _complete(asked, labelled)
    columns: dict[str, Floats] = {}
    for variable in asked:
        candidate, made = _usual_candidate(variable, rows, study.table1.policy, lower)
        candidates.append(candidate)
        columns |= made
    plan = Plan(
        tuple(candidates),
        p_below=screen.p_below if screen else None,
        rule=rule_of(labelled),
    )
    not_walked = tuple(
        f"{label} is not asked of everybody and was left out of the repeated path"
        for label in left_out
    )
    return _walked(track, plan, columns, rows, labelled, not_walked, executor)


def validate_sound(
    labelled: Labelled, names: Sequence[str], executor: Executor | None = None
) -> Validation | NotValidated:
    """The declared terms, numbers as numbers, with the same elimination in every resample."""
    track: Track = "as it should be done"
    known, wishes = labelled.characteristics, labelled.study.sound
    rows = _complete([known[name] for name in names], labelled)
    candidates: list[Candidate] = []
    columns: dict[str, Floats] = {}
    arrays = design(tuple(names), labelled, {n: k for n, k in wishes.knots.items() if n in names})
    for name in names:
        places = [at for at, term in enumerate(arrays.terms, 1) if term.variable == name]
        titles = tuple(arrays.terms[at - 1].name for at in places)
        candidates.append(Candidate(name, titles))
        columns |= {title: arrays.X[:, at] for title, at in zip(titles, places, strict=True)}
    plan = Plan(tuple(candidates), backward=backward_of(labelled), rule=rule_of(labelled))
    return _walked(track, plan, columns, rows, labelled, (), executor)


def backward_of(labelled: Labelled) -> Backward | None:
    """The elimination the study asks for; None where the declared terms all stay."""
    wishes = labelled.study.sound
    if wishes.selection == "declared":
        return None
    return Backward(None if wishes.selection == "backward aic" else wishes.p_stay)


def rule_of(labelled: Labelled) -> Rule:
    """What becomes of a resample that separates."""
    return Rule(separated="Firth" if labelled.study.sound.separated == "firth" else "drop")


def _complete(asked: Sequence[Characteristic], labelled: Labelled) -> pl.DataFrame:
    """Patients with every value the path needs, that of a cut number included."""
    needed = [variable.name for variable in asked]
    needed += [variable.cut[0] for variable in asked if variable.cut]
    return labelled.patients.drop_nulls(needed)


def _usual_candidate(
    variable: Characteristic, rows: pl.DataFrame, policy: Policy, lower: Sequence[str]
) -> tuple[Candidate, dict[str, Floats]]:
    of_number, of_yes_no = TESTS[policy]
    name = variable.name
    if variable.cut:
        source, _, limit = variable.cut
        column = {source: rows[source].to_numpy().astype(float)}
        cut = limit if variable.fixed_beforehand else Search(lower_means_case=source in lower)
        return Candidate(name, (source,), cut=cut, test=of_yes_no), column
    if variable.kind == "number":
        return Candidate(name, test=of_number), {name: rows[name].to_numpy().astype(float)}
    if variable.kind == "yes/no":
        return Candidate(name, test=of_yes_no), {name: rows[name].to_numpy().astype(float)}
    levels = [level for level in variable.levels if level != variable.reference]
    columns = {
        f"{name}={level}": (rows[name] == level).to_numpy().astype(float) for level in levels
    }
    used = {title: column for title, column in columns.items() if np.ptp(column) > 0}
    if len(used) == 1:
        (title,) = used
        return Candidate(name, (title,), test=of_yes_no), used
    return Candidate(name, tuple(used), test="likelihood ratio"), used


def _walked(
    track: Track,
    plan: Plan,
    columns: Mapping[str, Floats],
    rows: pl.DataFrame,
    labelled: Labelled,
    not_walked: tuple[str, ...],
    executor: Executor | None,
) -> Validation | NotValidated:
    study = labelled.study
    y = rows[OUTCOME].to_numpy().astype(float)
    resamples = resamples_of(labelled, rows)
    level = study.about.confidence
    try:
        data = path_data(columns, y, plan)
        found = whole_path(plan, data, resamples, level=level, executor=executor)
    except (AnalysisError, ValueError) as error:
        return NotValidated(track, str(error))
    return told(track, found, data.outcome, resamples, labelled, not_walked)


def told(
    track: Track,
    found: PathValidation,
    y: Floats,
    resamples: Resamples,
    labelled: Labelled,
    not_walked: tuple[str, ...],
    more: str = "",
) -> Validation:
    """Aggregates only: what the report may know.

    more  words on what was done besides the path itself
    """
    level = labelled.study.about.confidence
    measures = {name: _measure(one) for name, one in found.optimism.measures.items()}
    tally = found.optimism.tally
    return Validation(
        track=track,
        words=found.method + more,
        drawn=resamples.method,
        tally=tally.words,
        n=len(y),
        events=int(y.sum()),
        came_in=labelled.patients.height,
        left=labelled.patients.height - len(y),
        resamples=tally.resamples,
        used=tally.used,
        measures=measures,
        cutoffs=tuple(_spread(one) for one in found.cutoffs.values()),
        inclusion=dict(found.inclusion),
        models=tuple((one.candidates, one.share) for one in found.models[:MOST]),
        moved=float(found.instability().mean()),
        bands=_bands(found),
        calibration=calibrate(found, y, level),
        benefit=benefit(found, y, resamples, labelled.study.sound.thresholds, level),
        slope=found.optimism.measures["slope"].corrected,
        not_walked=not_walked,
    )


def _measure(one: Corrected) -> Measure:
    return Measure(
        one.measure, one.apparent, one.optimism, one.corrected, one.interval, one.resamples
    )


def _spread(found: CutoffValidation) -> Spread:
    return Spread(
        found.name,
        found.value,
        found.interval,
        found.frequencies()[:MOST],
        _measure(found.sensitivity),
        _measure(found.specificity),
        _measure(found.youden),
        found.impossible,
        found.nowhere,
    )


def _bands(found: PathValidation) -> tuple[Band, ...]:
    """Patients in bands of equal number along their predicted risk; no patient by himself."""
    risk = found.apparent.risk
    usable = found.predictions[~np.isnan(found.predictions).any(axis=1)]
    ends = np.percentile(usable, [2.5, 25, 50, 75, 97.5], axis=0)
    values = np.unique(risk)
    if len(values) <= BANDS:  # a model of cut-offs knows few risks: each is a band
        groups = [np.flatnonzero(risk == value) for value in values]
    else:
        parts = min(BANDS, max(2, len(risk) // 4))
        groups = np.array_split(np.argsort(risk, kind="stable"), parts)
    return tuple(_band(risk[members], ends[:, members]) for members in groups)


def _band(risk: Floats, ends: Floats) -> Band:
    low, lower, middle, upper, high = ends.mean(axis=1).tolist()
    return Band(float(risk.mean()), low, lower, middle, upper, high, len(risk))
