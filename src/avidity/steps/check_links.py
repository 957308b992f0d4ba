"""Rules between rows and between tables: numbers that must exist, be used once, and add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from avidity.dictionary.fields import dictionary, fold
from avidity.said import Said, say, term
from avidity.steps.check_answer import Trouble
from avidity.steps.check_rows import ROW, Hit

Tables = Mapping[str, pl.DataFrame]
NONE = pl.DataFrame()


def keys(tables: Tables) -> Iterator[Hit]:
    """Every row has its key, and a key stands once where it names the row."""
    for name, frame in tables.items():
        table = dictionary().tables[name]
        required = table.key if table.unique else ("patient_id",)
        there = [column for column in required if column in frame.columns]
        for column in there:
            if empty := frame.filter(pl.col(column).is_null())[ROW].to_list():
                yield Hit(name, column, tuple(empty), _no_key(column))
        if table.unique and len(there) == len(table.key):
            known = frame.drop_nulls(list(there))
            again = known.filter(~pl.struct(there).is_first_distinct())
            if again.height:
                yield Hit(name, there[-1], tuple(again[ROW].to_list()), _key_again(name, there))


_WHAT = {
    "course": say("course"),
    "patient_id": say("patient number"),
    "lesion_id": say("lesion number"),
    "scan_id": say("scan number"),
    "number_of_courses": say("number of courses"),
    "number_of_lesions": say("number of lesions"),
}


def _what(column: str) -> str:
    """A column as it is called inside a sentence."""
    return term(_WHAT.get(column, column.replace("_", " ")))


def _no_key(column: str) -> Trouble:
    what = _what(column)
    return Trouble(
        "key missing",
        "error",
        say("no {what}", what=what),
        say("every row must have its {what}", what=what),
        "write it, or delete the row",
    )


def _key_again(table: str, key: list[str]) -> Trouble:
    label = term(dictionary().tables[table].label.lower())
    first = key[0]
    for column in key[1:]:
        first = say("{first} and {then}", first=first, then=column)
    alone = say("{key} must name one row of {label}", key=first, label=label)
    together = say("{key} together must name one row of {label}", key=first, label=label)
    return Trouble(
        "key used twice",
        "error",
        say("a second row of {label} with the same {key}", label=label, key=first),
        together if len(key) > 1 else alone,
        "correct the number, or delete the row that is there twice",
    )


def rows_twice(tables: Tables, made_ids: bool) -> Iterator[Hit]:
    """Rows that repeat an earlier row in every column."""
    for name, frame in tables.items():
        if dictionary().tables[name].unique and not (made_ids and name == "patients"):
            continue  # said already: the key is used twice
        skip = {ROW, "patient_id"} if made_ids and name == "patients" else {ROW}
        columns = [column for column in frame.columns if column not in skip]
        if len(columns) < 2:
            continue
        rows = frame.filter(~pl.struct(columns).is_first_distinct())[ROW].to_list()
        if rows:
            yield Hit(
                name,
                "",
                tuple(rows),
                Trouble(
                    "row twice",
                    "warning",
                    "the same as an earlier row in every column",
                    "a row must be there once",
                    "delete it, if it is the same event; else nothing",
                ),
            )


def patients_alike(tables: Tables) -> Iterator[Hit]:
    """Different numbers, the same birth date, sex and date of diagnosis: one person twice?"""
    same = ["birth_date", "sex", "diagnosis_date"]
    frame = tables.get("patients")
    if frame is None or not {"patient_id", *same} <= set(frame.columns):
        return
    known = frame.drop_nulls([*same, "patient_id"]).unique("patient_id", maintain_order=True)
    rows = known.filter(~pl.struct(same).is_first_distinct())[ROW].to_list()
    if rows:
        yield Hit(
            "patients",
            "patient_id",
            tuple(rows),
            Trouble(
                "patients alike",
                "warning",
                "the birth date, sex and date of diagnosis of an earlier patient",
                "a patient must be in the table once",
                "check that these are two persons; else delete one row",
            ),
        )


def references(tables: Tables) -> Iterator[Hit]:
    """Numbers that point to another table must be found there."""
    for name in tables:
        if name != "patients":
            yield from _missing(tables, name, "patients", ("patient_id",))
    for name in ("lesion_uptake", "structural_assessments", "fdg_pet"):
        yield from _missing(tables, name, "lesions", ("patient_id", "lesion_id"))
    yield from _missing(tables, "lesion_uptake", "scans", ("patient_id", "scan_id"))
    yield from _missing(tables, "scans", "rai_courses", ("patient_id", "course"))


def _missing(tables: Tables, name: str, target: str, key: tuple[str, ...]) -> Iterator[Hit]:
    frame, aim = tables.get(name), tables.get(target)
    if frame is None or aim is None:
        return
    if not set(key) <= set(frame.columns) or not set(key) <= set(aim.columns):
        return
    lost = frame.drop_nulls(list(key)).join(aim, on=list(key), how="anti")
    if len(key) > 1:  # an unknown patient is said once, not for each number of theirs
        people = tables.get("patients", aim)
        lost = lost.join(people, on="patient_id", how="semi")
    if not lost.height:
        return
    written = {fold(str(value)): str(value) for value in aim[key[-1]].drop_nulls().unique()}
    by_reason: dict[Said, list[int]] = {}
    elsewhere = set(aim[key[-1]].drop_nulls().to_list()) if len(key) > 1 else set()
    for row, value in lost.select(ROW, key[-1]).iter_rows():
        reason = say("is not there")
        if value in elsewhere:
            reason = say("belongs to another patient")
        elif _alike(str(value), written):
            reason = say("is written differently there")
        by_reason.setdefault(reason, []).append(row)
    for reason, rows in by_reason.items():
        yield Hit(name, key[-1], tuple(rows), _lost(name, target, key[-1], reason))


def _alike(value: str, written: Mapping[str, str]) -> bool:
    """The same number with other capitals, dashes or leading noughts."""
    folded = fold(value)
    bare = folded.lstrip("0")
    return folded in written or (bare != "" and bare in {key.lstrip("0") for key in written})


def _lost(name: str, target: str, column: str, reason: str) -> Trouble:
    values = {"what": _what(column), "table": name, "target": target}
    return Trouble(
        "number found in its table",
        "error",
        say("a {what} that {reason} (table {target})", reason=reason, **values),
        say("the {what} of every row of {table} must be in the table {target}", **values)
        if column == "patient_id"
        else say(
            "the {what} of every row of {table} must be in the table {target} of the same patient",
            **values,
        ),
        say("correct the {what}, or add the row to {target}", **values),
    )


def courses_in_order(tables: Tables) -> Iterator[Hit]:
    """Courses of a patient: 1, 2, 3 … without a gap, each later than the one before."""
    frame = tables.get("rai_courses")
    if frame is None or not {"patient_id", "course"} <= set(frame.columns):
        return
    known = frame.drop_nulls(["patient_id", "course"]).unique(
        ["patient_id", "course"], keep="first", maintain_order=True
    )
    ordered = known.sort("patient_id", "course")
    before = pl.col("course").shift(1).over("patient_id").fill_null(0)
    if gaps := ordered.filter(pl.col("course") != before + 1)[ROW].to_list():
        yield Hit("rai_courses", "course", tuple(sorted(gaps)), _GAP)
    if "date" in frame.columns:
        dated = ordered.drop_nulls("date")
        early = pl.col("date") <= pl.col("date").shift(1).over("patient_id")
        if rows := dated.filter(early)[ROW].to_list():
            yield Hit("rai_courses", "date", tuple(sorted(rows)), _EARLY)


_GAP = Trouble(
    "courses without a gap",
    "warning",
    "a course whose predecessor is missing",
    "the courses of a patient must be numbered 1, 2, 3 without a gap",
    "add the missing course, or correct the number",
)
_EARLY = Trouble(
    "courses in order",
    "error",
    "a date on or before that of the course before it",
    "the courses of a patient must be numbered in the order of their dates",
    "correct the date or the course number",
)


def totals(tables: Tables) -> Iterator[Hit]:
    """Declared numbers of courses and lesions against the rows that are there."""
    patients = tables.get("patients")
    if patients is None or "patient_id" not in patients.columns:
        return
    for column, table in (("number_of_courses", "rai_courses"), ("number_of_lesions", "lesions")):
        if column not in patients.columns or "patient_id" not in tables.get(table, NONE).columns:
            continue
        counted = _counted(patients, tables[table]).drop_nulls(column)
        more = counted.filter(pl.col("_rows") > pl.col(column))[ROW].to_list()
        fewer = counted.filter(pl.col("_rows") < pl.col(column))[ROW].to_list()
        for rows, word in ((more, "more"), (fewer, "fewer")):
            if rows:
                yield Hit("patients", column, tuple(rows), _total(column, table, word))


def _counted(patients: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The patients with ``_rows``, how many rows of the records are theirs."""
    per = records.group_by("patient_id").agg(pl.len().cast(pl.Int64).alias("_rows"))
    joined = patients.join(per, on="patient_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("_rows").fill_null(0))


def _total(column: str, table: str, word: str) -> Trouble:
    values = {"what": _what(column), "table": table}
    return Trouble(
        "totals add up",
        "error" if word == "more" else "warning",
        say("more rows in {table} than the {what} says", **values)
        if word == "more"
        else say("fewer rows in {table} than the {what} says", **values),
        say("the {what} must be the number of the patient's rows in {table}", **values),
        "correct the number" if word == "more" else "add the missing rows, or correct the number",
    )


def radioiodine_and_courses(tables: Tables) -> Iterator[Hit]:
    """A patient without radioiodine has no course; one with it should have a row."""
    patients, courses = tables.get("patients"), tables.get("rai_courses")
    if patients is None or courses is None or "patient_id" not in courses.columns:
        return
    if "received_rai" not in patients.columns:
        return
    counted = _counted(patients, courses)
    never = counted.filter(pl.col("received_rai").not_() & (pl.col("_rows") > 0))[ROW].to_list()
    if never:
        yield Hit(
            "patients",
            "received_rai",
            tuple(never),
            Trouble(
                "courses without radioiodine",
                "error",
                "no radioiodine, and rows in rai_courses",
                "only patients who received radioiodine may have a course",
                "correct the field, or the patient number of the course",
            ),
        )
    silent = counted.filter(pl.col("received_rai") & (pl.col("_rows") == 0))[ROW].to_list()
    if silent:
        yield Hit(
            "patients",
            "received_rai",
            tuple(silent),
            Trouble(
                "radioiodine without a course",
                "warning",
                "radioiodine, and no row in rai_courses",
                "every course of a patient who received radioiodine must have its row",
                "add the courses",
            ),
        )


def activity_adds_up(tables: Tables) -> Iterator[Hit]:
    """A declared cumulative activity against the sum of the courses, where all are known."""
    patients, courses = tables.get("patients"), tables.get("rai_courses")
    if patients is None or courses is None:
        return
    if not {"patient_id", "activity"} <= set(courses.columns):
        return
    if "cumulative_activity" not in patients.columns:
        return
    sums = courses.group_by("patient_id").agg(
        pl.col("activity").sum().alias("_sum"), pl.col("activity").null_count().alias("_unknown")
    )
    joined = patients.join(sums, on="patient_id", how="inner").filter(pl.col("_unknown") == 0)
    far = (pl.col("cumulative_activity") - pl.col("_sum")).abs() > 0.02 * pl.col("_sum")
    if rows := joined.filter(far)[ROW].sort().to_list():
        yield Hit(
            "patients",
            "cumulative_activity",
            tuple(rows),
            Trouble(
                "activities add up",
                "warning",
                "a cumulative activity more than 2% away from the sum of the courses",
                "the cumulative activity must be the sum of the activities of all courses",
                "correct it, or add the missing course",
            ),
        )
