"""The store, opened: SQLite in the user's data folder, or PostgreSQL by its address."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from avidity.errors import WorkbenchError
from avidity.web.store.migrate import migrate
from avidity.web.store.trail import OUTSIDE, lock, seal

PATIENCE = 20  # seconds to wait for another writer


@dataclass(frozen=True, slots=True)
class Store:
    """Where studies, runs and the trail are kept."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look at one state of the store."""
        with self.engine.connect().execution_options(looks_only=True) as connection:
            yield connection

    @contextmanager
    def writing(self, actor: str) -> Iterator[Connection]:
        """A change, whole or not at all, sealed into the trail under the actor's name.

        What another program changed in the meantime is sealed first, as done from outside.
        """
        with self.engine.begin() as connection:
            lock(connection)
            seal(connection, OUTSIDE)
            yield connection
            seal(connection, actor)

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """A change of what is no part of the trail: progress, sessions."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def address_of(folder: Path) -> str:
    """The address of the SQLite store in a data folder."""
    return f"sqlite:///{(folder / 'avidity.sqlite').resolve().as_posix()}"


def open_store(address: str) -> Store:
    """The store at an address, its tables brought up to date.

    raises  WorkbenchError when it cannot be opened; the message holds no password
    """
    try:
        url = make_url(address)
        if url.get_backend_name() == "sqlite":
            _private(url.database or "")
            engine = create_engine(url, connect_args={"timeout": PATIENCE})
            _careful(engine)
        else:
            engine = create_engine(_with_driver(address), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise WorkbenchError(
            "the store must be an address such as postgresql://user@host/database (it needs"
            " avidity[postgres]); leave --store out to keep the studies in the data folder"
        ) from None
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(4119)"))
            migrate(connection)
    except WorkbenchError:
        engine.dispose()
        raise
    except (DBAPIError, SQLAlchemyError) as error:
        engine.dispose()
        raise WorkbenchError(
            f"the store at {url.render_as_string(hide_password=True)} cannot be opened"
            f" ({type(error).__name__}); see that it runs and that you may write to it"
        ) from None
    return Store(engine)


def _with_driver(address: str) -> str:
    url = make_url(address)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _private(database: str) -> None:
    """See to it that the file is its owner's alone; those beside it take its mode from it."""
    file = Path(database)
    if database in ("", ":memory:"):
        return
    with contextlib.suppress(OSError):  # opening it says why
        file.touch(mode=0o600)
        file.chmod(0o600)


def _careful(engine: Engine) -> None:
    """SQLite so that nothing saved is lost: a write-ahead log, flushed at each commit."""

    @event.listens_for(engine, "connect")
    def opened(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A reader that turns writer may find the store changed under it; so every transaction
        # that may write says so at once.
        wants = connection.get_execution_options().get("looks_only")
        connection.exec_driver_sql("BEGIN" if wants else "BEGIN IMMEDIATE")
