"""The store brought to this version's tables, one step after the other, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from avidity.errors import WorkbenchError
from avidity.web.store.triggers import set_triggers

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep

HERE = Path(__file__).resolve().parent / "migrations"
SEEN = "alembic_version"  # the table in which the migrations are noted


def migrate(connection: Connection) -> None:
    """Carry out every migration the store has not seen, within the connection's transaction.

    raises  WorkbenchError when the store was made by a later version
    """
    if _is_new(connection):
        return
    # Loaded here: it takes longer than all else a process does before its work.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    script = ScriptDirectory(str(HERE))

    def steps(revision: object, _: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", revision)  # type: ignore[arg-type]  # alembic's own commands do so; there is no public name

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection)
        try:
            before = environment.get_context().get_current_heads()
            environment.run_migrations()
        except CommandError:
            raise WorkbenchError(
                "the store was made by a later version of avidity; install that version, or"
                " choose another folder with --data"
            ) from None
        if before != environment.get_context().get_current_heads():
            set_triggers(connection)


def _is_new(connection: Connection) -> bool:
    """Whether the store has seen the last migration."""
    if not inspect(connection).has_table(SEEN):
        return False
    seen = connection.execute(text(f"SELECT version_num FROM {SEEN}")).scalars().all()  # noqa: S608  # a name of ours
    return list(seen) == [latest()]


def latest() -> str:
    """The last migration's number, as the file's name tells it: ``v0005_windows.py``."""
    return max(file.stem for file in HERE.glob("versions/v*.py"))[1:5]
