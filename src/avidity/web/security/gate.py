"""The gate before every page: the right host, the right origin, a known person, a bearable size.

Plain ASGI, so that streams pass. What it refuses never reaches a route.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import traceback
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from avidity.web.api.trouble import PREFIX, for_a_program, told
from avidity.web.security.headers import HEADERS
from avidity.web.security.patience import PATIENCE
from avidity.web.security.peer import ends_of, is_anothers
from avidity.web.settings import Settings
from avidity.web.store.sessions import Session

LOG = logging.getLogger("avidity.web")
SESSION = f"{PREFIX}/session"
SAFE = ("GET", "HEAD", "OPTIONS")
STRANGERS = 20_000  # bytes somebody may send who is not known: a name and a password
FindSession = Callable[[str], Session | None]
FaultPage = Callable[[Scope], ASGIApp]


class RefusedError(Exception):
    """A request that goes no further, with its status and one sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Gate:
    """Wraps the application.

    find   tells who a cookie belongs to
    fault  makes the page that is shown for a fault of ours
    own    the user of this computer whose programs alone may ask; None: every user's
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        find: FindSession,
        fault: FaultPage,
        own: int | None = None,
    ) -> None:
        self.app, self.settings, self.find, self.fault, self.own = app, settings, find, fault, own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":  # there is none here
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status, begun_to_answer = 500, False

        async def watched(message: Message) -> None:
            nonlocal status, begun_to_answer
            if message["type"] == "http.response.start":
                begun_to_answer = True
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.settings.secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        try:
            session = self._admit(scope)
            scope.setdefault("state", {}).update(session=session, still=self._still(scope))
        except RefusedError as refused:
            await _answer(scope, refused)(scope, receive, watched)
        else:
            try:
                await self.app(scope, self._heard(receive, session), watched)
            except Exception as fault:  # noqa: BLE001  # its message may hold a value: it ends here
                LOG.error("fault %s", where(fault))  # noqa: TRY400  # the traceback would show it
                if not begun_to_answer:
                    await self.fault(scope)(scope, receive, watched)
        under = PREFIX if for_a_program(scope["path"]) else ""
        route = under + getattr(scope.get("route"), "path", "-")  # the pattern: no id, no value
        took = 1000 * (time.perf_counter() - begun)
        LOG.info("%s %s %d %.0f ms", scope["method"], route, status, took)

    def _admit(self, scope: Scope) -> Session | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.settings.hosts:
            raise RefusedError(421, "This workbench is not called by that name.")
        _same_origin(scope, headers, f"{self._scheme()}://{hosts[0].lower()}")
        if "transfer-encoding" in headers and "content-length" in headers:
            raise RefusedError(400, "A body has one length.")  # RFC 9112, section 6.1
        if is_anothers(*ends_of(scope), self.own):
            raise RefusedError(403, "This workbench is another user's.")
        session = self._session(headers)
        length, largest = headers.get("content-length", "0"), self._largest(session)
        if not re.fullmatch(r"[0-9]{1,12}", length) or int(length) > largest:
            raise RefusedError(413, f"At most {largest:,} bytes at once.")
        if session is None and not self._open(scope):
            if for_a_program(scope["path"]):
                raise RefusedError(401, "")
            if self.settings.accounts:
                raise RefusedError(401, "Please sign in at /login.")
            raise RefusedError(403, "Open the address that 'avidity serve' printed.")
        return session

    def _largest(self, session: Session | None) -> int:
        return self.settings.largest if session else min(STRANGERS, self.settings.largest)

    def _heard(self, receive: Receive, session: Session | None) -> Receive:
        """The body, counted; of somebody unknown also no longer than patience lasts."""
        counted = _counted(receive, self._largest(session))
        return counted if session else _in_time(counted)

    def _still(self, scope: Scope) -> Callable[[], bool]:
        """Whether the person of this request is still let in: asked anew during a long answer."""

        def still() -> bool:
            try:
                return self._session(Headers(scope=scope)) is not None
            except RefusedError:  # the store is busy: asked again soon
                return True

        return still

    def _scheme(self) -> str:
        return "https" if self.settings.secure else "http"

    def _open(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if path == SESSION:
            return bool(scope["method"] == "POST")
        if self.settings.accounts:
            return path == "/login" or path.startswith("/static/")
        return path == "/enter"

    def _session(self, headers: Headers) -> Session | None:
        if given := bearer(headers):  # then a cookie beside it counts for nothing
            return self.find(given)
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return None
        cookie = cookies.get(self.settings.cookie)
        return self.find(cookie.value) if cookie and cookie.value else None


def _answer(scope: Scope, refused: RefusedError) -> Response:
    """One sentence; a person who is not signed in is led to where one signs in.

    For a program it is the object that it understands.
    """
    ends = {"connection": "close"} if refused.status == 400 else {}
    if for_a_program(scope["path"]):
        return told(refused.status, refused.words, **ends)
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    if refused.status == 401 and scope["method"] == "GET" and wants_page:
        return RedirectResponse("/login", 303)
    return PlainTextResponse(refused.words, refused.status, ends)


def bearer(headers: Mapping[str, str]) -> str:
    """The bearer token of a request; "" without one."""
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def where(fault: BaseException) -> str:
    """A fault without its message: its kind, and the lines of the program it came through."""
    lines = traceback.extract_tb(fault.__traceback__)[-4:]
    places = " < ".join(f"{Path(line.filename).name}:{line.lineno}" for line in reversed(lines))
    return f"{type(fault).__name__} at {places}"


def _same_origin(scope: Scope, headers: Headers, own: str) -> None:
    """A change must come from a page of ours; nothing of ours is a part of somebody else's page."""
    safe = scope["method"] in SAFE
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() != own:
        raise RefusedError(403, "Asked from another place than this workbench.")
    if site is not None and site not in ("same-origin", "none"):
        looked_at = safe and headers.get("sec-fetch-mode") == "navigate"
        if not looked_at:
            raise RefusedError(403, "Asked from another place than this workbench.")
    if not safe and origin is None and site is None and "authorization" not in headers:
        raise RefusedError(403, "A change must say which page it comes from.")


def _in_time(receive: Receive) -> Receive:
    """What drips in too slowly is heard no longer."""
    ends = time.monotonic() + PATIENCE

    async def waiting() -> Message:
        try:
            return await asyncio.wait_for(receive(), max(0.0, ends - time.monotonic()))
        except TimeoutError:
            raise HTTPException(408) from None

    return waiting


def _counted(receive: Receive, largest: int) -> Receive:
    """The body, counted as it comes: a wrong or missing length helps nobody."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise HTTPException(413, f"At most {largest:,} bytes at once.")
        return message

    return counting
