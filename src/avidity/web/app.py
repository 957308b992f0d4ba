"""The application: every route module of ``routes/``, behind the gate."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException as PlainHTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from avidity import __version__
from avidity.errors import AvidityError
from avidity.web import routes
from avidity.web.api.app import create_api
from avidity.web.api.trouble import PREFIX, for_a_program, told
from avidity.web.bench import Bench
from avidity.web.pages.trouble import trouble_page
from avidity.web.render import render
from avidity.web.security.attempts import Attempts
from avidity.web.security.entry import OneTimeToken
from avidity.web.security.forms import HEAVY_AT_ONCE
from avidity.web.security.gate import Gate, RefusedError
from avidity.web.security.peer import own_user
from avidity.web.settings import LOCAL
from avidity.web.store.keys import find_key
from avidity.web.store.sessions import Session, find_session
from avidity.web.store.trail import now

THREADS = 200  # requests that are worked on, or wait for another, at once


def create_app(bench: Bench) -> FastAPI:
    """The workbench as an ASGI application."""
    app = FastAPI(
        title="avidity",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
    )
    for found in sorted(pkgutil.iter_modules(routes.__path__), key=lambda one: one.name):
        module = importlib.import_module(f"{routes.__name__}.{found.name}")
        app.include_router(module.router)
    app.mount(PREFIX, create_api())
    app.add_exception_handler(AvidityError, _sentence)
    app.add_exception_handler(PlainHTTPException, _status)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(OperationalError, _busy)

    begun = now()

    def find(cookie: str) -> Session | None:
        try:
            with bench.store.reading() as connection:
                found = find_session(connection, cookie) or find_key(connection, cookie)
        except OperationalError:
            raise RefusedError(503, "The store is busy; try again in a minute.") from None
        if found is None or bench.settings.accounts:
            return None if found is None or found.account == LOCAL else found
        mine = found.account == LOCAL and found.made >= begun  # let in by this server's token
        return found if mine else None

    own = None if bench.settings.accounts else own_user()
    app.add_middleware(Gate, settings=bench.settings, find=find, fault=_fault, own=own)
    app.add_middleware(
        Carried,
        parts={
            "bench": bench,
            "heavy": asyncio.Semaphore(HEAVY_AT_ONCE),
            "attempts": Attempts(),
            "entry": OneTimeToken(bench.settings.token) if bench.settings.token else None,
        },
    )
    return app


class Carried:
    """Gives each request, of a page or of a program, what this workbench is made of."""

    def __init__(self, app: ASGIApp, parts: Mapping[str, object]) -> None:
        self.app, self.parts = app, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with ``request.state`` filled."""
        scope["state"] = {**scope.get("state", {}), **self.parts}
        await self.app(scope, receive, send)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Whoever waits for a large table to be read keeps nobody else from an answer."""
    current_default_thread_limiter().total_tokens = THREADS
    yield


def _sentence(request: Request, error: Exception) -> Response:
    """What the user can put right, as a page of one sentence."""
    return render(request, "trouble", trouble_page(422, str(error)), status=422)


def _status(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException | PlainHTTPException) else 500
    if for_a_program(request.url.path):  # a path no route of the interface can match
        return told(status)
    return render(request, "trouble", trouble_page(status), status=status)


def _busy(request: Request, error: Exception) -> Response:  # noqa: ARG001  # it names the store
    """The store is held by another program, or its server is away: nothing was changed."""
    return render(request, "trouble", trouble_page(503), status=503)


def _gone(request: Request, error: Exception) -> Response:  # noqa: ARG001  # nobody hears it
    """The browser left, or asked anew, before its words had come: no fault of anybody."""
    return Response(status_code=400)


def _fault(scope: Scope) -> HTMLResponse:
    return render(Request(scope), "trouble", trouble_page(500), status=500)
