"""Plan: choose, see at once what comes of it, keep."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.errors import AvidityError
from avidity.steps.rehearse import Rehearsal, predictors, rehearse
from avidity.study import Study, study_of
from avidity.web.bench import Bench
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import Looked, look
from avidity.web.pages.plan import PlanPage, no_plan, plan_page
from avidity.web.plans import Plan, plan_of, planned, typed_plan
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy

router = APIRouter()
STALE = (
    "the study was changed since this page was opened; what you chose is still below. Look through"
    " it and keep it again"
)


@router.get("/studies/{study_id}/plan", name="plan")
def plan(request: Request, bench: TheBench, study: OwnStudy) -> Response:
    """The plan as study.toml has it."""
    return render(request, "plan", _page(bench, study, None), study)


@router.post("/studies/{study_id}/plan/look", name="look_at_plan")
def look_at_plan(request: Request, bench: TheBench, study: OwnStudy, form: Posted) -> Response:
    """What would come of the plan as it stands in the form; nothing is kept."""
    return render(request, "plan", _page(bench, study, _typed(bench, study, form)), study)


@router.post("/studies/{study_id}/plan", name="keep_plan")
def keep_plan(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Write the plan into study.toml; refused with the form as it was left."""
    page = _page(bench, study, _typed(bench, study, form), text_of(form, "snapshot"))
    if page.trouble or page.errors or page.refused:
        return render(request, "plan", page, study, status=422)
    if page.changed:
        change(bench, study, who.account, {"study.toml": page.text.encode()}, "plan changed")
    return RedirectResponse(f"{path_to(request, 'plan', study_id=study.id)}?said=planned", 303)


def _typed(bench: Bench, study: KeptStudy, form: Posted) -> Plan:
    read = look(bench, study).study
    if read is None:
        raise HTTPException(404)
    return typed_plan(form, plan_of(read))


def _page(bench: Bench, study: KeptStudy, typed: Plan | None, seen: str | None = None) -> PlanPage:
    looked = look(bench, study)
    if looked.study is None or looked.cohort is None or looked.cohort.n_errors:
        errors = looked.cohort.n_errors if looked.cohort else 0
        return no_plan(typed or Plan(), looked.trouble, errors)
    before, kept = plan_of(looked.study), study_text_of(bench, study)
    wanted, text = typed or before, kept
    found: Rehearsal | str = STALE if seen is not None and seen != study.snapshot else ""
    asked: Study = looked.study
    known = predictors(looked.cohort, asked)
    try:
        text = planned(kept, before, wanted)
        asked = study_of(text.encode(), looked.folder)
        known = predictors(looked.cohort, asked)
        found = found or _rehearsed(looked, asked)
    except AvidityError as error:
        found = str(error)
    column = looked.study.outcome.column
    return plan_page(wanted, known, column, text, kept, study.snapshot, found)


def _rehearsed(looked: Looked, asked: Study) -> Rehearsal:
    if looked.cohort is None:
        raise HTTPException(404)
    return rehearse(looked.cohort, asked)
