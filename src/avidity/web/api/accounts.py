"""Accounts, for an administrator who signed in: what `avidity account` does."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection

from avidity.web.api import account_shapes
from avidity.web.api.session import by_session
from avidity.web.api.trouble import Refused
from avidity.web.security.people import Administrator, TheBench
from avidity.web.store.accounts import Account, accounts, add_account, close_account, set_password
from avidity.web.store.actions import note_action

router = APIRouter(tags=["accounts"], dependencies=[Depends(by_session)])


@router.get("/accounts")
def list_accounts(bench: TheBench, who: Administrator) -> list[account_shapes.KnownAccount]:  # noqa: ARG001  # a right that is checked
    """All accounts by name; never a password."""
    with bench.store.reading() as connection:
        return [account_shapes.KnownAccount(**asdict(one)) for one in accounts(connection)]


@router.post("/accounts", status_code=201)
def make_account(
    bench: TheBench, who: Administrator, asked: account_shapes.AccountAsked
) -> account_shapes.KnownAccount:
    """A new account. 422 for a name that is taken or odd, and for a short password."""
    with bench.store.writing(who.account) as connection:
        add_account(connection, asked.name, asked.role, asked.password)
        note_action(connection, who.account, "account made", detail=asked.name)
        return account_shapes.KnownAccount(**asdict(_known(connection, asked.name)))


@router.put("/accounts/{name}/password", status_code=204)
def change_password(
    bench: TheBench, who: Administrator, name: str, asked: account_shapes.PasswordAsked
) -> Response:
    """Another password; whoever is signed in is let out. Opens a closed account again."""
    with bench.store.writing(who.account) as connection:
        _known(connection, name)
        set_password(connection, name, asked.password)
        note_action(connection, who.account, "password changed", detail=name)
    return Response(status_code=204)


@router.delete("/accounts/{name}", status_code=204)
def close(bench: TheBench, who: Administrator, name: str) -> Response:
    """Close an account; what the person did stays in the trail. Never your own."""
    if name == who.account:
        raise Refused(409, "Another administrator closes your account, or the command line.")
    with bench.store.writing(who.account) as connection:
        _known(connection, name)
        close_account(connection, name)
        note_action(connection, who.account, "account closed", detail=name)
    return Response(status_code=204)


def _known(connection: Connection, name: str) -> Account:
    found = next((one for one in accounts(connection) if one.name == name), None)
    if found is None:
        raise Refused(404, "There is no account of this name.")
    return found
