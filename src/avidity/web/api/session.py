"""Coming in from a script, and going out."""

from __future__ import annotations

import base64
from dataclasses import asdict

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from avidity.web.api.account_shapes import KeyAsked, KnownKey, NewKey, Signed, Somebody
from avidity.web.api.trouble import Refused
from avidity.web.routes.sign_in import signed_in
from avidity.web.security.gate import bearer
from avidity.web.security.people import Person, TheBench
from avidity.web.settings import LOCAL
from avidity.web.store.actions import note_action
from avidity.web.store.keys import BEGINS, add_key, keys_of, withdraw_key
from avidity.web.store.sessions import begin_session, end_session

entry = APIRouter(tags=["session"])  # the one address that is open to somebody unknown
router = APIRouter(tags=["session"])


@entry.post(
    "/session",
    status_code=201,
    openapi_extra={"security": [{"OneTimeToken": []}, {"Password": []}]},
)
def begin(request: Request, bench: TheBench) -> Signed:
    """Begin a session: with the one-time token of the address that `avidity serve` printed, or,
    where people have accounts, with name and password.
    """
    if bench.settings.accounts:
        found = signed_in(request, bench, *_password(request.headers.get("authorization", "")))
        if found is None:
            raise Refused(401, "Send the name and the password of an account.")
        return Signed(
            bearer=found[0], account=_password(request.headers["authorization"])[0], role=found[1]
        )
    if not request.state.entry.spend(bearer(request.headers)):
        raise HTTPException(401)
    with bench.store.noting() as connection:
        cookie = begin_session(connection, LOCAL, "administrator")
    with bench.store.writing(LOCAL) as connection:
        note_action(connection, LOCAL, "entered", detail="from a script")
    return Signed(bearer=cookie, account=LOCAL, role="administrator")


def _password(header: str) -> tuple[str, str]:
    """Name and password of ``Authorization: Basic``; both empty where there are none."""
    scheme, _, told = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(told, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return name[:80], password


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


def by_session(request: Request, bench: TheBench) -> None:
    """Who may come in is settled by a person's session, where there are accounts: a lost key makes
    no other, and no account.
    """
    if not bench.settings.accounts:
        raise Refused(404, "This is for workbenches with accounts.")
    if bearer(request.headers).startswith(BEGINS):
        raise Refused(403, "A key makes no other key and no account; sign in for that.")


@router.get("/keys", dependencies=[Depends(by_session)])
def list_keys(bench: TheBench, who: Person) -> list[KnownKey]:
    """One's own keys, never their secrets."""
    with bench.store.reading() as connection:
        return [KnownKey(**asdict(one)) for one in keys_of(connection, who.account)]


@router.post("/keys", status_code=201, dependencies=[Depends(by_session)])
def make_key(bench: TheBench, who: Person, asked: KeyAsked) -> NewKey:
    """A key for a program of one's own: it may do what the account may, until it ends."""
    with bench.store.writing(who.account) as connection:
        name, secret = add_key(connection, who.account, asked.label, asked.days)
        note_action(connection, who.account, "key made", detail=name)
    return NewKey(id=name, bearer=secret)


@router.delete("/keys/{key_id}", status_code=204, dependencies=[Depends(by_session)])
def withdraw(bench: TheBench, who: Person, key_id: str) -> Response:
    """Let a key in no more."""
    with bench.store.writing(who.account) as connection:
        if not withdraw_key(connection, who.account, key_id):
            raise Refused(404, "You have no such key.")
        note_action(connection, who.account, "key withdrawn", detail=key_id)
    return Response(status_code=204)
