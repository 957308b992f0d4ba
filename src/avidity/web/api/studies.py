"""Studies: made, looked at, given other files, taken away."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from avidity.web import new_study
from avidity.web.api import shapes
from avidity.web.api.answers import ZIP, gives_file
from avidity.web.api.bodies import SentForm
from avidity.web.api.trouble import Refused
from avidity.web.archive import pack
from avidity.web.bench import Bench
from avidity.web.cohorts import Looked, look
from avidity.web.folders import files_in, snapshot_folder
from avidity.web.given_file import attachment
from avidity.web.pages.data import data_page
from avidity.web.routes.start import dropped
from avidity.web.security.forms import text_of
from avidity.web.security.people import Analyst, OwnStudy, Person, SeenStudy, TheBench
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import Session
from avidity.web.store.studies import (
    KeptStudy,
    find_snapshot,
    find_study,
    remove_study,
    studies_of,
)

router = APIRouter(tags=["studies"])
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "A workbook, tables as CSV, or one zipped study folder.",
                        },
                        "title": {"type": "string", "maxLength": 300},
                    },
                }
            }
        },
    }
}


@router.get("/studies")
def list_studies(bench: TheBench, who: Person) -> list[shapes.Study]:
    """One's own studies and those whose results are shared, the latest first."""
    with bench.store.reading() as connection:
        return [told(bench, one, who) for one in studies_of(connection, who.account)]


@router.post("/studies", status_code=201, openapi_extra=FORM)
def make_study(bench: TheBench, who: Analyst, form: SentForm) -> shapes.Study:
    """A study from files; without a study.toml it gets the commented one to change."""
    return _made(
        bench, who, new_study.make_study(bench, who, dropped(form), text_of(form, "title"))
    )


@router.post("/example", status_code=201)
def open_example(bench: TheBench, who: Analyst) -> shapes.Study:
    """The bundled example as a study of one's own."""
    folder = new_study.example_folder()
    if folder is None:
        raise Refused(404, "The example is not installed here.")
    return _made(bench, who, new_study.make_example(bench, who, folder))


@router.get("/studies/{study_id}")
def show_study(bench: TheBench, study: SeenStudy, who: Person) -> shapes.StudyRead:
    """A study; its tables are told to its owner alone."""
    if study.owner != who.account:
        return _read(bench, study, who, None)
    return _read(bench, study, who, look(bench, study))


@router.delete("/studies/{study_id}", status_code=204)
def take_away(bench: TheBench, study: OwnStudy, who: Analyst) -> Response:
    """Take a study off the list."""
    with bench.store.writing(who.account) as connection:
        remove_study(connection, study.id)
        note_action(connection, who.account, "study removed", study.id)
    return Response(status_code=204)


@router.post("/studies/{study_id}/files", openapi_extra=FORM)
def replace_files(
    bench: TheBench, study: OwnStudy, who: Analyst, form: SentForm
) -> shapes.StudyRead:
    """Corrected files in place of those they stand for; a zipped study replaces the whole."""
    new_study.replace_files(bench, study, who.account, dropped(form))
    with bench.store.reading() as connection:
        changed = find_study(connection, study.id) or study
    return _read(bench, changed, who, look(bench, changed))


@router.get("/studies/{study_id}/study.zip", responses=gives_file("The folder.", ZIP))
def take_folder(bench: TheBench, study: OwnStudy) -> Response:
    """The study folder, to be run anywhere with the command line."""
    files = files_in(snapshot_folder(bench.data, study.id, study.snapshot))
    return attachment(pack(files), "study.zip", ZIP)


def told(bench: Bench, study: KeptStudy, who: Session) -> shapes.Study:
    """A study as it is told, with the counts that are known."""
    with bench.store.reading() as connection:
        state = find_snapshot(connection, study.id, study.snapshot)
    return shapes.Study(
        id=study.id,
        title=study.title,
        own=study.owner == who.account,
        shared=study.shared,
        made=study.made,
        changed=study.changed,
        snapshot=study.snapshot,
        patients=state.patients if state else None,
        errors=state.errors if state else None,
        warnings=state.warnings if state else None,
    )


def _made(bench: Bench, who: Session, study_id: str) -> shapes.Study:
    with bench.store.reading() as connection:
        study = find_study(connection, study_id)
    if study is None:
        raise Refused(404, "The study was taken away meanwhile.")
    return told(bench, study, who)


def _read(bench: Bench, study: KeptStudy, who: Session, looked: Looked | None) -> shapes.StudyRead:
    page = data_page(looked) if looked else None
    tables = [
        shapes.Table(
            name=table.name,
            file=table.file,
            sheet=table.sheet,
            rows=table.rows,
            columns={column.header: column.field for column in table.columns},
        )
        for table in (page.tables if page else ())
    ]
    return shapes.StudyRead(
        **told(bench, study, who).model_dump(),
        tables=tables,
        ignored=list(page.ignored) if page else [],
        trouble=page.trouble if page else "",
    )
