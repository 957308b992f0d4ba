"""The one place that puts results on the disk: whole files, or none."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from avidity.errors import WriteError

_REASONS = {
    errno.ENOENT: "its folder does not exist; make the folder, or choose another",
    errno.ENOTDIR: "its folder is a file; choose another folder",
    errno.EISDIR: "a folder of that name is in the way; move it, or choose another name",
    errno.EEXIST: "a file of that name is in the way; move it, or choose another name",
    errno.ENOSPC: "the disk is full; make room and run again",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter folder",
}
_DENIED = "writing is not allowed there; close the file where it is open, or choose another folder"


def write_bytes(path: Path, data: bytes) -> None:
    """Put these bytes at this path; nobody ever sees half a file.

    The bytes go to a temporary file beside the target, which then takes its place in one
    move; whatever stood there before stays until that moment. Raises WriteError.
    """
    part = path.with_name(f".{path.name[:80]}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)  # noqa: PTH105  # Path.replace says less when it fails
    except OSError as error:
        raise _refusal(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """See to it that no such file is there. Raises WriteError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{path} is of an earlier run and cannot be removed; remove it") from error


def make_folder(path: Path) -> None:
    """See to it that the folder is there, with those above it. Raises WriteError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: OSError) -> WriteError:
    denied = isinstance(error, PermissionError)
    reason = _DENIED if denied else _REASONS.get(error.errno or 0, str(error.strerror or error))
    return WriteError(f"{path} cannot be written: {reason}")
