"""What is asked of the records before any definition."""

from __future__ import annotations

from datetime import date

import pytest

from avidity.refractory.chart import chart_of, evaluable, ever_took_up
from avidity.refractory.example_patients import course, followed, lesion, patient, scanned
from avidity.refractory.records import TABLES, Course, Lesion, Scan, Uptake

SCAN = Scan("S1", date(2020, 1, 20), "post-therapy", 1)
SOME = frozenset({"rai_courses"})


@pytest.mark.parametrize(
    ("declared", "complete", "whole"),
    [
        (None, frozenset(), False),
        (1, frozenset(), True),
        (2, frozenset(), False),
        (None, SOME, True),
        (2, SOME, False),  # the patient's own total outweighs the study's promise
    ],
)
def test_courses_are_all_here_only_if_somebody_says_so(declared, complete, whole):
    history = patient(course(), courses=declared, complete=complete)

    assert chart_of(history).courses_are_all_here is whole


def test_a_declared_zero_means_none_ever():
    chart = chart_of(patient(courses=0, lesions=0, complete=frozenset()))

    assert chart.never_had_radioiodine
    assert chart.never_had_a_lesion


@pytest.mark.parametrize(
    ("seen", "treated", "answer"),
    [
        (date(2020, 1, 20), None, True),  # seen on that very scan
        (date(2020, 1, 21), None, False),
        (None, None, None),
        (date(2019, 1, 1), date(2020, 1, 19), False),
        (date(2019, 1, 1), date(2020, 1, 20), True),  # treated after it, that day
        (None, date(2020, 1, 19), False),
    ],
)
def test_a_lesion_can_be_judged_once_seen_and_until_treated(seen, treated, answer):
    row = Lesion("L1", first_seen=seen, local_treatment_date=treated)

    assert evaluable(row, SCAN) is answer


def test_a_scan_without_a_date_leaves_it_open():
    assert evaluable(Lesion("L1", first_seen=date(2019, 1, 1)), Scan("S1")) is None


def test_ever_avid_needs_one_reading_for_yes_and_all_of_them_for_no():
    cold = (course(), lesion(), scanned(L1="not avid"))
    warm = (*cold, course(2), scanned(2, L1="declined"))
    half = (*cold, course(2), scanned(2, L1="equivocal"))

    def said(*records, complete=TABLES):
        chart = chart_of(patient(*records, complete=complete))
        return ever_took_up(chart, chart.lesions[0])

    assert said(*warm) is True
    assert said(*half) is None
    assert said(*cold) is False
    assert said(*cold, complete=frozenset()) is None


def test_readings_that_contradict_each_other_count_as_none():
    rows = (Uptake("L1", "S1", "avid"), Uptake("L1", "S1", "not avid"))

    assert chart_of(patient(*rows)).readings[("L1", "S1")].uptake is None


def test_a_reading_of_an_unlisted_lesion_or_scan_is_told():
    strays = chart_of(patient(Uptake("L9", "S9", "avid"))).strays

    assert ("lesion L9 is read but not listed", "scan S9 is read but not listed") == strays


def test_remission_is_open_where_visits_disagree_or_say_nothing():
    assert chart_of(patient(followed(remission=True))).remission() is True
    assert chart_of(patient()).remission() is None
    both = patient(followed(remission=True), followed(remission=False))
    assert chart_of(both).remission() is None


def test_a_course_without_a_number_has_no_scan_that_names_it():
    chart = chart_of(patient(Course(), SCAN))

    assert () == chart.scans_of(chart.courses[0])
