"""The first page: new study, example, recent studies."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from avidity.errors import AvidityError
from avidity.web.bench import Bench
from avidity.web.folders import files_in, keep_snapshot
from avidity.web.pages.start import StartPage, start_page
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, Person, TheBench
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import Session
from avidity.web.store.studies import add_snapshot, add_study, new_id, remove_study, studies_of
from avidity.web.uploads import Dropped, study_files

router = APIRouter()
EXAMPLE = "bellakhdar-2024"


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
        files = study_files(dropped(form), title)
    except AvidityError as error:
        return render(request, "start", _page(bench, who, title, str(error)), status=422)
    study = add(bench, who, title or titled(files), files, "study made")
    return RedirectResponse(path_to(request, "data", study_id=study), 303)


@router.post("/example", name="open_example")
def open_example(request: Request, bench: TheBench, who: Analyst, form: Posted) -> Response:  # noqa: ARG001  # the form's token is checked
    """The bundled example as a study of one's own."""
    folder = example_folder()
    if folder is None:
        raise HTTPException(404)
    kept = (".toml", ".csv", ".md")
    files = {name: content for name, content in files_in(folder).items() if name.endswith(kept)}
    study = add(bench, who, titled(files), files, "example opened")
    return RedirectResponse(path_to(request, "data", study_id=study), 303)


@router.post("/studies/{study_id}/remove", name="remove_study")
def remove(bench: TheBench, who: Analyst, study: OwnStudy, form: Posted) -> Response:  # noqa: ARG001  # the form's token is checked
    """Take a study off the list."""
    with bench.store.writing(who.account) as connection:
        remove_study(connection, study.id)
        note_action(connection, who.account, "study removed", study.id)
    return RedirectResponse("/?said=removed", 303)


def add(bench: Bench, who: Session, title: str, files: dict[str, bytes], action: str) -> str:
    """A new study with its first snapshot; its id."""
    study, size = new_id(), sum(map(len, files.values()))
    sha256 = keep_snapshot(bench.data, study, files)  # before the store is held: others wait for it
    with bench.store.writing(who.account) as connection:
        add_study(connection, who.account, title, study)
        add_snapshot(connection, study, sha256, len(files), size)
        note_action(connection, who.account, action, study, sha256)
    return study


def dropped(form: FormData, field: str = "files") -> list[Dropped]:
    """The files of a form, those that were chosen."""
    found = [one for one in form.getlist(field) if isinstance(one, UploadFile)]
    return [Dropped(one.filename or "", one.file.read()) for one in found if one.filename]


def titled(files: dict[str, bytes]) -> str:
    """The title in the study file, as far as it can be read."""
    import tomllib

    try:
        content = tomllib.loads(files["study.toml"].decode("utf-8-sig"))
        return str(content["study"]["title"])[:300]
    except (KeyError, TypeError, ValueError):
        return "—"


def example_folder() -> Path | None:
    """Where the example is: in the package, or beside the source."""
    here = Path(__file__).resolve().parents[2]
    for folder in (here / "web" / "example", here.parents[1] / "examples" / EXAMPLE):
        if (folder / "study.toml").is_file():
            return folder
    return None
