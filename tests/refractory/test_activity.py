"""Cumulative activity, in whole MBq, and the criteria on it."""

from __future__ import annotations

from datetime import date

import pytest

from avidity.errors import LabelError
from avidity.refractory.activity import Activity, cumulative_activity, enough_activity
from avidity.refractory.chart import chart_of
from avidity.refractory.example_patients import (
    STABLE,
    assessed,
    course,
    followed,
    lesion,
    many_courses,
    patient,
)
from avidity.refractory.records import Course
from avidity.refractory.sights import case_of
from avidity.refractory.switches import Switches

SIX = many_courses(*[3_700] * 6)


def judged(history, **switches):
    return enough_activity(case_of(chart_of(history), Switches(**switches)))


def test_six_times_3700_is_exactly_22200():
    assert Activity(22_200, True) == cumulative_activity(chart_of(patient(SIX)))


def test_activity_as_of_a_day_counts_that_day():
    chart = chart_of(patient(course(), course(2)))

    assert 3_700 == cumulative_activity(chart, date(2020, 9, 14)).at_least
    assert 7_400 == cumulative_activity(chart, date(2020, 9, 15)).at_least


def test_a_course_without_a_date_makes_a_sum_as_of_a_day_inexact():
    chart = chart_of(patient(course(), Course(course=2, activity=3_700)))

    assert Activity(3_700, False) == cumulative_activity(chart, date(2030, 1, 1))
    assert Activity(7_400, True) == cumulative_activity(chart)


@pytest.mark.parametrize(
    ("comparator", "last", "answer"),
    [(">=", 3_699, False), (">=", 3_700, True), (">", 3_700, False), (">", 3_701, True)],
)
def test_the_limit_itself_belongs_to_at_least_and_not_to_more_than(comparator, last, answer):
    history = patient(many_courses(*[3_700] * 5, last))

    assert judged(history, activity_comparator=comparator).answer is answer


def test_it_first_held_on_the_day_of_the_course_that_reached_it():
    assert date(2023, 5, 15) == judged(patient(SIX)).date_first_held


def test_reaching_the_limit_needs_no_complete_list_and_staying_below_does():
    declared = frozenset()

    assert judged(patient(SIX, complete=declared)).answer is True
    assert judged(patient(course(), complete=declared)).answer is None
    assert judged(patient(course(), courses=1, complete=declared)).answer is False


def test_without_dates_it_is_a_yes_without_a_day():
    history = patient(Course(course=1, activity=22_200))

    assert judged(history).answer is True
    assert judged(history).date_first_held is None


@pytest.mark.parametrize(("remission", "answer"), [(True, False), (False, True), (None, None)])
def test_no_evidence_of_remission_needs_the_word(remission, answer):
    history = patient(SIX, followed(remission=remission))

    assert judged(history, activity_needs="no remission").answer is answer


def test_progression_counts_from_the_day_after_the_limit_was_passed():
    at_once = course(mbq=22_201)
    more = {"activity_needs": "progression", "activity_comparator": ">"}

    def on(day):
        return judged(patient(at_once, lesion(), assessed(day, "PD"), STABLE), **more)

    assert on(date(2020, 1, 15)).answer is False
    assert on(date(2020, 1, 16)).answer is True
    assert date(2020, 1, 16) == on(date(2020, 1, 16)).date_first_held


def test_progression_without_a_known_day_of_reaching_is_open():
    undated = Course(course=1, activity=22_201)
    history = patient(undated, lesion(), assessed(date(2024, 1, 1), "PD"))

    assert judged(history, activity_needs="progression").answer is None


def test_an_unrecorded_activity_may_have_passed_the_limit_unless_nothing_progressed():
    history = patient(course(mbq=None), lesion(), STABLE)

    assert judged(history, activity_needs="progression").answer is False
    assert judged(history).answer is None


def test_a_course_that_may_be_missing_may_have_passed_the_limit_earlier():
    history = patient(course(mbq=22_200), lesion(), STABLE, courses=2)

    assert judged(history, activity_needs="progression").answer is None


def test_a_limit_passed_for_certain_by_a_day_may_have_been_passed_earlier():
    unsure = (course(mbq=None), course(2, 22_201), lesion())
    between = patient(unsure, assessed(date(2020, 6, 1), "PD"), STABLE)
    calm = patient(unsure, STABLE)

    said = judged(between, activity_needs="progression")
    assert said.answer is None
    assert ("activity of course 1 is not recorded",) == said.missing
    assert judged(calm, activity_needs="progression").answer is False


def test_a_switch_that_does_not_exist_is_refused():
    with pytest.raises(LabelError, match="activity_comparator must be one of >, >="):
        Switches(activity_comparator="<")
    with pytest.raises(LabelError, match="activity_needs must be one of"):
        Switches(activity_needs="luck")
