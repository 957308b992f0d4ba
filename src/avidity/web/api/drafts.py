"""One's own papers: begun, replaced, looked at, thrown away; their audit, their rebuilt model."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from avidity.errors import PaperError
from avidity.riskmodel.file import read_model
from avidity.riskmodel.model import RiskModel
from avidity.web import rebuilding
from avidity.web.api import model_shapes, paper_shapes
from avidity.web.api.answers import JSON, TOML, gives, gives_file, result, takes
from avidity.web.api.bodies import SentText
from avidity.web.api.models import known_model
from avidity.web.api.trouble import Refused
from avidity.web.bench import Bench
from avidity.web.given_file import KINDS, attachment
from avidity.web.models import keep_model
from avidity.web.pages.paper_found import checked_page
from avidity.web.paper_check import CheckedPaper, check_text
from avidity.web.paper_drafts import (
    TEMPLATE,
    audit_file,
    begin_paper,
    drop_paper,
    examples,
    text_of_example,
    text_of_file,
)
from avidity.web.paper_typing import title_of, version_of
from avidity.web.security.people import Analyst, TheBench
from avidity.web.store.actions import note_action
from avidity.web.store.drafts import Draft, drafts_of, find_draft, set_draft

router = APIRouter(tags=["papers of one's own"])
PAPER = '[paper]\ntitle = "The paper\'s title"\n[[group]]\nname = "cases"\nevent = true\n'
Kind = Literal["html", "docx", "xlsx", "pdf", "json"]
FILES = tuple(KINDS[kind].partition(";")[0] for kind in ("html", "docx", "xlsx", "pdf", "json"))
Version = Annotated[
    str, Query(max_length=64, description="The one you read: refused where it is another by now.")
]


def own_paper(paper_id: str, who: Analyst, bench: TheBench) -> Draft:
    """A paper of this person."""
    with bench.store.reading() as connection:
        draft = find_draft(connection, who.account, "paper", paper_id)
    if draft is None:
        raise Refused(404, "You have no such paper.")
    return draft


OwnPaper = Annotated[Draft, Depends(own_paper)]


@router.get("/papers")
def list_papers(bench: TheBench, who: Analyst) -> list[paper_shapes.KnownPaper]:
    """The papers you have begun, the latest changed first."""
    with bench.store.reading() as connection:
        return [_known(one) for one in drafts_of(connection, who.account, "paper")]


@router.post("/papers", status_code=201, openapi_extra=takes("The text of a paper.toml.", PAPER))
def make_paper(bench: TheBench, who: Analyst, text: SentText) -> paper_shapes.PaperRead:
    """Begin a paper: its text is kept as it is, faults and all, and checked."""
    return _begun(bench, who.account, text_of_file(text))


@router.get("/papers/examples")
def list_examples() -> list[str]:
    """The papers that came along, and the commented template."""
    return [*examples(), TEMPLATE]


@router.post("/papers/examples/{name}", status_code=201)
def begin_example(bench: TheBench, who: Analyst, name: str) -> paper_shapes.PaperRead:
    """Begin with a paper that came along, or with the commented template."""
    if name not in (*examples(), TEMPLATE):
        raise Refused(404, f"There is no such example; there are {', '.join(list_examples())}.")
    return _begun(bench, who.account, text_of_example(name))


@router.get("/papers/{paper_id}")
def show_paper(bench: TheBench, draft: OwnPaper) -> paper_shapes.PaperRead:
    """A paper: what is wrong or missing in its text, and how many findings the audit has."""
    return _read(bench, draft)


@router.delete("/papers/{paper_id}", status_code=204)
def remove_paper(bench: TheBench, who: Analyst, draft: OwnPaper) -> Response:
    """Throw a paper away."""
    drop_paper(bench, who.account, draft.id)
    return Response(status_code=204)


@router.get("/papers/{paper_id}/paper.toml", responses=gives_file("The text.", TOML))
def show_text(draft: OwnPaper) -> Response:
    """The text, as far as it is typed."""
    return attachment(draft.content.encode(), "paper.toml", TOML)


@router.put("/papers/{paper_id}/paper.toml", openapi_extra=takes("The text.", PAPER))
def replace_text(
    bench: TheBench, who: Analyst, draft: OwnPaper, text: SentText, version: Version = ""
) -> paper_shapes.PaperRead:
    """Another text in place of the one there is; kept even with faults. 409 for an old version."""
    typed = text_of_file(text)
    with bench.store.noting() as connection:
        now = find_draft(connection, who.account, "paper", draft.id) or draft
        if version and version != version_of(now.content):
            raise Refused(409, "The paper was changed since you read it; read it again.")
        set_draft(connection, draft.id, title_of(typed) or draft.title, typed)
        changed = find_draft(connection, who.account, "paper", draft.id) or draft
    return _read(bench, changed)


@router.get("/papers/{paper_id}/audit", responses=gives("Audit", "What the audit found."))
def show_audit(draft: OwnPaper) -> Response:
    """The audit of what can be read already. 409 where nothing can."""
    found = check_text(draft.content).found
    if found is None:
        raise Refused(409, "The text has faults; nothing of it can be audited yet.")
    return result(found)


@router.get("/papers/{paper_id}/audit.{kind}", responses=gives_file("The audit.", *FILES))
def take_audit(bench: TheBench, draft: OwnPaper, kind: Kind) -> Response:
    """The audit as a report. 409 while the paper has faults."""
    content = audit_file(bench, draft, kind)
    if content is None:
        raise Refused(409, "The text has faults; there is a report once it has none.")
    return attachment(content, f"audit.{kind}", KINDS[kind])


@router.post("/papers/{paper_id}/rebuild", status_code=202)
def begin_rebuilding(bench: TheBench, who: Analyst, draft: OwnPaper) -> paper_shapes.Rebuilding:
    """Find the model behind the paper's printed table; ask how far it is until it has ended."""
    _without_fault(check_text(draft.content))
    folder = rebuilding.folder_of(bench.data, draft.id, draft.content)
    rebuilding.begin(folder, draft.content)
    with bench.store.writing(who.account) as connection:
        note_action(connection, who.account, "rebuilding begun")
    return _rebuilding(bench, draft)


