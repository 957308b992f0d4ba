"""Runs in the store: asked for, on their way, done, or stopped and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from avidity.said import from_json, to_json
from avidity.web.store.tables import FILES, PROGRESS, RUNS
from avidity.web.store.trail import now

State = Literal["running", "done", "failed", "cancelling", "cancelled", "interrupted"]
ALIVE: tuple[State, ...] = ("running", "cancelling")
SILENCE = 15.0  # seconds without a beat after which a run counts as interrupted


@dataclass(frozen=True, slots=True)
class Run:
    """One run and how far it has come."""

    id: str
    study: str
    snapshot: str
    state: State
    quick: bool
    asked: str
    ended: str | None
    said: str
    step: int
    steps: int
    words: str
    resamples: int
    beat: str

    @property
    def alive(self) -> bool:
        """Whether it is still on its way."""
        return self.state in ALIVE

    @property
    def silent(self) -> bool:
        """Whether the working process has not been heard of for too long."""
        heard = dt.datetime.fromisoformat(self.beat)
        return (dt.datetime.now(dt.UTC) - heard).total_seconds() > SILENCE


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file a run has written."""

    name: str
    bytes: int
    sha256: str


def add_run(connection: Connection, study: str, snapshot: str, *, quick: bool) -> str:
    """A run that begins; its id."""
    name, at = uuid.uuid4().hex, now()
    values = {"id": name, "study": study, "snapshot": snapshot, "state": "running"}
    connection.execute(insert(RUNS).values(**values, quick=int(quick), asked=at))
    start = {"run": name, "step": 0, "steps": 1, "words": "", "resamples": 0, "beat": at}
    connection.execute(insert(PROGRESS).values(**start))
    return name


def set_state(connection: Connection, run: str, state: State, said: str = "") -> bool:
    """Move a run that is still alive to another state; False when it had ended already."""
    values: dict[str, str] = {"state": state, "said": said, "sentence": to_json(said)}
    if state not in ALIVE:
        values["ended"] = now()
    moved = connection.execute(
        update(RUNS).where(RUNS.c.id == run, RUNS.c.state.in_(ALIVE)).values(**values)
    )
    return moved.rowcount == 1


def note_progress(connection: Connection, run: str, **values: str | int) -> None:
    """How far the run has come; the beat is set by itself."""
    connection.execute(update(PROGRESS).where(PROGRESS.c.run == run).values(**values, beat=now()))


def set_files(connection: Connection, run: str, files: Mapping[str, tuple[int, str]]) -> None:
    """What a run has written: name, bytes and hash."""
    connection.execute(delete(FILES).where(FILES.c.run == run))
    for name, (size, sha256) in files.items():
        connection.execute(insert(FILES).values(run=run, name=name, bytes=size, sha256=sha256))


def find_run(connection: Connection, run: str) -> Run | None:
    """A run by its id."""
    asked = select(RUNS, PROGRESS).join(PROGRESS).where(RUNS.c.id == run)
    row = connection.execute(asked).first()
    return None if row is None else _run(row)


def runs_of(connection: Connection, study: str) -> tuple[Run, ...]:
    """The runs of a study, latest first."""
    asked = select(RUNS, PROGRESS).join(PROGRESS).where(RUNS.c.study == study)
    return tuple(_run(row) for row in connection.execute(asked.order_by(RUNS.c.asked.desc())))


def alive_runs(connection: Connection) -> tuple[Run, ...]:
    """Every run of any study that has not ended."""
    asked = select(RUNS, PROGRESS).join(PROGRESS).where(RUNS.c.state.in_(ALIVE))
    return tuple(_run(row) for row in connection.execute(asked))


def runs_ahead(connection: Connection, run: Run) -> int:
    """How many runs of any study were asked for before this one and are still on their way."""
    earlier = (one for one in alive_runs(connection) if (one.asked, one.id) < (run.asked, run.id))
    return sum(not one.silent for one in earlier)


def files_of(connection: Connection, run: str) -> tuple[ResultFile, ...]:
    """What a run has written, by name."""
    asked = select(FILES).where(FILES.c.run == run).order_by(FILES.c.name)
    rows = connection.execute(asked)
    return tuple(ResultFile(row.name, row.bytes, row.sha256) for row in rows)


def _run(row: Row[tuple[object, ...]]) -> Run:
    return Run(
        row.id,
        row.study,
        row.snapshot,
        row.state,
        bool(row.quick),
        row.asked,
        row.ended,
        from_json(row.sentence) if row.sentence else row.said or "",
        row.step,
        row.steps,
        row.words,
        row.resamples,
        row.beat,
    )
