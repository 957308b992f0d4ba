"""Every error as one object: its kind, one sentence, and the exit code of the command line.

The sentence never repeats what was sent: it may be a patient's value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException as PlainHTTPException
from starlette.requests import ClientDisconnect

from avidity.errors import AvidityError, WorkbenchError
from avidity.web.sentences import spoken
from avidity.web.words import language_of

PREFIX = "/api/v1"
TYPED_WRONG, FAULT = 2, 1  # the exit codes of the command line
LONGEST_PLACE = 60  # signs of the name of a place in a body

# Status: its kind, what it means, and the sentence when a route says none of its own.
KINDS: dict[int, tuple[str, str, str]] = {
    400: ("request", "The body cannot be read.", "The body must be what this address takes."),
    401: (
        "access",
        "Nobody is known by this bearer token.",
        "Send the bearer token of a session: POST /api/v1/session gives one.",
    ),
    403: (
        "access",
        "This person may not do that, or asks from another place than this workbench.",
        "This role may not do that.",
    ),
    404: (
        "not found",
        "It is not there, or not for this person.",
        "There is nothing here for you under this address.",
    ),
    405: ("request", "The address knows other methods.", "This address knows other methods."),
    409: ("state", "Not now: a run is not done, or too many work.", "This cannot be done now."),
    413: ("size", "More bytes than are taken at once.", "This is more than is taken at once."),
    415: ("request", "The body is of another kind.", "The body must be of the kind described."),
    421: (
        "access",
        "Not the name of this workbench.",
        "This workbench is not called by that name.",
    ),
    422: ("as told", "What was sent can be put right; the kind is that of the exit code.", ""),
    429: ("access", "Too many attempts; wait a while.", "Too many attempts; wait a while."),
    503: (
        "state",
        "The store is busy, or its server does not answer; nothing was changed.",
        "The store is busy; try again in a minute.",
    ),
    500: (
        "fault",
        "A fault of the program.",
        "This is a fault of the program; please report it, without patients' data.",
    ),
}


class Trouble(BaseModel):
    """What could not be done."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: str
    """A word for the kind of trouble: that of the exit code, or of the status."""
    message: str
    """What must hold, what was there, what to do. It repeats no value that was sent."""
    exit_code: int
    """The exit code the command line would end with."""


class Refused(HTTPException):
    """A refusal with a sentence of its own."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(status, words)


def for_a_program(path: str) -> bool:
    """Whether an address belongs to the interface, known there or not."""
    return f"{path}/".startswith(f"{PREFIX}/")


def documented() -> dict[int | str, dict[str, Any]]:
    """The statuses of errors, as the description of the interface has them."""
    return {status: {"model": Trouble, "description": KINDS[status][1]} for status in KINDS}


def told(status: int, words: str = "", **headers: str) -> JSONResponse:
    """The answer for a status."""
    kind, _, usual = KINDS.get(status, KINDS[500 if status >= 500 else 400])
    exit_code = {"request": TYPED_WRONG, "fault": FAULT}.get(kind, WorkbenchError.exit_code)
    content = Trouble(kind=kind, message=words or usual, exit_code=exit_code)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(content.model_dump(), status, headers)


def answer_troubles(api: FastAPI) -> None:
    """See to it that no error leaves the interface in another form."""
    api.add_exception_handler(AvidityError, _sentence)
    api.add_exception_handler(RequestValidationError, _typed_wrong)
    api.add_exception_handler(PlainHTTPException, _status)
    api.add_exception_handler(ClientDisconnect, _gone)
    api.add_exception_handler(OperationalError, _busy)
    api.add_exception_handler(Exception, _fault)


def _sentence(request: Request, error: Exception) -> JSONResponse:
    """What the user can put right, in the language the request names, where it is known."""
    known = error if isinstance(error, AvidityError) else AvidityError(str(error))
    language = language_of(None, request.headers.get("accept-language", ""))
    said = spoken(language, str(known))
    content = Trouble(kind=known.kind, message=said, exit_code=known.exit_code)
    return JSONResponse(content.model_dump(), 422, {"vary": "accept-language"})


def _typed_wrong(_: Request, error: Exception) -> JSONResponse:
    """Which part of the request is not as described; never what stood there."""
    faults: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    said = "; ".join(f"{_place(fault['loc'])} {_must(fault['type'])}" for fault in faults[:5])
    content = Trouble(kind="request", message=said, exit_code=TYPED_WRONG)
    return JSONResponse(content.model_dump(), 422)


def _place(steps: Sequence[str | int]) -> str:
    """Where in the request: only names that stand in the description, no key of the sender's."""
    names = [str(step) for step in steps[:2] if isinstance(step, str) and step.isidentifier()]
    return ".".join(names)[:LONGEST_PLACE] or "the request"


def _must(kind: str) -> str:
    if kind == "missing":
        return "must be there"
    if kind == "extra_forbidden":
        return "holds a key that is not known"
    if kind == "json_invalid":
        return "must be JSON"
    return f"must be as the description says ({kind})"


def _status(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, PlainHTTPException):
        return told(500)
    allowed = (error.headers or {}).get("Allow", "")
    headers = {"allow": allowed} if allowed else {}
    return told(error.status_code, error.detail if isinstance(error, Refused) else "", **headers)


def _busy(_: Request, __: Exception) -> JSONResponse:
    return told(503)


def _gone(_: Request, __: Exception) -> JSONResponse:
    """Who asked went away while sending: nobody reads this."""
    return told(400)


def _fault(_: Request, __: Exception) -> JSONResponse:
    return told(500)
