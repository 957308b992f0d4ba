"""A plan tried on the study's patients, and kept: what the page shows and a program is told."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.errors import AvidityError, WorkbenchError
from avidity.steps.check import Cohort
from avidity.steps.finding import stop_on_errors
from avidity.steps.rehearse import Rehearsal, predictors, rehearse
from avidity.study import Study, study_of
from avidity.web.bench import Bench
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import look
from avidity.web.pages.plan import PlanPage, no_plan, plan_page
from avidity.web.plans import Plan, plan_of, planned
from avidity.web.store.studies import KeptStudy

STALE = (
    "the study was changed since this page was opened; what you chose is still below. Look through"
    " it and keep it again"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What comes of a plan, and why it cannot be kept; None where it can."""

    page: PlanPage
    refused: AvidityError | None


def try_plan(bench: Bench, study: KeptStudy, wanted: Plan | None, seen: str | None = None) -> Tried:
    """Label, describe, cut and fit once under the plan; nothing is kept.

    wanted  None for the plan as study.toml has it
    seen    the snapshot the person looked at; None where it does not matter
    """
    looked = look(bench, study)
    if looked.study is None or looked.cohort is None:
        why = looked.error or WorkbenchError("the files of this study cannot be read")
        return Tried(no_plan(wanted or Plan(), looked.trouble, 0), why)
    try:
        stop_on_errors(looked.cohort.findings)
    except AvidityError as error:
        return Tried(no_plan(wanted or Plan(), looked.trouble, looked.cohort.n_errors), error)
    return _tried(looked.cohort, looked.study, study, study_text_of(bench, study), wanted, seen)


def _tried(
    cohort: Cohort,
    read: Study,
    study: KeptStudy,
    kept: str,
    wanted: Plan | None,
    seen: str | None,
) -> Tried:
    before = plan_of(read)
    chosen, text, known = wanted or before, kept, predictors(cohort, read)
    found: Rehearsal | None = None
    refused = WorkbenchError(STALE) if seen is not None and seen != study.snapshot else None
    why: AvidityError | None = refused
    try:
        text = planned(kept, before, chosen)
        asked = study_of(text.encode(), read.folder)
        known = predictors(cohort, asked)
        found = None if refused else rehearse(cohort, asked)
    except AvidityError as error:
        why = error
    shown = found or str(why)
    column = read.outcome.column
    return Tried(plan_page(chosen, known, column, text, kept, study.snapshot, shown), why)


def keep_plan(bench: Bench, study: KeptStudy, actor: str, tried: Tried) -> None:
    """Write a plan that can be kept into study.toml. Raises why it cannot."""
    if tried.refused is not None:
        raise tried.refused
    if tried.page.changed:
        change(bench, study, actor, {"study.toml": tried.page.text.encode()}, "plan changed")
