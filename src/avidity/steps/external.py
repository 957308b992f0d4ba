"""A risk model in patients it was not made from: are they told apart, are its risks true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from avidity import __version__
from avidity.errors import AnalysisError, RiskModelError
from avidity.riskmodel.file import digest
from avidity.riskmodel.model import RiskModel
from avidity.stats.calibration import CalibrationGroup, calibration_groups
from avidity.stats.calibration_curve import CalibrationCurve, spline_curve
from avidity.stats.decision_curve import decision_curve, treat_all
from avidity.stats.newton import Floats
from avidity.stats.validation_size import ValidationSize, validation_size
from avidity.steps.applied import Applied, Asked, InputCount, apply
from avidity.steps.case_mix import CaseMix, case_mix
from avidity.steps.compare_models import ModelComparison, compare_models
from avidity.steps.external_cautions import cautions
from avidity.steps.label import Labelled
from avidity.steps.mapped import Mapped
from avidity.steps.performance import Performance, performance
from avidity.steps.source_relation import SourceRelation, source_relation

EDGES = np.round(np.linspace(0, 1, 21), 2)  # of the histogram of risks
GROUPS = 5
STEP = 0.01
ASKED = Asked()


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What the figures show; all patients' numbers are counted or drawn as curves.

    curve       observed share over predicted risk with its pointwise band; None where the risks
                are too few or too much alike, and ``why_none`` says why
    edges, yes, no  predicted risks by outcome, counted between shared edges
    thresholds, net_benefit, low, high, treat_all   the decision curve; treating nobody is 0
    useful      thresholds at which the model is worth more than treating all and none
    """

    curve: CalibrationCurve | None
    why_none: str
    groups: tuple[CalibrationGroup, ...]
    edges: tuple[float, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]
    thresholds: tuple[float, ...]
    net_benefit: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    treat_all: tuple[float, ...]
    useful: tuple[float, ...]
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class ModelValidation:
    """One model in this cohort.

    model_sha256   digest of the model's file
    came_in        patients of the labelled cohort; left: those it could not answer for
    handling       of missing inputs: "complete cases" or "imputed", in full in ``handled``
    needed         patients that would tell O:E, slope and area to the usual widths, at the
                   prevalence and spread found here; None where that cannot be asked
    cautions       sentences of doubt, the gravest first
    """

    model: str
    title: str
    version: str
    status: str
    model_sha256: str
    predicts: str
    relation: SourceRelation
    mapped: tuple[Mapped, ...]
    inputs: tuple[InputCount, ...]
    came_in: int
    left: int
    handling: str
    handled: str
    performance: Performance
    case_mix: CaseMix
    curves: Curves
    needed: ValidationSize | None
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class External:
    """Every model asked about, in one cohort.

    comparisons   each later model against the first, on the patients both answer for
    not_compared  why a later model cannot be compared with the first, in sentences
    """

    program: str
    title: str
    made_data: str
    study_sha256: str
    cohort_sha256: str
    outcome: str
    outcome_by: str
    included: int
    yes: int
    no: int
    level: float
    models: tuple[ModelValidation, ...]
    comparisons: tuple[ModelComparison, ...]
    not_compared: tuple[str, ...]


def validate_models(
    models: Sequence[RiskModel],
    labelled: Labelled,
    asked: Mapping[str, Asked] | Asked = ASKED,
    paper_doi: str = "",
) -> External:
    """Apply each model to the cohort and compare the later ones with the first.

    asked      how each is put to the cohort, by the model's name; or one way for all
    paper_doi  of the paper whose figures the study reproduces, to find a cohort in disguise
    raises     RiskModelError when a model cannot compute, stands twice, or lacks a variable;
               AnalysisError when nobody or only one outcome is left
    """
    names = [model.name for model in models]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RiskModelError(f"a model is validated once; {', '.join(twice)} stands there twice")
    level = labelled.study.about.confidence
    applied = [
        apply(model, labelled, asked if isinstance(asked, Asked) else asked.get(model.name, ASKED))
        for model in models
    ]
    study, flow = labelled.study, labelled.flow
    compared, not_compared = _compared(applied, study.sound.thresholds, level)
    return External(
        program=f"avidity {__version__}",
        title=study.about.title,
        made_data=study.about.made_data,
        study_sha256=study.sha256,
        cohort_sha256=labelled.cohort_sha256,
        outcome=study.outcome.label,
        outcome_by=labelled.outcome.by,
        included=flow.included,
        yes=flow.yes,
        no=flow.no,
        level=level,
        models=tuple(_validated(one, labelled, paper_doi, level) for one in applied),
        comparisons=compared,
        not_compared=not_compared,
    )


