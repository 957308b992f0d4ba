"""The physician's own answer for a patient: given with a reason, taken back, written down."""

from __future__ import annotations

import datetime as dt

from avidity.errors import LabelError, WorkbenchError
from avidity.said import joined, say
from avidity.steps.judged import Judged, JudgedPatient
from avidity.steps.overrides import ANSWERS, Override, faults_of, overrides_text
from avidity.steps.rewrite import rewrite
from avidity.web.bench import Bench
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import look
from avidity.web.judgements import judgements
from avidity.web.pages.patient import Typed
from avidity.web.pages.refractory import key_of
from avidity.web.store.notes import Note
from avidity.web.store.studies import KeptStudy
from avidity.web.uploads import OVERRIDES

STALE = say(
    "the files of this study were changed since this page was opened, so the row may be another"
    " patient's; look at the patient again, then answer"
)


def find_patient(bench: Bench, study: KeptStudy, row: str) -> tuple[Judged, JudgedPatient] | None:
    """Everybody, and the patient of a row of the table patients; None where there is none."""
    judged = judgements(bench, study).judged
    found = judged.numbered(int(row)) if judged and row.isdecimal() and len(row) < 10 else None
    return None if judged is None or found is None else (judged, found)


def give_answer(  # one thing from each step
    bench: Bench,
    study: KeptStudy,
    actor: str,
    found: tuple[Judged, JudgedPatient],
    seen: str,
    said: Typed | None,
) -> None:
    """Write an answer into the study's file of overrides, or take it out.

    seen    the snapshot in which the patient was looked at: a row may be another's by now
    said    None to take the answer back
    raises  WorkbenchError for files that were changed meanwhile; LabelError for an answer that
            cannot stand
    """
    judged, patient = found
    if seen != study.snapshot:
        raise WorkbenchError(STALE)
    given = None if said is None else _given(judged, patient, said)
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


def _given(judged: Judged, patient: JudgedPatient, said: Typed) -> Override:
    ids = frozenset(one.patient_id for one in judged.patients)
    today = dt.datetime.now().astimezone().date().isoformat()
    reason, who = " ".join(said.reason.split()), " ".join(said.who.split())
    cells = (patient.patient_id, said.answer, reason, who, today)
    if faults := faults_of(cells, ids):
        raise LabelError(joined(faults, "; "))
    return Override(patient.patient_id, ANSWERS[said.answer.lower()], reason, who, today)


def _file_of(bench: Bench, study: KeptStudy) -> str:
    read = look(bench, study).study
    return read.outcome.overrides if read else ""
