"""From tables to histories: all records of one patient together, as the definitions read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from avidity.refractory.chart import Chart, chart_of
from avidity.refractory.definition import Definition
from avidity.refractory.records import (
    Assessment,
    Course,
    FdgPet,
    FollowUp,
    History,
    Lab,
    Lesion,
    Scan,
    Uptake,
)
from avidity.steps.check import Cohort

RECORDS: dict[str, type[Any]] = {
    "rai_courses": Course,
    "lesions": Lesion,
    "scans": Scan,
    "lesion_uptake": Uptake,
    "structural_assessments": Assessment,
    "labs": Lab,
    "fdg_pet": FdgPet,
    "follow_up": FollowUp,
}


def tables_read(definition: Definition) -> set[str]:
    """The record tables a definition reads."""
    return {fact.split(".")[0] for fact in definition.reads} & set(RECORDS)


def can_be_asked(definition: Definition, cohort: Cohort) -> bool:
    """Whether the study has any table the definition reads; without one, nothing could be said."""
    return bool(tables_read(definition) & set(cohort.tables))


def charts(cohort: Cohort, complete: tuple[str, ...]) -> dict[str, Chart]:
    """Every patient's records, put in order once for all definitions, by patient id."""
    return {history.patient_id: chart_of(history) for history in histories(cohort, complete)}


def histories(cohort: Cohort, complete: tuple[str, ...]) -> Iterator[History]:
    """One history per patient, in the order of the patients table.

    complete  tables the study vouches for as holding everything there was
    """
    grouped = {
        table: _by_patient(cohort, table, record)
        for table, record in RECORDS.items()
        if table in cohort.tables
    }
    patients = cohort.tables["patients"]
    totals = [name for name in ("number_of_courses", "number_of_lesions") if name in patients]
    for row in patients.select("patient_id", *totals).iter_rows(named=True):
        patient = row.pop("patient_id")
        yield History(
            patient_id=patient,
            complete=frozenset(complete),
            tables=frozenset(cohort.tables),
            number_of_courses=row.get("number_of_courses"),
            number_of_lesions=row.get("number_of_lesions"),
            **_rows_of(patient, grouped),
        )


def _by_patient(cohort: Cohort, table: str, record: type[Any]) -> dict[str, list[Any]]:
    frame = cohort.tables[table]
    names = [field.name for field in fields(record) if field.name in frame.columns]
    found: dict[str, list[Any]] = defaultdict(list)
    columns = [frame[name].to_list() for name in names]
    for patient, number, *values in zip(
        frame["patient_id"].to_list(), frame["_row"].to_list(), *columns, strict=True
    ):
        found[patient].append(record(row=number, **dict(zip(names, values, strict=True))))
    return found


def _rows_of(patient: str, grouped: dict[str, dict[str, list[Any]]]) -> dict[str, Any]:
    return {table: tuple(rows.get(patient, ())) for table, rows in grouped.items()}
