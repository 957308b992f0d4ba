"""How much hangs on the definition: the same study under each one the records allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avidity.errors import AvidityError
from avidity.steps.agreement import Agreement
from avidity.steps.check import Cohort
from avidity.steps.label import Judged, Labelled, label
from avidity.steps.model import Effect, fit_one


@dataclass(frozen=True, slots=True)
class UnderDefinition:
    """The study's own model, with the outcome decided otherwise.

    yes, no    patients in the analysis under this definition, after the study's rule for those
               nobody can tell
    moved      eligible patients for whom it answers otherwise than the study's own definition,
               overrides left aside
    effects    odds ratios of the declared model; empty when it could not be fitted
    why_none   the reason in that case
    """

    definition: str
    yes: int
    no: int
    cannot_say: int
    moved: int
    effects: Mapping[str, Effect]
    estimator: str
    why_none: str

    @property
    def included(self) -> int:
        """Patients in the analysis."""
        return self.yes + self.no


def under_each_definition(
    cohort: Cohort,
    labelled: Labelled,
    agreement: Agreement | None,
    terms: tuple[str, ...],
    judged: Judged,
) -> tuple[UnderDefinition, ...]:
    """Label and fit again under each definition, the study's own first.

    judged  every patient's verdict under each definition

    Nothing is carried over but the study file: eligibility, variables and terms stay, and a
    physician's answer stands under every definition.
    """
    if agreement is None or not terms:
        return ()
    names = (agreement.reference, *(n for n in agreement.answers if n != agreement.reference))
    return tuple(_under(name, cohort, labelled, agreement, terms, judged) for name in names)


def _under(
    name: str,
    cohort: Cohort,
    labelled: Labelled,
    agreement: Agreement,
    terms: tuple[str, ...],
    judged: Judged,
) -> UnderDefinition:
    counted = agreement.answers[name]
    own = name == labelled.study.outcome.definition
    yes, no, unsaid = counted.yes, counted.no, counted.cannot_say
    try:
        study = labelled if own else label(cohort, labelled.study.under(name), judged)
        yes, no, unsaid = study.flow.yes, study.flow.no, study.outcome.cannot_say
        fit = fit_one(terms, study)
    except AvidityError as error:
        return UnderDefinition(name, yes, no, unsaid, counted.moved, {}, "", str(error))
    return UnderDefinition(name, yes, no, unsaid, counted.moved, fit.effects, fit.estimator, "")
