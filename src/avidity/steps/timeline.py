"""One patient's records in the order of their days, as a reader would follow them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields

from avidity.refractory.chart import Chart
from avidity.refractory.definition import Verdict
from avidity.refractory.records import (
    Assessment,
    Course,
    FdgPet,
    FollowUp,
    Lab,
    Lesion,
    Scan,
    Uptake,
)

Record = Course | Lesion | Scan | Uptake | Assessment | Lab | FdgPet | FollowUp
Facts = tuple[tuple[str, object], ...]
LANES = (
    "rai_courses",
    "scans",
    "lesions",
    "structural_assessments",
    "fdg_pet",
    "labs",
    "follow_up",
)
KEYS = ("date", "first_seen", "last_date", "lesion_id", "scan_id", "row")  # said elsewhere


@dataclass(frozen=True, slots=True)
class Event:
    """One record.

    lane     the table whose lane it stands in; a reading of a lesion stands in the lesion's
    lesion   the lesion it is about, or ""
    facts    what the record says, by the names of its fields; nothing that is missing
    table    where the record stands, with its row
    state    of a reading: its uptake; of an assessment: whether it is a progression
    """

    date: dt.date | None
    lane: str
    lesion: str
    facts: Facts
    table: str
    row: int | None
    state: str = ""

    def decided(self, verdict: Verdict) -> bool:
        """Whether this record decided the verdict."""
        places = {(ref.table, ref.row) for ref in verdict.records}
        return self.row is not None and (self.table, self.row) in places


def timeline(chart: Chart) -> tuple[Event, ...]:
    """Every record of a patient but the lab's own names, by day; those without a day at the end."""
    found = sorted(_events(chart), key=_place)
    return tuple(found)


def _place(event: Event) -> tuple[dt.date, int, str, int]:
    return event.date or dt.date.max, LANES.index(event.lane), event.lesion, event.row or 0


def _events(chart: Chart) -> Iterator[Event]:
    history = chart.history
    for course in chart.courses:
        yield _event(course, course.date, "rai_courses")
    days = {scan.scan_id: scan.date for scan in chart.scans if scan.scan_id}
    for scan in chart.scans:
        yield _event(scan, scan.date, "scans")
    for lesion in chart.lesions:
        yield _event(lesion, lesion.first_seen, "lesions", state="seen")
        if lesion.local_treatment_date:
            yield Event(
                lesion.local_treatment_date,
                "lesions",
                lesion.lesion_id or "",
                (("local_treatment_date", lesion.local_treatment_date),),
                "lesions",
                lesion.row,
                "treated",
            )
    for reading in history.lesion_uptake:
        day = days.get(reading.scan_id or "")
        yield _event(reading, day, "lesions", "lesion_uptake", reading.uptake or "")
    for row, progressed in chart.assessments:
        state = {True: "progression", False: "stable", None: "open"}[progressed]
        yield _event(row, row.date, "structural_assessments", state=state)
    for pet in history.fdg_pet:
        state = {True: "positive", False: "negative", None: "open"}[pet.positive]
        yield _event(pet, pet.date, "fdg_pet", state=state)
    for lab in history.labs:
        yield _event(lab, lab.date, "labs")
    for visit in chart.visits:
        yield _event(visit, visit.last_date, "follow_up")


def _event(
    record: Record, day: dt.date | None, lane: str, table: str = "", state: str = ""
) -> Event:
    skip = (*KEYS, "local_treatment_date")
    facts = tuple(
        (field.name, getattr(record, field.name))
        for field in fields(record)
        if field.name not in skip and getattr(record, field.name) is not None
    )
    lesion = getattr(record, "lesion_id", None) or ""
    return Event(day, lane, lesion, facts, table or lane, record.row, state)
