"""Papers a program sent to be rebuilt: a folder for each, whose it is, and how far it is.

The work itself is that of the pages' own rebuildings; what ended a day ago is thrown away.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import uuid
from pathlib import Path
from typing import Any

from avidity.report.files import write_bytes
from avidity.web import rebuilding
from avidity.web.api.paper_shapes import Job
from avidity.web.api.trouble import Refused
from avidity.web.folders import is_id, make_private
from avidity.web.store.trail import now

ABOUT = "job.json"  # whose it is, and when it was asked for
STATES = {"none": "running", "stopped": "cancelled"}  # the others have the same name
AT_ONCE = 2  # of one person
KEPT = dt.timedelta(days=1)


def start(data: Path, account: str, text: str, model: str) -> Job:
    """Begin to rebuild a paper's model.

    text    of a paper.toml
    model   its name; empty: the first multivariable one
    raises  409 while this person has `AT_ONCE` on their way
    """
    mine = works(data, account)
    if sum(one.state == "running" for one in mine) >= AT_ONCE:
        raise Refused(409, f"At most {AT_ONCE} at once; wait for one to end, or cancel it.")
    folder = make_private(make_private(data / "jobs") / uuid.uuid4().hex)
    rebuilding.begin(folder, text, model)
    write_about(folder, account)
    return find(data, account, folder.name)


def works(data: Path, account: str) -> list[Job]:
    """A person's work, the latest first; what ended a day ago is thrown away."""
    found = []
    for folder in (data / "jobs").glob("*"):
        about = _about(folder)
        if about is None or about["account"] != account:
            continue
        job = _told(folder, about)
        if job.ended and dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(job.ended) > KEPT:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        found.append(job)
    return sorted(found, key=lambda one: one.asked, reverse=True)


def folder_of(data: Path, account: str, name: str) -> Path:
    """The folder of a person's work. Raises 404 where there is none, or it is another's."""
    folder = data / "jobs" / name
    about = _about(folder) if is_id(name) else None
    if about is None or about["account"] != account:
        raise Refused(404, "There is no such work of yours.")
    return folder


def find(data: Path, account: str, name: str) -> Job:
    """A person's work by its id."""
    folder = folder_of(data, account, name)
    return _told(folder, _about(folder) or {})


def write_about(folder: Path, account: str) -> None:
    """Note whose work this is; whole or not at all."""
    write_bytes(folder / ABOUT, json.dumps({"account": account, "asked": now()}).encode())


def _about(folder: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads((folder / ABOUT).read_bytes())
    except (OSError, ValueError):
        return None
    return content


def _told(folder: Path, about: dict[str, Any]) -> Job:
    told = rebuilding.look(folder)
    state = STATES.get(told.state, told.state)
    return Job(
        id=folder.name,
        kind="rebuild",
        state=state,
        words=told.doing,
        share=told.percent / 100,
        asked=about["asked"],
        ended=None if state == "running" else _changed(folder / rebuilding.PROGRESS),
        trouble=told.said,
    )


def _changed(file: Path) -> str:
    return dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC).isoformat(timespec="seconds")
