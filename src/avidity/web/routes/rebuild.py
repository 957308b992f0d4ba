"""Rebuild a typed paper's model: begin, watch, stop, take it away, ask it about a patient."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.report.risk_page import risk_page
from avidity.riskmodel.file import read_model, to_json
from avidity.web import rebuilding
from avidity.web.bench import Bench
from avidity.web.given_file import KINDS, attachment
from avidity.web.models import keep_model
from avidity.web.pages.paper import typed_page
from avidity.web.paper_check import check_text
from avidity.web.paper_drafts import rebuild_draft
from avidity.web.render import language, path_to, render
from avidity.web.routes.paper import OwnPaper
from avidity.web.security.forms import Posted
from avidity.web.security.people import Analyst, TheBench
from avidity.web.store.drafts import Draft, drafts_of

router = APIRouter()


@router.post("/papers/{paper_id}/rebuild", name="begin_rebuild")
def begin_rebuild(
    request: Request,
    bench: TheBench,
    who: Analyst,
    draft: OwnPaper,
    form: Posted,  # noqa: ARG001  # its token is checked
) -> Response:
    """Begin, where the paper is no form that is kept with it."""
    rebuild_draft(bench, who.account, draft)
    return _back(request, draft)


@router.post("/papers/{paper_id}/rebuild/stop", name="stop_rebuild")
def stop_rebuild(request: Request, bench: TheBench, draft: OwnPaper, form: Posted) -> Response:  # noqa: ARG001  # its token is checked
    """Stop."""
    rebuilding.stop(_folder(bench, draft))
    return _back(request, draft)


@router.get("/papers/{paper_id}/rebuild", name="watch_rebuild")
def watch_rebuild(request: Request, bench: TheBench, draft: OwnPaper) -> Response:
    """How far it is: the part of the page that asks again by itself."""
    if request.headers.get("hx-request") != "true":
        return _back(request, draft)
    folder = _folder(bench, draft)
    page = typed_page(
        draft, check_text(draft.content), rebuilding.look(folder), rebuilding.result(folder)
    )
    return render(request, "rebuilt", page)


@router.get("/papers/{paper_id}/rebuild.{kind}", name="rebuild_file")
def rebuild_file(bench: TheBench, draft: OwnPaper, kind: str) -> Response:
    """The answer as a report."""
    file = _folder(bench, draft) / f"rebuild.{kind}"
    if kind not in KINDS or not file.is_file():
        raise HTTPException(404)
    return attachment(file.read_bytes(), file.name, KINDS[kind])


@router.get("/papers/{paper_id}/rebuilt-model.json", name="rebuilt_model")
def rebuilt_model(bench: TheBench, draft: OwnPaper) -> Response:
    """The one model's own file."""
    file = _model(bench, draft)
    return attachment(file.read_bytes(), file.name, KINDS["json"])


@router.get("/papers/{paper_id}/rebuilt-model.html", name="rebuilt_page")
def rebuilt_page(request: Request, bench: TheBench, draft: OwnPaper) -> Response:
    """The one model as a page that works without a network."""
    model = read_model(_model(bench, draft))
    content = risk_page(model, language(request))
    return attachment(content, f"{model.name}.html", KINDS["html"])


@router.post("/papers/{paper_id}/calculator", name="ask_rebuilt")
def ask_rebuilt(
    request: Request,
    bench: TheBench,
    who: Analyst,
    draft: OwnPaper,
    form: Posted,  # noqa: ARG001  # its token is checked
) -> Response:
    """Take the rebuilt model into the calculator."""
    model = read_model(_model(bench, draft))
    text = to_json(model).decode()
    with bench.store.reading() as connection:
        there = drafts_of(connection, who.account, "model")
    kept = next((one.id for one in there if one.content == text), "")
    kept = kept or keep_model(bench, who, model, model.title[:200])
    return RedirectResponse(f"{path_to(request, 'calculator')}?model=own.{kept}", 303)


def _folder(bench: Bench, draft: Draft) -> Path:
    return rebuilding.folder_of(bench.data, draft.id, draft.content)


def _model(bench: Bench, draft: Draft) -> Path:
    file = _folder(bench, draft) / rebuilding.MODEL
    if not file.is_file():
        raise HTTPException(404)
    return file


def _back(request: Request, draft: Draft) -> Response:
    return RedirectResponse(f"{path_to(request, 'typed', paper_id=draft.id)}#rebuild", 303)
