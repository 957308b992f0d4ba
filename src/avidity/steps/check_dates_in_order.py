"""Dates that must follow each other, within a patient and across tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from avidity.said import say
from avidity.steps.check_answer import Trouble
from avidity.steps.check_rows import ROW, Hit, rows_where
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


_BIRTH = say("the date of birth")
_NEWS = say("the date of last news")
_DATED = {
    "rai_courses.date": say("the date of administration"),
    "lesions.first_seen": say("the day a lesion was first seen"),
    "scans.date": say("the date of a scan"),
    "structural_assessments.date": say("the date of an assessment"),
    "labs.date": say("the date of a blood sample"),
    "fdg_pet.date": say("the date of an FDG PET"),
    "follow_up.last_date": _NEWS,
}

ORDERS: tuple[Order, ...] = (
    *(
        Order("patients.birth_date", place, "error", (_BIRTH, words), strict=True)
        for place, words in (*_DATED.items(), ("patients.surgery_date", say("the date of surgery")))
    ),
    Order(
        "patients.diagnosis_date",
        "rai_courses.date",
        "error",
        (say("the date of diagnosis"), say("the date of administration")),
    ),
    Order(
        "patients.surgery_date",
        "rai_courses.date",
        "error",
        (say("the date of thyroidectomy before radioiodine"), say("the date of administration")),
    ),
    Order(
        "patients.diagnosis_date",
        "follow_up.last_date",
        "error",
        (say("the date of diagnosis"), _NEWS),
    ),
    Order(
        "patients.surgery_date", "follow_up.last_date", "error", (say("the date of surgery"), _NEWS)
    ),
    Order(
        "patients.diagnosis_date",
        "follow_up.remission_date",
        "error",
        (say("the date of diagnosis"), say("the date of remission")),
    ),
    Order(
        "follow_up.remission_date",
        "follow_up.last_date",
        "error",
        (say("the date of remission"), _NEWS),
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
        (say("the day a lesion was first seen"), say("the date of its local treatment")),
    ),
)


def dates_in_order(tables: Tables) -> Iterator[Hit]:
    """Every pair of dates that stands the wrong way round."""
    asked: dict[str, list[tuple[Order, str]]] = {}
    for order in ORDERS:
        if _there(order.first, tables) and _there(order.then, tables):
            table, column = _pointed_at(order).split(".")
            asked.setdefault(table, []).append((order, column))
    for table, orders in asked.items():
        frame = _beside(table, [order for order, _ in orders], tables)
        for index, rows in rows_where(frame, [_wrong(order) for order, _ in orders]):
            order, column = orders[index]
            yield Hit(table, column, rows, _trouble(order))


def _there(place: str, tables: Tables) -> bool:
    table, column = place.split(".")
    return {"patient_id", column} <= set(tables.get(table, _NONE).columns)


def _pointed_at(order: Order) -> str:
    """The date in the table with several rows per patient; between two such, the later one."""
    first = order.first.split(".")[0]
    return order.then if first in PER_PATIENT else order.first


def _beside(table: str, orders: list[Order], tables: Tables) -> pl.DataFrame:
    """All dates the orders need beside each row of the table, named "table.column"."""
    places = sorted({place for order in orders for place in (order.first, order.then)})
    frame = tables[table].select(
        ROW,
        "patient_id",
        *(pl.col(p.split(".")[1]).alias(p) for p in places if p.split(".")[0] == table),
    )
    for other in PER_PATIENT:
        wanted = [place for place in places if place.split(".")[0] == other != table]
        if wanted:
            dates = tables[other].select(
                "patient_id", *(pl.col(place.split(".")[1]).alias(place) for place in wanted)
            )
            once = dates.unique("patient_id", keep="first")
            frame = frame.join(once, on="patient_id", how="left", maintain_order="left")
    return frame


def _wrong(order: Order) -> pl.Expr:
    first, then = pl.col(order.first), pl.col(order.then)
    return first >= then if order.strict else first > then


def _trouble(order: Order) -> Trouble:
    words = dict(zip(("first", "then"), order.words, strict=True))
    return Trouble(
        "dates in order",
        order.severity,
        say("{first} on or after {then}", **words)
        if order.strict
        else say("{first} after {then}", **words),
        say("{first} must be before {then}", **words)
        if order.strict
        else say("{first} must not be after {then}", **words),
        "correct whichever of the two dates is wrong",
    )
