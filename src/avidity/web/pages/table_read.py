"""How a table was read: what was found on the way in, and what its first rows became."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from avidity.steps.check import ROW, Cohort
from avidity.steps.check_numbers import decimal_comma
from avidity.steps.check_table import SIGN
from avidity.steps.finding import shown
from avidity.steps.read import RawTable

FIRST = 5  # rows that are shown
NUMBERS = ("number", "integer")


@dataclass(frozen=True, slots=True)
class CellRead:
    """A cell as typed; ``became`` is the number in the house's unit where that is another."""

    text: str
    became: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A column whose numbers were brought into the house's unit."""

    header: str
    unit: str
    house: str
    factor: str


@dataclass(frozen=True, slots=True)
class TableRead:
    """What was found on the way in.

    how        encoding and separator of a text file, "" for a workbook
    commas     columns with decimal commas
    converted  columns in another unit than the house's
    numbers    of the first rows, as a person counts them; ``cells`` are theirs
    """

    how: str
    commas: tuple[str, ...]
    converted: tuple[Conversion, ...]
    numbers: tuple[int, ...]
    cells: tuple[tuple[CellRead, ...], ...]

    def rows(self) -> Iterator[tuple[int, tuple[CellRead, ...]]]:
        """Each of the first rows with its number."""
        return zip(self.numbers, self.cells, strict=True)


def table_read(
    table: RawTable, types: Sequence[str], converted: tuple[Conversion, ...], cohort: Cohort | None
) -> TableRead:
    """The table's way in; ``types`` are those its columns are read as, in their order."""
    commas = tuple(
        header
        for header, kind in zip(table.headers, types, strict=True)
        if kind in NUMBERS and decimal_comma(table.column(header))
    )
    became = [_became(table, one, converted, cohort) for one in table.headers]
    cells = tuple(
        tuple(
            CellRead(shown(cell), column.get(number, ""))
            for cell, column in zip(row, became, strict=True)
        )
        for number, row in zip(table.row_numbers[:FIRST], table.rows[:FIRST], strict=True)
    )
    return TableRead(table.how, commas, converted, table.row_numbers[:FIRST], cells)


def _became(
    table: RawTable, header: str, converted: tuple[Conversion, ...], cohort: Cohort | None
) -> dict[int, str]:
    """The first numbers of a converted column, by row."""
    frame = cohort.tables.get(table.table) if cohort else None
    if cohort is None or frame is None or header not in {one.header for one in converted}:
        return {}
    headers = cohort.headers[table.table].items()
    named = {head: name for name, head in headers if not name.endswith(SIGN)}
    name = named.get(header, "")
    if name not in frame.columns:
        return {}
    first = frame.head(2 * FIRST)
    pairs = zip(first[ROW].to_list(), first[name].to_list(), strict=True)
    return {row: f"{value:g}" for row, value in pairs if isinstance(value, int | float)}
