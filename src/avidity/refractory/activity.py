"""The criterion about activity: so much radioiodine, and no cure.

Activities are integer MBq, so that 6 × 3,700 is exactly 22,200 (600 mCi × 37).
What is recorded is a lower bound: reaching the limit needs no more; staying below it needs every
course and every activity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import ge, gt

from avidity.refractory.answers import Answer, Judgement, RecordRef, both, negate, once
from avidity.refractory.chart import COURSES_OPEN, Chart, course_words
from avidity.refractory.months import window_after
from avidity.refractory.progression import NO_COURSE, progression_in
from avidity.refractory.sights import Case
from avidity.refractory.uptake import NO_LESION
from avidity.said import say

READS = frozenset(
    {
        "patients.number_of_courses",
        "rai_courses.course",
        "rai_courses.date",
        "rai_courses.activity",
    }
)
_PASSES: Mapping[str, Callable[[int, int], bool]] = {">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Activity:
    """Cumulative activity in MBq: at least `at_least`, and exactly that if `is_exact`."""

    at_least: int
    is_exact: bool


def cumulative_activity(chart: Chart, as_of: date | None = None) -> Activity:
    """What was given up to and on that day, or ever.

    A course without a date is left out of a sum as of a day, and makes it inexact; so does a course
    without an activity, or a list of courses that may lack one.
    """
    total, exact = 0, chart.courses_are_all_here
    for course in chart.courses:
        if as_of is not None and course.date is not None and course.date > as_of:
            continue
        if course.activity is None or (as_of is not None and course.date is None):
            exact = False
        else:
            total += course.activity
    return Activity(total, exact)


def enough_activity(case: Case) -> Judgement:
    """The cumulative activity, with whatever the definition wants beside it."""
    return _BESIDE[case.switches.activity_needs](case, _reached(case))


def _reached(case: Case) -> Judgement:
    """Whether, and since when, the cumulative activity passes the threshold."""
    chart, limit = case.chart, case.switches.activity_threshold_mbq
    passes = _PASSES[case.switches.activity_comparator]
    given = cumulative_activity(chart)
    refs = once(
        RecordRef(
            "rai_courses", course.row, say("activity of {course}", course=course_words(course))
        )
        for course in chart.courses
    )
    if passes(given.at_least, limit):
        return Judgement(True, _day_passed(chart, limit, passes), refs)
    if given.is_exact:
        return Judgement(False, records=refs or (NO_COURSE,))
    return Judgement(None, missing=_unknown_sum(chart))


def _day_passed(chart: Chart, limit: int, passes: Callable[[int, int], bool]) -> date | None:
    total = 0
    for course in chart.courses:
        if course.date is None:
            return None
        total += course.activity or 0
        if passes(total, limit):
            return course.date
    return None


def _alone(_case: Case, reached: Judgement) -> Judgement:
    return reached


def _without_remission(case: Case, reached: Judgement) -> Judgement:
    """No evidence of remission needs the word that there was none; nothing written is no word."""
    said: Answer = negate(case.chart.remission())
    visits = once(
        RecordRef("follow_up", visit.row, say("remission at follow-up"))
        for visit in case.chart.visits
        if visit.remission is not None
    )
    missing = () if said is not None else (say("remission at follow-up is not recorded"),)
    judgement = both([reached, Judgement(said, None, visits, missing)])
    if judgement.answer:
        return replace(judgement, date_first_held=reached.date_first_held)
    return judgement


def _with_progression(case: Case, reached: Judgement) -> Judgement:
    """Structural progression on a day after the threshold was passed."""
    chart = case.chart
    grown = any(said for _, said in chart.assessments)
    if chart.never_had_a_lesion and not grown:
        return Judgement(False, records=(NO_LESION,))
    if reached.answer is False:
        return reached
    passed = reached.date_first_held
    if reached.answer and passed:
        after = progression_in(case, window_after(passed, None), say("the limit was passed"))
        if after.answer:
            return replace(both([reached, after]), date_first_held=after.date_first_held)
        if not _wanting(chart):  # then it was passed on that day and none before
            return after
    return _since_first_course(case)


def _since_first_course(case: Case) -> Judgement:
    """What is not recorded may have passed the limit any day, but none before the first course."""
    first = _first_day(case.chart)
    if first is None:
        return Judgement(None, missing=_wanting(case.chart))
    since = progression_in(case, window_after(first, None), say("the first course"))
    if since.answer is False:
        return since
    return Judgement(None, missing=(*_wanting(case.chart), *since.missing))


def _first_day(chart: Chart) -> date | None:
    """The earliest day on which the threshold can have been passed; None if that is not certain."""
    days = [course.date for course in chart.courses if course.date is not None]
    certain = chart.courses_are_all_here and len(days) == len(chart.courses)
    return min(days, default=None) if certain else None


def _wanting(chart: Chart) -> tuple[str, ...]:
    """What is not recorded of the activities and their days."""
    undated = (course_words(course) for course in chart.courses if course.date is None)
    return (
        *(say("the date of {course} is not recorded", course=name) for name in undated),
        *_unknown_sum(chart),
    )


def _unknown_sum(chart: Chart) -> tuple[str, ...]:
    """Why the sum of all activities is a lower bound only."""
    silent = (course_words(course) for course in chart.courses if course.activity is None)
    words = tuple(say("activity of {course} is not recorded", course=name) for name in silent)
    return words if chart.courses_are_all_here else (*words, COURSES_OPEN)


_BESIDE: Mapping[str, Callable[[Case, Judgement], Judgement]] = {
    "nothing": _alone,
    "no remission": _without_remission,
    "progression": _with_progression,
}
