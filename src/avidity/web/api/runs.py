"""Runs: begun, watched, cancelled; and what they left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from avidity.report.document import Checklist, Table
from avidity.report.exhibit import KINDS as EXHIBITS
from avidity.report.write import NAMES
from avidity.web import jobs
from avidity.web.api import shapes
from avidity.web.api.answers import BYTES, JSON, ZIP, gives, gives_file
from avidity.web.api.trouble import Refused
from avidity.web.bench import Bench
from avidity.web.changes import share
from avidity.web.folders import run_folder
from avidity.web.given_file import KINDS
from avidity.web.routes.results import one_picture, result_file, run_zip, table_file
from avidity.web.security.people import Analyst, OwnStudy, SeenStudy, TheBench, TheRun
from avidity.web.store.runs import Run, files_of, find_run, runs_of
from avidity.web.store.studies import KeptStudy
from avidity.web.told import PICTURES as DRAWN
from avidity.web.told import picture_name, told_by

router = APIRouter(tags=["runs"])
PICTURES = ("image/svg+xml", "image/png", "application/pdf")
FILE_KINDS = (*(kind.partition(";")[0] for kind in KINDS.values()), BYTES)


@router.get("/studies/{study_id}/runs")
def list_runs(bench: TheBench, study: OwnStudy) -> list[shapes.Run]:
    """The runs of a study, latest first."""
    jobs.settle(bench)
    with bench.store.reading() as connection:
        return [told(one, study) for one in runs_of(connection, study.id)]


@router.post("/studies/{study_id}/runs", status_code=202)
def begin_run(
    bench: TheBench,
    study: OwnStudy,
    who: Analyst,
    asked: Annotated[shapes.RunAsked | None, Body()] = None,
) -> shapes.Run:
    """Begin a run of the study as it is now; the one on its way, if there is one."""
    jobs.settle(bench)
    run_id = jobs.start(bench, study, who.account, quick=bool(asked and asked.quick))
    return _again(bench, study, run_id)


@router.get("/studies/{study_id}/runs/{run_id}")
def show_run(bench: TheBench, study: OwnStudy, run: TheRun) -> shapes.Run:
    """How far a run is: ask again until its state is not running."""
    jobs.settle(bench)
    return _again(bench, study, run.id)


@router.post("/studies/{study_id}/runs/{run_id}/cancel", status_code=202)
def cancel_run(bench: TheBench, study: OwnStudy, run: TheRun, who: Analyst) -> shapes.Run:
    """Ask a run to stop; it does within a second. One that has ended stays as it is."""
    jobs.cancel(bench, run, who.account)
    return _again(bench, study, run.id)


@router.get("/studies/{study_id}/results")
def show_results(bench: TheBench, study: SeenStudy) -> shapes.Finished:
    """The latest run that is done, and its files; for those too with whom it is shared."""
    with bench.store.reading() as connection:
        done = next((run for run in runs_of(connection, study.id) if run.state == "done"), None)
        if done is None:
            raise Refused(409, "No run of this study is done yet; begin one and wait for it.")
        return shapes.Finished(run=told(done, study), files=_files(bench, done.id))


@router.put("/studies/{study_id}/share")
def share_results(
    bench: TheBench, study: OwnStudy, who: Analyst, asked: shapes.ShareAsked
) -> shapes.Shared:
    """Let every account see the results, and no record; or nobody else."""
    share(bench, study, who.account, shared=asked.shared)
    return shapes.Shared(shared=asked.shared)


@router.get("/studies/{study_id}/runs/{run_id}/files")
def list_files(bench: TheBench, study: SeenStudy, run: TheRun) -> list[shapes.ResultFile]:  # noqa: ARG001  # the study is a right that is checked
    """The files a run has written: hold their hashes against what was downloaded."""
    return _files(bench, run.id)


@router.get(
    "/studies/{study_id}/runs/{run_id}/files/{name:path}",
    responses=gives_file("The file.", *FILE_KINDS),
)
def take_file(bench: TheBench, study: SeenStudy, run: TheRun, name: str) -> Response:
    """One file of the report."""
    return result_file(bench, study, run, name)


@router.get(
    "/studies/{study_id}/runs/{run_id}/results.json",
    responses=gives("Results", "Every number of the run."),
)
def take_results(bench: TheBench, study: SeenStudy, run: TheRun) -> Response:
    """results.json, as `avidity study` writes it."""
    path = run_folder(bench.data, study.id, run.id) / NAMES["json"]
    if not path.is_file():
        raise Refused(409, "This run has written no results.json; see its state.")
    return Response(path.read_bytes(), media_type=JSON)


@router.get("/studies/{study_id}/runs/{run_id}/exhibits")
def list_exhibits(bench: TheBench, study: SeenStudy, run: TheRun) -> shapes.Exhibits:
    """The names of the report's tables and figures. 409 where the run has told none."""
    told_here = told_by(bench.data, study.id, run.id) if run.state == "done" else None
    if told_here is None:
        raise Refused(409, "This run has no report to take pieces from; see its state.")
    document = told_here.document
    tables = [one.anchor for one in document.blocks if isinstance(one, Table | Checklist)]
    return shapes.Exhibits(
        tables=[f"{anchor}.{kind}" for anchor in tables if anchor for kind in EXHIBITS],
        pictures=[picture_name(one, kind) for one in document.figures() for kind in DRAWN],
    )


@router.get(
    "/studies/{study_id}/runs/{run_id}/tables/{name}",
    responses=gives_file("The table.", *(KINDS[kind].partition(";")[0] for kind in EXHIBITS)),
)
def take_table(bench: TheBench, study: SeenStudy, run: TheRun, name: str) -> Response:
    """One table of the report as a file of its own: `table-1.csv`, as the page offers them."""
    return table_file(bench, study, run, name)


@router.get(
    "/studies/{study_id}/runs/{run_id}/pictures/{name}",
    responses=gives_file("The figure.", *PICTURES),
)
def take_picture(bench: TheBench, study: SeenStudy, run: TheRun, name: str) -> Response:
    """One figure of the report, whichever formats the study asked for."""
    return one_picture(bench, study, run, name, keep="yes")


@router.get("/studies/{study_id}/runs/{run_id}/study.zip", responses=gives_file("The folder.", ZIP))
def take_run_folder(bench: TheBench, study: OwnStudy, run: TheRun) -> Response:
    """The study folder of a run with its report in it: it holds the records."""
    return run_zip(bench, study, run)


def told(run: Run, study: KeptStudy) -> shapes.Run:
    """A run as it is told."""
    return shapes.Run(
        id=run.id,
        state=run.state,
        quick=run.quick,
        asked=run.asked,
        ended=run.ended,
        said=run.said,
        step=run.step,
        steps=run.steps,
        words=run.words,
        resamples=run.resamples,
        outdated=run.snapshot != study.snapshot,
    )


def _again(bench: Bench, study: KeptStudy, run_id: str) -> shapes.Run:
    with bench.store.reading() as connection:
        found = find_run(connection, run_id)
    if found is None:
        raise Refused(404, "There is no such run.")
    return told(found, study)


def _files(bench: Bench, run_id: str) -> list[shapes.ResultFile]:
    with bench.store.reading() as connection:
        known = files_of(connection, run_id)
    return [shapes.ResultFile(name=one.name, bytes=one.bytes, sha256=one.sha256) for one in known]
