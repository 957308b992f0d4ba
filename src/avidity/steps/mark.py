"""Mark: a copy of the workbook with every bad cell coloured and commented.

The user's own workbook is copied with its styles (openpyxl; pictures and charts may be lost).
From text files, or where the workbook cannot be copied, a new workbook is made with one sheet
per table and every cell at the address it has in its file. Nothing a person typed becomes a
formula.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from avidity.errors import WriteError
from avidity.steps.finding import Finding, in_order
from avidity.steps.read import FINDINGS, Cell, Raw, RawTable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet as CopiedSheet
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet as NewSheet

COLOURS = {"error": "F8B4B4", "warning": "FFE08A"}
HEADINGS = (
    *("severity", "table", "sheet", "cell", "row", "column"),
    *("found", "problem", "what must hold", "what to do", "rule"),
)
WIDTHS = (10, 16, 16, 8, 8, 22, 26, 38, 46, 46, 24)
LONGEST = 32_000  # characters a cell of a workbook can hold, and a little less
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_Marks = dict[tuple[str, int, int], list[Finding]]  # table, row, column -> findings


def mark(raw: Raw, findings: Iterable[Finding], out: Path) -> Path:
    """Write the marked copy; the path written.

    raises  WriteError when it cannot be written, or would replace the records themselves
    """
    ordered = in_order(findings)
    if out.suffix.lower() != ".xlsx":
        raise WriteError(f"the marked copy must be named *.xlsx; found '{out.name}'")
    paths = {table.path.resolve() for table in raw.tables.values()}
    if out.resolve() in paths:
        raise WriteError(f"{out.name} holds the records; the marked copy needs another name")
    marks = _marks(raw, ordered)
    try:
        copied = len(paths) == 1 and _copy(next(iter(paths)), raw, marks, ordered, out)
        if not copied:
            _make(raw, marks, ordered, out)
    except OSError as error:
        raise WriteError(f"{out.name} cannot be written: {error.strerror or error}") from None
    return out


def _marks(raw: Raw, findings: Iterable[Finding]) -> _Marks:
    """Which cells are marked: the cell itself, a whole row's first cell, a column's header."""
    marks: _Marks = {}
    for finding in findings:
        table = raw.tables.get(finding.table)
        if table is None or finding.severity == "note" or not table.positions:
            continue
        positions = dict(zip(table.headers, table.positions, strict=True))
        if finding.column not in positions and finding.row is None:
            continue
        row = finding.row or table.header_row
        column = positions.get(finding.column, table.positions[0])
        marks.setdefault((table.table, row, column), []).append(finding)
    return marks


def _words(findings: Iterable[Finding]) -> str:
    """The comment on a cell."""
    return _printable(
        "\n".join(
            f"{f.severity.upper()}: {f.problem}.\nMust hold: {f.must}.\nTo do: {f.do}."
            for f in findings
        )
    )


def _worst(findings: Iterable[Finding]) -> str:
    return "error" if any(f.severity == "error" for f in findings) else "warning"


def _row_of(finding: Finding) -> tuple[str | int | None, ...]:
    return (
        *(finding.severity, finding.table, finding.sheet or finding.file, finding.address),
        *(finding.row, finding.column, finding.found, finding.problem, finding.must),
        *(finding.do, finding.rule),
    )


def _height(finding: Finding) -> float:
    """A row's height in points: wrapped text does not make its own room in every program."""
    cells = zip(_row_of(finding), WIDTHS, strict=True)
    return 15.0 * max(1 + len(str(content or "")) // int(width * 0.95) for content, width in cells)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("·", text)[:LONGEST]


def _copy(path: Path, raw: Raw, marks: _Marks, findings: tuple[Finding, ...], out: Path) -> bool:
    """A copy of the user's workbook; False when it is of a kind that cannot be copied."""
    from openpyxl import load_workbook
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if path.suffix.lower() != ".xlsx":
        return False
    try:
        book = load_workbook(path)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile):
        return False  # a workbook that can be read need not be one that can be copied
    for (table, row, column), found in marks.items():
        sheet = book[raw.tables[table].sheet]
        cell = sheet.cell(row, column)
        cell.fill = PatternFill("solid", fgColor=COLOURS[_worst(found)])
        if isinstance(cell, MergedCell):
            cell = _corner(sheet, row, column)
        comment = Comment(_words(found), "avidity", width=340, height=160)
        cell.comment = comment
    _list_in_copy(book, findings)
    book.save(out)
    return True


