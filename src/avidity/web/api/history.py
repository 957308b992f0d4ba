"""Who did what to a study, when and why; and everybody's actions, for an administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from avidity.web.api import history_shapes
from avidity.web.pages.history import ON_A_PAGE, Entry, history_page, log_page
from avidity.web.security.people import Administrator, Analyst, TheBench, ToldStudy
from avidity.web.store.history import Deed, history_of, log_of
from avidity.web.store.trail import verify

router = APIRouter(tags=["history"])
Page = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/studies/{study_id}/history")
def tell_history(
    bench: TheBench, study: ToldStudy, who: Analyst, page: Page = 1
) -> history_shapes.History:
    """What was done to a study, the latest first, fifty at a time; and whether it is unbroken.

    For its owner and an administrator; a study that was taken away keeps its history.
    """
    with bench.store.reading() as connection:
        deeds, verdict = history_of(connection, study.id), verify(connection)
    found = history_page(deeds, verdict, page, own=study.owner == who.account)
    return history_shapes.History(
        total=found.total,
        page=found.page,
        pages=found.pages,
        rows=verdict.rows,
        broken=verdict.broken,
        deeds=[_deed(one) for one in found.entries],
    )


@router.get("/log")
def show_log(bench: TheBench, who: Administrator, page: Page = 1) -> history_shapes.Log:  # noqa: ARG001  # a right that is checked
    """Everybody's actions, the latest first, fifty at a time: no title, no reason, no value."""
    with bench.store.reading() as connection:
        found = log_of(connection, (page - 1) * ON_A_PAGE, ON_A_PAGE)
        verdict = verify(connection)
    pages = max(1, -(-found.total // ON_A_PAGE))
    told = log_page(found, verdict, page, pages)
    return history_shapes.Log(
        total=found.total,
        page=told.page,
        pages=told.pages,
        rows=verdict.rows,
        broken=verdict.broken,
        lines=[
            history_shapes.Logged(
                at=one.at, actor=one.actor, action=one.action, study=one.study, detail=one.detail
            )
            for one in found.lines
        ],
    )


def _deed(entry: Entry) -> history_shapes.Deed:
    whole = Deed(entry.at, entry.actor, entry.changes)
    return history_shapes.Deed(
        at=entry.at,
        actor=entry.actor,
        outside=entry.outside,
        actions=[one.action for one in whole.actions],
        reasons=[
            history_shapes.GivenReason(
                row=int(one.row) if one.row.isdecimal() else None, reason=one.text
            )
            for one in entry.reasons
        ],
        changes=[
            history_shapes.RowChange(
                id=one.id,
                about=one.about,
                change=one.change,
                moved={name: list(pair) for name, pair in one.moved.items()},
            )
            for one in entry.changes
        ],
    )
