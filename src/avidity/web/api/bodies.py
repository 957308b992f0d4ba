"""What is sent: as described, counted, and only by whoever may change something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.datastructures import FormData

from avidity.web.api.trouble import Refused
from avidity.web.security.forms import HEADER, MOST_FILES, in_turn, is_form_token
from avidity.web.security.gate import SAFE, bearer
from avidity.web.store.sessions import Session

LONGEST_TEXT = 2_000_000  # bytes of a paper or evidence file
MOST_FIELDS, LONGEST_FIELD = 20, 10_000

_scheme = HTTPBearer(
    scheme_name="Session",
    auto_error=False,
    description="The bearer token of a session (POST /session) or an account's key.",
)


def known(
    request: Request,
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)],  # for the description
) -> None:
    """Somebody; and a change by the browser's cookie alone needs this session's form token too.

    A page of another site could make a browser send its cookie; it cannot know the token.
    """
    session: Session | None = request.state.session
    if session is None:
        raise HTTPException(401)
    if request.method in SAFE or bearer(request.headers):
        return
    if not is_form_token(session, request.headers.get(HEADER)):
        raise Refused(403, f"A change by cookie must bring the form token as {HEADER}.")


def described_query(request: Request) -> None:
    """Nothing asked but what the description knows: a slip of the pen must not ask for all."""
    path = getattr(request.scope.get("route"), "path_format", "")
    operation = request.app.openapi()["paths"].get(path, {}).get(request.method.lower(), {})
    known_names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    if set(request.query_params) - known_names:
        raise RequestValidationError([{"loc": ("query",), "type": "extra_forbidden"}])


async def sent_form(request: Request) -> AsyncIterator[FormData]:
    """A form with files."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refused(415, "Send the files as multipart/form-data.")
    async with (
        request.form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
        ) as form,
        in_turn(request),
    ):
        yield form


async def sent_text(request: Request) -> bytes:
    """A TOML file as the body."""
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > LONGEST_TEXT:
            raise Refused(413, f"The file must have at most {LONGEST_TEXT:,} bytes.")
    if not content.strip():
        raise Refused(400, "The body must be the file's text; it is empty.")
    return content


SentForm = Annotated[FormData, Depends(sent_form)]
SentText = Annotated[bytes, Depends(sent_text)]
