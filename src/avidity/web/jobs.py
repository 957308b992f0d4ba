"""Runs: each in a process of its own, which writes its progress into the store.

The server may be closed or killed meanwhile: the process works on, and the next server finds the
result. A process that is not heard of for a while was interrupted, and the run says so.
"""

from __future__ import annotations

import subprocess
import sys
import threading

from avidity.web.bench import Bench
from avidity.web.store.actions import note_action
from avidity.web.store.runs import Run, add_run, alive_runs, runs_of, set_state
from avidity.web.store.studies import KeptStudy

processes: list[subprocess.Popen[bytes]] = []  # those this server has started


def start(bench: Bench, study: KeptStudy, actor: str, *, quick: bool) -> str:
    """Begin a run of the study's current snapshot; its id. One at a time for each study."""
    with bench.store.writing(actor) as connection:
        for run in runs_of(connection, study.id):
            if run.alive and not run.silent:
                return run.id
        run_id = add_run(connection, study.id, study.snapshot, quick=quick)
        note_action(connection, actor, "run started", study.id, "quick" if quick else "whole")
    work(bench, run_id)
    return run_id


def work(bench: Bench, run_id: str) -> None:
    """Start the process. The store's address goes by its standard input: it may hold a password."""
    processes[:] = [process for process in processes if process.poll() is None]
    apart: dict[str, object] = (
        {"creationflags": 0x00000200} if sys.platform == "win32" else {"start_new_session": True}
    )
    process = subprocess.Popen(  # noqa: S603  # our own module, and an id of ours
        [sys.executable, "-m", "avidity.web.work", str(bench.data), run_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **apart,  # type: ignore[call-overload]  # the choice differs by system
    )
    if process.stdin:
        process.stdin.write(bench.settings.store.encode())
        process.stdin.close()
    processes.append(process)
    threading.Thread(target=process.wait, daemon=True).start()  # no ended process stays behind


def cancel(bench: Bench, run: Run, actor: str) -> None:
    """Ask a run to stop; it does within a second."""
    with bench.store.writing(actor) as connection:
        if set_state(connection, run.id, "cancelling"):
            note_action(connection, actor, "run cancelled", run.study)


def settle(bench: Bench) -> int:
    """Say of every run that has fallen silent that it was interrupted; how many."""
    with bench.store.reading() as connection:
        silent = [run for run in alive_runs(connection) if run.silent]
    if silent:
        with bench.store.writing("avidity") as connection:
            for run in silent:
                state = "cancelled" if run.state == "cancelling" else "interrupted"
                set_state(connection, run.id, state)  # type: ignore[arg-type]  # both are states
    return len(silent)
