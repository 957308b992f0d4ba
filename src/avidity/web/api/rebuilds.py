"""The model behind a printed table, rebuilt: begun, watched, fetched, cancelled."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from avidity.papers.paper_file import FILE, read_paper
from avidity.papers.rebuild import chosen
from avidity.web import rebuilding
from avidity.web.api import long_work
from avidity.web.api.answers import JSON, gives, takes
from avidity.web.api.bodies import SentText
from avidity.web.api.paper_shapes import Job
from avidity.web.api.papers import kept_for_now
from avidity.web.api.trouble import Refused
from avidity.web.security.people import Analyst, Person, TheBench
from avidity.web.store.actions import note_action

router = APIRouter(tags=["papers"])


@router.post("/papers/rebuild", status_code=202, openapi_extra=takes("The text of a paper.toml."))
def rebuild(
    bench: TheBench,
    who: Analyst,
    text: SentText,
    model: Annotated[
        str, Query(max_length=80, description="Which model; empty: the first multivariable one.")
    ] = "",
) -> Job:
    """Find the model behind the printed odds ratios, its unpublished intercept included.

    It may take minutes; ask for the job until its state is not running. Kept for a day.
    """
    with kept_for_now(bench, FILE, text) as file:
        chosen(read_paper(file), model)  # a fault of the file is told at once
    job = long_work.start(bench.data, who.account, text.decode(), model)
    with bench.store.writing(who.account) as connection:
        note_action(connection, who.account, "rebuilding started", detail=job.id)
    return job


@router.get("/jobs")
def list_jobs(bench: TheBench, who: Person) -> list[Job]:
    """One's own long work, the latest first."""
    return long_work.works(bench.data, who.account)


@router.get("/jobs/{job_id}")
def show_job(bench: TheBench, who: Person, job_id: str) -> Job:
    """How far it is."""
    return long_work.find(bench.data, who.account, job_id)


@router.get("/jobs/{job_id}/result", responses=gives("RebuiltPaper", "The rebuilt model."))
def take_result(bench: TheBench, who: Person, job_id: str) -> Response:
    """What `avidity paper rebuild --json` prints. 409 until it is done."""
    path = long_work.folder_of(bench.data, who.account, job_id) / rebuilding.RESULT
    if not path.is_file():
        raise Refused(409, "This work is not done; see its state.")
    return Response(path.read_bytes(), media_type=JSON)


@router.post("/jobs/{job_id}/cancel", status_code=202)
def cancel_job(bench: TheBench, who: Person, job_id: str) -> Job:
    """Ask it to stop; it does within a second. What has ended stays as it is."""
    rebuilding.stop(long_work.folder_of(bench.data, who.account, job_id))
    return long_work.find(bench.data, who.account, job_id)
