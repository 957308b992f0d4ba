"""History: of a study for its owner, of the whole workbench for an administrator."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from avidity.web.pages.history import ON_A_PAGE, history_page, log_page
from avidity.web.render import render
from avidity.web.security.people import Administrator, Analyst, TheBench, ToldStudy
from avidity.web.store.history import history_of, log_of
from avidity.web.store.trail import verify

router = APIRouter()


@router.get("/studies/{study_id}/history", name="history")
def history(request: Request, bench: TheBench, study: ToldStudy, who: Analyst) -> Response:
    """Who did what to a study, when and why."""
    with bench.store.reading() as connection:
        deeds, verdict = history_of(connection, study.id), verify(connection)
    own = study.owner == who.account
    page = history_page(deeds, verdict, _page(request), own=own)
    return render(request, "history", page, study)


@router.get("/log", name="log")
def log(request: Request, bench: TheBench, who: Administrator) -> Response:  # noqa: ARG001  # a right that is checked
    """Everybody's actions: who, what, when, which study; no title, no reason, no value."""
    page = _page(request)
    with bench.store.reading() as connection:
        found = log_of(connection, (page - 1) * ON_A_PAGE, ON_A_PAGE)
        verdict = verify(connection)
    pages = max(1, -(-found.total // ON_A_PAGE))
    return render(request, "log", log_page(found, verdict, page, pages))


def _page(request: Request) -> int:
    asked = request.query_params.get("page", "")
    return max(1, int(asked[:6])) if asked.isdecimal() else 1
