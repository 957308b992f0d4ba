"""The command of the workbench: serve."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from avidity.cli.speak import FOLDER, emit, json_option

NEEDED = ("fastapi", "uvicorn", "python_multipart", "sqlalchemy", "alembic", "argon2")


@click.command(epilog="\b\nExample\n  avidity serve\n  avidity serve --no-browser --port 8765")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free port.")
@click.option("--browser/--no-browser", default=True, help="Open it, or print its address.")
@click.option("--data", type=FOLDER, help="Where studies are kept. [your own data folder]")
@click.option("--store", default="", help="A PostgreSQL address. [SQLite in the data folder]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@json_option
def serve(
    port: int, browser: bool, data: Path | None, store: str, host: str, as_json: bool
) -> None:
    """Open the workbench in the browser: from a table to a study, step by step."""
    from avidity.errors import WorkbenchError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise WorkbenchError("the workbench needs more than the command line; install avidity[web]")
    from avidity.web.server import Wish, serve

    wish = Wish(port, host, data, store, browser)
    serve(wish, lambda address: emit(as_json, {"address": address}, lambda: [address]))
