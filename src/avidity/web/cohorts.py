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

KEPT = 6  # snapshots in memory


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What reading and checking a snapshot gave; or the sentence why it could not be read."""

    folder: Path
    study: Study | None = None
    raw: Raw | None = None
    cohort: Cohort | None = None
    trouble: str = ""


_cache: OrderedDict[str, Looked] = OrderedDict()
_lock = threading.Lock()


def look(bench: Bench, study: KeptStudy) -> Looked:
    """The study's current snapshot, read and checked once."""
    with _lock:
        found = _cache.get(study.snapshot)
    if found is None:
        found = look_at(snapshot_folder(bench.data, study.id, study.snapshot))
    with _lock:
        _cache[study.snapshot] = found
        _cache.move_to_end(study.snapshot)
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    if found.cohort is not None:
        _count(bench, study, found.cohort)
    return found


def look_at(folder: Path) -> Looked:
    """A study folder read and checked."""
    study: Study | None = None
    raw: Raw | None = None
    try:
        study = read_study(folder)
        raw = read(study)
        return Looked(folder, study, raw, check(raw, study))
    except AvidityError as error:
        return Looked(folder, study, raw, None, str(error))


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
