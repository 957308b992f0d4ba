"""Coming in from a script, and going out."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from avidity.web.api.shapes import Signed, Somebody
from avidity.web.security.gate import bearer
from avidity.web.security.people import Person, TheBench
from avidity.web.settings import LOCAL
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import begin_session, end_session

entry = APIRouter(tags=["session"])  # the one address that is open to somebody unknown
router = APIRouter(tags=["session"])


@entry.post("/session", status_code=201, openapi_extra={"security": [{"OneTimeToken": []}]})
def begin(request: Request, bench: TheBench) -> Signed:
    """Begin a session with the one-time token of the address that `avidity serve` printed."""
    once = request.app.state.entry
    if once is None or not once.spend(bearer(request.headers)):
        raise HTTPException(401)
    with bench.store.noting() as connection:
        cookie = begin_session(connection, LOCAL, "administrator")
    with bench.store.writing(LOCAL) as connection:
        note_action(connection, LOCAL, "entered", detail="from a script")
    return Signed(bearer=cookie, account=LOCAL, role="administrator")


@router.get("/session")
def show(who: Person) -> Somebody:
    """Who asks."""
    return Somebody(account=who.account, role=who.role)


@router.delete("/session", status_code=204)
def end(request: Request, bench: TheBench, who: Person) -> Response:
    """End this session."""
    mine = bearer(request.headers) or request.cookies.get(bench.settings.cookie, "")
    with bench.store.writing(who.account) as connection:
        end_session(connection, mine)
        note_action(connection, who.account, "signed out", detail="from a script")
    return Response(status_code=204)
