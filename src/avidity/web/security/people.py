"""Who may do what: a reader looks at shared results, an analyst has studies, an administrator all.

What a person may not see is not there (404); what a person may not do is refused (403).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from avidity.web.bench import Bench
from avidity.web.store.history import find_any_study
from avidity.web.store.runs import Run, find_run
from avidity.web.store.sessions import Session
from avidity.web.store.studies import KeptStudy, find_study


def bench_of(request: Request) -> Bench:
    """The workbench behind a request."""
    bench: Bench = request.state.bench
    return bench


def person(request: Request) -> Session:
    """Who asks."""
    session: Session | None = request.state.session
    if session is None:
        raise HTTPException(401)
    return session


def analyst(who: Annotated[Session, Depends(person)]) -> Session:
    """Somebody who may have studies."""
    if who.role not in ("analyst", "administrator"):
        raise HTTPException(403, "role")
    return who


def own_study(
    study_id: str,
    who: Annotated[Session, Depends(analyst)],
    bench: Annotated[Bench, Depends(bench_of)],
) -> KeptStudy:
    """A study whose records this person may see: their own."""
    with bench.store.reading() as connection:
        study = find_study(connection, study_id)
    if study is None or study.owner != who.account:
        raise HTTPException(404)
    return study


def told_study(
    study_id: str,
    who: Annotated[Session, Depends(analyst)],
    bench: Annotated[Bench, Depends(bench_of)],
) -> KeptStudy:
    """A study whose history this person may read: their own, or any for an administrator."""
    with bench.store.reading() as connection:
        study = find_any_study(connection, study_id)
    if study is None or (study.owner != who.account and who.role != "administrator"):
        raise HTTPException(404)
    return study


def administrator(who: Annotated[Session, Depends(person)]) -> Session:
    """Somebody who sees to the workbench."""
    if who.role != "administrator":
        raise HTTPException(403, "role")
    return who


def seen_study(
    study_id: str,
    who: Annotated[Session, Depends(person)],
    bench: Annotated[Bench, Depends(bench_of)],
) -> KeptStudy:
    """A study whose results this person may see: their own, or a shared one."""
    with bench.store.reading() as connection:
        study = find_study(connection, study_id)
    if study is None or (study.owner != who.account and not study.shared):
        raise HTTPException(404)
    return study


def run_of(
    run_id: str,
    study: Annotated[KeptStudy, Depends(seen_study)],
    bench: Annotated[Bench, Depends(bench_of)],
) -> Run:
    """A run of a study this person may see."""
    with bench.store.reading() as connection:
        run = find_run(connection, run_id)
    if run is None or run.study != study.id:
        raise HTTPException(404)
    return run


TheBench = Annotated[Bench, Depends(bench_of)]
Person = Annotated[Session, Depends(person)]
Analyst = Annotated[Session, Depends(analyst)]
Administrator = Annotated[Session, Depends(administrator)]
OwnStudy = Annotated[KeptStudy, Depends(own_study)]
ToldStudy = Annotated[KeptStudy, Depends(told_study)]
SeenStudy = Annotated[KeptStudy, Depends(seen_study)]
TheRun = Annotated[Run, Depends(run_of)]
