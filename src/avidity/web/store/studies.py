"""Studies and their snapshots in the store."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from avidity.web.store.tables import SNAPSHOTS, STUDIES
from avidity.web.store.trail import now


@dataclass(frozen=True, slots=True)
class KeptStudy:
    """A study as the store knows it."""

    id: str
    owner: str
    title: str
    made: str
    changed: str
    snapshot: str
    shared: bool


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """One state of a study's files; counts are None until it was read."""

    study: str
    sha256: str
    made: str
    files: int
    bytes: int
    cohort: str | None
    patients: int | None
    errors: int | None
    warnings: int | None


def new_id() -> str:
    """An id for a study to be."""
    return uuid.uuid4().hex


def add_study(connection: Connection, owner: str, title: str, name: str = "") -> str:
    """A new study without files; its id, which is `name` where one was given (see `new_id`)."""
    name, at = name or new_id(), now()
    values = {"id": name, "owner": owner, "title": title, "made": at, "changed": at}
    connection.execute(insert(STUDIES).values(**values))
    return name


def add_snapshot(connection: Connection, study: str, sha256: str, files: int, size: int) -> None:
    """A state of the study's files, which becomes the one that is worked on."""
    known = select(SNAPSHOTS.c.sha256).where(
        SNAPSHOTS.c.study == study, SNAPSHOTS.c.sha256 == sha256
    )
    at = now()
    if connection.execute(known).first() is None:
        values = {"study": study, "sha256": sha256, "made": at, "files": files, "bytes": size}
        connection.execute(insert(SNAPSHOTS).values(**values))
    connection.execute(
        update(STUDIES).where(STUDIES.c.id == study).values(snapshot=sha256, changed=at)
    )


def set_title(connection: Connection, study: str, title: str) -> None:
    """The study's name on the start page."""
    connection.execute(update(STUDIES).where(STUDIES.c.id == study).values(title=title))


def set_shared(connection: Connection, study: str, *, shared: bool) -> None:
    """Whether every account may see the results."""
    connection.execute(update(STUDIES).where(STUDIES.c.id == study).values(shared=int(shared)))


def remove_study(connection: Connection, study: str) -> None:
    """Take a study off the lists; the trail keeps that it was there."""
    connection.execute(update(STUDIES).where(STUDIES.c.id == study).values(removed=now()))


def count_snapshot(
    connection: Connection, study: str, sha256: str, counts: dict[str, str | int]
) -> None:
    """What reading the snapshot found: cohort, patients, errors, warnings."""
    here = (SNAPSHOTS.c.study == study) & (SNAPSHOTS.c.sha256 == sha256)
    connection.execute(update(SNAPSHOTS).where(here).values(**counts))


def find_study(connection: Connection, study: str) -> KeptStudy | None:
    """A study that was not removed, or None."""
    asked = select(STUDIES).where(STUDIES.c.id == study, STUDIES.c.removed.is_(None))
    row = connection.execute(asked).first()
    return None if row is None else study_of(row)


def studies_of(connection: Connection, owner: str | None) -> tuple[KeptStudy, ...]:
    """An owner's studies and those shared with everybody, latest first; None: all studies."""
    asked = select(STUDIES).where(STUDIES.c.removed.is_(None)).order_by(STUDIES.c.changed.desc())
    if owner is not None:
        asked = asked.where((STUDIES.c.owner == owner) | (STUDIES.c.shared == 1))
    return tuple(study_of(row) for row in connection.execute(asked))


def find_snapshot(connection: Connection, study: str, sha256: str) -> KeptSnapshot | None:
    """One state of a study's files."""
    asked = select(SNAPSHOTS).where(SNAPSHOTS.c.study == study, SNAPSHOTS.c.sha256 == sha256)
    row = connection.execute(asked).first()
    return None if row is None else KeptSnapshot(**row._mapping)  # SQLAlchemy's public name


def study_of(row: Row[tuple[object, ...]]) -> KeptStudy:
    """A row of the table."""
    return KeptStudy(
        row.id, row.owner, row.title, row.made, row.changed, row.snapshot or "", bool(row.shared)
    )
