"""The first tables.

A migration is never changed after a release: these are the tables of that day, whatever
``store/tables.py`` holds now.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

revision = "0001"
down_revision: str | None = None

METADATA = MetaData()

Table(
    "accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("closed", Text),
    sqlite_strict=True,
)
Table(
    "sessions",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("ends", Text, nullable=False),
    sqlite_strict=True,
)
Table(
    "studies",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("snapshot", Text),
    Column("shared", Integer, nullable=False, server_default="0"),
    Column("removed", Text),
    sqlite_strict=True,
)
Table(
    "snapshots",
    METADATA,
    Column("study", Text, ForeignKey("studies.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("made", Text, nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("cohort", Text),
    Column("patients", Integer),
    Column("errors", Integer),
    Column("warnings", Integer),
    sqlite_strict=True,
)
Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("study", Text, ForeignKey("studies.id"), nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("quick", Integer, nullable=False),
    Column("asked", Text, nullable=False),
    Column("ended", Text),
    Column("said", Text),
    sqlite_strict=True,
)
Table(
    "progress",
    METADATA,
    Column("run", Text, ForeignKey("runs.id"), primary_key=True),
    Column("step", Integer, nullable=False),
    Column("steps", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("resamples", Integer, nullable=False),
    Column("beat", Text, nullable=False),
    sqlite_strict=True,
)
Table(
    "files",
    METADATA,
    Column("run", Text, ForeignKey("runs.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_strict=True,
)
Table(
    "notes",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("study", Text, ForeignKey("studies.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("withdrawn", Text),
    sqlite_strict=True,
)
Table(
    "actions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("study", Text),
    Column("detail", Text, nullable=False),
    sqlite_strict=True,
)
Table(
    "trail",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("about", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("actor", Text),
    Column("at", Text),
    Column("hash", Text),
    sqlite_strict=True,
)
Index("runs_of_a_study", METADATA.tables["runs"].c.study)
Index("notes_of_a_study", METADATA.tables["notes"].c.study)


def upgrade() -> None:
    """Make the tables."""
    METADATA.create_all(op.get_bind())
