"""One patient's records, looked up and in order: what every definition asks of them.

Knows no switch. Sorting happens here, so the order in which rows were read changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from avidity.refractory.answers import Answer, all_of, any_of
from avidity.refractory.recist import is_progression
from avidity.refractory.records import Assessment, Course, FollowUp, History, Lesion, Scan, Uptake
from avidity.said import say, term

POST_THERAPY = "post-therapy"
SCAN_FOLLOWS_WITHIN = timedelta(days=30)
"""A post-therapy scan follows its course within this time; used where its own date is unknown."""

LESIONS_OPEN = say(
    "the number of lesions is not declared, or is not the number of rows, so the list may lack one"
)
COURSES_OPEN = say(
    "the number of courses is not declared, or is not the number of rows, so the list may lack one"
)
SCANS_OPEN = say("the table scans is not declared complete, so a scan may be unrecorded")
ASSESSMENTS_OPEN = say(
    "the table structural_assessments is not declared complete, so a progression may be unrecorded"
)
DECLARATIONS = (LESIONS_OPEN, COURSES_OPEN, SCANS_OPEN, ASSESSMENTS_OPEN)
"""What a study can only declare, and no single row can show; told after the missing rows."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A history with its indexes.

    courses       in the order of their dates and numbers
    numbered      courses by number
    lesions       in the order of their ids
    scans         in the order of their dates and ids
    after_course  places in `scans` of the post-therapy scans, by the course they name
    readings      by (lesion id, scan id); two rows that disagree count as not recorded
    strays        readings whose lesion or scan is in no table, in words
    assessments   with the answer to "did it progress?", in the order of their dates
    visits        follow-up, in the order of its dates
    """

    history: History
    courses: tuple[Course, ...]
    numbered: Mapping[int, Course]
    lesions: tuple[Lesion, ...]
    scans: tuple[Scan, ...]
    after_course: Mapping[int, tuple[int, ...]]
    readings: Mapping[tuple[str, str], Uptake]
    strays: tuple[str, ...]
    assessments: tuple[tuple[Assessment, Answer], ...]
    visits: tuple[FollowUp, ...]
    courses_are_all_here: bool
    lesions_are_all_here: bool

    @property
    def never_had_a_lesion(self) -> bool:
        """Whether it is certain that no lesion was ever known."""
        return self.lesions_are_all_here and not self.lesions

    @property
    def never_had_radioiodine(self) -> bool:
        """Whether it is certain that no therapeutic activity was ever given."""
        return self.courses_are_all_here and not self.courses

    def is_whole(self, table: str) -> bool:
        """Whether the study declares that the table holds everything there was."""
        return table in self.history.complete

    def scans_of(self, course: Course) -> tuple[int, ...]:
        """The post-therapy scans that name this course, by their places in `scans`."""
        return () if course.course is None else self.after_course.get(course.course, ())

    def scans_perhaps_of(self, course: Course) -> tuple[int, ...]:
        """Those, and the scans that may be one because their kind or course is not recorded."""
        return tuple(
            place
            for place, scan in enumerate(self.scans)
            if scan.kind in (POST_THERAPY, None) and scan.course in (course.course, None)
        )

    def remission(self) -> Answer:
        """Remission at follow-up; rows that disagree, like none at all, leave it open."""
        said = {visit.remission for visit in self.visits} - {None}
        return said.pop() if len(said) == 1 else None


def chart_of(history: History) -> Chart:
    """Index one patient's records."""
    lesions = tuple(sorted(history.lesions, key=lambda row: (row.lesion_id or "", row.row or 0)))
    scans = tuple(sorted(history.scans, key=_when_scanned))
    courses = tuple(sorted(history.rai_courses, key=_when_given))
    return Chart(
        history=history,
        courses=courses,
        numbered={course.course: course for course in courses if course.course is not None},
        lesions=lesions,
        scans=scans,
        after_course=_after_course(scans),
        readings=_readings(history.lesion_uptake),
        strays=_strays(history),
        assessments=tuple(
            (row, is_progression(row))
            for row in sorted(history.structural_assessments, key=_when_assessed)
        ),
        visits=tuple(
            sorted(history.follow_up, key=lambda row: (row.last_date or date.max, row.row or 0))
        ),
        courses_are_all_here=history.courses_are_all_here,
        lesions_are_all_here=history.lesions_are_all_here,
    )


def evaluable(lesion: Lesion, scan: Scan) -> Answer:
    """Could the lesion be judged on this scan: already known, and not yet treated locally?

    A lesion first seen after the scan cannot be called non-avid on it. One treated locally before
    the scan may be gone. Same-day events count as known, and as not yet treated.
    """
    if scan.date is None:
        return None
    if was_treated_before(lesion, scan):
        return False
    return None if lesion.first_seen is None else lesion.first_seen <= scan.date


