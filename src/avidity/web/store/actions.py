"""Who did what and when: the log of actions, which nobody can change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from avidity.web.store.tables import ACTIONS
from avidity.web.store.trail import now


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person did."""

    at: str
    actor: str
    action: str
    study: str
    detail: str


def note_action(
    connection: Connection, actor: str, action: str, study: str | None = None, detail: str = ""
) -> None:
    """Write an action down. The detail holds names and counts, never a patient's value."""
    values = {"at": now(), "actor": actor, "action": action, "study": study, "detail": detail}
    connection.execute(insert(ACTIONS).values(**values))


def actions_of(connection: Connection, study: str | None = None) -> tuple[Action, ...]:
    """The actions on a study, or all of them, in their order."""
    asked = select(ACTIONS).order_by(ACTIONS.c.id)
    if study is not None:
        asked = asked.where(ACTIONS.c.study == study)
    return tuple(
        Action(row.at, row.actor, row.action, row.study or "", row.detail)
        for row in connection.execute(asked)
    )
