"""The trail sealed: each row carries a hash of itself and of the row before it.

The triggers write rows without a hash. At the end of each change, and within it, the rows are
sealed in their order. Whoever alters, removes or inserts a row afterwards breaks the chain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Connection, select, text, update

from avidity.web.store.tables import TRAIL

OUTSIDE = "outside the workbench"
FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the trail is whole.

    rows    how many were looked at
    broken  the first row that is not as it was sealed; None when all are
    open    rows at the end without a seal: changed from outside since the last change here
    last    the last seal; noted elsewhere, it would show that rows at the end were taken away
    """

    rows: int
    broken: int | None
    open: int = 0
    last: str = FIRST


def now() -> str:
    """The time as the store writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def lock(connection: Connection) -> None:
    """One writer of the trail at a time. SQLite has one anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(4118)"))


def seal(connection: Connection, actor: str) -> None:
    """Give every row that has none its hash."""
    open_rows = connection.execute(
        select(TRAIL).where(TRAIL.c.hash.is_(None)).order_by(TRAIL.c.id)
    ).all()
    if not open_rows:
        return
    before = _last_hash(connection)
    at = now()
    for row in open_rows:
        before = _hash(before, (row.about, row.change, row.old, row.new, actor, at))
        connection.execute(
            update(TRAIL).where(TRAIL.c.id == row.id).values(actor=actor, at=at, hash=before)
        )


def verify(connection: Connection) -> Verdict:
    """Compute the whole chain again."""
    before, rows, unsealed = FIRST, 0, 0
    for row in connection.execute(select(TRAIL).order_by(TRAIL.c.id)):
        rows += 1
        if row.hash is None and row.actor is None and row.at is None:
            unsealed += 1
            continue
        before = _hash(before, (row.about, row.change, row.old, row.new, row.actor, row.at))
        if unsealed or row.hash != before:  # a seal was taken off, or does not fit
            return Verdict(rows, row.id, unsealed, before)
    return Verdict(rows, None, unsealed, before)


def _last_hash(connection: Connection) -> str:
    last = connection.execute(
        select(TRAIL.c.hash).where(TRAIL.c.hash.is_not(None)).order_by(TRAIL.c.id.desc()).limit(1)
    ).scalar()
    return last or FIRST


def _hash(before: str, parts: tuple[str | None, ...]) -> str:
    return hashlib.sha256(json.dumps([before, *parts]).encode()).hexdigest()
