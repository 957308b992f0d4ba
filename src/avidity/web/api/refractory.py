"""Who is refractory, one patient's records and evidence, and the physician's own answer."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from avidity.steps.judged import Judged, JudgedPatient
from avidity.web.api import patient_shapes
from avidity.web.api.answers import Patient, gives, result
from avidity.web.api.trouble import Refused
from avidity.web.bench import Bench
from avidity.web.give_answer import find_patient, give_answer
from avidity.web.judgements import judgements
from avidity.web.pages.patient import Typed, patient_page
from avidity.web.pages.refractory import Wish, key_of, refractory_page
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy, find_study

router = APIRouter(tags=["refractory"])
By = Annotated[
    str, Query(max_length=80, description="A definition's name; empty: what counts in the study.")
]
Row = Annotated[
    int, Path(ge=1, le=99_999_999, description="The row of the table patients, header included.")
]
Seen = Annotated[
    str, Query(max_length=64, description="The snapshot in which you looked at the patient.")
]


@router.get("/studies/{study_id}/refractory")
def list_patients(
    bench: TheBench,
    study: OwnStudy,
    by: By = "",
    answer: Annotated[Literal["yes", "no", "cannot-say"] | None, Query()] = None,
    apart: Annotated[Literal["disagree", "own", "overridden"] | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> patient_shapes.Everybody:
    """Everybody that fits, fifty at a time: what counts, and what each definition says.

    Apart: definitions disagree, `by` differs from the study's own, or a physician answered.
    """
    _judged(bench, study)
    found = refractory_page(judgements(bench, study), Wish(by, answer or "", apart or "", page))
    yes, no, cannot_say = found.counts
    return patient_shapes.Everybody(
        snapshot=study.snapshot,
        own=found.own,
        by=found.by,
        total=found.total,
        yes=yes,
        no=no,
        cannot_say=cannot_say,
        disagreed=found.disagreed,
        overridden=found.overridden,
        skipped=dict(found.skipped),
        fitting=found.fitting,
        page=found.wish.page,
        pages=found.pages,
        patients=[
            patient_shapes.PatientSeen(
                row=one.number,
                patient_id=one.patient_id,
                answer=one.answer,
                overridden=one.overridden,
                said=dict(zip(found.definitions, one.said, strict=True)),
            )
            for one in found.shown
        ],
    )


@router.get(
    "/studies/{study_id}/refractory/{row}",
    responses=gives("Patient", "The patient's records, and what each definition makes of them."),
)
def show_patient(bench: TheBench, study: OwnStudy, row: Row, by: By = "") -> Response:
    """One patient's records along the years, with those that decide under `by`."""
    return result(_patient(bench, study, row, by))


@router.get("/studies/{study_id}/answers")
def list_answers(bench: TheBench, study: OwnStudy) -> list[patient_shapes.AnswerGiven]:
    """Every answer a physician gave against the records, by the patient's row."""
    return [
        patient_shapes.AnswerGiven(
            row=one.number,
            patient_id=one.patient_id,
            computed=key_of(one.computed),
            answer=key_of(one.override.answer),
            reason=one.override.reason,
            who=one.override.who,
            when=one.override.when,
        )
        for one in _judged(bench, study).patients
        if one.override
    ]


@router.put(
    "/studies/{study_id}/refractory/{row}/answer",
    responses=gives("Patient", "The patient, answered."),
)
def answer_patient(
    bench: TheBench, study: OwnStudy, row: Row, who: Analyst, asked: patient_shapes.AnswerAsked
) -> Response:
    """Answer for a patient against the records, with a reason. It is printed; nobody is named.

    Where people have accounts, the account is the physician's name.
    """
    name = who.account if bench.settings.accounts else asked.who
    said = Typed(asked.answer, asked.reason, name)
    give_answer(bench, study, who.account, _found(bench, study, row), asked.snapshot, said)
    return result(_patient(bench, _again(bench, study), row, ""))


@router.delete(
    "/studies/{study_id}/refractory/{row}/answer",
    responses=gives("Patient", "The patient, as the records say."),
)
def take_answer_back(
    bench: TheBench, study: OwnStudy, row: Row, who: Analyst, snapshot: Seen
) -> Response:
    """Take the answer back: what the study's own definition or column says counts again."""
    found = _found(bench, study, row)
    if found[1].override is None:
        raise Refused(404, "Nobody answered for this patient.")
    give_answer(bench, study, who.account, found, snapshot, None)
    return result(_patient(bench, _again(bench, study), row, ""))


def _judged(bench: Bench, study: KeptStudy) -> Judged:
    found = judgements(bench, study)
    if found.error is not None:
        raise found.error
    if found.judged is None:
        raise Refused(409, "Nobody can be judged in this study now.")
    return found.judged


def _found(bench: Bench, study: KeptStudy, row: int) -> tuple[Judged, JudgedPatient]:
    _judged(bench, study)
    found = find_patient(bench, study, str(row))
    if found is None:
        raise Refused(404, "There is no patient in this row.")
    return found


def _patient(bench: Bench, study: KeptStudy, row: int, by: str) -> Patient:
    page = patient_page(*_found(bench, study, row), by, study.snapshot)
    return Patient(
        row=page.number,
        patient_id=page.patient_id,
        snapshot=page.snapshot,
        answer=page.answer,
        computed=page.computed,
        source=page.source,
        override=page.override,
        by=page.by,
        records=page.records,
        verdicts=page.verdicts,
        before=page.before,
        after=page.after,
    )


def _again(bench: Bench, study: KeptStudy) -> KeptStudy:
    with bench.store.reading() as connection:
        return find_study(connection, study.id) or study
