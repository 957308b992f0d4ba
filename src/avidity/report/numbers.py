"""Every number behind the tables of a report, one after the other, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.report.document import Document


def numbers_behind(document: Document) -> Iterator[tuple[tuple[str, ...], float]]:
    """Table, row, column, as printed, name and source of each number; and the number."""
    for table in document.tables():
        heading = ""
        for row in table.rows:
            name = row.cells[0].text
            if row.kind == "group":
                heading = name
            elif row.kind == "level":
                name = f"{heading}: {name}"
            for column, cell in zip(table.columns, row.cells, strict=False):
                header = f"{column.group}: {column.header}" if column.group else column.header
                place = (table.label, name, header, cell.text)
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    yield (*place, "", cell.source or ""), cell.value
                for part in cell.parts:
                    if part.value is not None:
                        yield (*place, part.name, part.source or ""), part.value
