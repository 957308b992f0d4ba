"""Results: the report, its files one by one, and everything in one archive."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.report.exhibit import KINDS as EXHIBITS
from avidity.report.exhibit import as_file, exhibit
from avidity.report.write import NAMES
from avidity.web import changes
from avidity.web.archive import pack
from avidity.web.bench import Bench
from avidity.web.folders import files_in, is_id, run_folder, snapshot_folder
from avidity.web.given_file import KINDS, attachment
from avidity.web.pages.compare import compare_page
from avidity.web.pages.results import results_page
from avidity.web.render import language, path_to, render
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.headers import PICTURE_POLICY, REPORT_POLICY
from avidity.web.security.people import Analyst, OwnStudy, Person, SeenStudy, TheBench, TheRun
from avidity.web.shown import shown
from avidity.web.store.runs import Run, files_of, find_run, runs_of
from avidity.web.store.sessions import Session
from avidity.web.store.studies import KeptStudy
from avidity.web.told import picture, told_by

router = APIRouter()


@router.get("/studies/{study_id}/results", name="results")
def results(request: Request, bench: TheBench, study: SeenStudy, who: Person) -> Response:
    """The latest finished run."""
    with bench.store.reading() as connection:
        done = next((run for run in runs_of(connection, study.id) if run.state == "done"), None)
    return _page(request, bench, study, who, done)


@router.get("/studies/{study_id}/runs/{run_id}/results", name="run_results")
def run_results(
    request: Request, bench: TheBench, study: SeenStudy, run: TheRun, who: Person
) -> Response:
    """A finished run, whichever."""
    if run.state != "done":
        raise HTTPException(404)
    return _page(request, bench, study, who, run)


def _page(
    request: Request, bench: Bench, study: KeptStudy, who: Session, run: Run | None
) -> Response:
    with bench.store.reading() as connection:
        runs = runs_of(connection, study.id)
        files = files_of(connection, run.id) if run else ()
    told = told_by(bench.data, study.id, run.id) if run else None
    kept = None
    if run:
        report = path_to(request, "report", study_id=study.id, run_id=run.id)
        address = report.removesuffix("/report")
        kept = shown(bench.data, study.id, run.id, address, language(request))
    both = (told.gist if told else None, kept)
    page = results_page(study, run, files, runs, both, owner=study.owner == who.account)
    return render(request, "results", page, study)


@router.get("/studies/{study_id}/runs/{run_id}/tables/{name}", name="table_file")
def table_file(bench: TheBench, study: SeenStudy, run: TheRun, name: str) -> Response:
    """One table or checklist of the report as a file of its own."""
    anchor, _, kind = name.rpartition(".")
    told = told_by(bench.data, study.id, run.id) if run.state == "done" else None
    block = exhibit(told.document, anchor) if told and kind in EXHIBITS else None
    if told is None or block is None:
        raise HTTPException(404)
    return attachment(as_file(told.document, block, kind), f"{anchor}.{kind}", KINDS[kind])


@router.get("/studies/{study_id}/runs/{run_id}/pictures/{name}", name="picture")
def one_picture(
    bench: TheBench, study: SeenStudy, run: TheRun, name: str, keep: str = ""
) -> Response:
    """A figure of the report, to look at or to keep."""
    content = picture(bench.data, study.id, run.id, name) if run.state == "done" else None
    if content is None:
        raise HTTPException(404)
    kind = KINDS[name.rpartition(".")[2]]
    if keep:
        return attachment(content, name, kind)
    return Response(content, media_type=kind, headers={"content-security-policy": PICTURE_POLICY})


@router.get("/studies/{study_id}/runs/{run_id}/against", name="choose_against")
def choose_against(
    request: Request, study: SeenStudy, run: TheRun, other: str = ""
) -> RedirectResponse:
    """From the form to the page of the two runs."""
    if not is_id(other):
        raise HTTPException(404)
    path = path_to(request, "against", study_id=study.id, run_id=run.id, other_id=other)
    return RedirectResponse(path, 303)


@router.get("/studies/{study_id}/runs/{run_id}/against/{other_id}", name="against")
def against(
    request: Request, bench: TheBench, study: SeenStudy, run: TheRun, other_id: str
) -> Response:
    """Two runs side by side."""
    with bench.store.reading() as connection:
        other = find_run(connection, other_id)
    if other is None or other.study != study.id or not run.state == other.state == "done":
        raise HTTPException(404)
    told = [told_by(bench.data, study.id, one.id) for one in (run, other)]
    one, two = (each.gist if each else None for each in told)
    return render(request, "compare", compare_page(run, other, (one, two)), study)


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
    return attachment(pack(files), "study.zip", KINDS["zip"])
