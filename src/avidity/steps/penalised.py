"""Lasso and ridge among every candidate, numbers as numbers: what a penalty would keep.

Beside the declared model, for readers who would rather let the data choose. The strength is
chosen by cross-validation, and chosen anew in every resample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.batched.auc import weighted_auc
from avidity.stats.penalised.choice import (
    Resampled,
    cross_validated,
    least_deviance,
    resampled,
    stratified_folds,
)
from avidity.stats.penalised.path import Shrinking
from avidity.stats.penalised.penalty import LASSO, RIDGE, Penalty
from avidity.stats.resampling import Weights, bootstrap
from avidity.stats.roc import roc
from avidity.steps.design import Design, design
from avidity.steps.label import Labelled
from avidity.steps.model import candidates

PENALTIES: Mapping[str, Penalty] = {"lasso": LASSO, "ridge": RIDGE}
FOLDS = 10
MOST_RESAMPLES = 100  # each holds ten paths of a hundred strengths
MOST_WORK = 50_000  # patients times resamples
FEWEST_RESAMPLES = 10


@dataclass(frozen=True, slots=True)
class PenalisedTerm:
    """One column: its log-odds on the original scale, and how often the resamples kept it."""

    name: str
    label: str
    coefficient: float
    kept: float | None


@dataclass(frozen=True, slots=True)
class Penalised:
    """One penalised model.

    corrected  AUC less the mean optimism of the resamples; None without resampling
    models     the sets of columns that came out most often, with their share
    left_out   labels of candidates that are not asked of everybody
    method     penalty and how its strength was chosen, in words
    """

    penalty: str
    intercept: float
    terms: tuple[PenalisedTerm, ...]
    strength: float
    auc: float
    corrected: float | None
    resamples: int
    failed: int
    models: tuple[tuple[tuple[str, ...], float], ...]
    left_out: tuple[str, ...]
    method: str
    n: int
    events: int
    came_in: int


@dataclass(frozen=True, slots=True)
class NotPenalised:
    """A penalty that gave no model, and why."""

    penalty: str
    why: str


def penalised(labelled: Labelled, *, quick: bool) -> tuple[Penalised | NotPenalised, ...]:
    """The penalties that study.toml asks for, among all candidates of both tracks."""
    asked = labelled.study.sound.penalised
    names = pool(labelled) if asked else ()
    found: list[Penalised | NotPenalised] = []
    for penalty in asked:
        if not names:
            found.append(NotPenalised(penalty, "no candidate was named"))
            continue
        try:
            found.append(_penalised(penalty, names, labelled, quick=quick))
        except (AnalysisError, ValueError) as error:
            found.append(NotPenalised(penalty, str(error)))
    return tuple(found)


def pool(labelled: Labelled) -> tuple[str, ...]:
    """Every candidate once that is asked of everybody; a cut-off stands back for its number."""
    known = labelled.characteristics
    everybody = (*labelled.study.sound.terms, *candidates(labelled))
    wished = [name for name in everybody if not known[name].among]
    numbers = [known[name].cut for name in wished]
    return tuple(
        dict.fromkeys(cut[0] if cut else name for cut, name in zip(numbers, wished, strict=True))
    )


def _left_out(labelled: Labelled) -> tuple[str, ...]:
    known = labelled.characteristics
    return tuple(known[name].label for name in candidates(labelled) if known[name].among)


def _penalised(
    penalty: str, names: tuple[str, ...], labelled: Labelled, *, quick: bool
) -> Penalised:
    arrays = design(names, labelled)
    titles = ("intercept", *(term.name for term in arrays.terms))
    how, seed = Shrinking(PENALTIES[penalty]), labelled.study.about.seed
    events = int(arrays.y.sum())
    count = min(FOLDS, events, len(arrays.y) - events)
    folds = stratified_folds(arrays.y, count, np.random.default_rng(seed))
    chosen = cross_validated(arrays.X, arrays.y, titles, how, folds).model(least_deviance)
    auc = roc(arrays.X @ chosen.coef, arrays.y).auc if np.any(chosen.coef[1:]) else 0.5
    again, corrected = None, None
    if not quick and labelled.study.sound.resamples:
        times = min(MOST_RESAMPLES, max(FEWEST_RESAMPLES, MOST_WORK // len(arrays.y)))
        weights = bootstrap(len(arrays.y), min(times, labelled.study.sound.resamples), seed).weights
        again = resampled(arrays.X, arrays.y, titles, how, least_deviance, weights, folds)
        corrected = auc - _optimism(arrays, again, weights)
    kept = again.inclusion if again else {}
    return Penalised(
        penalty=penalty,
        intercept=float(chosen.coef[0]),
        terms=tuple(
            PenalisedTerm(term.name, term.label, float(value), kept.get(term.name))
            for term, value in zip(arrays.terms, chosen.coef[1:], strict=True)
        ),
        strength=chosen.strength,
        auc=auc,
        corrected=corrected,
        resamples=len(again.failed) if again else 0,
        failed=int(again.failed.sum()) if again else 0,
        models=_models(again),
        left_out=_left_out(labelled),
        method=chosen.method,
        n=len(arrays.y),
        events=events,
        came_in=labelled.patients.height,
    )


def _optimism(arrays: Design, again: Resampled, weights: Weights) -> float:
    """Mean of the area in the resample less the area in all patients; failed ones left out."""
    used, y = ~again.failed, arrays.y.astype(np.int64)
    if not used.any():
        raise AnalysisError("no resample gave a penalised model")
    lines, drawn = again.coef[used] @ arrays.X.T, weights[used]
    inside = weighted_auc(lines, drawn * y, drawn * (1 - y))
    return float(np.mean(inside - weighted_auc(lines, y, 1 - y)))


def _models(again: Resampled | None) -> tuple[tuple[tuple[str, ...], float], ...]:
    if again is None or again.failed.all():
        return ()
    sets = Counter(
        tuple(name for name, value in zip(again.names[1:], own, strict=True) if value != 0)
        for own in again.coef[~again.failed, 1:].tolist()
    )
    used = int((~again.failed).sum())
    return tuple((names, count / used) for names, count in sets.most_common(3))
