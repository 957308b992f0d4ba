"""Check: is each value possible, in its one unit, and do the records agree?

Nothing stops at the first trouble. A cell that cannot be read is missing in the cohort and an
error among the findings; errors stop the study, warnings are carried to the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import polars as pl

from avidity.dictionary.fields import Field, Table, dictionary, fold
from avidity.steps.check_answer import Answer, Reader, Trouble
from avidity.steps.check_columns import Planned, plan
from avidity.steps.check_dates import date_reader, order_of
from avidity.steps.check_infer import infer
from avidity.steps.check_numbers import Typing, decimal_comma, number_reader
from avidity.steps.check_words import (
    category_reader,
    open_category_reader,
    text_reader,
    yes_no_reader,
)
from avidity.steps.finding import (
    Count,
    Finding,
    address,
    counts,
    finding_line,
    finding_rows,
    in_order,
    number_of,
    shown,
    stop_on_errors,
)
from avidity.steps.read import Cell, Raw, RawTable
from avidity.study import Study

__all__ = [
    "ROW",
    "Cohort",
    "Count",
    "Finding",
    "Source",
    "check",
    "counts",
    "finding_line",
    "finding_rows",
    "stop_on_errors",
]

ROW = "_row"  # the row in the source file, as a person counts
_DTYPES: Mapping[str, Any] = {
    "yes/no": pl.Boolean,
    "number": pl.Float64,
    "integer": pl.Int64,
    "category": pl.String,
    "date": pl.Date,
    "text": pl.String,
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table came from: its file, sheet, how many rows it has, and the file's hash."""

    table: str
    file: str
    sheet: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """The records, typed, in the house's units; the last word before anybody is labelled.

    tables      one frame per table: the dictionary's columns that the source has, in the house's
                types, with ``_row``; a column the source lacks is absent
    fields      for each table and column (but ``_row``) what it means
    headers     for each table and column the header in the source
    findings    everything found, errors first
    sources     which file each table came from
    sha256      of the typed content: the same for any order of rows, columns and files, for any
                unit, separator or spelling that means the same
    n_patients  rows of the table patients
    made_ids    True when the patients had no number of their own and got "row 2", "row 3" …
    """

    tables: Mapping[str, pl.DataFrame]
    fields: Mapping[str, Mapping[str, Field]]
    headers: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    sha256: str
    n_patients: int
    made_ids: bool = False

    @property
    def patients(self) -> pl.DataFrame:
        """The table patients (empty when the source has none)."""
        return self.tables.get(
            "patients", pl.DataFrame({"patient_id": pl.Series([], dtype=pl.String)})
        )

    @property
    def n_errors(self) -> int:
        """Findings that stop the study."""
        return number_of(self.findings, "error")

    @property
    def n_warnings(self) -> int:
        """Findings that go to the report."""
        return number_of(self.findings, "warning")

    def column_named(self, name: str, table: str = "patients") -> str | None:
        """The column a study means by a name: the field's, or its header in the source."""
        headers = self.headers.get(table, {})
        if name in headers:
            return name
        wanted = fold(name)
        return next((c for c, header in headers.items() if fold(header) == wanted), None)


