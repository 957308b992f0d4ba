"""Coming in by the opened address, assets, and the choice of language."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from avidity.web.render import LANGUAGE_COOKIE, static_files
from avidity.web.security.forms import Posted, text_of
from avidity.web.security.people import TheBench
from avidity.web.settings import LOCAL
from avidity.web.store.actions import note_action
from avidity.web.store.sessions import LASTS, begin_session
from avidity.web.words import LANGUAGES

router = APIRouter()
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
KEPT = "private, max-age=31536000, immutable"  # the address changes with the content


@router.get("/enter")
def enter(request: Request, bench: TheBench, token: str = "") -> Response:
    """Let in whoever brings the token first."""
    entry = request.state.entry
    if entry is None:
        raise HTTPException(404)
    if request.state.session is not None:  # here already: the address was opened again
        return RedirectResponse("/", 303)
    if not entry.spend(token):
        raise HTTPException(403)
    with bench.store.noting() as connection:
        cookie = begin_session(connection, LOCAL, "administrator")
    with bench.store.writing(LOCAL) as connection:
        note_action(connection, LOCAL, "entered")
    response = RedirectResponse("/", 303)
    set_cookie(response, bench.settings.cookie, cookie, secure=bench.settings.secure)
    return response


def set_cookie(response: Response, name: str, value: str, *, secure: bool) -> None:
    """A cookie no script reads and no other site sends."""
    seconds = int(LASTS.total_seconds())
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure, path="/"
    )


@router.get("/static/{name}")
def asset(name: str) -> Response:
    """One of the assets that came with the package."""
    content = static_files().get(name)
    if content is None:
        raise HTTPException(404)
    kind = TYPES.get(f".{name.rpartition('.')[2]}", "text/plain")
    return Response(content, media_type=kind, headers={"cache-control": KEPT})


@router.post("/language")
def choose_language(form: Posted, bench: TheBench) -> Response:
    """Speak another language from now on, and go back to the page."""
    chosen, back = text_of(form, "language"), text_of(form, "back", 2000)
    if chosen not in LANGUAGES:
        raise HTTPException(404)
    response = RedirectResponse(safe_path(back), 303)
    year = 365 * 24 * 3600
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=year,
        httponly=True,
        samesite="strict",
        secure=bench.settings.secure,
    )
    return response


def safe_path(path: str) -> str:
    """A path of this workbench, or its first page: never another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isprintable() and "\\" not in path else "/"
