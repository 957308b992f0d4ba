"""Data: which tables came in, and what each column was taken for."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.steps.read import RawTable
from avidity.web.cohorts import Looked


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column as it stands in the file, and the field it was taken for ("" for none)."""

    header: str
    field: str
    label: str
    unit: str
    type: str


@dataclass(frozen=True, slots=True)
class TableSeen:
    """One table of the study."""

    name: str
    file: str
    sheet: str
    rows: int
    columns: tuple[ColumnSeen, ...]


@dataclass(frozen=True, slots=True)
class DataPage:
    """The tables, or the sentence why they cannot be read."""

    tables: tuple[TableSeen, ...]
    ignored: tuple[str, ...]
    trouble: str
    patients: int = 0
    errors: int = 0
    warnings: int = 0


def data_page(looked: Looked, trouble: str = "") -> DataPage:
    """What was read."""
    raw, cohort = looked.raw, looked.cohort
    tables = tuple(_table(table, looked) for table in raw.tables.values()) if raw else ()
    ignored = raw.ignored if raw else ()
    said = trouble or looked.trouble
    if cohort is None:
        return DataPage(tables, ignored, said)
    return DataPage(tables, ignored, said, cohort.n_patients, cohort.n_errors, cohort.n_warnings)


def _table(table: RawTable, looked: Looked) -> TableSeen:
    cohort = looked.cohort
    headers = cohort.headers.get(table.table, {}) if cohort else {}
    fields = cohort.fields.get(table.table, {}) if cohort else {}
    by_header = {header: name for name, header in headers.items() if name in fields}
    columns = []
    for header in table.headers:
        name = by_header.get(header, "")
        field = fields.get(name)
        if field is None:
            columns.append(ColumnSeen(header, "", "", "", ""))
        else:
            columns.append(ColumnSeen(header, name, field.label, field.unit, field.type))
    return TableSeen(table.table, table.file, table.sheet, len(table.rows), tuple(columns))
