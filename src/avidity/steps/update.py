"""A risk model brought to a cohort: recalibrated or refitted there, with its lineage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from avidity import __version__
from avidity.errors import AnalysisError
from avidity.riskmodel.file import digest
from avidity.riskmodel.model import RiskModel
from avidity.riskmodel.predict import needed
from avidity.stats.calibration import observed_to_expected
from avidity.stats.goodness_of_fit import brier
from avidity.stats.newton import Floats
from avidity.stats.roc import roc
from avidity.stats.sample_size import supports
from avidity.stats.updating import ClosedStep, Method, Update, Updates, refit, update
from avidity.steps.applied import Applied, Asked, InputCount, apply
from avidity.steps.heir import heir
from avidity.steps.label import Labelled
from avidity.steps.mapped import Mapped
from avidity.steps.refit_partial import outlined
from avidity.steps.source_relation import SourceRelation, source_relation

EDGE = 1e-9
METHOD_NAMES: Mapping[str, Method] = {
    "in-the-large": "in the large",
    "logistic": "logistic",
    "refit": "refit",
}


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One update and how it does in the patients it was made in, which flatters it.

    shift, factor   new log odds = shift + factor x old; None for a refit
    """

    method: Method
    parameters: int
    shift: float | None
    factor: float | None
    coefficients: Mapping[str, float]
    log_likelihood: float
    auc: float
    observed_to_expected: float
    brier: float
    estimator: str


@dataclass(frozen=True, slots=True)
class Updated:
    """What became of a model in a cohort. ``made`` is None where it is kept as it is.

    asked       "closed test", or the method that was named
    no_test     why no closed test can be made; empty where it can
    chosen      the update that was made
    carries     parameters so many patients can carry by Riley's criteria
    apparent    performance of ``rows`` is that in the patients of the update
    """

    program: str
    model: str
    model_sha256: str
    title: str
    made_data: str
    cohort_sha256: str
    relation: SourceRelation
    mapped: tuple[Mapped, ...]
    inputs: tuple[InputCount, ...]
    came_in: int
    n: int
    events: int
    rows: tuple[UpdateRow, ...]
    asked: str
    alpha: float
    steps: tuple[ClosedStep, ...]
    no_test: str
    chosen: Method
    carries: int
    cautions: tuple[str, ...]
    made: RiskModel | None


@dataclass(frozen=True, slots=True)
class Wish:
    """How a model is to be updated.

    method  a method of `stats.updating`, or "closed test"
    alpha   of the closed test
    name    of the new model; empty takes the old one's with "-updated"
    """

    method: Method | None = None
    alpha: float = 0.05
    name: str = ""


def update_model(
    model: RiskModel,
    labelled: Labelled,
    asked: Asked | None = None,
    wish: Wish | None = None,
    paper_doi: str = "",
) -> Updated:
    """Recalibrate or refit a model in the cohort's complete cases, or with stated values.

    A partial model can only be refitted: same predictors, local coefficients.

    raises  RiskModelError as `applied.apply`; AnalysisError where an update cannot be found, or
            imputation was asked for
    """
    asked, wish = asked or Asked(), wish or Wish()
    if asked.handling == "imputed":
        raise AnalysisError(
            "a model is updated in complete cases or with stated values; imputation is for"
            " validation"
        )
    partial = not model.computes
    if partial and wish.method not in (None, "refit"):
        raise AnalysisError(f"{model.name} is partial: it can be refitted, not recalibrated")
    subject = outlined(model, labelled, asked.wanted) if partial else model
    applied = apply(subject, labelled, asked)
    found = _found(applied, wish.alpha, partial=partial)
    chosen: Method = "refit" if partial else wish.method or found.chosen
    if chosen not in found.updates:
        raise AnalysisError(found.no_test.rstrip(".") + "; take another method")
    made = None
    if chosen != "as it is":
        made = heir(model, applied, labelled, found.updates[chosen], wish.name)
    relation = source_relation(model, labelled, paper_doi)
    carries = supports(found.n, found.n_events).parameters
    return Updated(
        program=f"avidity {__version__}",
        model=model.name,
        model_sha256=digest(model),
        title=labelled.study.about.title,
        made_data=labelled.study.about.made_data,
        cohort_sha256=labelled.cohort_sha256,
        relation=relation,
        mapped=applied.mapped,
        inputs=applied.counts,
        came_in=applied.came_in,
        n=found.n,
        events=found.n_events,
        rows=tuple(_row(one, applied) for one in found.updates.values()),
        asked="same predictors, local coefficients" if partial else wish.method or "closed test",
        alpha=wish.alpha,
        steps=() if partial or wish.method else found.steps,
        no_test=found.no_test,
        chosen=chosen,
        carries=carries,
        cautions=tuple(_cautions(found, chosen, carries, relation, applied)),
        made=made,
    )


def _found(applied: Applied, alpha: float, *, partial: bool) -> Updates:
    equation, X, y = needed(applied.model), applied.sets[0], applied.y
    if partial:
        only, no_test = refit(X, y, equation.columns)
        counts = len(y), int(y.sum())
        return Updates({"refit": only}, (), "refit", alpha, no_test, *counts, only.estimator)
    known = None if equation.covariance is None else np.array(equation.covariance)
    if known is not None and equation.predicts == "shrunken":
        factor = equation.factor
        known = None if factor is None else factor**2 * known
    return update(X, y, equation.columns, equation.coef, known, alpha)


def _row(one: Update, applied: Applied) -> UpdateRow:
    risk: Floats = np.clip(expit(np.round(applied.sets[0] @ one.coef, 10)), EDGE, 1 - EDGE)
    whole = one.method == "refit"
    return UpdateRow(
        method=one.method,
        parameters=one.parameters,
        shift=None if whole else one.shift,
        factor=None if whole else one.factor,
        coefficients=dict(zip(applied.model.columns, one.coef.tolist(), strict=True)),
        log_likelihood=one.log_likelihood,
        auc=roc(risk, applied.y).auc,
        observed_to_expected=observed_to_expected(risk, applied.y).estimate,
        brier=brier(risk, applied.y == 1),
        estimator=one.estimator,
    )


def _cautions(
    found: Updates, chosen: Method, carries: int, relation: SourceRelation, applied: Applied
) -> list[str]:
    told = []
    if relation.kind == "same":
        told.append(relation.words.split(":")[0] + ": there is nothing to update it for.")
    if found.no_test:
        firth = " The refit is Firth's, and no" if "refit" in found.updates else " No"
        told.append(
            f"{found.no_test}{firth} closed test can be made; where no method was named, the choice"
            f" falls on: {found.chosen}."
        )
    spent = found.updates[chosen].parameters
    if chosen == "refit" and spent - 1 > carries:
        told.append(
            f"The refit estimates {spent - 1} slopes; {found.n} patients with {found.n_events}"
            f" events carry {carries} by Riley's criteria. Expect it to be too extreme in new"
            " patients."
        )
    told += [
        f"{one.variable_label} is read by the outcome's own definition"
        f" ({', '.join(one.circular)}), so it goes with the outcome whatever the biology."
        for one in applied.mapped
        if one.circular
    ]
    if chosen != "as it is":
        told.append(
            "What the updated model does in the patients it was updated in flatters it: validate it"
            " in others."
        )
    return told
