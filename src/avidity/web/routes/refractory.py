"""Who is refractory: everybody, one patient, and the physician's answer."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.errors import AvidityError
from avidity.steps.judged import Judged, JudgedPatient
from avidity.web.bench import Bench
from avidity.web.give_answer import find_patient, give_answer
from avidity.web.judgements import judgements
from avidity.web.pages.patient import Typed, patient_page
from avidity.web.pages.refractory import ANSWERS, APART, Wish, refractory_page
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy

router = APIRouter()


def wish_of(request: Request) -> Wish:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.query_params
    answer, apart, page = (asked.get(name, "") for name in ("answer", "apart", "page"))
    return Wish(
        asked.get("by", ""),
        answer if answer in ANSWERS else "",
        apart if apart in APART else "",
        int(page[:6]) if page.isdecimal() else 1,
    )


@router.get("/studies/{study_id}/refractory", name="refractory")
def refractory(request: Request, bench: TheBench, study: OwnStudy) -> Response:
    """Everybody that fits."""
    page = refractory_page(judgements(bench, study), wish_of(request))
    return render(request, "refractory", page, study)


@router.get("/studies/{study_id}/refractory/{row}", name="patient")
def patient(request: Request, bench: TheBench, study: OwnStudy, row: str) -> Response:
    """One patient, named in the address by the row of the table alone."""
    judged, found = _found(bench, study, row)
    by = request.query_params.get("by", "")
    page = patient_page(judged, found, by, study.snapshot)
    return render(request, "patient", page, study)


def _found(bench: Bench, study: KeptStudy, row: str) -> tuple[Judged, JudgedPatient]:
    found = find_patient(bench, study, row)
    if found is None:
        raise HTTPException(404)
    return found


@router.post("/studies/{study_id}/refractory/{row}/answer", name="answer")
def answer(  # each is a right that is checked
    request: Request, bench: TheBench, study: OwnStudy, row: str, who: Analyst, form: Posted
) -> Response:
    """Take down what the physician answers, or take it back."""
    found = _found(bench, study, row)
    said, reason = text_of(form, "answer"), " ".join(text_of(form, "reason", 5000).split())
    name = who.account if bench.settings.accounts else " ".join(text_of(form, "who").split())
    back = text_of(form, "back") == "yes"
    typed = Typed(said, reason, name)
    try:
        seen = text_of(form, "snapshot")
        give_answer(bench, study, who.account, found, seen, None if back else typed)
    except AvidityError as refused:
        page = patient_page(*found, "", study.snapshot, typed, str(refused))
        return render(request, "patient", page, study, status=422)
    path = path_to(request, "patient", study_id=study.id, row=row)
    return RedirectResponse(f"{path}?said={'taken_back' if back else 'answered'}", 303)
