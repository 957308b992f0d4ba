"""Drafts: papers being typed and models brought along."""

from __future__ import annotations

from alembic import op

from avidity.web.store.tables import DRAFTS

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Make the table, where the first migration has not made it with the others."""
    DRAFTS.create(op.get_bind(), checkfirst=True)
