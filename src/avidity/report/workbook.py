"""Every table as a sheet, its numbers as numbers at full precision.

A cell shows what the report prints; behind it stands the whole number. The numbers of cells
that print several ("53.1 ± 14.1") are listed on a sheet of their own, with their places in
results.json. Text is stored as text and never as a formula or a link.
"""

from __future__ import annotations

import datetime
import math
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from avidity.report.document import Cell, Checklist, Document, Notice, Row, Table, plain
from avidity.report.grid import BLANK, unanswered
from avidity.report.heads import Head, heads
from avidity.report.number_formats import shown_as, storable
from avidity.report.numbering import number
from avidity.report.numbers import numbers_behind
from avidity.report.workbook_cells import Book, say, tall

_NO_CLOCK = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_CONTENTS = "Contents"
_NUMBERS = "Numbers"
_HEAD_AT = 3  # rows above a table: caption, way back, space
_WIDEST = 46  # signs
_NARROWEST = 9


def to_xlsx(document: Document) -> bytes:
    """The tables of the report as a workbook: contents, one sheet each, all numbers."""
    numbered = number(document)
    out = BytesIO()
    book = Book(xlsxwriter.Workbook(out, _OPTIONS), {_CONTENTS.lower(), _NUMBERS.lower()})
    _properties(book, numbered)
    contents = book.book.add_worksheet(_CONTENTS)
    entries = []
    for block in numbered.blocks:
        if isinstance(block, Table):
            name = book.name(block.label)
            _table_sheet(book, name, block)
            entries.append((name, block.label, block.caption))
        elif isinstance(block, Checklist):
            name = book.name(block.caption.split(",")[0].split(":")[0])
            _checklist_sheet(book, name, block)
            entries.append((name, name, block.caption))
    _numbers_sheet(book, numbered)
    about = f"Every number at full precision, with its place in {document.properties.answers}"
    _contents_sheet(book, contents, numbered, [*entries, (_NUMBERS, _NUMBERS, about)])
    book.book.close()
    return out.getvalue()


def _properties(book: Book, document: Document) -> None:
    about = document.properties
    book.book.set_properties(
        {
            "title": document.title[:250],
            "subject": about.subject[:250],
            "author": about.author[:250],
            "keywords": ", ".join(about.keywords)[:250],
            "comments": about.description[:1000],
            "created": _NO_CLOCK,
        }
    )


def _link(book: Book, sheet: Worksheet, at: tuple[int, int], target: str, text: str) -> None:
    """A link to another sheet; the name is ours and holds no quote."""
    dress = book.dress(font_color="#1b5a86", underline=1)
    sheet.write_url(*at, f"internal:'{target}'!A1", dress, text[:250])


def _contents_sheet(
    book: Book, sheet: Worksheet, document: Document, entries: list[tuple[str, str, str]]
) -> None:
    """Title, what nobody may overlook, and the way to each sheet."""
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 24, book.dress())
    sheet.set_column(1, 1, 96, book.dress())
    say(sheet, (0, 0), document.title, book.dress(bold=True, font_size=14))
    say(sheet, (1, 0), document.subtitle, book.dress(font_color="#56606b"))
    at = 3
    for notice in document.blocks:
        if isinstance(notice, Notice):
            strong = book.dress(bold=True, font_color="#a34700")
            say(sheet, (at, 0), notice.kind.capitalize(), strong)
            say(sheet, (at, 1), notice.title, book.dress(bold=True))
            for item in notice.items:
                at += 1
                say(sheet, (at, 1), plain(item), book.dress(text_wrap=True))
                tall(sheet, at, [(plain(item), 96)])
            at += 2
    for name, label, caption in entries:
        _link(book, sheet, (at, 0), name, label)
        say(sheet, (at, 1), caption, book.dress(text_wrap=True))
        at += 1


def _start(book: Book, name: str, title: str) -> Worksheet:
    """A new sheet with its title and the way back."""
    sheet = book.book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    say(sheet, (0, 0), title, book.dress(bold=True, font_size=11))
    _link(book, sheet, (1, 0), _CONTENTS, _CONTENTS)
    return sheet


def _table_sheet(book: Book, name: str, table: Table) -> None:
    sheet = _start(book, name, f"{table.label}. {table.caption}")
    head = heads(table)
    depth = 1 + max(cell.row for cell in head)
    body_at = _HEAD_AT + depth
    widths = _widths(table)
    for cell in head:
        _head_cell(book, sheet, cell, last=cell.row + cell.rows == depth)
    own = [(cell.text, widths[cell.column] - 2) for cell in head if cell.row + cell.rows == depth]
    tall(sheet, body_at - 1, own)
    for at, row in enumerate(table.rows):
        wrapping = zip(row.cells, table.columns, widths, strict=False)
        cells = [(c.text, w) for c, column, w in wrapping if (c.align or column.align) == "left"]
        tall(sheet, body_at + at, cells if len(row.cells) > 1 else [])
        _row(book, sheet, table, row, body_at + at, last=at == len(table.rows) - 1)
    _notes(book, sheet, table, body_at + len(table.rows))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(body_at, 1)
    sheet.repeat_rows(_HEAD_AT, body_at - 1)


