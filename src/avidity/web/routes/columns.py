"""Columns matched by hand: written into study.toml, and remembered for the next table."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.errors import AvidityError
from avidity.web.cohorts import look
from avidity.web.keep_matches import keep_matches
from avidity.web.matches import memory_of, typed_matches
from avidity.web.pages.data import data_page
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench

router = APIRouter()


@router.post("/studies/{study_id}/columns", name="match_columns")
def match_by_hand(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Write what was chosen into study.toml; refused with the form as it was left."""
    looked = look(bench, study)
    if looked.raw is None or looked.study is None:
        raise HTTPException(404)
    typed = typed_matches(form, looked.raw)
    try:
        keep_matches(bench, study, who.account, looked, typed, text_of(form, "snapshot"))
    except AvidityError as error:
        with bench.store.reading() as connection:
            memory = memory_of(connection, who.account)
        page = data_page(looked, str(error), study.snapshot, memory, typed)
        return render(request, "data", page, study, status=422)
    return RedirectResponse(f"{path_to(request, 'data', study_id=study.id)}?said=matched", 303)
