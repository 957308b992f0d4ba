"""What a person has begun or brought and wants to find again: a paper being typed, a model.

A draft is its owner's alone. It changes with every word, so it is no part of the trail.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from avidity.web.store.tables import DRAFTS
from avidity.web.store.trail import now

Kind = Literal["paper", "model"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft; the content is a paper.toml as far as it is typed, or a model's file.

    window  of a browser, that wrote it last, and its how-manyth change: "window:nth"; or ""
    """

    id: str
    owner: str
    kind: Kind
    title: str
    content: str
    made: str
    changed: str
    window: str = ""


def add_draft(
    connection: Connection, owner: str, kind: Kind, title: str, content: str, name: str = ""
) -> str:
    """A new draft; its id, a new one where none is given."""
    name, at = name or uuid.uuid4().hex, now()
    values = {"id": name, "owner": owner, "kind": kind, "title": title, "content": content}
    connection.execute(insert(DRAFTS).values(**values, made=at, changed=at))
    return name


def set_draft(
    connection: Connection, draft: str, title: str, content: str, window: str = ""
) -> None:
    """What the draft holds from now on, and the window that says so."""
    connection.execute(
        update(DRAFTS)
        .where(DRAFTS.c.id == draft)
        .values(title=title, content=content, changed=now(), window=window)
    )


def remove_draft(connection: Connection, draft: str) -> None:
    """Throw a draft away."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.id == draft))


def find_draft(
    connection: Connection, owner: str, kind: Kind, draft: str, *, to_change: bool = False
) -> Draft | None:
    """A draft of this owner, or None; nobody else may change it until this is done."""
    asked = select(DRAFTS).where(
        DRAFTS.c.id == draft, DRAFTS.c.owner == owner, DRAFTS.c.kind == kind
    )
    row = connection.execute(asked.with_for_update() if to_change else asked).first()
    return None if row is None else Draft(**row._mapping)  # SQLAlchemy's public name


def drafts_of(connection: Connection, owner: str, kind: Kind) -> tuple[Draft, ...]:
    """An owner's drafts of a kind, the latest changed first."""
    asked = select(DRAFTS).where(DRAFTS.c.owner == owner, DRAFTS.c.kind == kind)
    rows = connection.execute(asked.order_by(DRAFTS.c.changed.desc()))
    return tuple(Draft(**row._mapping) for row in rows)
