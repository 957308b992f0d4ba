"""The criterion about time: the structure progresses although the course was taken up.

Assessments are mostly of the whole patient, so the lesion that took up need not be the one that
grew; but one treated locally between the course and the progression no longer counts as evidence
of uptake, since what follows cannot be laid at the course's door.

Why a *no* needs the study's word. A later "stable" cannot exclude an earlier progression (which may
have been treated), and one recorded progression is always a *yes*; so no set of assessments alone
excludes a progression that was not recorded. A *no* therefore needs all of this: the study declares
the table of assessments complete, none in the window progressed, none there lacks its verdict, and
the window is covered: by an assessment without progression on or after its last day, by a recorded
remission followed that far, or by one without progression inside it when the first progression was
seen only later (progression counts from the day it was seen). "NE" is as if it were not there.
"""

from __future__ import annotations

from datetime import date

from avidity.refractory.answers import (
    Answer,
    Judgement,
    RecordRef,
    either,
    once,
)
from avidity.refractory.chart import (
    ASSESSMENTS_OPEN,
    COURSES_OPEN,
    SCANS_OPEN,
    course_words,
    unscanned_words,
)
from avidity.refractory.months import Window, window_after
from avidity.refractory.records import Assessment, Course, Lesion
from avidity.refractory.sights import Case, Sight
from avidity.refractory.uptake import NO_LESION
from avidity.said import say

ASSESSMENT_READS = frozenset(
    {
        "structural_assessments.date",
        "structural_assessments.verdict",
        "structural_assessments.baseline_diameter",
        "structural_assessments.nadir_diameter",
        "structural_assessments.diameter",
        "structural_assessments.new_lesion",
        "follow_up.remission",
        "follow_up.last_date",
    }
)
NO_COURSE = RecordRef("patients", None, say("no radioiodine was ever given (number of courses)"))


def progression_despite_uptake(case: Case) -> Judgement:
    """Structural progression in the window after a course that was taken up."""
    if case.chart.never_had_a_lesion:
        return Judgement(False, records=(NO_LESION,))
    if case.chart.never_had_radioiodine:
        return Judgement(False, records=(NO_COURSE,))
    parts = [_after(case, course) for course in case.chart.courses]
    if not case.chart.courses_are_all_here:
        parts.append(Judgement(None, missing=(COURSES_OPEN,)))
    return either(parts)


def progression_in(case: Case, window: Window, since: str) -> Judgement:
    """Was there structural progression in the window? `since` names its start, for the words."""
    within = [(row, said) for row, said in case.chart.assessments if _may_be_in(window, row)]
    if yes := [row for row, said in within if said and row.date]:
        return Judgement(True, yes[0].date, once(_ref(row) for row in yes))
    missing = [_open_words(row, said) for row, said in within if _leaves_open(row, said)]
    covers = _covers(case, window)
    if not covers:
        missing.append(_cover_words(window, since))
    if not case.chart.is_whole("structural_assessments"):
        missing.append(ASSESSMENTS_OPEN)
    if missing:
        return Judgement(None, missing=tuple(dict.fromkeys(missing)))
    return Judgement(False, records=once(covers))


def progressions(case: Case, window: Window) -> list[Assessment]:
    """The assessments in the window that showed progression, in order of date."""
    return [row for row, said in case.chart.assessments if said and row.date and row.date in window]


def _after(case: Case, course: Course) -> Judgement:
    name = course_words(course)
    took = _taken_up(case, course)
    switches = case.switches
    needed = switches.progression_needs_uptake
    if needed and took.answer is False:
        return took
    if course.date is None:
        return Judgement(None, missing=(say("the date of {course} is not recorded", course=name),))
    window = window_after(
        course.date,
        switches.progression_window_months,
        lower=switches.progression_from_month,
        last_day_counts=switches.progression_last_day_counts,
    )
    progressed = progression_in(case, window, name)
    if not progressed.answer:
        return progressed
    met = progressed if needed is False else _witness(case, course, progressions(case, window))
    if met is None:
        return Judgement(None, missing=_why_not_attributed(course, took, needed))
    return met if _is_adequate(case, course) else _adequacy_unknown(case, course)


def _taken_up(case: Case, course: Course) -> Judgement:
    """Did any known lesion take up this course? A *no* needs its scan, read, and all scans here."""
    places = case.chart.scans_of(course)
    name = course_words(course)
    if not places:
        return Judgement(None, missing=(unscanned_words(course),))
    seen = _sights_of(case, course)
    if any(sight.took_up for sight in seen):
        return Judgement(True)
    if all(case.uptake_on[place] is False for place in case.chart.scans_perhaps_of(course)):
        if case.chart.is_whole("scans"):
            refs = once(ref for sight in seen for ref in sight.records)
            return Judgement(False, records=refs)
        return Judgement(None, missing=(SCANS_OPEN,))
    return Judgement(
        None, missing=(say("whether a lesion took up {course} is not recorded", course=name),)
    )


