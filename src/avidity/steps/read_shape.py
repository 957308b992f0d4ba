"""A sheet as it stands, and where in it the table lies: header row, columns, rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from avidity.dictionary.fields import Table, fold
from avidity.said import say
from avidity.steps.finding import Finding, Severity, address, shown

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
LONGEST_HEADER = 200  # characters
LOOKED_AT = 15  # rows from the top among which the header row is sought


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one text file: every cell from A1 on, exactly as stored.

    merged      merged ranges as (first row, first column, last row, last column), from 0
    unreadable  cells that hold an error or a formula never calculated: (row, column, what)
    formulas    how many formulas the sheet has
    epoch_1904  the workbook counts days from 1904
    how         encoding and separator of a text file
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unreadable: tuple[tuple[int, int, str], ...] = ()
    formulas: int = 0
    epoch_1904: bool = False
    how: str = ""


@dataclass(frozen=True, slots=True)
class Shaped:
    """The table found in a grid; positions and row numbers count from 1, as a person does."""

    headers: tuple[str, ...]
    positions: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_numbers: tuple[int, ...]
    header_row: int
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Notes:
    """Findings about one sheet while it is shaped."""

    grid: Grid
    table: str
    found: list[Finding] = field(default_factory=list)

    def add(
        self,
        rule: str,
        severity: Severity,
        problem: str,
        must: str,
        do: str,
        *,
        place: tuple[int | None, int | None] = (None, None),
        content: Cell = None,
    ) -> None:
        """One finding; ``place`` is (row, column), both from 1."""
        row, column = place
        self.found.append(
            Finding(
                rule=rule,
                severity=severity,
                table=self.table,
                problem=problem,
                must=must,
                do=do,
                file=self.grid.file,
                sheet=self.grid.sheet,
                row=row,
                address=address(column, row),
                found=shown(content),
            )
        )


def shape(grid: Grid, table: Table) -> Shaped:
    """The header and the rows of a grid, with a finding for everything that was odd."""
    notes = _Notes(grid, table.name)
    top = _header_row(grid, table)
    if top is None:
        return Shaped((), (), (), (), 0, ())
    if top and any(not blank(cell) for row in grid.rows[:top] for cell in row):
        notes.add(
            "rows above the header",
            "note",
            "1 row above the header row"
            if top == 1
            else say("{n} rows above the header row", n=top),
            "the header row should be the first",
            "nothing, if the header row was recognised; else delete what stands above it",
            place=(top + 1, None),
        )
    below = top + 1
    names = [_header(cell) for cell in grid.rows[top]]
    if _is_group_row(grid, table, top):
        names = _two_rows(grid, top)
        below = top + 2
        notes.add(
            "header of two rows",
            "warning",
            "the header is made of merged cells over two rows",
            "each column must have its own name in one header row",
            "check that the columns were recognised; better, name each column in one row",
            place=(top + 1, None),
        )
    rows, numbers = _filled_rows(grid, below, notes)
    positions = _columns(names, rows, below, notes)
    _unreadable_cells(grid, set(positions), notes)
    _formulas(grid, notes)
    headers = tuple(names[p - 1] for p in positions)
    cut = _cut(rows, positions, len(names))
    return Shaped(headers, positions, cut, tuple(numbers), below, tuple(notes.found))


def blank(cell: Cell) -> bool:
    """True for a cell that holds nothing but spaces."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _header(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else " ".join(str(cell).split())[:LONGEST_HEADER]


def _filled(row: Sequence[Cell]) -> int:
    return sum(not blank(cell) for cell in row)


def _known(row: Sequence[Cell], table: Table) -> int:
    """How many fields a row names; neither "no", "no", "no" nor a row of numbers is a header."""
    filled = [cell for cell in row if not blank(cell)]
    words = [one for one in filled if isinstance(one, str) and not one.lstrip()[0].isdigit()]
    if 2 * len(words) < len(filled):
        return 0
    named = (table.field_of(cell.split("(")[0]) for cell in words)
    return len({found.name for found in named if found is not None})


def _seldom(row: Sequence[Cell], columns: list[tuple[Cell, ...]]) -> list[Cell]:
    """What stands in its column again and again is a value, not its name."""
    return [cell for cell, all_ in zip(row, columns, strict=False) if all_.count(cell) < 3]


def _header_row(grid: Grid, table: Table) -> int | None:
    """The first row that is at least half as full as the fullest near it (from 0)."""
    near = range(min(LOOKED_AT, len(grid.rows)))
    filled = [_filled(grid.rows[i]) for i in near]
    if not any(filled):
        return next((i for i, row in enumerate(grid.rows) if _filled(row)), None)
    columns = list(zip_longest(*(grid.rows[i] for i in near)))
    known = [_known(_seldom(grid.rows[i], columns), table) for i in near]
    if max(known) >= 2:
        best = known.index(max(known))
        return best - 1 if best and _is_group_row(grid, table, best - 1) else best
    return next(i for i in near if filled[i] >= max(filled) / 2)


