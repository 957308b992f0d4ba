"""Made patients that several definitions judge, each to show one thing. None is real.

Course 1 is given on 15 January 2020 and scanned five days later; the lesion L1 was seen before.
Tables are declared complete unless the point is that they are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from avidity.refractory.months import add_months
from avidity.refractory.records import (
    TABLES,
    Assessment,
    Course,
    FollowUp,
    History,
    Lesion,
    Scan,
    Uptake,
)

Record = Course | Lesion | Scan | Uptake | Assessment | FollowUp

FIRST_COURSE = date(2020, 1, 15)
_TABLE = {
    Course: "rai_courses",
    Lesion: "lesions",
    Scan: "scans",
    Uptake: "lesion_uptake",
    Assessment: "structural_assessments",
    FollowUp: "follow_up",
}


def patient(
    *records: Record | Iterable[Record],
    courses: int | None = None,
    lesions: int | None = None,
    complete: frozenset[str] = TABLES,
) -> History:
    """A history from records in any order; rows are numbered as in a sheet with a header."""
    tables: dict[str, list[Record]] = {name: [] for name in _TABLE.values()}
    for record in records:
        for each in [record] if isinstance(record, Record) else record:
            rows = tables[_TABLE[type(each)]]
            rows.append(replace(each, row=len(rows) + 2))
    filled = {name: tuple(rows) for name, rows in tables.items()}
    return History(
        "example",
        number_of_courses=courses,
        number_of_lesions=lesions,
        complete=complete,
        **filled,  # type: ignore[arg-type]  # each table holds its own kind, by _TABLE
    )


def course(number: int = 1, mbq: int | None = 3_700, **more: object) -> Course:
    """A course, eight months after the one before unless dated, on a well prepared patient."""
    usual: dict[str, object] = {
        "date": add_months(FIRST_COURSE, 8 * (number - 1)),
        "preparation": "withdrawal",
        "tsh": 60.0,
        "low_iodine_diet": True,
        "iodine_contamination": False,
    }
    return Course(course=number, activity=mbq, **(usual | more))  # type: ignore[arg-type]


def lesion(name: str = "L1", seen: date = date(2019, 12, 1), **more: object) -> Lesion:
    """A lung metastasis seen on CT before course 1, unless said otherwise."""
    usual: dict[str, object] = {"site": "lung", "proof": "structural"}
    return Lesion(lesion_id=name, first_seen=seen, **(usual | more))  # type: ignore[arg-type]


def scanned(
    number: int = 1, *, kind: str = "post-therapy", adequate: bool | None = None, **uptakes: str
) -> list[Record]:
    """A scan five days after that course (a diagnostic one: ten days before), with its readings."""
    days = timedelta(days=5 if kind == "post-therapy" else -10)
    on = add_months(FIRST_COURSE, 8 * (number - 1)) + days
    name = f"{kind} {number}"
    scan = Scan(scan_id=name, date=on, kind=kind, course=number, adequate=adequate)
    return [scan, *(Uptake(lesion, name, seen) for lesion, seen in uptakes.items())]


def assessed(on: date, verdict: str | None = "SD", **more: object) -> Assessment:
    """A structural assessment of the whole patient."""
    return Assessment(date=on, verdict=verdict, **more)  # type: ignore[arg-type]


def followed(*, remission: bool | None, on: date = date(2026, 1, 15)) -> FollowUp:
    """The last visit."""
    return FollowUp(last_date=on, remission=remission)


def progressing_on(day: date, *more: Record, mbq: int = 3_700) -> History:
    """One course, taken up; then progression on that day, and nothing else unless given."""
    taken_up = (course(mbq=mbq), lesion(), scanned(L1="avid"))
    return patient(*taken_up, assessed(day, "PD"), *more)


def many_courses(*activities: int, uptake: str = "avid") -> tuple[Record, ...]:
    """Courses eight months apart, each scanned, for a lesion that always looks the same."""
    records: list[Record] = [lesion()]
    for number, mbq in enumerate(activities, start=1):
        records += [course(number, mbq), *scanned(number, L1=uptake)]
    return tuple(records)


LONG_AFTER = date(2025, 6, 1)
STABLE = (assessed(LONG_AFTER, "SD"), followed(remission=False))
CURED = (assessed(LONG_AFTER, "CR"), followed(remission=True))

ALWAYS_AVID = patient(course(), lesion(), scanned(L1="avid"), STABLE)
NEVER_AVID = patient(course(), lesion(), scanned(L1="not avid"), STABLE)
NEVER_AVID_AND_NO_MORE_KNOWN = patient(
    course(), lesion(), scanned(L1="not avid"), complete=frozenset()
)
NEVER_AVID_ONE_LESION = patient(
    course(), lesion(), scanned(L1="not avid"), lesions=1, complete=frozenset()
)
NOTHING_DECLARED = patient(course(), lesion(), scanned(L1="avid"), STABLE, complete=frozenset())

NO_LESION = patient(course(), followed(remission=True), courses=1, lesions=0, complete=frozenset())
NO_LESION_NO_REMISSION = patient(
    course(), followed(remission=False), courses=1, lesions=0, complete=frozenset()
)
RAI_NAIVE = patient(lesion(), scanned(kind="diagnostic", L1="not avid"), STABLE, courses=0)
RAI_NAIVE_UNSCANNED = patient(lesion(), STABLE, courses=0)

LOST = patient(course(), course(2), lesion(), scanned(L1="avid"), scanned(2, L1="not avid"), STABLE)
DECLINED = patient(
    course(), course(2), lesion(), scanned(L1="avid"), scanned(2, L1="declined"), STABLE
)
MIXED = patient(course(), lesion(), lesion("L2"), scanned(L1="avid", L2="not avid"), STABLE)
REGAINED = patient(
    course(), course(2), lesion(), scanned(L1="not avid"), scanned(2, L1="avid"), STABLE
)
LATE_LESION = patient(
    course(),
    course(2),
    lesion("L2", seen=date(2020, 6, 1)),
    scanned(),
    scanned(2, L2="not avid"),
    STABLE,
)

SCAN_MISSING = patient(course(), course(2), lesion(), scanned(L1="avid"), STABLE)
FIRST_SCAN_MISSING = patient(course(), course(2), lesion(), scanned(2, L1="not avid"), STABLE)
DIAGNOSTIC_ONLY = patient(course(), lesion(), scanned(kind="diagnostic", L1="not avid"), STABLE)
SEEN_AFTER_THE_SCAN = patient(
    course(), lesion(seen=date(2020, 6, 1)), scanned(L1="not avid"), STABLE
)
INADEQUATE_PREPARATION = patient(course(tsh=12.0), lesion(), scanned(L1="not avid"), STABLE)
TSH_EXACTLY_30 = patient(course(tsh=30.0), lesion(), scanned(L1="not avid"), STABLE)
TSH_JUST_ABOVE_30 = patient(course(tsh=30.1), lesion(), scanned(L1="not avid"), STABLE)
RHTSH = patient(course(preparation="rhTSH", tsh=None), lesion(), scanned(L1="not avid"), STABLE)
IODINE_LOAD = patient(course(iodine_contamination=True), lesion(), scanned(L1="not avid"), STABLE)
LARGE_REMNANT = patient(course(), lesion(), scanned(adequate=False, L1="not avid"), STABLE)
PARTLY_MAPPED = patient(
    course(), lesion(), lesion("L2"), scanned(L1="avid", L2="not assessed"), STABLE
)
PARTLY_MAPPED_ONE_COLD = patient(
    course(), lesion(), lesion("L2"), scanned(L1="not assessed", L2="not avid"), STABLE
)
TREATED_LOCALLY = patient(
    course(),
    course(2),
    lesion(),
    lesion("L2", local_treatment_date=date(2020, 5, 1)),
    scanned(L1="avid", L2="avid"),
    scanned(2, L1="avid", L2="not avid"),
    STABLE,
)

STABLE_AFTER_600_MCI = patient(many_courses(*[3_700] * 6), STABLE)
STABLE_1_MBQ_SHORT = patient(many_courses(*[3_700] * 5, 3_699), STABLE)
CURED_AFTER_600_MCI = patient(many_courses(*[3_700] * 6), CURED)
LATE_PROGRESSION = (assessed(date(2024, 6, 1), "SD"), assessed(LONG_AFTER, "PD"))
PROGRESSING_AT_600_MCI = patient(many_courses(*[3_700] * 6, uptake="equivocal"), LATE_PROGRESSION)
PROGRESSING_1_MBQ_ABOVE = patient(
    many_courses(*[3_700] * 5, 3_701, uptake="equivocal"), LATE_PROGRESSION
)

TREATED_BEFORE_PROGRESSION = patient(
    course(),
    lesion(local_treatment_date=date(2020, 3, 1)),
    scanned(L1="avid"),
    assessed(date(2020, 6, 1), "PD"),
)
STABLE_TOO_SHORT = patient(course(), lesion(), scanned(L1="avid"), assessed(date(2020, 5, 1), "SD"))
NOT_EVALUABLE = patient(course(), lesion(), scanned(L1="avid"), assessed(date(2020, 5, 1), "NE"))
PROGRESSING_UPTAKE_UNKNOWN = patient(
    course(), lesion(), scanned(L1="equivocal"), assessed(date(2020, 5, 1), "PD")
)
PROGRESSING_WITHOUT_UPTAKE = patient(
    course(), lesion(), scanned(L1="not avid"), assessed(date(2020, 5, 1), "PD")
)
