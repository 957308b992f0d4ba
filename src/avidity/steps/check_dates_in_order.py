"""Dates that must follow each other, within a patient and across tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from avidity.steps.check_answer import Trouble
from avidity.steps.check_rows import ROW, Hit
from avidity.steps.finding import Severity

Tables = Mapping[str, pl.DataFrame]
PER_PATIENT = ("patients", "follow_up")  # one row per patient: the other side is pointed at

_NONE = pl.DataFrame()


@dataclass(frozen=True, slots=True)
class Order:
    """``first`` must not be after ``then`` (both "table.column"), in the words given."""

    first: str
    then: str
    severity: Severity
    words: tuple[str, str]
    strict: bool = False


_BIRTH = "the date of birth"
_NEWS = "the date of last news"
_DATED = {
    "rai_courses.date": "the date of administration",
    "lesions.first_seen": "the day a lesion was first seen",
    "scans.date": "the date of a scan",
    "structural_assessments.date": "the date of an assessment",
    "labs.date": "the date of a blood sample",
    "fdg_pet.date": "the date of an FDG PET",
    "follow_up.last_date": _NEWS,
}

ORDERS: tuple[Order, ...] = (
    *(
        Order("patients.birth_date", place, "error", (_BIRTH, words), strict=True)
        for place, words in (*_DATED.items(), ("patients.surgery_date", "the date of surgery"))
    ),
    Order(
        "patients.diagnosis_date",
        "rai_courses.date",
        "error",
        ("the date of diagnosis", "the date of administration"),
    ),
    Order(
        "patients.surgery_date",
        "rai_courses.date",
        "error",
        ("the date of thyroidectomy before radioiodine", "the date of administration"),
    ),
    Order(
        "patients.diagnosis_date", "follow_up.last_date", "error", ("the date of diagnosis", _NEWS)
    ),
    Order("patients.surgery_date", "follow_up.last_date", "error", ("the date of surgery", _NEWS)),
    Order(
        "patients.diagnosis_date",
        "follow_up.remission_date",
        "error",
        ("the date of diagnosis", "the date of remission"),
    ),
    Order(
        "follow_up.remission_date",
        "follow_up.last_date",
        "error",
        ("the date of remission", _NEWS),
    ),
    *(
        Order(place, "follow_up.last_date", "warning", (words, _NEWS))
        for place, words in _DATED.items()
        if not place.startswith("follow_up")
    ),
    Order(
        "lesions.first_seen",
        "lesions.local_treatment_date",
        "warning",
        ("the day a lesion was first seen", "the date of its local treatment"),
    ),
)


def dates_in_order(tables: Tables) -> Iterator[Hit]:
    """Every pair of dates that stands the wrong way round."""
    for order in ORDERS:
        yield from _wrong(order, tables)


def _wrong(order: Order, tables: Tables) -> Iterator[Hit]:
    (table1, column1), (table2, column2) = order.first.split("."), order.then.split(".")
    for table, column in ((table1, column1), (table2, column2)):
        if not {"patient_id", column} <= set(tables.get(table, _NONE).columns):
            return
    points_first = table1 not in PER_PATIENT or table2 == "patients"
    table, column = (table1, column1) if points_first else (table2, column2)
    other_table, other = (table2, column2) if points_first else (table1, column1)
    frame = tables[table].select(ROW, "patient_id", pl.col(column).alias("_here"))
    if table == other_table:
        joined = tables[table].select(
            ROW, pl.col(column).alias("_here"), pl.col(other).alias("_there")
        )
    else:
        there = tables[other_table].select("patient_id", pl.col(other).alias("_there"))
        joined = frame.join(there.unique("patient_id", keep="first"), on="patient_id", how="inner")
    first, then = ("_here", "_there") if points_first else ("_there", "_here")
    bad = pl.col(first) >= pl.col(then) if order.strict else pl.col(first) > pl.col(then)
    rows = joined.filter(bad)[ROW].sort().to_list()
    if rows:
        yield Hit(table, column, tuple(rows), _trouble(order))


def _trouble(order: Order) -> Trouble:
    first, then = order.words
    return Trouble(
        "dates in order",
        order.severity,
        f"{first} {'on or ' if order.strict else ''}after {then}",
        f"{first} must {'be before' if order.strict else 'not be after'} {then}",
        "correct whichever of the two dates is wrong",
    )
