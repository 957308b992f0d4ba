"""Of whom does a definition speak at all? Outside that, it can't say, and the reason is told.

Each belongs to a switch. A patient in recorded remission without the disease a definition speaks of
has nothing that could be refractory: there the answer is no.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from avidity.refractory.answers import Answer, Judgement, RecordRef, any_of, once
from avidity.refractory.chart import (
    COURSES_OPEN,
    LESIONS_OPEN,
    Chart,
    course_words,
    lesion_words,
    unsited_words,
)
from avidity.refractory.progression import NO_COURSE
from avidity.refractory.records import Lesion
from avidity.refractory.sights import Case, is_distant, is_shown
from avidity.refractory.uptake import NO_LESION
from avidity.said import say

STRUCTURAL_PROOFS = ("structural", "histology")


@dataclass(frozen=True, slots=True)
class Precondition:
    """What must hold before the criteria are asked.

    switch              the switch that turns it on
    otherwise           what is said where it does not hold
    remission_settles   whether recorded remission then makes the answer no
    """

    switch: str
    wording: str
    judge: Callable[[Case], Judgement]
    otherwise: str
    remission_settles: bool
    reads: frozenset[str]


def prior_therapeutic_rai(case: Case) -> Judgement:
    """Has the patient ever received an ablative or therapeutic activity?"""
    chart = case.chart
    if chart.courses:
        refs = (RecordRef("rai_courses", each.row, course_words(each)) for each in chart.courses)
        return Judgement(True, records=once(refs))
    if chart.history.number_of_courses:
        return Judgement(True, records=(RecordRef("patients", None, say("number of courses")),))
    if chart.never_had_radioiodine:
        return Judgement(False, records=(NO_COURSE,))
    return Judgement(None, missing=(COURSES_OPEN,))


def structural_disease(case: Case) -> Judgement:
    """Is there structurally evident disease: a lesion shown by imaging or histology?"""
    return _any_lesion(
        case.chart,
        lambda lesion: is_shown(case.chart, lesion, STRUCTURAL_PROOFS),
        lambda lesion: say(
            "how {lesion} was shown (proof) is not recorded", lesion=lesion_words(lesion)
        ),
    )


def distant_metastasis(case: Case) -> Judgement:
    """Is there a distant metastasis?"""
    return _any_lesion(case.chart, is_distant, unsited_words)


def _any_lesion(
    chart: Chart, test: Callable[[Lesion], Answer], words: Callable[[Lesion], str]
) -> Judgement:
    said = [(lesion, test(lesion)) for lesion in chart.lesions]
    if yes := [lesion for lesion, answer in said if answer]:
        refs = (RecordRef("lesions", lesion.row, lesion_words(lesion)) for lesion in yes)
        return Judgement(True, records=once(refs))
    missing = [words(lesion) for lesion, answer in said if answer is None]
    if not chart.lesions_are_all_here:
        missing.append(LESIONS_OPEN)
    answer = any_of(*(answer for _, answer in said), None if missing else False)
    refs = (RecordRef("lesions", lesion.row, lesion_words(lesion)) for lesion in chart.lesions)
    if answer is None:
        return Judgement(None, missing=tuple(missing))
    return Judgement(False, records=once(refs) or (NO_LESION,))


PRECONDITIONS = (
    Precondition(
        switch="requires_prior_therapeutic_rai",
        wording="The patient has received an ablative or therapeutic activity.",
        judge=prior_therapeutic_rai,
        otherwise="not assessable: the patient never received a therapeutic activity",
        remission_settles=False,
        reads=frozenset({"patients.number_of_courses", "rai_courses.course"}),
    ),
    Precondition(
        switch="requires_structural_disease",
        wording="There is structurally evident disease.",
        judge=structural_disease,
        otherwise="not assessable: no structurally evident disease, and no recorded remission",
        remission_settles=True,
        reads=frozenset({"patients.number_of_lesions", "lesions.proof", "follow_up.remission"}),
    ),
    Precondition(
        switch="requires_distant_metastasis",
        wording="There is a distant metastasis.",
        judge=distant_metastasis,
        otherwise="not assessable: no distant metastasis, and no recorded remission",
        remission_settles=True,
        reads=frozenset({"patients.number_of_lesions", "lesions.site", "follow_up.remission"}),
    ),
)