def _corner(sheet: CopiedSheet, row: int, column: int) -> SheetCell:
    """The first cell of the merged range that holds this one."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return sheet.cell(area.min_row, area.min_col)
    return sheet.cell(row, column)


def _list_in_copy(book: Workbook, findings: tuple[Finding, ...]) -> None:
    """The sheet of findings, in front; every text stays text."""
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(_free_name(book.sheetnames), 0)
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True), 1):
        sheet.cell(1, column, heading).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
    for row, finding in enumerate(findings, 2):
        sheet.row_dimensions[row].height = _height(finding)
        for column, content in enumerate(_row_of(finding), 1):
            cell = sheet.cell(row, column)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.value = _printable(content) or None if isinstance(content, str) else content
            if isinstance(content, str) and content:
                cell.data_type = "s"  # never a formula, whatever it begins with
        if finding.severity in COLOURS:
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor=COLOURS[finding.severity])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for one in book.worksheets:
        one.sheet_view.tabSelected = one is sheet
    book.active = 0


def _free_name(taken: Iterable[str]) -> str:
    names = {name.lower() for name in taken}
    number, name = 1, FINDINGS
    while name in names:
        number += 1
        name = f"{FINDINGS} {number}"
    return name


def _make(raw: Raw, marks: _Marks, findings: tuple[Finding, ...], out: Path) -> None:
    """A new workbook: the findings, then one sheet per table, cells at their own addresses."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})  # same bytes each time
    formats = {
        "": book.add_format(),
        "head": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for severity, colour in COLOURS.items():
        look = {"bg_color": f"#{colour}"}
        formats[severity] = book.add_format(look)
        formats[f"{severity} day"] = book.add_format({**look, "num_format": "yyyy-mm-dd"})
        formats[f"{severity} wrap"] = book.add_format({**look, "valign": "top"})
    _list_in_new(book.add_worksheet(FINDINGS), findings, formats)
    for name, table in raw.tables.items():
        sheet = book.add_worksheet(name)
        _fill(sheet, table, marks, formats)
        for (of, row, column), found in marks.items():
            if of == name:
                sheet.write_comment(
                    row - 1, column - 1, _words(found), {"x_scale": 2.6, "y_scale": 2}
                )
    try:
        book.close()
    except FileCreateError as error:
        raise WriteError(f"{out.name} cannot be written: {error}") from None


def _list_in_new(
    sheet: NewSheet, findings: tuple[Finding, ...], formats: Mapping[str, Format]
) -> None:
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.write_string(0, column, heading, formats["head"])
        sheet.set_column(column, column, width)
    for row, finding in enumerate(findings, 1):
        sheet.set_row(row, _height(finding))
        for column, content in enumerate(_row_of(finding)):
            look = formats["wrap"]
            if column == 0 and finding.severity in COLOURS:
                look = formats[f"{finding.severity} wrap"]
            if isinstance(content, str):
                sheet.write_string(row, column, _printable(content), look)
            elif content is not None:
                sheet.write_number(row, column, content, look)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(findings), 1), len(HEADINGS) - 1)


def _fill(sheet: NewSheet, table: RawTable, marks: _Marks, formats: Mapping[str, Format]) -> None:
    """The table as typed, headers in their row, each cell where its file has it."""

    def look(row: int, column: int) -> str:
        found = marks.get((table.table, row, column))
        return _worst(found) if found else ""

    for header, column in zip(table.headers, table.positions, strict=True):
        marked = look(table.header_row, column)
        style = formats[marked or "head"]
        sheet.write_string(table.header_row - 1, column - 1, _printable(header), style)
    for number, cells in zip(table.row_numbers, table.rows, strict=True):
        for column, cell in zip(table.positions, cells, strict=True):
            _write(sheet, number - 1, column - 1, cell, look(number, column), formats)
    if table.positions:
        sheet.set_column(0, max(table.positions) - 1, 16)
    sheet.freeze_panes(table.header_row, 0)


def _write(
    sheet: NewSheet, row: int, column: int, cell: Cell, marked: str, formats: Mapping[str, Format]
) -> None:
    """One cell as it was typed: text as text, numbers as numbers, dates as dates."""
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, formats[marked])
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, formats[marked])
    elif isinstance(cell, dt.date) and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, formats[f"{marked} day".strip()])
    elif cell is None or cell == "":
        if marked:
            sheet.write_blank(row, column, None, formats[marked])
    else:
        sheet.write_string(row, column, _printable(str(cell)), formats[marked])
