"""Tables and checklists laid out on a grid, for the formats that place every cell themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from avidity.report.document import (
    Align,
    Cell,
    Checklist,
    Footnote,
    Item,
    Ref,
    RowKind,
    Span,
    Table,
    Text,
    plain,
    said,
)
from avidity.report.heads import Head, heads
from avidity.report.widths import LINE, measure, shares, width

BLANK = "for the authors"  # what stands where only the authors know the answer

GridRowKind: TypeAlias = RowKind | Literal["ruled"]

_ROW, _MORE, _NOTE = 5.3, 3.7, 3.5  # mm, a row of one line, each line more, a line of a note
_NOTE_LINE = 140.0  # letters of note type on a line
_TOGETHER = 190.0  # mm; a table no taller than this is not divided between pages


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of the body, with everything decided."""

    words: Text
    align: Align
    columns: int = 1
    bold: bool = False
    mark: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the body; a `ruled` one has a hair line above it."""

    cells: tuple[GridCell, ...]
    kind: GridRowKind


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to be placed.

    shares  the part of the table's width each column gets; they sum to 1
    width   the part of the page's width the table needs
    """

    anchor: str
    label: str
    caption: str
    description: str
    head: tuple[Head, ...]
    rows: tuple[GridRow, ...]
    notes: tuple[Footnote, ...]
    shares: tuple[float, ...]
    width: float

    @property
    def together(self) -> bool:
        """Whether the table is short enough to stand on one page, by estimate."""
        height = 8.0 + 7.0 * self.head_rows
        for row in self.rows:
            height += _ROW + _MORE * (self._lines(row) - 1)
        for note in self.notes:
            height += _NOTE * math.ceil((1 + len(plain(note.text))) / _NOTE_LINE)
        return height <= _TOGETHER

    def _lines(self, row: GridRow) -> int:
        """How many lines the fullest cell of the row takes."""
        if len(row.cells) != len(self.shares):
            return 1
        rooms = [share * self.width * LINE for share in self.shares]
        filled = zip(row.cells, rooms, strict=True)
        return max(max(1, math.ceil(measure(plain(cell.words)) / room)) for cell, room in filled)

    @property
    def head_rows(self) -> int:
        """How many rows the head has: 2 where columns share a spanning header, else 1."""
        return 1 + max(head.row for head in self.head)


def grid(block: Table | Checklist) -> Grid:
    """The table or checklist, placed. It must be numbered."""
    return _checklist_grid(block) if isinstance(block, Checklist) else _table_grid(block)


def _table_grid(table: Table) -> Grid:
    rows = tuple(
        GridRow(
            tuple(_placed(table, row.kind, at, cell) for at, cell in enumerate(row.cells)), kind
        )
        if len(row.cells) == len(table.columns)
        else GridRow((_spanning(table, row.cells[0]),), kind)
        for row in table.rows
        for kind in [row.kind]
    )
    return Grid(
        anchor=table.anchor,
        label=table.label,
        caption=table.caption,
        description=table.description,
        head=heads(table),
        rows=rows,
        notes=table.footnotes,
        shares=shares(table),
        width=width(table),
    )


def _placed(table: Table, kind: RowKind, at: int, cell: Cell) -> GridCell:
    heading = (kind == "group" and at == 0) or kind == "total"
    return GridCell(
        words=(Span(cell.text),) if cell.text else (),
        align=cell.align or table.columns[at].align,
        bold=cell.emphasis or heading,
        mark=table.marks(cell.notes),
    )


def _spanning(table: Table, cell: Cell) -> GridCell:
    return GridCell(
        (Span(cell.text),), "left", len(table.columns), bold=True, mark=table.marks(cell.notes)
    )


def _checklist_grid(block: Checklist) -> Grid:
    titles = ("Item", "Asked", "Answer", "Where")
    return Grid(
        anchor=block.anchor,
        label="",
        caption=block.caption,
        description="A reporting checklist: each item, what it asks, the answer, and where it is.",
        head=tuple(Head(title, "left", at) for at, title in enumerate(titles)),
        rows=tuple(_item_row(item) for item in block.items),
        notes=(Footnote(block.notes),) if block.notes else (),
        shares=(0.07, 0.4, 0.36, 0.17),
        width=1.0,
    )


def _item_row(item: Item) -> GridRow:
    topic = (Span(f"{item.topic}. ", bold=True),) if item.topic else ()
    places: list[Ref | Span] = []
    for place in item.places:
        places += [Span(", "), place] if places else [place]
    blank = unanswered(item)
    answer = said(BLANK) if blank else item.answer or ()
    return GridRow(
        (
            GridCell((Span(item.number),), "left"),
            GridCell((*topic, Span(item.text)), "left"),
            GridCell(answer, "left", blank=blank),
            GridCell(tuple(places), "left"),
        ),
        "ruled",
    )


def unanswered(item: Item) -> bool:
    """Whether this line of a checklist waits for the authors."""
    return item.answer is None and not item.places
