"""The process of one run: ``python -m avidity.web.work DATA RUN``, the store on standard input.

It writes the report beside its place and moves it there when it is whole; it says every second
that it is alive, and stops when it is asked to.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from avidity.errors import AvidityError
from avidity.report.draw import second_hand
from avidity.report.write import write_report
from avidity.steps.run import STEPS, run
from avidity.study import read_study
from avidity.web.counting import Counting
from avidity.web.folders import make_private, run_folder, snapshot_folder
from avidity.web.store.open import Store, open_store
from avidity.web.store.runs import (
    Run,
    find_run,
    note_progress,
    set_files,
    set_state,
)

BEAT = 0.5  # seconds
WORKER = "avidity"
WRITING = "writing the report"


class Pulse:
    """How far the run is, told to the store from a thread of its own."""

    def __init__(self, store: Store, run_id: str) -> None:
        self.store, self.run_id = store, run_id
        self.step, self.words, self.counting = 0, "", Counting()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __call__(self, words: str) -> None:
        """A step begins."""
        self.step, self.words = self.step + 1, words
        self._tell()

    def _tell(self) -> None:
        with self.store.noting() as connection:
            note_progress(
                connection,
                self.run_id,
                step=self.step,
                steps=STEPS + 1,
                words=self.words,
                resamples=self.counting.done,
            )

    def _beat(self) -> None:
        while not self.ended.wait(BEAT):
            self._tell()
            with self.store.reading() as connection:
                found = find_run(connection, self.run_id)
            if found is None or found.state == "cancelling":
                with self.store.writing(WORKER) as connection:
                    set_state(connection, self.run_id, "cancelled")
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
    part = make_private(target.with_name(f".{found.id}.part"))
    try:
        study = read_study(snapshot_folder(data, found.study, found.snapshot))
        with second_hand() as hand:
            chunks = pulse.counting
            results = run(study, pulse, quick=found.quick, hand=hand, chunks=chunks)
            pulse(WRITING)
            written = write_report(results, study, part, hand)
        files = {path.relative_to(part).as_posix(): _of(path) for path in written.files}
        part.rename(target)
        pulse.ended.set()
        with store.writing(WORKER) as connection:
            set_files(connection, found.id, files)
            set_state(connection, found.id, "done")
    except AvidityError as error:
        _failed(store, found.id, str(error))
    except Exception as fault:  # noqa: BLE001  # whatever it is, the run must not seem to go on
        _failed(store, found.id, f"a fault of the program: {type(fault).__name__}")
    finally:
        pulse.ended.set()
        shutil.rmtree(part, ignore_errors=True)


def _failed(store: Store, run_id: str, said: str) -> None:
    with store.writing(WORKER) as connection:
        set_state(connection, run_id, "failed", said)


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
    store.close()


if __name__ == "__main__":
    main()
