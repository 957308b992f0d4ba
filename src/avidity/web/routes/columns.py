"""Columns matched by hand: written into study.toml, and remembered for the next table."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.errors import AvidityError, CheckError, WorkbenchError
from avidity.steps.check import check
from avidity.steps.rewrite import rewrite
from avidity.study import study_of
from avidity.web.changes import change, study_text_of
from avidity.web.cohorts import Looked, look
from avidity.web.matches import matched_by_hand, memory_of, typed_matches
from avidity.web.pages.data import data_page
from avidity.web.render import path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench

router = APIRouter()
STALE = (
    "the files of this study were changed since this page was opened; look through the columns"
    " and keep them again"
)


@router.post("/studies/{study_id}/columns", name="match_columns")
def match_by_hand(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Write what was chosen into study.toml; refused with the form as it was left."""
    looked = look(bench, study)
    if looked.raw is None or looked.study is None:
        raise HTTPException(404)
    typed = typed_matches(form, looked.raw)
    text = study_text_of(bench, study)
    try:
        _same_files(text_of(form, "snapshot"), study.snapshot)
        changes, notes = matched_by_hand(typed, looked.raw, looked.study, text)
        made = _tried(text, changes, looked)
    except AvidityError as error:
        with bench.store.reading() as connection:
            memory = memory_of(connection, who.account)
        page = data_page(looked, str(error), study.snapshot, memory, typed)
        return render(request, "data", page, study, status=422)
    if changes:
        files = {"study.toml": made.encode()}
        change(bench, study, who.account, files, f"columns matched: {len(changes)}", notes)
    return RedirectResponse(f"{path_to(request, 'data', study_id=study.id)}?said=matched", 303)


def _same_files(seen: str, now: str) -> None:
    if seen != now:
        raise WorkbenchError(STALE)


def _tried(text: str, changes: Mapping[tuple[str, ...], object], looked: Looked) -> str:
    """study.toml with the changes, once no column of it is in trouble that was not before."""
    made = rewrite(text, changes)
    asked = study_of(made.encode(), looked.folder)
    if looked.raw is None or not changes:
        return made
    before = looked.cohort.findings if looked.cohort else ()
    known = {(one.rule, one.table, one.column) for one in before}
    for one in check(looked.raw, asked).findings:
        new = (one.rule, one.table, one.column) not in known
        if one.severity == "error" and one.row is None and new:
            place = f"{one.table}, '{one.column}'" if one.column else one.table
            raise CheckError(f"{place}: {one.problem}; {one.must}. {one.do}")
    return made
