"""Long work that is no run of a study: a folder for each piece, a process, a state others can read.

The folder holds what was sent, ``state.json``, and at the end ``result.json``. The process says
every second that it is alive by writing its state again; a piece not heard of was interrupted. It
stops when the file ``cancel`` appears.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from avidity.report.files import write_bytes
from avidity.web.api.paper_shapes import Job
from avidity.web.api.trouble import Refused
from avidity.web.folders import is_id, make_private
from avidity.web.store.trail import now

STATE, RESULT, CANCEL = "state.json", "result.json", "cancel"
SILENCE = 20.0  # seconds without a beat after which a piece of work counts as interrupted
AT_ONCE = 2  # pieces of one person
KEPT = dt.timedelta(days=1)


def start(data: Path, account: str, sent: dict[str, bytes], model: str) -> Job:
    """Begin to rebuild a paper's model.

    sent    file names of ours and contents
    raises  409 while this person has `AT_ONCE` on their way
    """
    mine = works(data, account)
    if sum(one.state == "running" for one in mine) >= AT_ONCE:
        raise Refused(409, f"At most {AT_ONCE} at once; wait for one to end, or cancel it.")
    folder = make_private(make_private(data / "jobs") / uuid.uuid4().hex)
    for name, content in sent.items():
        write_bytes(folder / name, content)
    state: dict[str, Any] = {"account": account, "kind": "rebuild", "state": "running"}
    write_state(folder, {**state, "words": "", "share": 0.0, "asked": now(), "model": model})
    command = [sys.executable, "-m", "avidity.web.api.rebuild_work", str(folder)]
    process = subprocess.Popen(  # noqa: S603  # our own module, and a folder of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()  # no ended process stays behind
    return find(data, account, folder.name)


def works(data: Path, account: str) -> list[Job]:
    """A person's work, the latest first; what ended a day ago is thrown away."""
    found = []
    for folder in (data / "jobs").glob("*"):
        state = read_state(folder)
        if state is None or state["account"] != account:
            continue
        ended = state.get("ended")
        if ended and dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(ended) > KEPT:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        found.append(_told(folder, state))
    return sorted(found, key=lambda one: one.asked, reverse=True)


def folder_of(data: Path, account: str, name: str) -> Path:
    """The folder of a person's work. Raises 404 where there is none, or it is another's."""
    folder = data / "jobs" / name
    state = read_state(folder) if is_id(name) else None
    if state is None or state["account"] != account:
        raise Refused(404, "There is no such work of yours.")
    return folder


def find(data: Path, account: str, name: str) -> Job:
    """A person's work by its id."""
    folder = folder_of(data, account, name)
    return _told(folder, read_state(folder) or {})


def read_state(folder: Path) -> dict[str, Any] | None:
    """What the state file says; None without one."""
    try:
        content: dict[str, Any] = json.loads((folder / STATE).read_bytes())
    except (OSError, ValueError):
        return None
    return content


def write_state(folder: Path, state: dict[str, Any]) -> None:
    """Say how far the work is; whole or not at all."""
    write_bytes(folder / STATE, json.dumps(state).encode())


def _told(folder: Path, state: dict[str, Any]) -> Job:
    said = state["state"]
    if said == "running" and time.time() - (folder / STATE).stat().st_mtime > SILENCE:
        said = "interrupted"
    return Job(
        id=folder.name,
        kind="rebuild",
        state=said,
        words=state["words"],
        share=state["share"],
        asked=state["asked"],
        ended=state.get("ended"),
        trouble=state.get("trouble", ""),
    )
