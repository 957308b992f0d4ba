"""Check a paper: begin, type, read what was found, take it away. Each change is kept at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from avidity.errors import PaperError
from avidity.papers.paper_text import paper_text
from avidity.web import rebuilding
from avidity.web.bench import Bench
from avidity.web.given_file import KINDS, attachment
from avidity.web.pages.paper import PapersPage, TypedPage, typed_page
from avidity.web.paper_check import check_text
from avidity.web.paper_drafts import (
    TEMPLATE,
    audit_file,
    begin_paper,
    drop_paper,
    examples,
    rebuild_draft,
    text_of_example,
    text_of_file,
)
from avidity.web.paper_form import EMPTY
from avidity.web.paper_typing import (
    LARGEST,
    Late,
    came_late,
    late,
    lines_of_form,
    second_paper,
    title_of,
    typed_text,
    was_outrun,
    writer,
)
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, TheBench
from avidity.web.store.actions import note_action
from avidity.web.store.drafts import (
    Draft,
    add_draft,
    drafts_of,
    find_draft,
    set_draft,
)

router = APIRouter()
PART = "hx-request"
PARTS = ("group", "flow", "variable", "row", "cross", "roc", "model", "statement", "rebuild")


def own_paper(paper_id: str, who: Analyst, bench: TheBench) -> Draft:
    """A paper this person types."""
    with bench.store.reading() as connection:
        draft = find_draft(connection, who.account, "paper", paper_id)
    if draft is None:
        raise HTTPException(404)
    return draft


OwnPaper = Annotated[Draft, Depends(own_paper)]


@router.get("/papers", name="paper")
def papers(request: Request, bench: TheBench, who: Analyst) -> Response:
    """The papers begun, and how to begin one."""
    return render(request, "paper", _list(bench, who.account))


@router.post("/papers", name="new_paper")
def new_paper(request: Request, bench: TheBench, who: Analyst, form: Posted) -> Response:
    """Begin: empty, from a file, or from a paper that came along."""
    try:
        text = _begun(form)
    except PaperError as error:
        page = _list(bench, who.account, str(error))
        return render(request, "paper", page, status=422)
    paper = begin_paper(bench, who.account, text)
    return RedirectResponse(path_to(request, "typed", paper_id=paper), 303)


@router.get("/papers/{paper_id}", name="typed")
def typed(request: Request, bench: TheBench, draft: OwnPaper) -> Response:
    """The paper's form and what its figures hold."""
    return render(request, "typed", _page(bench, draft))


@router.post("/papers/{paper_id}", name="type_paper")
def type_paper(
    request: Request, bench: TheBench, who: Analyst, draft: OwnPaper, form: Posted
) -> Response:
    """Keep what was typed; add or remove an entry, or rebuild the model of what stands then."""
    changed = _keep(bench, who.account, draft, form)
    if changed is None:
        base = lines_of_form(form, "base")
        text = typed_text(draft.content if base is None else base, form)
        return _refused(request, bench, who.account, draft, form, text)
    do, _, place = text_of(form, "do").partition(":")
    if request.headers.get(PART) == "true" and not do:
        return render(request, "checked", _page(bench, changed))
    if do == "rebuild":
        rebuild_draft(bench, who.account, changed)
    part = do if do == "rebuild" else place.partition(".")[0]
    at = f"#{part}" if part in PARTS else ""
    return RedirectResponse(path_to(request, "typed", paper_id=draft.id) + at, 303)


@router.post("/papers/{paper_id}/text", name="type_text")
def type_text(
    request: Request, bench: TheBench, who: Analyst, draft: OwnPaper, form: Posted
) -> Response:
    """The text of the file, as typed: kept even while it is no valid file."""
    given = lines_of_form(form, "text")
    text = draft.content if given is None else given
    if _keep(bench, who.account, draft, form, text) is None:
        return _refused(request, bench, who.account, draft, form, text)
    return RedirectResponse(path_to(request, "typed", paper_id=draft.id), 303)


@router.post("/papers/{paper_id}/remove", name="remove_paper")
def remove_paper(
    request: Request,
    bench: TheBench,
    who: Analyst,
    draft: OwnPaper,
    form: Posted,  # noqa: ARG001  # its token is checked
) -> Response:
    """Throw a paper away."""
    drop_paper(bench, who.account, draft.id)
    return RedirectResponse(path_to(request, "paper"), 303)


@router.get("/papers/{paper_id}/paper.toml", name="paper_file")
def paper_file(draft: OwnPaper) -> Response:
    """The file, as far as it is typed."""
    return attachment(draft.content.encode(), "paper.toml", "application/toml")


@router.get("/papers/{paper_id}/audit.{kind}", name="paper_audit")
def paper_audit(bench: TheBench, draft: OwnPaper, kind: str) -> Response:
    """The audit as a report; of a paper without faults."""
    content = audit_file(bench, draft, kind) if kind in KINDS else None
    if content is None:
        raise HTTPException(404)
    return attachment(content, f"audit.{kind}", KINDS[kind])


def _list(bench: Bench, account: str, trouble: str = "") -> PapersPage:
    with bench.store.reading() as connection:
        drafts = drafts_of(connection, account, "paper")
    return PapersPage(drafts, tuple(examples()), trouble)


def _page(bench: Bench, draft: Draft, late: Late | None = None) -> TypedPage:
    folder = rebuilding.folder_of(bench.data, draft.id, draft.content)
    checked = check_text(draft.content)
    return typed_page(draft, checked, rebuilding.look(folder), rebuilding.result(folder), late)


def _keep(
    bench: Bench, account: str, draft: Draft, form: FormData, text: str | None = None
) -> Draft | None:
    """The draft with what the form says, or with a text; None when another window was first."""
    with bench.store.noting() as connection:
        there = find_draft(connection, account, "paper", draft.id, to_change=True) or draft
        if came_late(there, form):
            return None
        if was_outrun(there, form):
            return there
        text = typed_text(there.content, form) if text is None else text
        set_draft(connection, draft.id, title_of(text) or there.title, text, writer(form))
        return find_draft(connection, account, "paper", draft.id) or draft


def _refused(
    request: Request, bench: Bench, account: str, draft: Draft, form: FormData, text: str
) -> Response:
    """Nothing of the other window is overwritten; what this one says is a paper of its own."""
    kept = second_paper(draft, form)
    with bench.store.writing(account) as connection:
        title = title_of(text) or draft.title
        if find_draft(connection, account, "paper", kept) is None:
            add_draft(connection, account, "paper", title, text, kept)
            note_action(connection, account, "paper kept beside another window's")
        set_draft(connection, kept, title, text, writer(form))
        second = find_draft(connection, account, "paper", kept) or draft
    part = request.headers.get(PART) == "true"
    page = _page(bench, draft if part else second, late(draft, kept, text))
    return render(request, "checked" if part else "typed", page, status=409)


def _begun(form: FormData) -> str:
    example, file = text_of(form, "example"), form.get("file")
    if example:
        return text_of_example(example)
    if isinstance(file, UploadFile) and file.filename:
        return text_of_file(file.file.read(LARGEST + 1))
    return text_of_example(TEMPLATE) if text_of(form, "commented") else paper_text(EMPTY)
