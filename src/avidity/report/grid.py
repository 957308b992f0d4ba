"""Tables and checklists laid out on a grid, for the formats that place every cell themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
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
    said,
)

BLANK = "for the authors"  # what stands where only the authors know the answer

GridRowKind: TypeAlias = RowKind | Literal["ruled"]

_LINE = 96.0  # letters of table type that stand side by side on a page of text width
_SPACE = 2.5  # letters, the room between two columns
_LONGEST = 40.0  # no column asks for more letters in one line than this before it wraps


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of the head: its place on the grid, and how many columns and rows it covers."""

    text: str
    align: Align
    column: int
    row: int = 0
    columns: int = 1
    rows: int = 1
    mark: str = ""


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
    def head_rows(self) -> int:
        """How many rows the head has: 2 where columns share a spanning header, else 1."""
        return 1 + max(head.row for head in self.head)


def grid(block: Table | Checklist) -> Grid:
    """The table or checklist, placed. It must be numbered."""
    return _checklist_grid(block) if isinstance(block, Checklist) else _table_grid(block)


def heads(table: Table) -> tuple[Head, ...]:
    """The head of a table, row by row: two rows where neighbours share a spanning header."""
    grouped = any(column.group for column in table.columns)
    upper: list[Head] = []
    lower: list[Head] = []
    for group, members in groupby(enumerate(table.columns), key=lambda each: each[1].group):
        columns = list(members)
        if group:
            upper.append(Head(group, "center", columns[0][0], columns=len(columns)))
        for at, column in columns:
            text = column.header.replace(" = ", "\u00a0=\u00a0")  # "n = 32" stays on one line
            mark = table.marks(column.notes)
            if group:
                lower.append(Head(text, column.align, at, row=1, mark=mark))
            else:
                rows = 2 if grouped else 1
                upper.append(Head(text, column.align, at, rows=rows, mark=mark))
    return (*upper, *lower)


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
        shares=_shares(table),
        width=_width(table),
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


def _shares(table: Table) -> tuple[float, ...]:
    """Declared widths in proportion; else what the longest texts ask for and the page allows."""
    declared = [column.width for column in table.columns]
    wished = [width or 1.0 for width in declared]
    asked = wished if any(declared) else _fitted(*_wishes(table))
    return tuple(width / sum(asked) for width in asked)


def _width(table: Table) -> float:
    if any(column.width for column in table.columns):
        return 1.0
    return min(1.0, max(0.5, sum(_fitted(*_wishes(table))) / _LINE))


def _wishes(table: Table) -> tuple[list[float], list[float]]:
    """For each column the least it needs and what it would like, in letters."""
    least, liked = [], []
    for at in range(len(table.columns)):
        texts = list(_texts(table, at))
        words = [len(word) for text in texts for word in text.split()]
        least.append(min(max(words, default=1), _LONGEST) + _SPACE)
        longest = max((len(text) for text in texts), default=1)
        liked.append(max(min(longest, _LONGEST) + _SPACE, least[-1]))
    return least, liked


def _texts(table: Table, at: int) -> Iterator[str]:
    yield table.columns[at].header
    for row in table.rows:
        if len(row.cells) == len(table.columns):
            yield row.cells[at].text + ("    " if at == 0 and row.kind == "level" else "")


def _fitted(least: list[float], liked: list[float]) -> list[float]:
    """What each column gets: its wish, or its least and a fair part of what is left."""
    if sum(liked) <= _LINE:
        return liked
    spare = max(_LINE - sum(least), 0.0)
    wanted = sum(liked) - sum(least)
    part = spare / wanted if wanted else 0.0
    return [low + part * (like - low) for low, like in zip(least, liked, strict=True)]
