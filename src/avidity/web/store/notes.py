"""What a person decided with a reason. A note is never changed: what ends it is another note."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from avidity.web.store.tables import NOTES
from avidity.web.store.trail import now


@dataclass(frozen=True, slots=True)
class Note:
    """One decision.

    subject  what it is about, without a patient's value: a snapshot and a row, a header
    """

    kind: str
    subject: str
    content: Mapping[str, str]
    reason: str = ""


def add_note(connection: Connection, study: str, actor: str, note: Note) -> None:
    """Write a decision down."""
    values = {
        "id": uuid.uuid4().hex,
        "study": study,
        "kind": note.kind,
        "subject": note.subject,
        "content": json.dumps(dict(note.content), ensure_ascii=False, sort_keys=True),
        "reason": note.reason,
        "actor": actor,
        "made": now(),
    }
    connection.execute(insert(NOTES).values(**values))


def notes_of(
    connection: Connection, kind: str, study: str | None = None, actor: str | None = None
) -> tuple[Note, ...]:
    """The decisions of a kind, in their order: of one study or all, of one person or all."""
    asked = select(NOTES).where(NOTES.c.kind == kind).order_by(NOTES.c.made, NOTES.c.id)
    if study is not None:
        asked = asked.where(NOTES.c.study == study)
    if actor is not None:
        asked = asked.where(NOTES.c.actor == actor)
    return tuple(
        Note(row.kind, row.subject, json.loads(row.content), row.reason)
        for row in connection.execute(asked)
    )
