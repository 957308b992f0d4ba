"""The server: where it listens, who may come in, and the address that is opened."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from avidity.errors import WorkbenchError
from avidity.web.app import create_app
from avidity.web.bench import Bench
from avidity.web.folders import data_folder, make_private
from avidity.web.security.patience import Patient
from avidity.web.settings import Settings
from avidity.web.store.accounts import accounts
from avidity.web.store.open import Store, address_of, open_store

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked on the command line.

    address      what people with accounts type into the browser; "" without accounts
    certificate  a certificate file and its key, for https
    """

    port: int = 0
    host: str = LOOPBACK
    data: Path | None = None
    store: str = ""
    browser: bool = True
    address: str = ""
    certificate: tuple[Path, Path] | None = None


def serve(wish: Wish, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C.

    tell    called with the address that lets one person in, when no browser is opened
    raises  WorkbenchError when it may not or cannot listen there
    """
    refuse_unsafe(wish)
    os.umask(0o077)  # whatever is written is for this user alone
    data = make_private((wish.data or data_folder()).resolve())
    kept_at = wish.store or address_of(data)
    store = open_store(kept_at)
    listener = None
    try:
        if wish.address:
            _has_administrator(store)
        listener = listen(wish.host, wish.port)
        port = listener.getsockname()[1]
        settings = settings_of(wish, data, kept_at, port)
        opened = wish.address or f"http://{settings.hosts[0]}/enter?token={settings.token}"
        if wish.address or not (wish.browser and webbrowser.open(opened)):
            tell(opened)
        run(Bench(settings, store), listener, wish.certificate)
    finally:
        if listener:
            listener.close()
        store.close()


def refuse_unsafe(wish: Wish) -> None:
    """Others are let in by accounts and over https only. Raises WorkbenchError."""
    if not is_loopback(wish.host) and not wish.address:
        raise WorkbenchError(
            f"the workbench listens on this computer only; {wish.host} would let others in, which"
            " needs accounts ('avidity account add') and --address https://..."
        )
    if not is_loopback(wish.host) and wish.certificate is None:
        raise WorkbenchError(
            f"passwords must not cross the network in the clear; {wish.host} needs --certificate"
            " and --key, or listen on this computer behind a server that speaks https"
        )
    if wish.address:
        address = urlsplit(wish.address)
        safe = address.scheme == "https" or is_loopback(address.hostname or "")
        if address.scheme not in ("http", "https") or not address.hostname or not safe:
            raise WorkbenchError(
                "--address must be what people type into the browser, such as"
                " https://studies.hospital.example"
            )


def settings_of(wish: Wish, data: Path, store: str, port: int) -> Settings:
    """How this server answers: to one person with a token, or to accounts at an address."""
    if not wish.address:
        return Settings(data, store, names(wish.host, port), secrets.token_urlsafe(32))
    address = urlsplit(wish.address)
    secure = address.scheme == "https"
    return Settings(data, store, (address.netloc.lower(),), None, secure)


def _has_administrator(store: Store) -> None:
    with store.reading() as connection:
        known = [one for one in accounts(connection) if one.closed is None]
    if not any(one.role == "administrator" for one in known):
        raise WorkbenchError(
            "there must be an account of an administrator before others are let in; none was"
            " found. 'avidity account add NAME --role administrator' makes one"
        )


def run(
    bench: Bench, listener: socket.socket, certificate: tuple[Path, Path] | None = None
) -> None:
    """Answer requests on the socket. Nothing is logged that names a study or a patient."""
    proof, key = certificate or (None, None)
    config = uvicorn.Config(
        create_app(bench),
        http=Patient,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ssl_certfile=proof,
        ssl_keyfile=key,
        timeout_graceful_shutdown=2,
    )
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how one ends it
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
    # Named TCP, so that the event loop sends what is ready at once: pages are 40 ms quicker.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
