"""Tables and checklists laid out on a grid, for the formats that place every cell themselves."""

from __future__ import annotations

import math
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
    plain,
    said,
)

BLANK = "for the authors"  # what stands where only the authors know the answer

GridRowKind: TypeAlias = RowKind | Literal["ruled"]

# Widths are counted in digits of table type: close enough for every font of ours.
_LINE = 104.0  # digits that stand side by side on a page of text width
_SPACE = 2.4  # the room between two columns
_UNBROKEN = 28.0  # a number and its interval stay on one line up to this width
_LONGEST = 42.0  # no column asks for more in one line than this before it wraps
_NARROW, _WIDE = set(" .,;:()[]/|!'-ijlrtfI"), set("mwMW%@—±≥≤")
_ROW, _MORE, _NOTE = 5.3, 3.7, 3.5  # mm, a row of one line, each line more, a line of a note
_NOTE_LINE = 140.0  # letters of note type on a line
_TOGETHER = 190.0  # mm; a table no taller than this is not divided between pages


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
        rooms = [share * self.width * _LINE for share in self.shares]
        filled = zip(row.cells, rooms, strict=True)
        return max(max(1, math.ceil(_measure(plain(cell.words)) / room)) for cell, room in filled)

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
            align = "center" if len(columns) > 1 else columns[0][1].align
            upper.append(Head(group, align, columns[0][0], columns=len(columns)))
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
    least, liked = _wishes(table)
    if any(column.width for column in table.columns):
        asked = _declared([column.width or 1.0 for column in table.columns], least)
    else:
        asked = _fitted(least, liked)
    return tuple(width / sum(asked) for width in asked)


def _width(table: Table) -> float:
    if any(column.width for column in table.columns):
        return 1.0
    return min(1.0, max(0.5, sum(_fitted(*_wishes(table))) / _LINE))


def _declared(widths: list[float], least: list[float]) -> list[float]:
    """The page in the declared proportions, but no column below what it needs."""
    if sum(least) >= _LINE:
        return least
    short: set[int] = set()
    while True:
        room = _LINE - sum(least[at] for at in short)
        free = sum(width for at, width in enumerate(widths) if at not in short)
        given = [
            least[at] if at in short else room * width / free for at, width in enumerate(widths)
        ]
        more = {at for at, width in enumerate(given) if width < least[at] - 1e-9}
        if not more:
            return given
        short |= more


def _wishes(table: Table) -> tuple[list[float], list[float]]:
    """For each column the least it needs and what it would like, in digits."""
    least, liked = [], []
    for at in range(len(table.columns)):
        texts = list(_texts(table, at))
        whole = [_measure(text) for text in texts]
        longest = max(whole, default=1.0)
        words = [_measure(word) for text in texts for word in text.split()]
        if table.columns[at].align == "right":
            words += [width for width in whole[1:] if width <= _UNBROKEN]
        least.append(min(max(words, default=1.0), _LONGEST) + _SPACE)
        liked.append(max(min(longest, _LONGEST) + _SPACE, least[-1]))
    return least, liked


def _measure(text: str) -> float:
    """How wide the text is, in digits."""
    narrow = sum(letter in _NARROW for letter in text)
    wide = sum(letter in _WIDE or letter.isupper() for letter in text)
    return len(text) - 0.45 * narrow + 0.4 * wide


def _texts(table: Table, at: int) -> Iterator[str]:
    yield table.columns[at].header
    for row in table.rows:
        if len(row.cells) == len(table.columns):
            cell = row.cells[at]
            indent = "    " if at == 0 and row.kind == "level" else ""
            yield indent + cell.text + "," * len(cell.notes)


def _fitted(least: list[float], liked: list[float]) -> list[float]:
    """What each column gets: its wish, or its least and a fair part of what is left."""
    if sum(liked) <= _LINE:
        return liked
    spare = max(_LINE - sum(least), 0.0)
    wanted = sum(liked) - sum(least)
    part = spare / wanted if wanted else 0.0
    return [low + part * (like - low) for low, like in zip(least, liked, strict=True)]
