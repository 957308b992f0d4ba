"""Keys: what an account's programs come in with."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, MetaData, Table, Text

revision = "0003"
down_revision: str | None = "0002"

KEYS = Table(
    "keys",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("withdrawn", Text),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Make the table."""
    KEYS.create(op.get_bind(), checkfirst=True)
