"""Rebuilding a paper's model in a process of its own: begun, watched, stopped, found again.

What the rebuilding of a typed paper writes lies in a folder named by the hash of the paper's text,
so that a changed paper has none yet. How far it is stands in a small file there; who asks for
another page, closes the browser or stops the server loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from avidity.report.files import write_bytes
from avidity.web import jobs
from avidity.web.folders import make_private

State = Literal["none", "running", "done", "failed", "stopped", "interrupted"]
DOING = ("listing", "below", "above", "patterns", "searching", "culprit", "writing")
SILENCE = 30.0  # seconds without a word after which it counts as interrupted
PROGRESS, RESULT, PAPER, MODEL, STOP = (
    *("progress.json", "rebuild.json", "paper.toml", "rebuilt-model.json"),
    "stop",
)


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """How far one is.

    percent  of the work, as far as it can be told
    said     why it failed, in one sentence
    doing    what is done now: one of `DOING`, or ""
    share    of that, in per cent; -1 where nobody can tell
    seconds  since it began
    """

    state: State
    percent: int = 0
    said: str = ""
    doing: str = ""
    share: int = -1
    seconds: int = 0


def folder_of(data: Path, draft: str, text: str) -> Path:
    """Where the rebuilding of this text lies."""
    if not draft.isalnum():
        raise ValueError("no id of ours")
    return data / "papers" / draft / hashlib.sha256(text.encode()).hexdigest()


def look(folder: Path) -> Rebuilding:
    """How far the rebuilding is."""
    file = folder / PROGRESS
    try:
        told = Rebuilding(**json.loads(file.read_text("utf-8")))
        silent = time.time() - file.stat().st_mtime > SILENCE
    except (OSError, ValueError, TypeError):
        return Rebuilding("none")
    return Rebuilding("interrupted") if told.state == "running" and silent else told


def tell(folder: Path, told: Rebuilding) -> None:
    """Say how far it is; whole or not at all."""
    write_bytes(folder / PROGRESS, json.dumps(asdict(told)).encode())


def begin(folder: Path, text: str, model: str = "") -> None:
    """Start the process, unless one works or has ended well.

    model  its name; empty: the first multivariable one
    """
    if look(folder).state in ("running", "done"):
        return
    make_private(folder)
    (folder / STOP).unlink(missing_ok=True)
    write_bytes(folder / PAPER, text.encode())
    tell(folder, Rebuilding("running"))
    process = subprocess.Popen(  # noqa: S603  # our own module, and a path of ours
        [sys.executable, "-m", "avidity.web.rebuild_work", str(folder), model],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    jobs.processes.append(process)
    threading.Thread(target=process.wait, daemon=True).start()


def stop(folder: Path) -> None:
    """Ask it to stop; it does within a second."""
    if look(folder).state == "running":
        (folder / STOP).touch()


def result(folder: Path) -> dict[str, Any] | None:
    """What was found, as results are written; None before the end."""
    if look(folder).state != "done":
        return None
    found: dict[str, Any] = json.loads((folder / RESULT).read_text("utf-8"))
    return found
