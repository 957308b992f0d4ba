"""XLS, XLSB and ODS, read in a process of their own.

On a damaged file of these older formats the cell reader may stop the whole program, or ask for
more memory than there is, instead of saying so. In a process of its own that is one sentence.
The process is this module: bytes in, one JSON object out.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from typing import Any

from avidity.errors import ReadError
from avidity.said import say
from avidity.steps.read_shape import Cell

SECONDS = 120
MEMORY = 4_000_000_000  # bytes, where the system can hold a process to it
Sheets = dict[str, list[list[Cell]]]


def read_apart(raw: bytes, name: str) -> Sheets:
    """Every sheet of a workbook, each from A1 on.

    raises  ReadError when the workbook is locked, damaged, or beyond all measure
    """
    command = [sys.executable, "-X", "utf8", "-m", "avidity.steps.read_apart"]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own module, no shell
        told = json.loads(done.stdout, object_hook=_untagged) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, OSError, ValueError):
        told = {}
    if told.get("locked"):
        raise ReadError(
            say("{name} must not be locked with a password; save it without one", name=name)
        )
    if "sheets" not in told:
        raise ReadError(
            say(
                "{name} must be a sound workbook; it is damaged, cut short, or its cells are too"
                " far apart. Open it in the spreadsheet program and save it as XLSX",
                name=name,
            )
        )
    return dict(told["sheets"])


def _tagged(cell: object) -> dict[str, str | float]:
    """What JSON has no word for."""
    if isinstance(cell, dt.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"date": cell.isoformat()}
    if isinstance(cell, dt.time):
        return {"time": cell.isoformat()}
    if isinstance(cell, dt.timedelta):
        return {"seconds": cell.total_seconds()}
    raise TypeError(type(cell).__name__)


def _untagged(found: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON's own signature
    if len(found) == 1:
        tag, content = next(iter(found.items()))
        if tag == "datetime":
            return dt.datetime.fromisoformat(content)
        if tag == "date":
            return dt.date.fromisoformat(content)
        if tag == "time":
            return dt.time.fromisoformat(content)
        if tag == "seconds":
            return dt.timedelta(seconds=content)
    return found


def main() -> None:
    """Standard input to standard output; anything but a sound workbook ends without an answer."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # not every system can
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
        answer: dict[str, object] = {"sheets": sheets}
    except PasswordError:
        answer = {"locked": True}
    sys.stdout.write(json.dumps(answer, default=_tagged))


if __name__ == "__main__":
    main()
