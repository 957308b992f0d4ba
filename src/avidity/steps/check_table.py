"""One table: each column typed, in the house's unit, with a finding for each cell in trouble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import polars as pl

from avidity.dictionary.fields import Field, dictionary, fold
from avidity.said import say
from avidity.steps.check_answer import Answer, Reader, Trouble, called, refuse
from avidity.steps.check_columns import Planned, plan
from avidity.steps.check_dates import date_reader, order_of
from avidity.steps.check_infer import infer
from avidity.steps.check_numbers import Typing, decimal_comma, number_reader
from avidity.steps.check_rows import ROW, Hit
from avidity.steps.check_units import unit_contradicted
from avidity.steps.check_words import (
    category_reader,
    open_category_reader,
    text_reader,
    yes_no_reader,
)
from avidity.steps.finding import Finding, address, shown
from avidity.steps.read import Cell, RawTable
from avidity.study import Study

SIGN = "_censored"  # ends the name of the column that holds "<" and ">"
_DTYPES: Mapping[str, Any] = {
    "yes/no": pl.Boolean,
    "number": pl.Float64,
    "integer": pl.Int64,
    "category": pl.String,
    "date": pl.Date,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True, eq=False)
class TypedTable:
    """A table in the house's types.

    fields, headers  for each column but ``_row``: what it means, and its header in the source
    made_ids         the patients have no number of their own and are called after their rows
    """

    frame: pl.DataFrame
    fields: Mapping[str, Field]
    headers: Mapping[str, str]
    findings: tuple[Finding, ...]
    made_ids: bool = False


class Places:
    """Turns a sentence into a finding with its place in one table."""

    def __init__(self, raw: RawTable) -> None:
        self._raw = raw
        self._position = dict(zip(raw.headers, raw.positions, strict=True))
        self._index = {header: place for place, header in enumerate(raw.headers)}

    def of_column(self, trouble: Trouble, header: str) -> Finding:
        """A finding about a whole column (or the whole table, for no header)."""
        return self._finding(trouble, header, None, None)

    def of_cells(
        self, troubles: Mapping[Cell, Trouble], header: str, cells: Iterable[Cell]
    ) -> list[Finding]:
        """One finding for each cell that holds a content in trouble."""
        if not troubles:
            return []
        return [
            self._finding(troubles[cell], header, number, cell)
            for number, cell in zip(self._raw.row_numbers, cells, strict=True)
            if cell in troubles
        ]

    def of_hit(self, hit: Hit, header: str) -> list[Finding]:
        """One finding for each row a rule speaks of."""
        wanted = set(hit.rows)
        place = self._index.get(header)
        return [
            self._finding(hit.trouble, header, number, None if place is None else row[place])
            for number, row in zip(self._raw.row_numbers, self._raw.rows, strict=True)
            if number in wanted
        ]

    def _finding(self, trouble: Trouble, header: str, row: int | None, cell: Cell) -> Finding:
        return Finding(
            rule=trouble.rule,
            severity=trouble.severity,
            table=self._raw.table,
            problem=trouble.problem,
            must=trouble.must,
            do=trouble.do,
            file=self._raw.file,
            sheet=self._raw.sheet,
            row=row,
            column=header,
            address=address(self._position.get(header), row),
            found=shown(cell),
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """One column read: its values, its signs, and what was wrong."""

    field: Field
    header: str
    values: pl.Series
    signs: pl.Series | None
    findings: tuple[Finding, ...]


def type_table(raw: RawTable, study: Study) -> TypedTable:
    """Every column of a table in the house's types and units."""
    planned = plan(raw, study)
    places = Places(raw)
    cells = list(zip(*raw.rows, strict=True)) if raw.rows else [()] * len(raw.headers)
    columns = [_read_column(one, cells[one.place], raw, places) for one in planned.columns]
    findings = [
        *raw.findings,
        *(places.of_column(trouble, header) for header, trouble in planned.troubles),
        *(finding for column in columns for finding in column.findings),
    ]
    series = {column.field.name: column.values for column in columns}
    fields = {column.field.name: column.field for column in columns}
    headers = {column.field.name: column.header for column in columns}
    for column in columns:
        if column.signs is not None:
            findings.extend(_add_signs(column, series, fields, headers, places))
    made_ids = raw.table == "patients" and "patient_id" not in fields
    if made_ids:
        names = [f"row {number}" for number in raw.row_numbers]
        series["patient_id"] = pl.Series(names, dtype=pl.String)
        known = dictionary().tables["patients"].fields["patient_id"]
        fields["patient_id"], headers["patient_id"] = replace(known, origin="inferred"), ""
        findings.append(places.of_column(_NO_IDS, ""))
    rows = {ROW: pl.Series(raw.row_numbers, dtype=pl.Int64)}
    return TypedTable(
        pl.DataFrame(rows | series),
        MappingProxyType(fields),
        MappingProxyType(headers),
        tuple(findings),
        made_ids,
    )


_NO_IDS = Trouble(
    "patients without a number",
    "note",
    "no column of patient numbers; each patient is called after its row",
    "patients should have a number of their own",
    "nothing, when every patient is one row and no other table is used",
)


