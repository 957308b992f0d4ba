"""Which window wrote a draft last."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text, inspect

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Add the column, where the table was not made with it."""
    if "window" not in {one["name"] for one in inspect(op.get_bind()).get_columns("drafts")}:
        op.add_column("drafts", Column("window", Text, nullable=False, server_default=""))
