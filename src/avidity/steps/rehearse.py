"""A plan tried on the patients before anything is run: what they can carry, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from avidity.errors import AnalysisError
from avidity.said import say, sentence
from avidity.steps.capacity import Capacity
from avidity.steps.check import Cohort
from avidity.steps.cutoffs import find_cutoffs
from avidity.steps.describe import describe
from avidity.steps.finding import stop_on_errors
from avidity.steps.label import label
from avidity.steps.model import fit_models
from avidity.steps.run import carried_by
from avidity.steps.sound import fit_sound, sound_terms
from avidity.steps.variables import (
    Characteristic,
    add_variables,
    characteristics,
    complete_patients,
)
from avidity.study import Study


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A plan as far as it goes without resampling.

    included, yes, no   patients of the analysis
    capacity            what they can carry; None where nothing is asked, or nobody is left
    doubts              what cannot be fitted or told, one sentence each, as the steps say it
    """

    included: int
    yes: int
    no: int
    capacity: Capacity | None
    doubts: tuple[str, ...]


def predictors(cohort: Cohort, study: Study) -> dict[str, Characteristic]:
    """Everything a plan may name, by its name: fields of the patients and variables of the study.

    raises  CheckError for errors in the data; StudyFileError for a variable that cannot be made
    """
    stop_on_errors(cohort.findings)
    patients, how = complete_patients(cohort)
    made: pl.DataFrame = add_variables(patients, study)
    return characteristics(cohort, made, study, how)


def rehearse(cohort: Cohort, study: Study) -> Rehearsal:
    """Label, describe, cut and fit once, as the run would.

    raises  StudyFileError, LabelError for what the study file cannot ask; CheckError for errors
            in the data
    """
    stop_on_errors(cohort.findings)
    try:
        labelled = label(cohort, study)
    except AnalysisError as error:
        return Rehearsal(0, 0, 0, None, (str(error),))
    terms = sound_terms(labelled)
    carried = carried_by(labelled, terms)
    find_cutoffs(labelled)
    model = fit_models(labelled, describe(labelled))
    doubts: list[str] = [
        say("{variable}: {why}", variable=one.variable, why=sentence(one.why))
        for one in model.not_fitted
    ]
    if terms:
        try:
            fit_sound(terms, labelled)
        except AnalysisError as error:
            doubts.append(str(error))
    flow = labelled.flow
    return Rehearsal(flow.included, flow.yes, flow.no, carried, tuple(dict.fromkeys(doubts)))
