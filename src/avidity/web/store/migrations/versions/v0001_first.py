"""The first tables, and the triggers that write the trail.

A migration is never changed after a release: the tables it makes are those of that day.
"""

from __future__ import annotations

from alembic import op

from avidity.web.store.tables import METADATA
from avidity.web.store.triggers import triggers

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables and the triggers."""
    connection = op.get_bind()
    METADATA.create_all(connection)
    for statement in triggers(connection.dialect.name):
        op.execute(statement)
