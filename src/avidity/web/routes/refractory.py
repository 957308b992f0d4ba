"""Who is refractory: everybody, one patient, and the physician's answer."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.errors import AvidityError
from avidity.steps.judged import Judged, JudgedPatient
from avidity.steps.overrides import ANSWERS as GIVEN
from avidity.steps.overrides import Override, faults_of, overrides_text
from avidity.steps.rewrite import rewrite
from avidity.web.bench import Bench
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import look
from avidity.web.judgements import judgements
from avidity.web.pages.patient import Typed, patient_page
from avidity.web.pages.refractory import ANSWERS, APART, Wish, key_of, refractory_page
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.notes import Note
from avidity.web.store.studies import KeptStudy
from avidity.web.uploads import OVERRIDES

router = APIRouter()
STALE = (
    "the files of this study were changed since this page was opened, so the row may be another"
    " patient's; look at the patient again, then answer"
)


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
    judged = judgements(bench, study).judged
    found = judged.numbered(int(row)) if judged and row.isdecimal() else None
    if judged is None or found is None:
        raise HTTPException(404)
    return judged, found


@router.post("/studies/{study_id}/refractory/{row}/answer", name="answer")
def answer(  # each is a right that is checked
    request: Request, bench: TheBench, study: OwnStudy, row: str, who: Analyst, form: Posted
) -> Response:
    """Take down what the physician answers, or take it back."""
    judged, found = _found(bench, study, row)
    said, reason = text_of(form, "answer"), " ".join(text_of(form, "reason", 5000).split())
    name = who.account if bench.settings.accounts else " ".join(text_of(form, "who").split())
    typed = Typed(said, reason, name)
    back = text_of(form, "back") == "yes"
    try:
        _same_files(study, text_of(form, "snapshot"))
        given = None if back else _given(judged, found, typed)
        _keep(bench, study, who.account, judged, found, given)
    except (AvidityError, RefusedError) as refused:
        page = patient_page(judged, found, "", study.snapshot, typed, str(refused))
        return render(request, "patient", page, study, status=422)
    path = path_to(request, "patient", study_id=study.id, row=row)
    return RedirectResponse(f"{path}?said={'taken_back' if back else 'answered'}", 303)


class RefusedError(Exception):
    """What was typed cannot stand; the sentence goes to the page."""


def _same_files(study: KeptStudy, seen: str) -> None:
    if seen != study.snapshot:
        raise RefusedError(STALE)


def _given(judged: Judged, patient: JudgedPatient, typed: Typed) -> Override:
    ids = frozenset(one.patient_id for one in judged.patients)
    today = dt.datetime.now().astimezone().date().isoformat()
    cells = (patient.patient_id, typed.answer, typed.reason, typed.who, today)
    if faults := faults_of(cells, ids):
        raise RefusedError("; ".join(faults))
    return Override(patient.patient_id, GIVEN[typed.answer], typed.reason, typed.who, today)


def _keep(
    bench: Bench,
    study: KeptStudy,
    actor: str,
    judged: Judged,
    patient: JudgedPatient,
    given: Override | None,
) -> None:
    """The file of overrides with this one in it, or without it; and the note of who and why."""
    others = [one.override for one in judged.patients if one.override and one is not patient]
    listed = [*others, given] if given else others
    listed.sort(key=lambda one: (one.when, one.patient_id))
    text = study_text_of(bench, study)
    name = _file_of(bench, study) or OVERRIDES
    files = {name: overrides_text(listed).encode()}
    files["study.toml"] = rewrite(text, {("outcome", "overrides"): name}).encode()
    after = key_of(given.answer if given else patient.computed)
    content = {"before": key_of(patient.answer), "after": after}
    kind = "override" if given else "override taken back"
    reason = given.reason if given else ""
    note = Note(kind, f"row {patient.number} of {study.snapshot}", content, reason)
    done = f"{kind}, {content['before']} to {after}"
    change(bench, study, actor, files, done, (note,))


def _file_of(bench: Bench, study: KeptStudy) -> str:
    read = look(bench, study).study
    return read.outcome.overrides if read else ""