def check(raw: Raw, study: Study) -> Cohort:
    """The cohort in the house's types and units, with everything found on the way."""
    typed = {name: _typed_table(table, study) for name, table in raw.tables.items()}
    findings = [finding for one in typed.values() for finding in one.findings]
    tables = {name: one.frame for name, one in typed.items()}
    made = "patients" in typed and typed["patients"].made_ids
    return Cohort(
        tables=MappingProxyType(tables),
        fields=MappingProxyType({name: one.fields for name, one in typed.items()}),
        headers=MappingProxyType({name: one.headers for name, one in typed.items()}),
        findings=in_order(findings),
        sources=tuple(
            Source(t.table, t.file, t.sheet, len(t.rows), t.sha256) for t in raw.tables.values()
        ),
        sha256=content_hash(tables, made),
        n_patients=tables["patients"].height if "patients" in tables else 0,
        made_ids=made,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Typed:
    frame: pl.DataFrame
    fields: Mapping[str, Field]
    headers: Mapping[str, str]
    findings: list[Finding]
    made_ids: bool = False


def _typed_table(raw: RawTable, study: Study) -> _Typed:
    planned = plan(raw, study)
    places = _Places(raw)
    findings = [*raw.findings, *(places.of_column(t, header) for header, t in planned.troubles)]
    series, fields, headers = [pl.Series(ROW, raw.row_numbers, dtype=pl.Int64)], {}, {}
    columns = list(zip(*raw.rows, strict=True)) if raw.rows else [()] * len(raw.headers)
    for column in planned.columns:
        cells = _without_booleans(columns[column.place])
        field, reader, said = _reader(column, cells, raw.epoch_1904)
        findings.extend(places.of_column(trouble, column.header) for trouble in said)
        made, troubles = _typed_column(field, reader, cells)
        series.extend(made)
        findings.extend(places.of_cells(troubles, column, cells))
        fields[field.name], headers[field.name] = field, column.header
    table = dictionary().tables[raw.table]
    made_ids = False
    if "patient_id" not in fields and raw.table == "patients":
        made_ids = True
        field = replace(table.fields["patient_id"], origin="inferred")
        names = [f"row {number}" for number in raw.row_numbers]
        series.append(pl.Series("patient_id", names, dtype=pl.String))
        fields["patient_id"], headers["patient_id"] = field, ""
        findings.append(places.of_column(_NO_IDS, ""))
    return _Typed(
        pl.DataFrame(series),
        MappingProxyType(fields),
        MappingProxyType(headers),
        findings,
        made_ids,
    )


_NO_IDS = Trouble(
    "patients without a number",
    "note",
    "no column of patient numbers; each patient is called after its row",
    "patients should have a number of their own",
    "nothing, when every patient is one row and no other table is used",
)


def _without_booleans(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """True and 1 are the same key to Python, and not the same cell to us."""
    if bool in set(map(type, cells)):
        return tuple(("true" if c else "false") if isinstance(c, bool) else c for c in cells)
    return cells


def _reader(
    column: Planned, cells: tuple[Cell, ...], epoch_1904: bool
) -> tuple[Field, Reader, tuple[Trouble, ...]]:
    """How the column is read, after a look at its distinct contents."""
    distinct = set(cells)
    field = column.field
    said: tuple[Trouble, ...] = ()
    if column.inferred:
        inferred = infer(field, distinct, column.typing)
        field, said = inferred.field, inferred.troubles
    match field.type:
        case "yes/no":
            return field, yes_no_reader(field), said
        case "category":
            free = field.origin != "dictionary" and not any(field.values.values())
            return field, open_category_reader(field) if free else category_reader(field), said
        case "date":
            return field, date_reader(field, order_of(distinct), epoch_1904), said
        case "text":
            return field, text_reader(field), said
    typing = Typing(column.typing.unit, column.typing.factor, decimal_comma(distinct))
    return field, number_reader(field, typing), said


def _typed_column(
    field: Field, reader: Reader, cells: tuple[Cell, ...]
) -> tuple[list[pl.Series], dict[Cell, Trouble]]:
    """The column, its signs where it may have some, and each distinct content in trouble."""
    answers: dict[Cell, Answer] = {cell: reader(cell) for cell in set(cells)}
    values = {cell: answer.value for cell, answer in answers.items()}
    made = [pl.Series(field.name, [values[c] for c in cells], dtype=_DTYPES[field.type])]
    signs = {cell: answer.sign for cell, answer in answers.items()}
    if (
        field.censored
        and field.type == "number"
        and (any(signs.values()) or f"{field.name}_censored" in _table_of(field.table).fields)
    ):
        name = f"{field.name}_censored"
        made.append(pl.Series(name, [signs[c] for c in cells], dtype=pl.String))
    return made, {c: a.trouble for c, a in answers.items() if a.trouble is not None}


class _Places:
    """Turns a sentence into a finding with its place in one table."""

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.positions = dict(zip(raw.headers, raw.positions, strict=True))

    def of_column(self, trouble: Trouble, header: str) -> Finding:
        """A finding about a whole column (or the whole table, for no header)."""
        return self._finding(trouble, header, None, "")

    def of_cells(
        self, troubles: Mapping[Cell, Trouble], column: Planned, cells: tuple[Cell, ...]
    ) -> list[Finding]:
        """One finding for each cell that holds a content in trouble."""
        if not troubles:
            return []
        return [
            self._finding(troubles[cell], column.header, number, shown(cell))
            for number, cell in zip(self.raw.row_numbers, cells, strict=True)
            if cell in troubles
        ]

    def _finding(self, trouble: Trouble, header: str, row: int | None, found: str) -> Finding:
        return Finding(
            rule=trouble.rule,
            severity=trouble.severity,
            table=self.raw.table,
            problem=trouble.problem,
            must=trouble.must,
            do=trouble.do,
            file=self.raw.file,
            sheet=self.raw.sheet,
            row=row,
            column=header,
            address=address(self.positions.get(header), row),
            found=found,
        )


def content_hash(tables: Mapping[str, pl.DataFrame], made_ids: bool = False) -> str:
    """A hash of typed content: columns sorted by name, rows sorted, source rows left out."""
    whole = hashlib.sha256()
    for name in sorted(tables):
        skip = {ROW, "patient_id"} if made_ids and name == "patients" else {ROW}
        columns = sorted(set(tables[name].columns) - skip)
        whole.update("\x1f".join((name, *columns)).encode() + b"\x1d")
        if columns:
            whole.update("\x1e".join(_lines(tables[name], columns)).encode())
        whole.update(b"\x1c")
    return whole.hexdigest()


def _lines(frame: pl.DataFrame, columns: list[str]) -> list[str]:
    """Rows as text, sorted; separators inside text are escaped, and missing has a sign."""
    parts = []
    for column in columns:
        text = pl.col(column).cast(pl.String)
        if frame.schema[column] == pl.String:
            text = text.str.replace_all("\\", "\\\\", literal=True)
            for sign in ("\x1c", "\x1d", "\x1e", "\x1f"):
                text = text.str.replace_all(sign, f"\\{ord(sign)}", literal=True)
        parts.append(text.fill_null("\\N"))
    joined = frame.select(pl.concat_str(parts, separator="\x1f").alias("line"))
    return joined["line"].sort().to_list()


def _table_of(name: str) -> Table:
    return dictionary().tables[name]
