"""Rules on scans and on what they show of a lesion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from avidity.steps.check_answer import Trouble
from avidity.steps.check_rows import ROW, Hit

Tables = Mapping[str, pl.DataFrame]
_SEEN = ("avid", "not avid", "declined", "equivocal")


def scans_after_courses(tables: Tables) -> Iterator[Hit]:
    """A scan that names a course comes after it, soon, and on the day it says."""
    scans, courses = tables.get("scans"), tables.get("rai_courses")
    if scans is None or courses is None:
        return
    key = ["patient_id", "course"]
    if not {*key, "date"} <= set(scans.columns) or not {*key, "date"} <= set(courses.columns):
        return
    given = courses.select(*key, pl.col("date").alias("_given")).unique(key, keep="first")
    joined = scans.join(given, on=key, how="inner").with_columns(
        (pl.col("date") - pl.col("_given")).dt.total_days().alias("_days")
    )
    yield from _rows(joined.filter(pl.col("_days") < 0), "date", _BEFORE)
    yield from _rows(joined.filter(pl.col("_days") > 60), "date", _LATE)
    if "days_after_activity" in scans.columns:
        off = (pl.col("days_after_activity") - pl.col("_days")).abs() > 1
        yield from _rows(joined.filter(off), "days_after_activity", _DAYS)


def _rows(
    frame: pl.DataFrame, column: str, trouble: Trouble, table: str = "scans"
) -> Iterator[Hit]:
    if rows := frame[ROW].sort().to_list():
        yield Hit(table, column, tuple(rows), trouble)


_BEFORE = Trouble(
    "scan after its course",
    "error",
    "a scan before the course it names",
    "a scan must not be before the course it was made after",
    "correct the date of the scan, or the course number",
)
_LATE = Trouble(
    "scan soon after its course",
    "warning",
    "a scan more than 60 days after the course it names",
    "a scan should name a course only when it shows that course's activity",
    "correct a date, or leave the course of a diagnostic scan empty",
)
_DAYS = Trouble(
    "days after the activity",
    "warning",
    "a number of days that does not fit the two dates",
    "days after the activity must fit the dates of the course and of the scan",
    "correct whichever is wrong",
)


def uptake_of_lesions(tables: Tables) -> Iterator[Hit]:
    """A scan says something of a lesion only if the lesion was there; 'declined' needs a before."""
    uptake, scans = tables.get("lesion_uptake"), tables.get("scans")
    if uptake is None or scans is None or "uptake" not in uptake.columns:
        return
    if not {"patient_id", "lesion_id", "scan_id"} <= set(uptake.columns):
        return
    key = ["patient_id", "scan_id"]
    if not {*key, "date"} <= set(scans.columns):
        return
    days = scans.select(*key, pl.col("date").alias("_scanned")).unique(key, keep="first")
    seen = uptake.filter(pl.col("uptake").is_in(_SEEN)).join(days, on=key, how="inner")
    lesions = tables.get("lesions")
    if lesions is not None and {"lesion_id", "first_seen", "patient_id"} <= set(lesions.columns):
        known = lesions.select("patient_id", "lesion_id", "first_seen").unique(
            ["patient_id", "lesion_id"], keep="first"
        )
        joined = seen.join(known, on=["patient_id", "lesion_id"], how="inner")
        early = joined.filter(pl.col("_scanned") < pl.col("first_seen"))
        yield from _rows(early, "scan_id", _EARLY, "lesion_uptake")
    first = pl.col("_scanned").min().over("patient_id", "lesion_id")
    alone = seen.filter((pl.col("uptake") == "declined") & (pl.col("_scanned") == first))
    yield from _rows(alone, "uptake", _DECLINED, "lesion_uptake")


_EARLY = Trouble(
    "lesion seen before it was scanned",
    "warning",
    "a scan before the lesion was first seen",
    "a lesion must have been seen by the day of the scan; a scan before it cannot call it not avid",
    "correct a date, or the uptake to 'not assessed' unless the scan was read again",
)
_DECLINED = Trouble(
    "declined since an earlier scan",
    "warning",
    "a declined uptake on the first scan of the lesion",
    "declined must mean less than on an earlier scan",
    "add the earlier scan, or write what this scan showed",
)
