"""Progression in a window, despite uptake."""

from __future__ import annotations

from datetime import date

import pytest

from avidity.refractory.chart import chart_of
from avidity.refractory.example_patients import (
    LONG_AFTER,
    STABLE,
    assessed,
    course,
    followed,
    lesion,
    patient,
    progressing_on,
    scanned,
)
from avidity.refractory.progression import progression_despite_uptake
from avidity.refractory.records import Assessment, Scan, Uptake
from avidity.refractory.sights import case_of
from avidity.refractory.switches import Switches

SIXTEEN = {"progression_window_months": 16}
TAKEN_UP = (course(), lesion(), *scanned(L1="avid"))


def judged(history, **switches):
    return progression_despite_uptake(case_of(chart_of(history), Switches(**SIXTEEN | switches)))


def test_it_first_held_on_the_day_progression_was_seen():
    assert date(2020, 6, 1) == judged(progressing_on(date(2020, 6, 1))).date_first_held


def test_the_records_name_course_scan_reading_and_assessment():
    tables = {ref.table for ref in judged(progressing_on(date(2020, 6, 1))).records}

    assert {
        "rai_courses",
        "scans",
        "lesions",
        "lesion_uptake",
        "structural_assessments",
    } == tables


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2021, 1, 14), False),
        (date(2021, 1, 15), True),
        (date(2021, 5, 15), True),
        (date(2021, 5, 16), False),
    ],
)
def test_the_lower_bound_is_an_option(day, answer):
    history = progressing_on(day, assessed(date(2021, 2, 1)), *STABLE)

    assert judged(history, progression_from_month=12).answer is answer


def test_with_a_lower_bound_an_assessment_inside_covers_the_window():
    history = patient(TAKEN_UP, assessed(date(2021, 2, 1)))

    assert judged(history, progression_from_month=12).answer is False
    assert judged(history).answer is None


def test_stability_on_the_last_day_covers_the_window_and_the_day_before_does_not():
    assert judged(patient(TAKEN_UP, assessed(date(2021, 5, 15)))).answer is False
    assert judged(patient(TAKEN_UP, assessed(date(2021, 5, 14)))).answer is None


def test_remission_followed_to_the_end_covers_the_window():
    assert judged(patient(TAKEN_UP, followed(remission=True))).answer is False
    early = followed(remission=True, on=date(2020, 12, 1))
    assert judged(patient(TAKEN_UP, early)).answer is None


def test_a_table_not_declared_complete_never_gives_a_no():
    complete = frozenset({"scans", "rai_courses", "lesions"})

    assert judged(patient(TAKEN_UP, STABLE, complete=complete)).answer is None


def test_an_assessment_without_a_verdict_in_the_window_may_be_a_progression():
    said = judged(patient(TAKEN_UP, assessed(date(2020, 6, 1), None), STABLE))

    assert said.answer is None
    assert ("the verdict of the structural assessment in row 2 is not recorded",) == said.missing


def test_an_assessment_that_could_not_be_evaluated_is_as_if_not_there():
    assert judged(patient(TAKEN_UP, assessed(date(2020, 6, 1), "NE"), STABLE)).answer is False


def test_a_progression_without_a_date_may_lie_in_the_window():
    said = judged(patient(TAKEN_UP, Assessment(verdict="PD"), STABLE))

    assert said.answer is None
    assert "the date of the structural assessment in row 2 is not recorded" in said.missing


def test_each_course_opens_its_own_window():
    later = (course(2), *scanned(2, L1="avid"))
    history = patient(TAKEN_UP, later, assessed(date(2021, 12, 1), "PD"))

    assert judged(history).answer is True  # 15 months after course 2, 23 after course 1


def test_without_uptake_there_is_no_progression_despite_uptake():
    cold = (course(), lesion(), *scanned(L1="not avid"), assessed(date(2020, 6, 1), "PD"))

    assert judged(patient(cold)).answer is False
    assert judged(patient(cold), progression_needs_uptake=None).answer is None
    assert judged(patient(cold), progression_needs_uptake=False).answer is True


def test_a_scan_that_may_belong_to_the_course_keeps_its_uptake_open():
    cold = (course(), lesion(), *scanned(L1="not avid"), assessed(date(2020, 6, 1), "PD"))
    unnamed = (Scan("S2", date(2020, 1, 18), "post-therapy"), Uptake("L1", "S2", "avid"))

    assert judged(patient(cold, unnamed)).answer is None


def test_a_course_without_a_date_or_a_scan_is_told():
    undated = judged(patient(course(date=None), lesion(), *scanned(L1="avid"), STABLE))
    unscanned = judged(patient(course(), lesion(), assessed(date(2020, 6, 1), "PD")))

    assert ("the date of course 1 is not recorded",) == undated.missing
    assert ("post-therapy scan of course 1 is missing",) == unscanned.missing


def test_without_a_date_only_missing_uptake_settles_it_and_only_where_uptake_is_needed():
    undated = patient(course(date=None), lesion(), *scanned(L1="not avid"))

    assert judged(undated).answer is False
    assert judged(undated, progression_needs_uptake=None).answer is None
    assert judged(undated, progression_needs_uptake=False).answer is None


def test_uptake_of_another_lesion_left_untreated_still_counts():
    treated = lesion("L2", local_treatment_date=date(2020, 3, 1))
    scan = scanned(L1="avid", L2="avid")
    history = patient(course(), lesion(), treated, scan, assessed(date(2020, 6, 1), "PD"))

    assert judged(history).answer is True


def test_a_small_activity_leaves_adequacy_open():
    history = progressing_on(date(2020, 6, 1), mbq=3_699)

    assert judged(history, adequate_activity_mbq=3_700).answer is None
    assert judged(history, adequate_activity_mbq=3_699).answer is True
    unknown = patient(course(mbq=None), lesion(), *scanned(L1="avid"), assessed(LONG_AFTER, "PD"))
    said = judged(unknown, adequate_activity_mbq=3_700, progression_window_months=None)
    assert ("activity of course 1 is not recorded",) == said.missing