@router.get("/papers/{paper_id}/rebuild")
def watch_rebuilding(bench: TheBench, draft: OwnPaper) -> paper_shapes.Rebuilding:
    """How far the rebuilding of the paper's present text is."""
    return _rebuilding(bench, draft)


@router.post("/papers/{paper_id}/rebuild/stop", status_code=202)
def stop_rebuilding(bench: TheBench, draft: OwnPaper) -> paper_shapes.Rebuilding:
    """Ask it to stop; it does within a second."""
    rebuilding.stop(rebuilding.folder_of(bench.data, draft.id, draft.content))
    return _rebuilding(bench, draft)


@router.get("/papers/{paper_id}/rebuild.{kind}", responses=gives_file("The answer.", *FILES))
def take_rebuilding(bench: TheBench, draft: OwnPaper, kind: Kind) -> Response:
    """The answer as a report. 409 until it is there."""
    file = rebuilding.folder_of(bench.data, draft.id, draft.content) / f"rebuild.{kind}"
    if not file.is_file():
        raise Refused(409, "The model of this text is not rebuilt; see its state.")
    return attachment(file.read_bytes(), file.name, KINDS[kind])


@router.get(
    "/papers/{paper_id}/rebuilt-model.json",
    responses={200: {"model": RiskModel, "description": "The model's file."}},
)
def take_model(bench: TheBench, draft: OwnPaper) -> Response:
    """The rebuilt model. 409 where there is none, or more than one is possible."""
    return Response(_model_file(bench, draft), media_type=JSON)


@router.post("/papers/{paper_id}/model", status_code=201)
def keep_rebuilt(bench: TheBench, who: Analyst, draft: OwnPaper) -> model_shapes.KnownModel:
    """Keep the rebuilt model among your own, to be asked about a patient."""
    _model_file(bench, draft)
    folder = rebuilding.folder_of(bench.data, draft.id, draft.content)
    model = read_model(folder / rebuilding.MODEL)
    kept = keep_model(bench, who, model, model.title[:200])
    return known_model(f"own.{kept}", "own", model)


def _model_file(bench: Bench, draft: Draft) -> bytes:
    folder = rebuilding.folder_of(bench.data, draft.id, draft.content)
    file = folder / rebuilding.MODEL
    if not file.is_file():
        raise Refused(409, "There is no one rebuilt model of this text; see its rebuilding.")
    return file.read_bytes()


def _begun(bench: Bench, account: str, text: str) -> paper_shapes.PaperRead:
    paper = begin_paper(bench, account, text)
    with bench.store.reading() as connection:
        draft = find_draft(connection, account, "paper", paper)
    if draft is None:
        raise Refused(404, "The paper was thrown away meanwhile.")
    return _read(bench, draft)


def _without_fault(checked: CheckedPaper) -> None:
    if not checked.whole:
        many = len(checked.faults) + bool(checked.trouble)
        raise PaperError(
            f"the paper must be without fault to be rebuilt; {max(many, 1)} must be put right first"
        )


def _known(draft: Draft) -> paper_shapes.KnownPaper:
    return paper_shapes.KnownPaper(
        id=draft.id,
        title=draft.title,
        made=draft.made,
        changed=draft.changed,
        version=version_of(draft.content),
    )


def _rebuilding(bench: Bench, draft: Draft) -> paper_shapes.Rebuilding:
    now = rebuilding.look(rebuilding.folder_of(bench.data, draft.id, draft.content))
    return paper_shapes.Rebuilding(state=now.state, percent=now.percent, said=now.said)


def _read(bench: Bench, draft: Draft) -> paper_shapes.PaperRead:
    told = checked_page(check_text(draft.content))
    return paper_shapes.PaperRead(
        **_known(draft).model_dump(),
        whole=told.whole,
        trouble=told.trouble,
        faults=[
            paper_shapes.Fault(where=one.where, must=one.must, found=one.found)
            for one in told.faults
        ],
        audited=told.audited,
        left_out=told.left_out,
        figures=told.figures,
        counts={str(severity): count for severity, count in told.counts.items()},
        rebuilding=_rebuilding(bench, draft),
    )
