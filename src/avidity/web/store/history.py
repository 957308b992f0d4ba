"""Who did what to a study, when and why: the trail of its rows, told deed by deed.

A deed is everything one person changed at one moment: the lines of the log of actions, the notes
with their reasons, and the rows that were written, old and new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from avidity.web.store.actions import Action
from avidity.web.store.notes import Note
from avidity.web.store.studies import KeptStudy, study_of
from avidity.web.store.tables import ACTIONS, FILES, NOTES, RUNS, STUDIES, TRAIL

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the trail: a row of a table before and after.

    about   the table
    change  insert, update or delete
    """

    id: int
    about: str
    change: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]

    @property
    def moved(self) -> Mapping[str, tuple[Any, Any]]:
        """What differs: column -> before and after."""
        names = [*self.new, *(name for name in self.old if name not in self.new)]
        pairs = {name: (self.old.get(name), self.new.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person changed at one moment; "" for both while the trail is not sealed."""

    at: str
    actor: str
    changes: tuple[Change, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """The lines of the log of actions."""
        rows = (one.new for one in self.changes if one.about == ACTIONS.name and one.new)
        return tuple(
            Action(row["at"], row["actor"], row["action"], row["study"] or "", row["detail"])
            for row in rows
        )

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was decided, with the reason."""
        rows = (one.new for one in self.changes if one.about == NOTES.name and one.new)
        return tuple(
            Note(row["kind"], row["subject"], json.loads(row["content"]), row["reason"])
            for row in rows
        )


def history_of(connection: Connection, study: str) -> tuple[Deed, ...]:
    """Every deed that changed a study, its snapshots, runs, files or notes, the latest first."""
    runs = set(connection.execute(select(RUNS.c.id).where(RUNS.c.study == study)).scalars())
    named = [TRAIL.c[side].contains(name) for name in (study, *runs) for side in ("old", "new")]
    rows = connection.execute(select(TRAIL).where(or_(*named)).order_by(TRAIL.c.id))
    return tuple(_deeds(rows, study, runs))[::-1]


def _deeds(rows: Iterable[Row[Any]], study: str, runs: AbstractSet[str]) -> Iterable[Deed]:
    for (at, actor), together in groupby(rows, lambda row: (row.at or "", row.actor or "")):
        read = [
            Change(row.id, row.about, row.change, _read(row.old), _read(row.new))
            for row in together
        ]
        changes = tuple(one for one in read if _concerns(one, study, runs))
        if changes:
            yield Deed(at, actor, changes)


def _concerns(change: Change, study: str, runs: AbstractSet[str]) -> bool:
    """Whether a row is the study's own: another's words may well name its id."""
    row = change.new or change.old
    if change.about == FILES.name:
        return row.get("run") in runs
    return bool(row.get("id" if change.about == STUDIES.name else "study") == study)


def _read(text: str | None) -> Mapping[str, Any]:
    """A row as the trail keeps it; empty where it cannot be read, which only tampering brings."""
    try:
        content = json.loads(text) if text else NOTHING
    except ValueError:
        return NOTHING
    return content if isinstance(content, dict) else NOTHING


def find_any_study(connection: Connection, study: str) -> KeptStudy | None:
    """A study even after it was taken off the lists, or None: its history stays."""
    row = connection.execute(select(STUDIES).where(STUDIES.c.id == study)).first()
    return None if row is None else study_of(row)


@dataclass(frozen=True, slots=True)
class LoggedPage:
    """Some lines of the whole log of actions, the latest first, and how many there are."""

    lines: tuple[Action, ...]
    total: int


def log_of(connection: Connection, skip: int, most: int) -> LoggedPage:
    """Everybody's actions, without reasons and titles: no patient's value.

    skip, most  how many of the latest to leave out, and how many to give
    """
    total = connection.execute(select(func.count()).select_from(ACTIONS)).scalar() or 0
    asked = select(ACTIONS).order_by(ACTIONS.c.id.desc()).offset(skip).limit(most)
    lines = tuple(
        Action(row.at, row.actor, row.action, row.study or "", row.detail)
        for row in connection.execute(asked)
    )
    return LoggedPage(lines, total)