def _compared(
    applied: Sequence[Applied], limits: tuple[float, float], level: float
) -> tuple[tuple[ModelComparison, ...], tuple[str, ...]]:
    found, not_compared = [], []
    for other in applied[1:]:
        try:
            found.append(compare_models(applied[0], other, limits, level))
        except AnalysisError as error:
            not_compared.append(f"{error}.")
    return tuple(found), tuple(not_compared)


def _validated(
    applied: Applied, labelled: Labelled, paper_doi: str, level: float
) -> ModelValidation:
    model = applied.model
    found, mix = performance(applied, level), case_mix(applied)
    relation = source_relation(model, labelled, paper_doi)
    needed = _needed(found, mix)
    return ModelValidation(
        model=model.name,
        title=model.title,
        version=model.version,
        status=model.status,
        model_sha256=digest(model),
        predicts=model.outcome.words,
        relation=relation,
        mapped=applied.mapped,
        inputs=applied.counts,
        came_in=applied.came_in,
        left=applied.came_in - len(applied.y),
        handling=applied.handling,
        handled=applied.sentence,
        performance=found,
        case_mix=mix,
        curves=_curves(applied, labelled.study.sound.thresholds, level),
        needed=needed,
        cautions=cautions(applied, found, relation, labelled),
    )


def _needed(found: Performance, mix: CaseMix) -> ValidationSize | None:
    """Riley's sizes at the prevalence and the linear predictor of this cohort."""
    auc = mix.promised or found.auc.estimate
    try:
        return validation_size(found.events / found.n, auc, (mix.mean, mix.sd))
    except AnalysisError:
        return None


def _curves(applied: Applied, limits: tuple[float, float], level: float) -> Curves:
    y, risk = applied.y, np.mean(applied.risks, axis=0)
    curve, why = _curve(risk, y, level)
    thresholds = np.round(np.arange(limits[0], limits[1] + STEP / 2, STEP), 4)
    worth = decision_curve(risk, y, thresholds, level=level)
    everybody = treat_all(y, thresholds, level=level).net_benefit
    useful = thresholds[(worth.net_benefit > everybody) & (worth.net_benefit > 0)]
    over = "" if len(applied.sets) == 1 else "; each patient's risk averaged over the imputed sets"
    return Curves(
        curve=curve,
        why_none=why,
        groups=_groups(risk, y, level),
        edges=tuple(EDGES.tolist()),
        yes=tuple(np.histogram(risk[y == 1], EDGES)[0].tolist()),
        no=tuple(np.histogram(risk[y == 0], EDGES)[0].tolist()),
        thresholds=tuple(thresholds.tolist()),
        net_benefit=tuple(worth.net_benefit.tolist()),
        low=tuple(worth.low.tolist()),
        high=tuple(worth.high.tolist()),
        treat_all=tuple(everybody.tolist()),
        useful=tuple(useful.tolist()),
        method=worth.method + over,
    )


def _curve(risk: Floats, y: Floats, level: float) -> tuple[CalibrationCurve | None, str]:
    try:
        return spline_curve(risk, y, 3, level), ""
    except AnalysisError as error:
        return None, str(error)


def _groups(risk: Floats, y: Floats, level: float) -> tuple[CalibrationGroup, ...]:
    try:
        return calibration_groups(risk, y, GROUPS, level=level)
    except AnalysisError:
        return ()
