"""Tables and checklists in Word: real tables, three lines, heads that repeat, words for all."""

from __future__ import annotations

from itertools import groupby

from docx.oxml.xmlchemy import BaseOxmlElement

from avidity.report.grid import Grid, GridCell, GridRow
from avidity.report.heads import Head
from avidity.report.word_xml import border, element, mark, paragraph, run, runs

_SIDES = {"left": "left", "center": "center", "right": "right"}
_THICK, _THIN, _HAIR = 12, 6, 4  # eighths of a point
_QUIET = "A0A7AE"
_TWIPS = 1440 / 25.4  # per mm
_SPACE = 85  # twips, beside the words of a cell
_INDENT = 200  # twips, of a level


def word_table(grid: Grid, text_width_mm: float) -> BaseOxmlElement:
    """The table itself; caption and notes are paragraphs around it."""
    total = round(text_width_mm * grid.width * _TWIPS)
    widths = [round(share * total) for share in grid.shares]
    table = element("w:tbl", _about(grid, sum(widths)))
    table.append(element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths)))
    for line in _head_rows(grid, widths):
        table.append(line)
    last = len(grid.rows) if grid.notes else len(grid.rows) - 1
    kept = last if grid.together else 0
    for at, row in enumerate(grid.rows):
        table.append(_row(row, widths, keep=at < kept))
    return table


def _about(grid: Grid, width: int) -> BaseOxmlElement:
    """What the table is, in the order Word demands: width, lines, margins, words for it."""
    look = element("w:tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0)
    words = [element("w:tblCaption", val=_short(grid.caption))]
    if grid.description:
        words.append(element("w:tblDescription", val=_short(grid.description)))
    margins = element(
        "w:tblCellMar",
        element("w:left", w=_SPACE, type="dxa"),
        element("w:right", w=_SPACE, type="dxa"),
    )
    lines = element("w:tblBorders", border("top", _THICK), border("bottom", _THICK))
    return element(
        "w:tblPr",
        element("w:tblW", w=width, type="dxa"),
        lines,
        element("w:tblLayout", type="fixed"),
        margins,
        look,
        *words,
    )


def _short(text: str) -> str:
    return text if len(text) <= 2000 else text[:1999] + "…"


def _head_rows(grid: Grid, widths: list[int]) -> list[BaseOxmlElement]:
    """The rows of the head; cells that reach down two rows are continued in the second."""
    rows = {at: list(cells) for at, cells in groupby(grid.head, key=lambda head: head.row)}
    reaching = [head for head in grid.head if head.rows > 1]
    last = grid.head_rows - 1
    made = []
    for at in range(grid.head_rows):
        cells = rows.get(at, [])
        continued = [head for head in reaching if head.row < at]
        line = element("w:tr", element("w:trPr", element("w:cantSplit"), element("w:tblHeader")))
        for head in sorted([*cells, *continued], key=lambda head: head.column):
            line.append(_head_cell(head, widths, at, last))
        made.append(line)
    return made


def _head_cell(head: Head, widths: list[int], at: int, last: int) -> BaseOxmlElement:
    width = sum(widths[head.column : head.column + head.columns])
    about = [element("w:tcW", w=width, type="dxa")]
    if head.columns > 1:
        about.append(element("w:gridSpan", val=head.columns))
    if head.rows > 1:
        about.append(element("w:vMerge", **({"val": "restart"} if at == head.row else {})))
    if at == last:
        about.append(element("w:tcBorders", border("bottom", _THIN)))
    elif head.columns > 1:
        about.append(element("w:tcBorders", border("bottom", _HAIR, _QUIET)))
    about.append(element("w:vAlign", val="bottom"))
    words = [run(head.text, element("w:b")), *mark(head.mark)] if at == head.row else []
    return element("w:tc", element("w:tcPr", *about), _line(words, head.align, keep=True))


def _line(
    words: list[BaseOxmlElement], align: str, *, keep: bool, indent: int = 0
) -> BaseOxmlElement:
    """The paragraph of a cell; `keep` holds it together with the next row."""
    properties = [element("w:keepNext")] if keep else []
    if indent:
        properties.append(element("w:ind", left=indent))
    properties.append(element("w:jc", val=_SIDES[align]))
    return paragraph("TableText", words, *properties)


def _row(row: GridRow, widths: list[int], *, keep: bool) -> BaseOxmlElement:
    line = element("w:tr", element("w:trPr", element("w:cantSplit")))
    at = 0
    for cell in row.cells:
        width = sum(widths[at : at + cell.columns])
        indent = _INDENT if at == 0 and row.kind == "level" else 0
        line.append(_cell(cell, row, width, keep=keep or row.kind == "group", indent=indent))
        at += cell.columns
    return line


def _cell(cell: GridCell, row: GridRow, width: int, *, keep: bool, indent: int) -> BaseOxmlElement:
    about = [element("w:tcW", w=width, type="dxa")]
    if cell.columns > 1:
        about.append(element("w:gridSpan", val=cell.columns))
    if row.kind in {"total", "ruled"}:
        about.append(element("w:tcBorders", border("top", _HAIR, _QUIET)))
    words = _blank(cell) if cell.blank else runs(cell.words, bold=cell.bold)
    words += mark(cell.mark)
    return element(
        "w:tc", element("w:tcPr", *about), _line(words, cell.align, keep=keep, indent=indent)
    )


def _blank(cell: GridCell) -> list[BaseOxmlElement]:
    """A blank the authors cannot overlook, as a field they can type over."""
    text = "".join(part.text for part in cell.words)
    looks = [element("w:color", val="A34700"), element("w:highlight", val="yellow")]
    return [run(f"[{text}]", *looks)]
