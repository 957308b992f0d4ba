"""The store brought to this version's tables, one step after the other, or refused."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from avidity.errors import WorkbenchError
from avidity.web.store.triggers import set_triggers

HERE = Path(__file__).resolve().parent / "migrations"


def migrate(connection: Connection) -> None:
    """Carry out every migration the store has not seen, within the connection's transaction.

    raises  WorkbenchError when the store was made by a later version
    """
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
