"""The first page: new study, example, recent studies."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from avidity.errors import AvidityError
from avidity.web.bench import Bench
from avidity.web.new_study import example_folder, make_example, make_study
from avidity.web.pages.start import StartPage, start_page
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, Person, TheBench
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import Session
from avidity.web.store.studies import remove_study, studies_of
from avidity.web.uploads import Dropped

router = APIRouter()


@router.get("/", name="start")
def start(request: Request, bench: TheBench, who: Person) -> Response:
    """The first page."""
    return render(request, "start", _page(bench, who))


def _page(bench: Bench, who: Session, title: str = "", trouble: str = "") -> StartPage:
    with bench.store.reading() as connection:
        studies = studies_of(connection, who.account)
    example = example_folder() is not None
    return start_page(studies, who, example=example, title=title, trouble=trouble)


@router.post("/studies", name="new_study")
def new_study(request: Request, bench: TheBench, who: Analyst, form: Posted) -> Response:
    """A study from what was dropped."""
    title = text_of(form, "title")
    try:
        study = make_study(bench, who, dropped(form), title)
    except AvidityError as error:
        return render(request, "start", _page(bench, who, title, str(error)), status=422)
    return RedirectResponse(path_to(request, "data", study_id=study), 303)


@router.post("/example", name="open_example")
def open_example(request: Request, bench: TheBench, who: Analyst, form: Posted) -> Response:  # noqa: ARG001  # the form's token is checked
    """The bundled example as a study of one's own."""
    folder = example_folder()
    if folder is None:
        raise HTTPException(404)
    study = make_example(bench, who, folder)
    return RedirectResponse(path_to(request, "data", study_id=study), 303)


@router.post("/studies/{study_id}/remove", name="remove_study")
def remove(bench: TheBench, who: Analyst, study: OwnStudy, form: Posted) -> Response:  # noqa: ARG001  # the form's token is checked
    """Take a study off the list."""
    with bench.store.writing(who.account) as connection:
        remove_study(connection, study.id)
        note_action(connection, who.account, "study removed", study.id)
    return RedirectResponse("/?said=removed", 303)


def dropped(form: FormData, field: str = "files") -> list[Dropped]:
    """The files of a form, those that were chosen."""
    found = [one for one in form.getlist(field) if isinstance(one, UploadFile)]
    return [Dropped(one.filename or "", one.file.read()) for one in found if one.filename]
