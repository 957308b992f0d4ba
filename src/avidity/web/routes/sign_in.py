"""Signing in and out, where people have accounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.web.bench import Bench
from avidity.web.pages.sign_in import SignInPage
from avidity.web.render import render
from avidity.web.routes.entry import set_cookie
from avidity.web.security.attempts import Attempts
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import Person, TheBench
from avidity.web.store.accounts import LONGEST, role_of
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import begin_session, end_session

router = APIRouter()


def _accounts_only(bench: Bench) -> None:
    if not bench.settings.accounts:
        raise HTTPException(404)


@router.get("/login", name="sign_in")
def sign_in(request: Request, bench: TheBench) -> Response:
    """The form."""
    _accounts_only(bench)
    return render(request, "sign_in", SignInPage())


async def typed(request: Request) -> tuple[str, str]:
    """Name and password; the gate has seen that the form is ours."""
    async with request.form(max_files=0, max_fields=8, max_part_size=2000) as form:
        return text_of(form, "name", 80), str(form.get("password", ""))


@router.post("/login", name="let_in")
def let_in(
    request: Request, bench: TheBench, given: Annotated[tuple[str, str], Depends(typed)]
) -> Response:
    """Let in whoever knows the password."""
    _accounts_only(bench)
    name, password = given
    found = signed_in(request, bench, name, password)
    if found is None:
        return render(request, "sign_in", SignInPage(name, refused=True), status=401)
    response = RedirectResponse("/", 303)
    set_cookie(response, bench.settings.cookie, found[0], secure=bench.settings.secure)
    return response


def signed_in(request: Request, bench: Bench, name: str, password: str) -> tuple[str, str] | None:
    """A new session's secret and the role, for whoever knows the password; else None.

    raises  429 after too many attempts
    """
    attempts: Attempts = request.state.attempts
    address = address_of(request)
    if not attempts.begin(name, address):
        raise HTTPException(429)
    role = None
    if len(password) <= LONGEST:
        with bench.store.reading() as connection:
            role = role_of(connection, name, password)
    if role is None:
        with bench.store.writing("avidity") as connection:
            note_action(connection, "avidity", "sign-in refused")
        return None
    attempts.passed(name, address)
    with bench.store.writing(name) as connection:
        cookie = begin_session(connection, name, role)
        note_action(connection, name, "signed in")
    return cookie, role


def address_of(request: Request) -> str:
    """From where somebody asks; behind a server of this computer, what that server says last."""
    told = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded[:60] if forwarded and told in ("127.0.0.1", "::1") else told


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request, bench: TheBench, who: Person, form: Posted) -> Response:  # noqa: ARG001  # its token is checked
    """Let out."""
    with bench.store.writing(who.account) as connection:
        end_session(connection, request.cookies.get(bench.settings.cookie, ""))
        note_action(connection, who.account, "signed out")
    response = RedirectResponse("/login" if bench.settings.accounts else "/", 303)
    response.delete_cookie(bench.settings.cookie, path="/")
    return response
