"""The process of one run: ``python -m avidity.web.work DATA RUN``, the store on standard input.

It writes the report beside its place and moves it there when it is whole; it says every second
that it is alive, and stops when it is asked to. Only so many work at once, of all studies; the
others wait, the earliest asked for first.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from avidity.errors import AvidityError
from avidity.said import say
from avidity.web.folders import make_private, run_folder, snapshot_folder, told_folder
from avidity.web.store.open import Store, open_store
from avidity.web.store.runs import (
    Run,
    find_run,
    note_progress,
    runs_ahead,
    set_files,
    set_state,
)

if TYPE_CHECKING:
    from avidity.web.counting import Counting

BEAT = 0.5  # seconds
WORKER = "avidity"
WAITING, WRITING = "waiting for its turn", "writing the report"
AT_ONCE = max(2, (os.cpu_count() or 1) // 2)  # runs; each keeps up to two processors busy


class Pulse:
    """How far the run is, told to the store from a thread of its own."""

    def __init__(self, store: Store, run_id: str) -> None:
        self.store, self.run_id = store, run_id
        self.step, self.steps, self.words = 0, 1, ""
        self.counting: Counting | None = None
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __call__(self, words: str) -> None:
        """A step begins."""
        self.step, self.words = self.step + 1, words
        self._tell()

    def wait(self, words: str) -> None:
        """Nothing is done for a while, and why."""
        if self.words != words:
            self.words = words
            self._tell()
        time.sleep(BEAT)

    def _tell(self) -> None:
        # That the store is busy for long must not end a run.
        with contextlib.suppress(OperationalError), self.store.noting() as connection:
            note_progress(
                connection,
                self.run_id,
                step=self.step,
                steps=self.steps,
                words=self.words,
                resamples=self.counting.done if self.counting else 0,
            )

    def _beat(self) -> None:
        while not self.ended.wait(BEAT):
            self._tell()
            with contextlib.suppress(OperationalError):
                self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        with self.store.reading() as connection:
            found = find_run(connection, self.run_id)
        if found is None or found.state == "cancelling":
            _cancelled(self.store, self.run_id)
            stop_everything()


def stop_everything() -> None:
    """End this process and those it has started, at once."""
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def work(data: Path, store: Store, found: Run) -> None:
    """Carry out a run, and say how it ended."""
    pulse = Pulse(store, found.id)
    pulse.thread.start()
    target = run_folder(data, found.study, found.id)
    part = target.with_name(f".{found.id}.part")
    try:
        while _ahead(store, found) >= AT_ONCE:
            pulse.wait(WAITING)
        files = _report(data, found, pulse, part)
        part.rename(target)
        pulse.ended.set()
        with store.writing(WORKER) as connection:
            set_files(connection, found.id, files)
            set_state(connection, found.id, "done")
    except AvidityError as error:
        _failed(store, found.id, str(error))
    except Exception as fault:  # noqa: BLE001  # whatever it is, the run must not seem to go on
        _failed(store, found.id, say("a fault of the program: {kind}", kind=type(fault).__name__))
    finally:
        pulse.ended.set()
        shutil.rmtree(part, ignore_errors=True)


def _report(data: Path, found: Run, pulse: Pulse, part: Path) -> dict[str, tuple[int, str]]:
    """Carry out the study of a snapshot and write its report; name, bytes and hash of each file.

    What the pages show of it is kept beside the report.
    """
    # Loaded here: a process that waits for its turn should take no room.
    from avidity.report.draw import second_hand
    from avidity.report.write import keeps_busy, write_report
    from avidity.steps.run import STEPS, run
    from avidity.study import read_study
    from avidity.web.counting import Counting
    from avidity.web.told import keep

    pulse.steps, pulse.counting = STEPS + 1, Counting()
    make_private(part)
    study = read_study(snapshot_folder(data, found.study, found.snapshot))
    with second_hand(wanted=keeps_busy(study)) as hand:
        results = run(study, pulse, quick=found.quick, hand=hand, chunks=pulse.counting)
        pulse(WRITING)
        written = write_report(results, study, part, hand)
    keep(told_folder(data, found.study, found.id), written)
    return {path.relative_to(part).as_posix(): _of(path) for path in written.files}


def _ahead(store: Store, found: Run) -> int:
    with store.reading() as connection:
        return runs_ahead(connection, found)


def _failed(store: Store, run_id: str, said: str) -> None:
    with store.writing(WORKER) as connection:
        set_state(connection, run_id, "failed", said)


def _cancelled(store: Store, run_id: str) -> None:
    with store.writing(WORKER) as connection:
        set_state(connection, run_id, "cancelled")


def _of(path: Path) -> tuple[int, str]:
    path.chmod(0o600)
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()


def main() -> None:
    """The one call of this process."""
    os.umask(0o077)
    data, run_id = Path(sys.argv[1]), sys.argv[2]
    store = open_store(sys.stdin.read().strip())
    with store.reading() as connection:
        found = find_run(connection, run_id)
    if found is not None and found.state == "running":
        work(data, store, found)
    elif found is not None and found.state == "cancelling":  # before this process was there
        _cancelled(store, run_id)
    store.close()


if __name__ == "__main__":
    main()