def _sights_of(case: Case, course: Course) -> list[Sight]:
    places = case.chart.scans_of(course)
    return [sight for place, sight in case.sights if place in places]


def _witness(case: Case, course: Course, grown: list[Assessment]) -> Judgement | None:
    """The first progression with a lesion that took up the course and was left untreated since."""
    avid = [sight for sight in _sights_of(case, course) if sight.took_up]
    for row in grown:
        untreated = [s for s in avid if not _treated_between(s.lesion, course.date, row.date)]
        if untreated:
            refs = [ref for sight in untreated for ref in sight.records]
            refs.append(RecordRef("rai_courses", course.row, course_words(course)))
            return Judgement(True, row.date, once((*refs, _ref(row))))
    return None


def _treated_between(lesion: Lesion, start: date | None, end: date | None) -> bool:
    treated = lesion.local_treatment_date
    return bool(treated and start and end and start <= treated <= end)


def _why_not_attributed(course: Course, took: Judgement, needed: Answer) -> tuple[str, ...]:
    name = course_words(course)
    if took.answer:
        return (
            say(
                "every lesion that took up {course} was treated locally before the progression",
                course=name,
            ),
        )
    if took.answer is False and needed is None:
        return (
            say(
                "{course} was not taken up, and no source read says whether that matters",
                course=name,
            ),
        )
    return took.missing


def _is_adequate(case: Case, course: Course) -> Answer:
    floor = case.switches.adequate_activity_mbq
    if floor is None:
        return True
    return True if course.activity is not None and course.activity >= floor else None


def _adequacy_unknown(case: Case, course: Course) -> Judgement:
    name = course_words(course)
    if course.activity is None:
        return Judgement(None, missing=(say("activity of {course} is not recorded", course=name),))
    floor = case.switches.adequate_activity_mbq
    words = say(
        "activity of {course} is below {floor} MBq; no source read says whether that is adequate",
        course=name,
        floor=floor,
    )
    return Judgement(None, missing=(words,))


def _may_be_in(window: Window, row: Assessment) -> bool:
    return row.date is None or row.date in window


def _leaves_open(row: Assessment, said: Answer) -> bool:
    """A progression without a date, or an assessment without a verdict, unless it is NE."""
    if row.verdict == "NE":
        return False
    return said is None or (said and row.date is None)


def _open_words(row: Assessment, said: Answer) -> str:
    which = say("a structural assessment")
    if row.row:
        which = say("the structural assessment in row {row}", row=row.row)
    if said is None:
        return say("the verdict of {assessment} is not recorded", assessment=which)
    return say("the date of {assessment} is not recorded", assessment=which)


def _covers(case: Case, window: Window) -> list[RecordRef]:
    """What shows that the patient was looked at for the whole window and had not progressed."""
    ranged = case.switches.progression_from_month is not None
    since = window.first if window.last is None or ranged else window.last
    calm = [row for row, said in case.chart.assessments if said is False and row.date is not None]
    covers = [row for row in calm if row.date and row.date >= since]
    if not covers and (late := _first_seen_after(case, window)):
        covers = [row for row in calm if row.date and row.date in window]
        covers += [late] if covers else []
    return [_ref(row) for row in covers] + _remission_at(case, window.last or since)


def _first_seen_after(case: Case, window: Window) -> Assessment | None:
    """The first progression, if it was seen after the window had closed."""
    for row, said in case.chart.assessments:
        if said and row.date and window.last and row.date > window.last:
            return row
    return None


def _remission_at(case: Case, day: date) -> list[RecordRef]:
    if not case.chart.remission():
        return []
    return [
        RecordRef("follow_up", visit.row, say("remission at follow-up"))
        for visit in case.chart.visits
        if visit.remission and visit.last_date and visit.last_date >= day
    ]


def _cover_words(window: Window, since: str) -> str:
    if window.last is None:
        return say("a structural assessment after {since} is missing", since=since)
    return say(
        "a structural assessment on or after the last day of the window of {since} is missing",
        since=since,
    )


def _ref(row: Assessment) -> RecordRef:
    what = say("structural progression") if row.verdict == "PD" else say("structural assessment")
    return RecordRef("structural_assessments", row.row, what)