def _read_column(
    column: Planned, cells: tuple[Cell, ...], raw: RawTable, places: Places
) -> _Column:
    distinct = set(cells)
    if True in distinct or False in distinct:  # which 1 and 0 are too
        cells = _without_booleans(cells)
        distinct = set(cells)
    field, said = column.field, list[Trouble]()
    if column.inferred:
        inferred = infer(field, distinct, column.typing)
        field, said = inferred.field, list(inferred.troubles)
    reader = _reader(field, column, distinct, raw.epoch_1904)
    answers: dict[Cell, Answer] = {cell: _kept(field, reader, cell) for cell in distinct}
    values = {cell: answer.value for cell, answer in answers.items()}
    signs = {cell: answer.sign for cell, answer in answers.items() if answer.sign}
    made = pl.Series([values[cell] for cell in cells], dtype=_DTYPES[field.type])
    if field.quantity is not None:
        numbers = made.drop_nulls().to_list()
        if trouble := unit_contradicted(field, numbers, column.typing.unit):
            said.append(trouble)
    troubles = {cell: a.trouble for cell, a in answers.items() if a.trouble is not None}
    if _misunderstood(field, column.header, answers):
        said.append(_otherwise(field, column.header))
    return _Column(
        field,
        column.header,
        made,
        pl.Series([signs.get(c) for c in cells], dtype=pl.String) if signs else None,
        (
            *(places.of_column(trouble, column.header) for trouble in said),
            *places.of_cells(troubles, column.header, cells),
        ),
    )


def _misunderstood(field: Field, header: str, answers: Mapping[Cell, Answer]) -> bool:
    """True when a header meant a field by a synonym, and most contents are none of the field's."""
    if field.origin != "dictionary" or fold(header).startswith(fold(field.name)):
        return False
    known = [a for a in answers.values() if a.value is not None or a.trouble is not None]
    refused = sum(a.trouble is not None and a.trouble.severity == "error" for a in known)
    return refused > len(known) / 2


def _otherwise(field: Field, header: str) -> Trouble:
    return Trouble(
        "header understood",
        "warning",
        say("a header that was taken for {field}, over cells that do not fit it", field=field.name),
        say("the column {name} must hold {field}", name=field.name, field=called(field)),
        say(
            'if it is something else, say so in study.toml: [columns.{table}."{header}"]'
            ' with field = "a_name_of_its_own"',
            table=field.table,
            header=header[:60],
        ),
    )


def _kept(field: Field, reader: Reader, cell: Cell) -> Answer:
    """A cell no spreadsheet could hold is an error whatever its column is."""
    if type(cell) is str and len(cell) > LONGEST_CELL and field.type != "text":
        return refuse(
            "text too long",
            say("{n:,} characters in one cell", n=len(cell)),
            say("a cell must have at most {n:,} characters", n=LONGEST_CELL),
            "look for an unclosed quotation mark or a pasted document",
        )
    return reader(cell)


LONGEST_CELL = 500


def _without_booleans(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """True and 1 are the same key to Python, and not the same cell to us."""
    if bool in set(map(type, cells)):
        return tuple(("true" if c else "false") if isinstance(c, bool) else c for c in cells)
    return cells


def _reader(field: Field, column: Planned, distinct: set[Cell], epoch_1904: bool) -> Reader:
    """How the column's cells are read, after a look at its distinct contents."""
    if field.type == "yes/no":
        return yes_no_reader(field)
    if field.type == "category":
        declared = field.origin == "dictionary" or any(field.values.values())
        return category_reader(field) if declared else open_category_reader(field)
    if field.type == "date":
        return date_reader(field, order_of(distinct), epoch_1904)
    if field.type == "text":
        return text_reader(field)
    typing = Typing(column.typing.unit, column.typing.factor, decimal_comma(distinct))
    return number_reader(field, typing)


def _add_signs(
    column: _Column,
    series: dict[str, pl.Series],
    fields: dict[str, Field],
    headers: dict[str, str],
    places: Places,
) -> list[Finding]:
    """The column of signs beside a censored number, joined with the source's own if it has one."""
    name = column.field.name + SIGN
    signs = column.signs
    if signs is None:
        return []
    if name not in series:
        known = dictionary().tables[column.field.table].fields.get(name)
        series[name] = signs
        fields[name] = known or _sign_field(column.field, name)
        headers[name] = column.header
        return []
    own = series[name]
    clash = ((own != signs) & own.is_not_null() & signs.is_not_null()).fill_null(value=False)
    series[name] = pl.select(pl.coalesce(own, signs)).to_series()
    return [places.of_column(_TWO_SIGNS, column.header)] if clash.any() else []


_TWO_SIGNS = Trouble(
    "one sign",
    "error",
    "a sign before the number that contradicts the column of signs",
    "a number beyond the assay must have one sign",
    "correct one of the two columns",
)


def _sign_field(field: Field, name: str) -> Field:
    return Field(
        name=name,
        table=field.table,
        label=f"{field.label}: beyond the assay",
        type="category",
        origin=field.origin,
        values=MappingProxyType({"<": (), ">": ()}),
        measured=field.measured,
    )
