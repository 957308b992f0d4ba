"""The store from outside the server: one change by somebody at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from avidity.web.folders import data_folder, make_private
from avidity.web.store.open import address_of, open_store

WHO = "command line"
Found = TypeVar("Found")


def change(data: Path | None, store: str, what: Callable[[Connection], Found]) -> Found:
    """Carry out one change, whole or not at all.

    data, store  as for the server; the user's own data folder and SQLite when left out
    raises       WorkbenchError
    """
    folder = make_private((data or data_folder()).resolve())
    opened = open_store(store or address_of(folder))
    try:
        with opened.writing(WHO) as connection:
            return what(connection)
    finally:
        opened.close()
