"""A snapshot read and checked, kept in memory so that the next page is quick."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from avidity.errors import AvidityError
from avidity.steps.check import Cohort, check
from avidity.steps.read import Raw, read
from avidity.study import Study, read_study
from avidity.web.bench import Bench
from avidity.web.folders import snapshot_folder
from avidity.web.store.studies import KeptStudy, count_snapshot, find_snapshot

KEPT = 24  # snapshots in memory
MOST_CELLS = 6_000_000  # in all of them, about 100 bytes each; the latest is kept whatever it has
AT_ONCE = 1  # read at the same time: reading needs several times what is kept


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What reading and checking a snapshot gave; or the error why it could not be read."""

    folder: Path
    study: Study | None = None
    raw: Raw | None = None
    cohort: Cohort | None = None
    error: AvidityError | None = None

    @property
    def trouble(self) -> str:
        """The sentence why the files cannot be read; "" when they can."""
        return "" if self.error is None else str(self.error)

    @property
    def cells(self) -> int:
        """How much it holds."""
        tables = self.raw.tables.values() if self.raw else ()
        return sum(len(table.rows) * len(table.headers) for table in tables)


_cache: OrderedDict[str, Looked] = OrderedDict()
_lock = threading.Lock()
_reading = threading.Semaphore(AT_ONCE)


def look(bench: Bench, study: KeptStudy) -> Looked:
    """The study's current snapshot, read and checked once; others wait in turn meanwhile."""
    found = _kept(study.snapshot)
    if found is None:
        with _reading:
            found = _kept(study.snapshot)  # somebody may have read it while this one waited
            if found is None:
                found = look_at(snapshot_folder(bench.data, study.id, study.snapshot))
                _keep(study.snapshot, found)
    if found.cohort is not None:
        _count(bench, study, found.cohort)
    return found


def _kept(snapshot: str) -> Looked | None:
    with _lock:
        if snapshot in _cache:
            _cache.move_to_end(snapshot)
        return _cache.get(snapshot)


def _keep(snapshot: str, found: Looked) -> None:
    with _lock:
        _cache[snapshot] = found
        while len(_cache) > 1 and (
            len(_cache) > KEPT or sum(one.cells for one in _cache.values()) > MOST_CELLS
        ):
            _cache.popitem(last=False)


def look_at(folder: Path) -> Looked:
    """A study folder read and checked."""
    study: Study | None = None
    raw: Raw | None = None
    try:
        study = read_study(folder)
        raw = read(study)
        return Looked(folder, study, raw, check(raw, study))
    except AvidityError as error:
        # Without its traceback, which would keep the tables in memory.
        return Looked(folder, study, raw, None, error.with_traceback(None))


def _count(bench: Bench, study: KeptStudy, cohort: Cohort) -> None:
    with bench.store.reading() as connection:
        known = find_snapshot(connection, study.id, study.snapshot)
    if known is None or known.cohort == cohort.sha256:
        return
    counts: dict[str, str | int] = {
        "cohort": cohort.sha256,
        "patients": cohort.n_patients,
        "errors": cohort.n_errors,
        "warnings": cohort.n_warnings,
    }
    with bench.store.writing("avidity") as connection:
        count_snapshot(connection, study.id, study.snapshot, counts)