def was_treated_before(lesion: Lesion, scan: Scan) -> bool:
    """Whether a local treatment of the lesion before the day of the scan is on record."""
    treated = lesion.local_treatment_date
    return treated is not None and scan.date is not None and treated < scan.date


def took_up(uptake: Uptake | None) -> Answer:
    """Did the lesion take up? Declined uptake is uptake; equivocal and not assessed are unknown."""
    if uptake is None or uptake.uptake is None:
        return None
    return {"avid": True, "declined": True, "not avid": False}.get(uptake.uptake)


def ever_took_up(chart: Chart, lesion: Lesion, before: date | None = None) -> Answer:
    """Was the lesion ever, or before that day, seen to take up?

    A *no* needs a reading on every scan on which it could be judged, and the study's word that no
    scan is left out.
    """
    seen: list[Answer] = [False if chart.is_whole("scans") else None]
    for scan in chart.scans:
        in_time = _is_before(scan, before)
        uptake = chart.readings.get((lesion.lesion_id or "", scan.scan_id or ""))
        if uptake is None and evaluable(lesion, scan) is False:
            continue
        seen.append(all_of(in_time, took_up(uptake)))
    return any_of(*seen)


def _is_before(scan: Scan, day: date | None) -> Answer:
    if day is None:
        return True
    return None if scan.date is None else scan.date < day


def kind_words(scan: Scan) -> str:
    """The kind of scan as a reader would call it."""
    return term(f"{scan.kind} scan" if scan.kind else "scan")


def scan_words(scan: Scan) -> str:
    """The scan as a reader would call it: "post-therapy scan of course 2"."""
    if scan.kind == POST_THERAPY and scan.course is not None:
        return say("post-therapy scan of course {course}", course=scan.course)
    kind = kind_words(scan)
    if not scan.scan_id:
        return say("{scan} without an id", scan=kind)
    return say("{scan} {id}", scan=kind, id=scan.scan_id)


def lesion_words(lesion: Lesion) -> str:
    """The lesion as a reader would call it."""
    if not lesion.lesion_id:
        return say("a lesion without an id")
    return say("lesion {lesion}", lesion=lesion.lesion_id)


def course_words(course: Course) -> str:
    """The course as a reader would call it."""
    if course.course is None:
        return say("a course without a number")
    return say("course {course}", course=course.course)


def unscanned_words(course: Course) -> str:
    """That nobody scanned after the course."""
    return say("post-therapy scan of {course} is missing", course=course_words(course))


def unsited_words(lesion: Lesion) -> str:
    """That nobody wrote where the lesion lies."""
    return say("the site of {lesion} is not recorded", lesion=lesion_words(lesion))


def _after_course(scans: tuple[Scan, ...]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for place, scan in enumerate(scans):
        if scan.kind == POST_THERAPY and scan.course is not None:
            found[scan.course] = (*found.get(scan.course, ()), place)
    return found


def _readings(rows: Iterable[Uptake]) -> dict[tuple[str, str], Uptake]:
    found: dict[tuple[str, str], Uptake] = {}
    for row in rows:
        if row.lesion_id is None or row.scan_id is None:
            continue
        key = (row.lesion_id, row.scan_id)
        before = found.get(key)
        if before is None:
            found[key] = row
        elif before.uptake != row.uptake:
            found[key] = Uptake(*key)
    return found


def _strays(history: History) -> tuple[str, ...]:
    known_lesions = {lesion.lesion_id for lesion in history.lesions} - {None}
    known_scans = {scan.scan_id for scan in history.scans} - {None}
    words = set()
    for reading in history.lesion_uptake:
        if reading.lesion_id not in known_lesions:
            words.add(_unlisted_lesion(reading.lesion_id))
        if reading.scan_id not in known_scans:
            words.add(_unlisted_scan(reading.scan_id))
    return tuple(sorted(words))


def _unlisted_lesion(name: str | None) -> str:
    if not name:
        return say("lesion without an id is read but not listed")
    return say("lesion {lesion} is read but not listed", lesion=name)


def _unlisted_scan(name: str | None) -> str:
    if not name:
        return say("scan without an id is read but not listed")
    return say("scan {scan} is read but not listed", scan=name)


def _when_scanned(scan: Scan) -> tuple[date, str, int]:
    return (scan.date or date.max, scan.scan_id or "", scan.row or 0)


def _when_given(course: Course) -> tuple[date, int, int]:
    return (course.date or date.max, course.course or 0, course.row or 0)


def _when_assessed(row: Assessment) -> tuple[date, str, int]:
    return (row.date or date.max, row.lesion_id or "", row.row or 0)
