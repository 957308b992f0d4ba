"""Check: is each value possible, in its one unit, and do the records agree?

Nothing stops at the first trouble. A cell that cannot be read is missing in the cohort and an
error among the findings; errors stop the study, warnings are carried to the report, notes say
how the data were read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from avidity.dictionary.fields import Field, dictionary, fold
from avidity.said import say
from avidity.steps import check_links, check_scans
from avidity.steps.check_dates_in_order import dates_in_order
from avidity.steps.check_rows import ROW, Hit, within_rows
from avidity.steps.check_table import SIGN, Places, TypedTable, type_table
from avidity.steps.finding import (
    Count,
    Finding,
    Severity,
    counts,
    finding_line,
    finding_rows,
    in_order,
    number_of,
    stop_on_errors,
)
from avidity.steps.read import Raw, RawTable
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
                types, with ``_row`` (the row in the source, as a person counts); a column the
                source lacks is absent
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
        """The table patients."""
        return self.tables["patients"]

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
    typed = {
        name: type_table(table, study)
        for name, table in raw.tables.items()
        if _is_used(table, study)
    }
    tables = {name: one.frame for name, one in typed.items()}
    made_ids = typed["patients"].made_ids
    findings = [finding for one in typed.values() for finding in one.findings]
    findings.extend(_shape(raw, typed, study))
    for hit in _hits(tables, made_ids):
        headers = typed[hit.table].headers
        header = headers.get(hit.column) or headers.get(hit.column.removesuffix(SIGN), "")
        findings.extend(Places(raw.tables[hit.table]).of_hit(hit, header))
    return Cohort(
        tables=MappingProxyType(tables),
        fields=MappingProxyType({name: one.fields for name, one in typed.items()}),
        headers=MappingProxyType({name: one.headers for name, one in typed.items()}),
        findings=in_order(findings),
        sources=tuple(
            Source(t.table, t.file, t.sheet, len(t.rows), t.sha256)
            for t in raw.tables.values()
            if t.table in typed
        ),
        sha256=content_hash(tables, made_ids),
        n_patients=tables["patients"].height,
        made_ids=made_ids,
    )


def _is_used(table: RawTable, study: Study) -> bool:
    """An empty sheet is no table, unless the study vouches that there was nothing to write."""
    return bool(table.rows) or table.table in ("patients", *study.records.complete)


def _hits(tables: Mapping[str, pl.DataFrame], made_ids: bool) -> Iterator[Hit]:
    """Every rule that looks at more than one cell."""
    yield from within_rows(tables)
    yield from dates_in_order(tables)
    yield from check_links.keys(tables)
    yield from check_links.rows_twice(tables, made_ids)
    yield from check_links.patients_alike(tables)
    yield from check_links.courses_in_order(tables)
    yield from check_scans.scans_after_courses(tables)
    yield from check_scans.uptake_of_lesions(tables)
    if not made_ids:
        yield from check_links.references(tables)
        yield from check_links.totals(tables)
        yield from check_links.radioiodine_and_courses(tables)
        yield from check_links.activity_adds_up(tables)


def _shape(raw: Raw, typed: Mapping[str, TypedTable], study: Study) -> Iterator[Finding]:
    """What is to be said of tables as a whole."""
    for name, table in raw.tables.items():
        if name not in typed:
            yield _about(
                table,
                "empty table",
                "a table without a row, which was left out",
                "a table must have rows, or be named as complete under [records] in study.toml",
                "nothing, if these records are not used in the study",
                "note",
            )
            continue
        known = dictionary().tables[name]
        needed = known.key if known.unique else ("patient_id",)
        absent = [column for column in needed if column not in typed[name].fields]
        for column in absent if name != "patients" else ():
            yield _about(
                table,
                "column missing",
                say("no column {column}", column=column),
                say(
                    "the table {table} must have the columns {columns}",
                    table=name,
                    columns=", ".join(needed),
                ),
                say("add the column, or name it in study.toml under [columns.{table}]", table=name),
            )
    yield from _patients(raw.tables["patients"], typed)
    yield from _study_and_files(raw, study)


def _patients(patients: RawTable, typed: Mapping[str, TypedTable]) -> Iterator[Finding]:
    if not patients.rows:
        yield _about(
            patients,
            "no patients",
            "no patient at all",
            "the table patients must have a row for each patient",
            say(
                "fill {place}",
                place=f"{patients.file}{'#' if patients.sheet else ''}{patients.sheet}",
            ),
        )
    elif typed["patients"].made_ids and len(typed) > 1:
        yield _about(
            patients,
            "column missing",
            "no column patient_id, and other tables that need it",
            "patients must have a number when other tables point to them",
            "add a column patient_id, or name it in study.toml under [columns.patients]",
        )


def _about(
    table: RawTable, rule: str, problem: str, must: str, do: str, severity: Severity = "error"
) -> Finding:
    """A finding about a whole table."""
    return Finding(rule, severity, table.table, problem, must, do, table.file, table.sheet)


def _study_and_files(raw: Raw, study: Study) -> Iterator[Finding]:
    for name in study.columns:
        if name not in raw.tables:
            yield Finding(
                rule="table of study.toml",
                severity="error",
                table=name,
                problem="study.toml describes columns of a table that is not there",
                must=say("[columns.{table}] must name a table of the study", table=name),
                do="correct the name, add the table, or remove the section",
                file="study.toml",
            )
    for remark in raw.remarks:
        yield Finding(
            rule="table recognised",
            severity="note",
            table="patients",
            problem=remark,
            must="a table should bear its name",
            do="nothing, if that is right; else name the table under [tables] in study.toml",
        )
    for place in raw.ignored:
        yield Finding(
            rule="not read",
            severity="note",
            table="",
            problem=say("{place} is none of the study's tables and was not read", place=place),
            must="a table should bear the name of one of the dictionary's tables",
            do="nothing, if it is no table; else rename it, or name it under [tables]",
            file=place,
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
