"""Data: the tables as they were read; new files; the study folder to take away."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from avidity.errors import AvidityError
from avidity.web.archive import pack
from avidity.web.bench import Bench
from avidity.web.cohorts import look
from avidity.web.folders import files_in, snapshot_folder
from avidity.web.given_file import KINDS, attachment
from avidity.web.matches import Typed, memory_of
from avidity.web.new_study import replace_files
from avidity.web.pages.data import DataPage, data_page
from avidity.web.render import path_to, render
from avidity.web.routes.start import dropped
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench
from avidity.web.store.studies import KeptStudy

router = APIRouter()


@router.get("/studies/{study_id}", name="study")
def study_home(request: Request, study: OwnStudy) -> Response:
    """A study's first stage."""
    return RedirectResponse(path_to(request, "data", study_id=study.id), 303)


@router.get("/studies/{study_id}/data", name="data")
def data(request: Request, bench: TheBench, study: OwnStudy) -> Response:
    """The tables and what their columns were taken for."""
    return render(request, "data", _page(bench, study), study)


def _page(
    bench: Bench, study: KeptStudy, trouble: str = "", typed: Typed | None = None
) -> DataPage:
    with bench.store.reading() as connection:
        memory = memory_of(connection, study.owner)
    return data_page(look(bench, study), trouble, study.snapshot, memory, typed)


@router.post("/studies/{study_id}/files", name="new_files")
def new_files(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Corrected files in place of the old; what was set elsewhere stays."""
    try:
        replace_files(bench, study, who.account, dropped(form))
    except AvidityError as error:
        return render(request, "data", _page(bench, study, str(error)), study, status=422)
    back = "problems" if text_of(form, "back") == "problems" else "data"
    return RedirectResponse(f"{path_to(request, back, study_id=study.id)}?said=uploaded", 303)


@router.get("/studies/{study_id}/study.zip", name="study_zip")
def study_zip(bench: TheBench, study: OwnStudy) -> Response:
    """The study folder, to be run anywhere with the command line."""
    files = files_in(snapshot_folder(bench.data, study.id, study.snapshot))
    return attachment(pack(files), "study.zip", KINDS["zip"])
