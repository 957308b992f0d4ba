"""Forms: the only way a typed word comes in, and only with this session's own token."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData

from avidity.web.store.sessions import Session

FIELD, HEADER = "form_token", "x-form-token"
MOST_FILES, MOST_FIELDS, LONGEST_FIELD = 40, 4000, 1_000_000
HEAVY = 1_000_000  # bytes of a request; below it waits for nobody
HEAVY_AT_ONCE = 2  # worked on at once; the others lie on the disk meanwhile


def form_token(session: Session) -> str:
    """What every form of this session carries."""
    return hmac.new(session.secret.encode(), b"form", hashlib.sha256).hexdigest()


async def posted(request: Request) -> AsyncIterator[FormData]:
    """The form, once its token is right. Raises 403 otherwise."""
    async with request.form(
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
    ) as form:
        _own(request, form)
        async with in_turn(request):
            yield form


def in_turn(request: Request) -> AbstractAsyncContextManager[object]:
    """Where many large files come at once, they are taken into memory a few at a time."""
    length = request.headers.get("content-length", "")
    light = length.isdigit() and int(length) < HEAVY
    heavy: asyncio.Semaphore = request.state.heavy
    return nullcontext() if light else heavy


def _own(request: Request, form: FormData) -> None:
    session: Session | None = request.state.session
    given = request.headers.get(HEADER) or form.get(FIELD)
    if session is None or not is_form_token(session, given):
        raise HTTPException(403, "form token")


def is_form_token(session: Session, given: object) -> bool:
    """Whether this is what the session's forms carry."""
    own = form_token(session).encode()
    return isinstance(given, str) and hmac.compare_digest(given.encode(), own)


Posted = Annotated[FormData, Depends(posted)]


def text_of(form: FormData, name: str, longest: int = 300) -> str:
    """A typed line, outer spaces off; empty when absent or no text."""
    value = form.get(name)
    return value.strip()[:longest] if isinstance(value, str) else ""