def _notes(book: Book, sheet: Worksheet, table: Table, at: int) -> None:
    """The footnotes, below the table and as wide as it is."""
    last, signs = len(table.columns) - 1, sum(_widths(table)) * 1.15
    dress = book.dress(font_color="#56606b", font_size=9, text_wrap=True)
    for line, note in enumerate(table.footnotes, at + 1):
        words = f"{note.mark}  {plain(note.text)}" if note.mark else plain(note.text)
        if last:
            sheet.merge_range(line, 0, line, last, "", dress)
        say(sheet, (line, 0), words, dress)
        tall(sheet, line, [(words, signs)])


def _head_cell(book: Book, sheet: Worksheet, cell: Head, *, last: bool) -> None:
    rules = {"top": 2 if cell.row == 0 else 0, "bottom": 1}
    if not last:
        rules["bottom"] = 4
    words = f"{cell.text} {cell.mark}" if cell.mark else cell.text
    dress = book.dress(bold=True, text_wrap=True, align=cell.align, valign="bottom", **rules)
    start = (_HEAD_AT + cell.row, cell.column)
    end = (start[0] + cell.rows - 1, start[1] + cell.columns - 1)
    if start != end:
        sheet.merge_range(*start, *end, "", dress)
    say(sheet, start, words, dress)


def _row(book: Book, sheet: Worksheet, table: Table, row: Row, at: int, *, last: bool) -> None:
    looks: dict[str, Any] = {"bottom": 2} if last else {}
    if row.kind == "total":
        looks["top"] = 4
    cells = [*row.cells, *[Cell()] * (len(table.columns) - len(row.cells))]
    for column, cell in enumerate(cells):
        own = dict(looks, align=cell.align or table.columns[column].align)
        first = column == 0
        if cell.emphasis or row.kind == "total" or (first and row.kind == "group"):
            own["bold"] = True
        if own["align"] == "left":
            own["text_wrap"] = True
        if first and row.kind == "level":
            own["indent"] = 1
        _cell(book, sheet, (at, column), cell, table.marks(cell.notes), own)


def _cell(
    book: Book,
    sheet: Worksheet,
    at: tuple[int, int],
    cell: Cell,
    mark: str,
    looks: dict[str, Any],
) -> None:
    """A number as a number that shows what the report prints, or else the words."""
    if storable(cell.value):
        shown = shown_as(cell.text, cell.value, mark)
        sheet.write_number(*at, cell.value, book.dress(**looks, num_format=shown or "General"))
    elif cell.text:
        words = f"{cell.text} {mark}" if mark else cell.text
        say(sheet, at, words, book.dress(**looks))
    else:
        sheet.write_blank(*at, None, book.dress(**looks))


def _widths(table: Table) -> list[float]:
    widths = []
    for at, column in enumerate(table.columns):
        texts = [row.cells[at].text for row in table.rows if len(row.cells) > max(at, 1)]
        longest = max((len(text) for text in texts), default=0) + 3
        header = max((len(word) for word in column.header.split()), default=0) + 3
        widths.append(float(min(max(longest, header, _NARROWEST), _WIDEST)))
    return widths


def _checklist_sheet(book: Book, name: str, checklist: Checklist) -> None:
    sheet = _start(book, name, checklist.caption)
    sheet.set_landscape()
    for column, (title, width) in enumerate(
        (("Item", 9), ("Topic", 24), ("Asked", 60), ("Answer", 60), ("Where", 24))
    ):
        sheet.set_column(column, column, width)
        say(sheet, (_HEAD_AT, column), title, book.dress(bold=True, top=2, bottom=1))
    for at, item in enumerate(checklist.items, _HEAD_AT + 1):
        blank = unanswered(item)
        answer = f"({BLANK})" if blank else plain(item.answer or ())
        where = ", ".join(place.text for place in item.places)
        tall(sheet, at, [(item.text, 60), (answer, 60), (where, 24), (item.topic, 24)])
        for column, words in enumerate((item.number, item.topic, item.text, answer, where)):
            color = {"font_color": "#a34700"} if blank and column == 3 else {}
            say(sheet, (at, column), words, book.dress(text_wrap=True, bottom=4, **color))
    if checklist.notes:
        at = _HEAD_AT + len(checklist.items) + 2
        say(sheet, (at, 0), plain(checklist.notes), book.dress(font_color="#56606b", font_size=9))
    sheet.freeze_panes(_HEAD_AT + 1, 1)


def _numbers_sheet(book: Book, document: Document) -> None:
    """One line for every number behind every table."""
    sheet = _start(book, _NUMBERS, "Every number behind the tables, at full precision")
    sheet.set_landscape()
    place = f"In {document.properties.answers}"
    titles = ("Table", "Row", "Column", "As printed", "Number", "Value", place)
    for column, (title, width) in enumerate(zip(titles, (10, 34, 28, 24, 16, 22, 60), strict=True)):
        sheet.set_column(column, column, width)
        say(sheet, (_HEAD_AT, column), title, book.dress(bold=True, top=2, bottom=1))
    at = _HEAD_AT
    for at, (words, value) in enumerate(numbers_behind(document), _HEAD_AT + 1):
        for column, text in zip((0, 1, 2, 3, 4, 6), words, strict=True):
            say(sheet, (at, column), text, book.dress())
        if storable(value):
            sheet.write_number(at, 5, value, book.dress(align="right"))
        else:
            say(sheet, (at, 5), _endless(value), book.dress(align="right"))
    sheet.freeze_panes(_HEAD_AT + 1, 0)
    sheet.autofilter(_HEAD_AT, 0, at, len(titles) - 1)


def _endless(value: float) -> str:
    if math.isnan(value):
        return "not a number"
    return "infinite" if value > 0 else "−infinite"
