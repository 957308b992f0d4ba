"""Plan: choose, see at once what comes of it, keep."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.web import try_plan
from avidity.web.bench import Bench
from avidity.web.cohorts import look
from avidity.web.plans import Plan, plan_of, typed_plan
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy

router = APIRouter()


@router.get("/studies/{study_id}/plan", name="plan")
def plan(request: Request, bench: TheBench, study: OwnStudy) -> Response:
    """The plan as study.toml has it."""
    return render(request, "plan", try_plan.try_plan(bench, study, None).page, study)


@router.post("/studies/{study_id}/plan/look", name="look_at_plan")
def look_at_plan(request: Request, bench: TheBench, study: OwnStudy, form: Posted) -> Response:
    """What would come of the plan as it stands in the form; nothing is kept."""
    page = try_plan.try_plan(bench, study, _typed(bench, study, form)).page
    part = request.headers.get("hx-request") == "true"
    anew = part and text_of(form, "switches_of") != page.plan.definition
    return render(request, "plan", replace(page, anew=anew), study)


@router.post("/studies/{study_id}/plan", name="keep_plan")
def keep_plan(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Write the plan into study.toml; refused with the form as it was left."""
    typed = _typed(bench, study, form)
    tried = try_plan.try_plan(bench, study, typed, text_of(form, "snapshot"))
    if tried.refused:
        return render(request, "plan", tried.page, study, status=422)
    try_plan.keep_plan(bench, study, who.account, tried)
    return RedirectResponse(f"{path_to(request, 'plan', study_id=study.id)}?said=planned", 303)


@router.post("/studies/{study_id}/plan/text", name="keep_plan_text")
def keep_plan_text(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Put a text typed by hand in the place of study.toml; refused with the text as it was left."""
    text = form.get("text")
    tried = try_plan.try_text(
        bench, study, text if isinstance(text, str) else "", text_of(form, "snapshot")
    )
    if tried.refused:
        return render(request, "plan", tried.page, study, status=422)
    try_plan.keep_text(bench, study, who.account, tried)
    return RedirectResponse(f"{path_to(request, 'plan', study_id=study.id)}?said=planned", 303)


def _typed(bench: Bench, study: KeptStudy, form: Posted) -> Plan:
    read = look(bench, study).study
    if read is None:
        raise HTTPException(404)
    return typed_plan(form, plan_of(read))
