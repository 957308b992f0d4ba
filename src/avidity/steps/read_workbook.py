"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS, cell by cell with true addresses."""

from __future__ import annotations

import io
from collections.abc import Iterable

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from avidity.errors import ReadError
from avidity.steps.read_shape import Grid

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


class Workbook:
    """An open workbook: the names of its sheets, and each as a grid."""

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        except (CalamineError, OSError, ValueError) as error:
            raise damaged(name, error) from None

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in their order."""
        return tuple(self._book.sheet_names)

    def grid(self, sheet: str) -> Grid:
        """One sheet.

        raises  ReadError when the sheet is damaged
        """
        try:
            opened = self._book.get_sheet_by_name(sheet)
            rows = opened.to_python(skip_empty_area=False)
            merged = opened.merged_cell_ranges or ()
        except (CalamineError, OSError, ValueError) as error:
            raise damaged(self.name, error) from None
        return Grid(self.name, sheet, rows, _ranges(merged))


def _ranges(
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((r1, c1, r2, c2) for (r1, c1), (r2, c2) in merged)


def damaged(name: str, error: Exception) -> ReadError:
    """A sentence for a workbook that does not open."""
    if isinstance(error, PasswordError):
        return ReadError(f"{name} must not be locked with a password; save it without one")
    return ReadError(
        f"{name} must be a sound workbook; it is damaged or cut short."
        " Open it in the spreadsheet program and save it again"
    )
