"""Results: the report, its files one by one, and everything in one archive."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.report.write import NAMES
from avidity.web import changes
from avidity.web.archive import pack
from avidity.web.folders import files_in, run_folder, snapshot_folder
from avidity.web.pages.results import results_page
from avidity.web.render import path_to, render
from avidity.web.routes.data import ZIP, attachment
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.headers import REPORT_POLICY
from avidity.web.security.people import Analyst, OwnStudy, Person, SeenStudy, TheBench, TheRun
from avidity.web.store.runs import files_of, runs_of

router = APIRouter()
KINDS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}


@router.get("/studies/{study_id}/results", name="results")
def results(request: Request, bench: TheBench, study: SeenStudy, who: Person) -> Response:
    """The latest finished run."""
    with bench.store.reading() as connection:
        done = next((run for run in runs_of(connection, study.id) if run.state == "done"), None)
        files = files_of(connection, done.id) if done else ()
    page = results_page(study, done, files, owner=study.owner == who.account)
    return render(request, "results", page, study)


@router.post("/studies/{study_id}/share", name="share")
def share(
    request: Request, bench: TheBench, study: OwnStudy, who: Analyst, form: Posted
) -> Response:
    """Let every account see the results, or nobody else."""
    changes.share(bench, study, who.account, shared=text_of(form, "shared") == "yes")
    return RedirectResponse(f"{path_to(request, 'results', study_id=study.id)}?said=shared", 303)


@router.get("/studies/{study_id}/runs/{run_id}/report", name="report")
def report(bench: TheBench, study: SeenStudy, run: TheRun) -> Response:
    """The report as its own document: its style inside, and no script allowed."""
    path = run_folder(bench.data, study.id, run.id) / NAMES["html"]
    if not path.is_file():
        raise HTTPException(404)
    headers = {"content-security-policy": REPORT_POLICY, "x-frame-options": "SAMEORIGIN"}
    return Response(path.read_bytes(), media_type=KINDS["html"], headers=headers)


@router.get("/studies/{study_id}/runs/{run_id}/files/{name:path}", name="result_file")
def result_file(bench: TheBench, study: SeenStudy, run: TheRun, name: str) -> Response:
    """One file of the report: only a name the run has written down."""
    with bench.store.reading() as connection:
        known = {file.name for file in files_of(connection, run.id)}
    if name not in known:
        raise HTTPException(404)
    content = (run_folder(bench.data, study.id, run.id) / name).read_bytes()
    kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    return attachment(content, name.rpartition("/")[2], kind)


@router.get("/studies/{study_id}/runs/{run_id}/study.zip", name="run_zip")
def run_zip(bench: TheBench, study: OwnStudy, run: TheRun) -> Response:
    """The study folder of the run with its report in it: the records, so for the owner alone."""
    if run.state != "done":
        raise HTTPException(404)
    files = files_in(snapshot_folder(bench.data, study.id, run.snapshot))
    made = files_in(run_folder(bench.data, study.id, run.id))
    files |= {f"report/{name}": content for name, content in made.items()}
    return attachment(pack(files), "study.zip", ZIP)
