"""Paste a table into a typed paper: split, looked at, corrected, taken over."""

from __future__ import annotations

import tomllib
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from avidity.papers.paper_edit import edited
from avidity.study import toml_of
from avidity.web.pages.pasted import pasted_page, table_of
from avidity.web.paper_form import fits_the_form
from avidity.web.paper_paste import split
from avidity.web.paper_taken import taken
from avidity.web.paper_typing import lines_of_form, title_of
from avidity.web.render import path_to, render
from avidity.web.routes.paper import OwnPaper
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import TheBench
from avidity.web.store.drafts import Draft, set_draft

router = APIRouter()
LARGEST = 100_000  # characters pasted


@router.get("/papers/{paper_id}/paste", name="paste")
def paste(request: Request, draft: OwnPaper) -> Response:
    """The box to paste into."""
    content = _content(draft)
    if content is None:
        return _back(request, draft)
    return render(request, "pasted", pasted_page(draft, content))


@router.post("/papers/{paper_id}/paste", name="split_paste")
def split_paste(request: Request, draft: OwnPaper, form: Posted) -> Response:
    """The table as it was split; nothing is taken over yet."""
    content = _content(draft)
    if content is None:
        return _back(request, draft)
    text, where = (lines_of_form(form, "pasted") or "")[:LARGEST], text_of(form, "where")
    table = split(text, content) if text.strip() else None
    return render(request, "pasted", pasted_page(draft, content, text, table, where))


@router.post("/papers/{paper_id}/paste/take", name="take_paste")
def take_paste(
    request: Request,
    bench: TheBench,
    draft: OwnPaper,
    form: Posted,
) -> Response:
    """Take the table over, as it was left."""
    content = _content(draft)
    table = table_of(form)
    if content is not None and table.rows:
        text = edited(draft.content, taken(content, table, text_of(form, "where")))
        with bench.store.noting() as connection:
            set_draft(connection, draft.id, title_of(text) or draft.title, text)
    return _back(request, draft)


def _content(draft: Draft) -> dict[str, Any] | None:
    """The paper as it is typed; None where a table cannot be put into it."""
    try:
        content = toml_of(draft.content)
    except tomllib.TOMLDecodeError:
        return None
    return content if fits_the_form(content) else None


def _back(request: Request, draft: Draft) -> Response:
    return RedirectResponse(f"{path_to(request, 'typed', paper_id=draft.id)}#row", 303)
