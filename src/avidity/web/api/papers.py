"""What others printed: audited, and pooled."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from avidity.papers.audit import audit
from avidity.papers.evidence import evidence_names
from avidity.papers.evidence_file import FILE as EVIDENCE
from avidity.papers.evidence_file import find_or_read, read_evidence
from avidity.papers.paper_file import FILE as PAPER
from avidity.papers.paper_file import read_paper
from avidity.papers.pool_evidence import pool_evidence
from avidity.report.write import NAMES
from avidity.web.api.answers import gives, result, takes
from avidity.web.api.bodies import SentText
from avidity.web.api.trouble import Refused
from avidity.web.bench import Bench
from avidity.web.folders import run_folder
from avidity.web.security.people import Person, TheBench, seen_study
from avidity.web.store.runs import runs_of
from avidity.web.store.sessions import Session

router = APIRouter(tags=["papers"])
Own = Annotated[
    str, Query(max_length=40, description="A study whose own odds ratios are shown beside.")
]


@router.post(
    "/papers/audit",
    responses=gives("Audit", "What the audit found."),
    openapi_extra=takes("The text of a paper.toml."),
)
def audit_paper(bench: TheBench, text: SentText) -> Response:
    """Which printed figures cannot be, or do not go together, and what would explain it.

    What `avidity paper audit --json` prints; nothing is kept.
    """
    with kept_for_now(bench, PAPER, text) as file:
        return result(audit(read_paper(file)))


@router.get("/evidence")
def list_evidence() -> list[str]:
    """The names of the library's poolings."""
    return list(evidence_names())


@router.get("/evidence/{name}", responses=gives("PooledEvidence", "Factor by factor."))
def show_evidence(bench: TheBench, who: Person, name: str, study_id: Own = "") -> Response:
    """A pooling of the library, with a study's own results beside it."""
    if name not in evidence_names():
        raise Refused(404, f"There is no such pooling; there are {', '.join(evidence_names())}.")
    return result(pool_evidence(find_or_read(name), _own(bench, who, study_id)))


@router.post(
    "/evidence/pool",
    responses=gives("PooledEvidence", "Factor by factor."),
    openapi_extra=takes("The text of an evidence.toml."),
)
def pool(bench: TheBench, who: Person, text: SentText, study_id: Own = "") -> Response:
    """Pool what several papers printed of the same effect; nothing is kept."""
    own = _own(bench, who, study_id)
    with kept_for_now(bench, EVIDENCE, text) as file:
        return result(pool_evidence(read_evidence(file), own))


@contextmanager
def kept_for_now(bench: Bench, name: str, text: bytes) -> Iterator[Path]:
    """The text as a file of that name, for as long as it is read."""
    with tempfile.TemporaryDirectory(dir=bench.data) as folder:
        file = Path(folder) / name
        file.write_bytes(text)
        yield file


def _own(bench: Bench, who: Session, study_id: str) -> Mapping[str, Any] | None:
    """The results of the study's latest finished run, or None where no study was named."""
    if not study_id:
        return None
    study = seen_study(study_id, who, bench)
    with bench.store.reading() as connection:
        done = next((run for run in runs_of(connection, study.id) if run.state == "done"), None)
    path = run_folder(bench.data, study.id, done.id) / NAMES["json"] if done else None
    if path is None or not path.is_file():
        raise Refused(409, "No run of this study is done yet; begin one and wait for it.")
    content: Mapping[str, Any] = json.loads(path.read_bytes())
    return content
