"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS, cell by cell with true addresses."""

from __future__ import annotations

import io
from collections.abc import Iterable

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from avidity.errors import ReadError
from avidity.said import say
from avidity.steps.read_apart import Sheets, read_apart
from avidity.steps.read_shape import Grid
from avidity.steps.read_xlsx import Package

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(raw: bytes) -> bool:
    """True when the bytes are a workbook of any kind, whatever the file is called."""
    return raw.startswith((ZIP, OLE))


class Workbook:
    """An open workbook: the names of its sheets, and each as a grid."""

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        if not is_workbook(raw):
            raise _no_workbook(raw, name)
        if raw.startswith(OLE) and _LOCKED in raw:
            raise _locked(name)
        self._package = Package(raw, name) if raw.startswith(ZIP) else None
        self._apart: Sheets = {}
        self._book: CalamineWorkbook | None = None
        if self._package is None or not self._package.is_xlsx:
            self._apart = read_apart(raw, name)
            return
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        except (CalamineError, OSError, ValueError) as error:
            raise _damaged(name, error) from None

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in their order."""
        return tuple(self._book.sheet_names if self._book else self._apart)

    def grid(self, sheet: str) -> Grid:
        """One sheet.

        raises  ReadError when the sheet is damaged, or too large to be a table of records
        """
        if self._book is None or self._package is None:
            return Grid(self.name, sheet, self._apart[sheet])
        seen = self._package.sheet(sheet)
        try:
            opened = self._book.get_sheet_by_name(sheet)
            rows = opened.to_python(skip_empty_area=False)
            merged = opened.merged_cell_ranges or ()
        except (CalamineError, OSError, ValueError) as error:
            raise _damaged(self.name, error) from None
        return Grid(
            self.name,
            sheet,
            rows,
            _ranges(merged),
            unreadable=seen.unreadable,
            formulas=seen.formulas,
            epoch_1904=self._package.epoch_1904,
        )


def _ranges(
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((r1, c1, r2, c2) for (r1, c1), (r2, c2) in merged)


def _damaged(name: str, error: Exception) -> ReadError:
    """A sentence for a workbook that does not open."""
    if isinstance(error, PasswordError):
        return _locked(name)
    return ReadError(
        say(
            "{name} must be a sound workbook; it is damaged or cut short. Open it in the"
            " spreadsheet program and save it again",
            name=name,
        )
    )


def _locked(name: str) -> ReadError:
    return ReadError(
        say("{name} must not be locked with a password; save it without one", name=name)
    )


def _no_workbook(raw: bytes, name: str) -> ReadError:
    start = raw[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        what = say("it is a web page or XML inside")
    elif b"\0" in raw[:200]:
        what = say("it is something else inside, or cut short")
    else:
        what = say("it is plain text inside; if it is a table, rename it to .csv")
    return ReadError(
        say(
            "{name} must be a workbook as its name says; {what}. Or open it in the spreadsheet"
            " program and save it as XLSX",
            name=name,
            what=what,
        )
    )
