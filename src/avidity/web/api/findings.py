"""The findings of a study, the cells around one, and the marked workbook."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from avidity.steps.finding import Severity, finding_rows
from avidity.web.api import shapes
from avidity.web.api.answers import XLSX, gives_file
from avidity.web.api.trouble import Refused
from avidity.web.cohorts import look
from avidity.web.given_file import attachment
from avidity.web.marked import marked_workbook
from avidity.web.pages.problems import Wish, preview, problems_page
from avidity.web.security.people import OwnStudy, TheBench

router = APIRouter(tags=["findings"])


@router.get("/studies/{study_id}/findings")
def list_findings(
    bench: TheBench,
    study: OwnStudy,
    severity: Annotated[Severity | None, Query()] = None,
    table: Annotated[str, Query(max_length=80)] = "",
    rule: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> shapes.Findings:
    """Every finding in the data that fits, a hundred at a time. The owner's alone: it shows cells.

    What `avidity check` lists.
    """
    found = problems_page(look(bench, study), Wish(severity or "", table, rule, page))
    rows = finding_rows([one for _, one in found.shown])
    return shapes.Findings(
        total=found.total,
        fitting=found.fitting,
        page=found.wish.page,
        pages=found.pages,
        numbers=[at for at, _ in found.shown],
        findings=[shapes.Finding.model_validate(row) for row in rows],
        trouble=found.trouble,
    )


@router.get("/studies/{study_id}/findings/{number}")
def show_cells(
    bench: TheBench,
    study: OwnStudy,
    number: Annotated[int, Path(ge=0, le=99_999_999, description="As listed in `numbers`.")],
) -> shapes.CellsAround:
    """One finding with the cells around it, as they were typed."""
    looked = look(bench, study)
    findings = looked.cohort.findings if looked.cohort else ()
    if number >= len(findings):
        raise Refused(404, "There is no finding of this number.")
    found = preview(looked, findings[number])
    (row,) = finding_rows([findings[number]])
    return shapes.CellsAround(
        finding=shapes.Finding.model_validate(row),
        headers=[one.text for one in found.headers] if found else [],
        rows=[
            shapes.RowAround(
                row=at,
                cells=[shapes.CellAround(text=one.text, marked=one.marked) for one in cells],
            )
            for at, cells in (found.rows if found else ())
        ],
    )


@router.get("/studies/{study_id}/findings.xlsx", responses=gives_file("The marked workbook.", XLSX))
def take_marked(bench: TheBench, study: OwnStudy) -> Response:
    """The workbook with every bad cell marked. 409 where the files cannot be read."""
    looked = look(bench, study)
    content = marked_workbook(bench, looked)
    if content is None:
        raise Refused(409, looked.trouble)
    return attachment(content, "findings.xlsx", XLSX)
