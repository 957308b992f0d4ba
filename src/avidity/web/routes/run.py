"""Run: begin, watch, cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from avidity.web import jobs
from avidity.web.bench import Bench
from avidity.web.cohorts import look
from avidity.web.pages.run import RunPage, run_page, step_key
from avidity.web.render import environment, language, path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Analyst, OwnStudy, TheBench, TheRun
from avidity.web.store.runs import Run, find_run, runs_of
from avidity.web.store.studies import KeptStudy
from avidity.web.words import words

router = APIRouter()
LOOKS = 0.4  # seconds between two looks at a run's progress
LONGEST_WATCH = 3600.0


@router.get("/studies/{study_id}/run", name="run")
def run(request: Request, bench: TheBench, study: OwnStudy) -> Response:
    """The run on its way and those before."""
    jobs.settle(bench)
    return render(request, "run", _page(bench, study), study)


def _page(bench: Bench, study: KeptStudy) -> RunPage:
    looked = look(bench, study)
    with bench.store.reading() as connection:
        runs = runs_of(connection, study.id)
    cohort = looked.cohort
    errors, patients = (cohort.n_errors, cohort.n_patients) if cohort else (0, 0)
    return run_page(study, runs, errors, looked.trouble, patients)


@router.post("/studies/{study_id}/run", name="start_run")
def start_run(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Begin."""
    jobs.start(bench, study, who.account, quick=text_of(form, "quick") == "yes")
    return RedirectResponse(path_to(request, "run", study_id=study.id), 303)


@router.post("/studies/{study_id}/runs/{run_id}/cancel", name="cancel_run")
def cancel_run(  # each is a right that is checked
    request: Request,
    bench: TheBench,
    study: OwnStudy,
    run: TheRun,
    who: Analyst,
    form: Posted,  # noqa: ARG001  # its token is checked
) -> Response:
    """Stop."""
    jobs.cancel(bench, run, who.account)
    return RedirectResponse(path_to(request, "run", study_id=study.id), 303)


@router.get("/studies/{study_id}/runs/{run_id}/progress", name="progress")
def progress(request: Request, bench: TheBench, study: OwnStudy, run: TheRun) -> Response:  # noqa: ARG001  # the owner alone watches
    """How far a run is, as server-sent events, until it has ended."""
    told = _told(bench, run, language(request), request.state.still)
    return StreamingResponse(told, media_type="text/event-stream")


async def _told(
    bench: Bench, run: Run, spoken: str, still: Callable[[], bool]
) -> AsyncIterator[str]:
    template = environment().get_template("progress_part.html.j2")
    last, waited = "", 0.0
    while waited < LONGEST_WATCH:
        found = await run_in_threadpool(_look, bench, run.id)
        if found is None or not found.alive or not await run_in_threadpool(still):
            break
        text = template.render(
            run=found,
            step_key=step_key(found),
            t=lambda key, **values: words(spoken, key, **values),
        )
        if text != last:
            last = text
            yield "event: progress\n" + "".join(f"data: {x}\n" for x in text.splitlines()) + "\n"
        await asyncio.sleep(LOOKS)
        waited += LOOKS
    yield "event: ended\ndata: .\n\n"


def _look(bench: Bench, run_id: str) -> Run | None:
    jobs.settle(bench)
    with bench.store.reading() as connection:
        return find_run(connection, run_id)
