"""The command of the workbench: serve."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, Unpack

import click

from avidity.cli.speak import FOLDER, emit, json_option
from avidity.errors import WorkbenchError

NEEDED = ("fastapi", "uvicorn", "python_multipart", "sqlalchemy", "alembic", "argon2")


def see_that_it_is_installed() -> None:
    """Say so in one sentence when the workbench's parts are not there."""
    if any(find_spec(name) is None for name in NEEDED):
        raise WorkbenchError("the workbench needs more than the command line; install avidity[web]")


class Asked(TypedDict):
    """What is handed on as it is."""

    port: int
    browser: bool
    data: Path | None
    store: str
    host: str
    address: str


@click.command(epilog="\b\nExample\n  avidity serve\n  avidity serve --no-browser --port 8765")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free port.")
@click.option("--browser/--no-browser", default=True, help="Open it, or print its address.")
@click.option("--data", type=FOLDER, help="Where studies are kept. [your own data folder]")
@click.option("--store", default="", help="A PostgreSQL address. [SQLite in the data folder]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--address", default="", help="Let accounts in; what they type in the browser.")
@click.option("--certificate", type=FOLDER, help="For https: the certificate, a PEM file.")
@click.option("--key", type=FOLDER, help="For https: its key, a PEM file.")
@json_option
def serve(
    as_json: bool, certificate: Path | None, key: Path | None, **asked: Unpack[Asked]
) -> None:
    """Open the workbench in the browser: from a table to a study, step by step."""
    see_that_it_is_installed()
    from avidity.web.server import Wish, serve

    if (certificate is None) != (key is None):
        raise WorkbenchError("--certificate and --key go together; give both")
    proof = (certificate, key) if certificate and key else None
    serve(Wish(**asked, certificate=proof), lambda address: _tell(address, as_json=as_json))


def _tell(address: str, *, as_json: bool) -> None:
    emit(as_json, {"address": address}, lambda: [address])
