"""The server: where it listens, who may come in, and the address that is opened."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from avidity.errors import WorkbenchError
from avidity.web.app import create_app
from avidity.web.bench import Bench
from avidity.web.folders import data_folder, make_private
from avidity.web.settings import Settings
from avidity.web.store.open import address_of, open_store

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked on the command line."""

    port: int = 0
    host: str = LOOPBACK
    data: Path | None = None
    store: str = ""
    browser: bool = True


def serve(wish: Wish, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C.

    tell    called with the address that lets one person in, when no browser is opened
    raises  WorkbenchError when it may not or cannot listen there
    """
    if not is_loopback(wish.host):
        raise WorkbenchError(
            f"the workbench listens on this computer only; {wish.host} would let others in,"
            " which needs accounts. Leave --host out"
        )
    os.umask(0o077)  # whatever is written is for this user alone
    data = make_private((wish.data or data_folder()).resolve())
    address = wish.store or address_of(data)
    store = open_store(address)
    listener = listen(wish.host, wish.port)
    try:
        port = listener.getsockname()[1]
        token = secrets.token_urlsafe(32)
        bench = Bench(Settings(data, address, names(wish.host, port), token), store)
        opened = f"http://{_bracketed(wish.host)}:{port}/enter?token={token}"
        if not (wish.browser and webbrowser.open(opened)):
            tell(opened)
        run(bench, listener)
    finally:
        listener.close()
        store.close()


def run(bench: Bench, listener: socket.socket) -> None:
    """Answer requests on the socket. Nothing is logged that names a study or a patient."""
    config = uvicorn.Config(
        create_app(bench),
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names(host: str, port: int) -> tuple[str, ...]:
    """What the Host header may say of a workbench on this computer."""
    return tuple(dict.fromkeys((f"{_bracketed(host)}:{port}", f"localhost:{port}")))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises WorkbenchError when the port is taken or forbidden."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise WorkbenchError(
            f"port {port} must be free; {error.strerror or error}. Choose another with --port"
        ) from None
    return listener
