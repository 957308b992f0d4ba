"""The head of a table: which cell stands where, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from avidity.report.document import Align, Table


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
