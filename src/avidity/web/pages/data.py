"""Data: which tables came in, what each column was taken for or may be, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from avidity.dictionary.fields import dictionary
from avidity.steps.match_columns import Matched, Reason, match_columns
from avidity.steps.read import RawTable
from avidity.web.cohorts import Looked
from avidity.web.matches import IGNORE, OWN, Memory, Typed, choice_of, remembered
from avidity.web.pages.table_read import Conversion, TableRead, table_read

BEFORE = Reason("remembered", {})


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column as it stands in the file, and what it is or may be taken for.

    state   as in `Matched`
    field   what it is read as now; "" where it is not read
    choice  what the form shows: a field, OWN or IGNORE
    """

    header: str
    state: str
    field: str
    choice: str
    unit: str
    type: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class TableSeen:
    """One table of the study; ``fields`` are those its columns can be matched to, with labels."""

    name: str
    file: str
    sheet: str
    rows: int
    columns: tuple[ColumnSeen, ...]
    fields: Mapping[str, str]
    read: TableRead

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Columns the dictionary has no field for, and nobody has one suggested for."""
        return tuple(one.header for one in self.columns if one.state == "open")

    @property
    def open(self) -> int:
        """Columns with a suggestion nobody has answered."""
        return sum(one.state == "suggested" for one in self.columns)


@dataclass(frozen=True, slots=True)
class DataPage:
    """The tables, or the sentence why they cannot be read."""

    tables: tuple[TableSeen, ...]
    ignored: tuple[str, ...]
    trouble: str
    patients: int = 0
    errors: int = 0
    warnings: int = 0
    snapshot: str = ""
    own: str = OWN
    ignore: str = IGNORE

    @property
    def open(self) -> int:
        """Suggestions nobody has answered."""
        return sum(table.open for table in self.tables)


def data_page(
    looked: Looked,
    trouble: str = "",
    snapshot: str = "",
    memory: Memory | None = None,
    typed: Typed | None = None,
) -> DataPage:
    """What was read.

    memory  what this person matched before
    typed   the form as it was left, by table and column
    """
    raw, cohort = looked.raw, looked.cohort
    read = raw.tables.values() if raw else ()
    tables = tuple(_table(table, looked, memory or {}, typed or {}) for table in read)
    ignored = raw.ignored if raw else ()
    said = trouble or looked.trouble
    counts = (cohort.n_patients, cohort.n_errors, cohort.n_warnings) if cohort else (0, 0, 0)
    return DataPage(tables, ignored, said, *counts, snapshot=snapshot)


def _table(table: RawTable, looked: Looked, memory: Memory, typed: Typed) -> TableSeen:
    found = match_columns(table, looked.study) if looked.study else ()
    before = remembered(found, table.table, memory)
    fields = dictionary().tables[table.table].fields
    seen = (_column(one, table.table, looked, before) for one in found)
    columns = tuple(_as_left(one, typed.get((table.table, at))) for at, one in enumerate(seen))
    labels = {name: one.label for name, one in fields.items()}
    units = tuple(conversion for one in columns if (conversion := _converted(one)))
    read = table_read(table, [one.type for one in columns], units, looked.cohort)
    return TableSeen(table.table, table.file, table.sheet, len(table.rows), columns, labels, read)


def _converted(one: ColumnSeen) -> Conversion | None:
    """What became of a column's unit, where it is read and the house keeps another."""
    if one.state not in ("known", "told"):
        return None
    for reason in one.reasons:
        if reason.kind == "unit":
            names = reason.names
            return Conversion(one.header, names["unit"], names["house"], names["factor"])
    return None


def _as_left(one: ColumnSeen, typed: tuple[str, str] | None) -> ColumnSeen:
    return one if typed is None else replace(one, choice=typed[0], unit=typed[1])


def _column(one: Matched, table: str, looked: Looked, before: Memory) -> ColumnSeen:
    cohort = looked.cohort
    headers = cohort.headers.get(table, {}) if cohort else {}
    typed = {header: name for name, header in headers.items()}
    fields = cohort.fields.get(table, {}) if cohort else {}
    name = typed.get(one.header, "")
    read = fields.get(name)
    kind = read.type if read else ""
    if one.header in before:
        choice, unit = before[one.header]
        return ColumnSeen(one.header, "suggested", name, choice, unit or one.unit, kind, (BEFORE,))
    if one.state == "suggested":
        return ColumnSeen(one.header, one.state, name, one.field, one.unit, kind, one.reasons)
    return ColumnSeen(one.header, one.state, name, choice_of(one), one.unit, kind, one.reasons)