def _is_group_row(grid: Grid, table: Table, top: int) -> bool:
    """True when row ``top`` groups columns whose names stand in the row under it."""
    if top + 1 >= len(grid.rows):
        return False
    over, under = grid.rows[top], grid.rows[top + 1]
    merged = any(r1 <= top <= r2 and c2 > c1 for r1, c1, r2, c2 in grid.merged)
    text_under = [c for c in under if not blank(c)]
    if not text_under or not all(isinstance(c, str) for c in text_under):
        return False
    if merged:
        return _filled(over) > 1 and _known(under, table) >= _known(over, table)
    gaps = _filled(over) > 1 and _filled(over) < _filled(under)
    return gaps and _known(under, table) > max(1, _known(over, table))


def _two_rows(grid: Grid, top: int) -> list[str]:
    """One name per column from a group row and the row under it."""
    over = [_header(cell) for cell in grid.rows[top]]
    under = [_header(cell) for cell in grid.rows[top + 1]]
    width = max(len(over), len(under))
    over += [""] * (width - len(over))
    under += [""] * (width - len(under))
    spread = list(over)
    for r1, c1, r2, c2 in grid.merged:
        if r1 <= top <= r2:
            spread[c1 : c2 + 1] = [over[c1]] * (min(c2, width - 1) - c1 + 1)
    names = []
    for column, name in enumerate(under):
        twice = under.count(name) > 1
        names.append(f"{spread[column]} {name}".strip() if twice or not name else name)
    return names


def _filled_rows(grid: Grid, below: int, notes: _Notes) -> tuple[list[Sequence[Cell]], list[int]]:
    rows: list[Sequence[Cell]] = []
    numbers: list[int] = []
    for number, row in enumerate(grid.rows[below:], below + 1):
        if not all(blank(cell) for cell in row):
            rows.append(row)
            numbers.append(number)
    between = (numbers[-1] - below - len(rows)) if numbers else 0
    after = len(grid.rows) - below - between - len(rows)
    if between:
        notes.add(
            "blank rows between",
            "note",
            say("{n} blank rows between the filled ones", n=between)
            if between > 1
            else "1 blank row between the filled ones",
            "rows should follow each other",
            "nothing: blank rows are left out",
        )
    if after:
        notes.add(
            "blank rows at the end",
            "note",
            say("{n} blank rows after the last filled one", n=after)
            if after > 1
            else "1 blank row after the last filled one",
            "the table should end with its last filled row",
            "nothing: blank rows are left out",
        )
    return rows, numbers


def _columns(
    names: list[str], rows: list[Sequence[Cell]], below: int, notes: _Notes
) -> tuple[int, ...]:
    """Positions of the named columns; names are extended when a row is longer."""
    names.extend([""] * (max((len(row) for row in rows), default=0) - len(names)))
    positions = []
    nameless = [column for column, name in enumerate(names) if not name]
    for column, name in enumerate(names, 1):
        if name:
            positions.append(column)
    for column in nameless:
        held = sum(len(row) > column and not blank(row[column]) for row in rows)
        if held:
            notes.add(
                "column without a name",
                "error",
                say("{n} filled cells under no header", n=held)
                if held > 1
                else "1 filled cell under no header",
                "every column with data must have a header",
                "name the column, or delete it; where one row is too long, a separator stands"
                " inside a cell of that row",
                place=(below, column + 1),
            )
    seen: dict[str, int] = {}
    for column in positions:
        folded = fold(names[column - 1])
        if folded in seen:
            notes.add(
                "header used twice",
                "error",
                say("the same header as column {column}", column=address(seen[folded])),
                "every header must be used once",
                "rename or delete one of the two columns",
                place=(below, column),
                content=names[column - 1],
            )
        seen.setdefault(folded, column)
    return tuple(column for column in positions if seen[fold(names[column - 1])] == column)


def _unreadable_cells(grid: Grid, positions: set[int], notes: _Notes) -> None:
    for row, column, what in grid.unreadable:
        if column + 1 in positions:
            notes.add(
                "cell without a result",
                "error",
                say("the cell holds {what}", what=what),
                "a cell must hold a value",
                "open the file in the spreadsheet program, correct or recalculate it, and save",
                place=(row + 1, column + 1),
            )


def _formulas(grid: Grid, notes: _Notes) -> None:
    if grid.formulas:
        notes.add(
            "formulas",
            "note",
            say("{n} formulas", n=grid.formulas) if grid.formulas > 1 else "1 formula",
            "records should be values, not formulas",
            "nothing, when the file was last saved by a spreadsheet program: the results it"
            " stored were read",
        )


def _cut(
    rows: list[Sequence[Cell]], positions: tuple[int, ...], width: int
) -> tuple[tuple[Cell, ...], ...]:
    """Rows with exactly the named columns; short rows are filled with nothing."""
    if positions == tuple(range(1, width + 1)) and all(len(row) == width for row in rows):
        return tuple(map(tuple, rows))
    nothing = (None,) * width
    full = [(*row, *nothing[len(row) :]) for row in rows]
    return tuple(tuple(row[p - 1] for p in positions) for row in full)
