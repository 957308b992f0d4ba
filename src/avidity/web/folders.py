"""Where things lie: the user's data folder, and in it each study's snapshots and runs.

Folders and files are the owner's alone (0700 and 0600). A path is made of ids of ours and of
names that were checked; nothing a person sent becomes one unseen.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path

from avidity.errors import WorkbenchError
from avidity.report.files import write_bytes

_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")


def data_folder() -> Path:
    """Where programs of this user keep their data on this system."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "avidity"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "avidity"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "avidity"


def make_private(folder: Path) -> Path:
    """See to it that the folder is there, for its owner alone. Raises WorkbenchError."""
    try:
        for above in reversed(folder.parents):
            if not above.exists():
                above.mkdir(exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise WorkbenchError(
            f"{folder} must be a folder you may write to ({error.strerror or error});"
            " choose another with --data"
        ) from None
    return folder


def is_id(name: str) -> bool:
    """Whether this is an id of ours, and so may be a part of a path."""
    return _ID.fullmatch(name) is not None


def _sound(name: str) -> str:
    if not is_id(name):
        raise ValueError("no id of ours")
    return name


def snapshot_folder(data: Path, study: str, sha256: str) -> Path:
    """The folder of one state of a study's files: a study folder as the command line knows it."""
    return data / "studies" / _sound(study) / "snapshots" / _sound(sha256) / "study"


def run_folder(data: Path, study: str, run: str) -> Path:
    """Where a run leaves its report."""
    return data / "studies" / _sound(study) / "runs" / _sound(run)


def told_folder(data: Path, study: str, run: str) -> Path:
    """Where the pages keep what a run told; beside its report, which is the command line's."""
    return run_folder(data, study, run).with_name(f"{_sound(run)}.told")


def fingerprint(files: Mapping[str, bytes]) -> str:
    """A hash of every name and content; it names the snapshot."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def keep_snapshot(data: Path, study: str, files: Mapping[str, bytes]) -> str:
    """Write a study's files as a new snapshot, whole or not at all; its hash.

    files  checked names (uploads.safe_name) and contents
    """
    sha256 = fingerprint(files)
    target = snapshot_folder(data, study, sha256)
    if target.is_dir():
        return sha256
    part = make_private(target.parent) / f".{uuid.uuid4().hex}.part"
    make_private(part)
    try:
        for name, content in files.items():
            path = part / name
            if not path.resolve().is_relative_to(part.resolve()):
                raise ValueError("a name that leads out of the folder")
            make_private(path.parent)
            write_bytes(path, content)
            path.chmod(0o600)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sha256


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its name from there, with '/' between."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
