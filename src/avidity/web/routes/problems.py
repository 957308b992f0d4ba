"""Problems: the findings, the cells around one, the marked workbook."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from avidity.web.cohorts import look
from avidity.web.given_file import attachment
from avidity.web.marked import marked_workbook
from avidity.web.pages.problems import SEVERITIES, Wish, problems_page
from avidity.web.render import render
from avidity.web.security.people import OwnStudy, TheBench

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wish_of(request: Request) -> Wish:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.query_params
    severity, page, at = asked.get("severity", ""), asked.get("page", ""), asked.get("at", "")
    return Wish(
        severity if severity in SEVERITIES else "",
        asked.get("table", ""),
        asked.get("rule", ""),
        int(page[:6]) if page.isdecimal() else 1,
        int(at[:9]) if at.isdecimal() else None,
    )


@router.get("/studies/{study_id}/problems", name="problems")
def problems(request: Request, bench: TheBench, study: OwnStudy) -> Response:
    """The findings that fit."""
    page = problems_page(look(bench, study), wish_of(request))
    return render(request, "problems", page, study)


@router.get("/studies/{study_id}/problems.xlsx", name="marked")
def marked(bench: TheBench, study: OwnStudy) -> Response:
    """The workbook with every bad cell marked."""
    content = marked_workbook(bench, look(bench, study))
    if content is None:
        raise HTTPException(404)
    return attachment(content, "problems.xlsx", XLSX)
