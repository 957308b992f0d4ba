"""Why a run stopped, as a sentence that other languages can say too."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Add the column; runs of before keep their English text alone."""
    op.add_column("runs", Column("sentence", Text))
