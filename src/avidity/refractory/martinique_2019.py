"""Martinique principles 2019 (ATA, EANM, SNMMI, ETA): scenarios, and clinical judgement over them.

Source: Tuttle et al. 2019, doi 10.1089/thy.2018.0597. The abstract was read first hand; the items
second hand, in a public text that quotes a review (item E word for word).
"""

from __future__ import annotations

from datetime import date

from avidity.refractory import activity, example_patients, progression, uptake
from avidity.refractory.definition import SECOND_HAND, Criterion, Definition, Example
from avidity.refractory.entanglement import ACTIVITY, METASTASIS, RESPONSE
from avidity.refractory.example_patients import progressing_on
from avidity.refractory.switches import Switches

CRITERIA = (
    Criterion(
        code="A",
        wording="A known lesion shows no uptake on a post-therapy scan, whether it never took up"
        " or no longer does.",
        certainty=SECOND_HAND,
        judge=uptake.no_uptake,
        reads=uptake.READS,
        unless=("C",),  # a lesion cold beside an avid one is the mixed case, named C
    ),
    Criterion(
        code="C",
        wording="Uptake in some lesions and none in others.",
        certainty=SECOND_HAND,
        judge=uptake.mixed_uptake,
        reads=uptake.READS,
        sufficient_by="mixed_uptake_makes_patient_refractory",
    ),
    Criterion(
        code="D",
        wording="Progression despite uptake, at any time.",
        certainty=SECOND_HAND,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
    ),
    Criterion(
        code="E",
        wording="Progression despite a cumulative activity of more than 22.2 GBq (600 mCi).",
        certainty=SECOND_HAND,
        judge=activity.enough_activity,
        reads=activity.READS | progression.ASSESSMENT_READS,
    ),
)

_EXAMPLES = (
    Example(
        "No uptake on the post-therapy scan.",
        example_patients.NEVER_AVID,
        expected=True,
        met=("A",),
    ),
    Example(
        "Lost uptake falls under the same item.",
        example_patients.LOST,
        expected=True,
        met=("A",),
    ),
    Example("Declined uptake is still uptake.", example_patients.DECLINED, expected=False),
    Example(
        "One lesion takes up and the other does not.",
        example_patients.MIXED,
        expected=True,
        met=("C",),
    ),
    Example(
        "Negative on a diagnostic scan only: that this is enough is known from memory alone.",
        example_patients.DIAGNOSTIC_ONLY,
        expected=None,
        missing="whether a negative diagnostic scan alone is enough",
    ),
    Example(
        "Never treated, and negative on a diagnostic scan: as above.",
        example_patients.RAI_NAIVE,
        expected=None,
        missing="whether a negative diagnostic scan alone is enough",
    ),
    Example(
        "Course 2 has no post-therapy scan.",
        example_patients.SCAN_MISSING,
        expected=None,
        missing="post-therapy scan of course 2 is missing",
    ),
    Example(
        "A lesion first seen after the scan cannot be called non-avid on it.",
        example_patients.SEEN_AFTER_THE_SCAN,
        expected=None,
    ),
    Example(
        "No preparation is asked for in the text as we have it.",
        example_patients.INADEQUATE_PREPARATION,
        expected=True,
        met=("A",),
    ),
    Example(
        "A large remnant took the activity and the scan is marked inadequate.",
        example_patients.LARGE_REMNANT,
        expected=None,
        missing="technically inadequate",
    ),
    Example(
        "One lesion was not assessed: mixed uptake cannot be excluded.",
        example_patients.PARTLY_MAPPED,
        expected=None,
        missing="was not assessed",
    ),
    Example(
        "A lesion treated locally before course 2 may be gone and does not count there.",
        example_patients.TREATED_LOCALLY,
        expected=False,
    ),
    Example(
        "Progression on day 1 after a course that was taken up.",
        progressing_on(date(2020, 1, 16)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression four years later: there is no window.",
        progressing_on(date(2024, 1, 15)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Exactly 600 mCi is not more than 600 mCi; whether the lesion took up is not known.",
        example_patients.PROGRESSING_AT_600_MCI,
        expected=None,
        missing="is equivocal",
    ),
    Example(
        "Progression after 22,201 MBq needs no word on uptake.",
        example_patients.PROGRESSING_1_MBQ_ABOVE,
        expected=True,
        met=("E",),
    ),
    Example(
        "600 mCi, avid and stable: not without progression.",
        example_patients.STABLE_AFTER_600_MCI,
        expected=False,
    ),
    Example("Avid and stable under observation.", example_patients.ALWAYS_AVID, expected=False),
    Example(
        "The same, but nothing declared complete.",
        example_patients.NOTHING_DECLARED,
        expected=None,
        missing="is not declared complete",
    ),
    Example("No lesion ever.", example_patients.NO_LESION, expected=False),
)

DEFINITION = Definition(
    name="martinique-2019",
    version="1",
    title="Martinique principles 2019",
    source="Tuttle et al. 2019 (ATA, EANM, SNMMI, ETA); abstract read first hand, items second"
    " hand",
    where="doi 10.1089/thy.2018.0597",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy",),
        doubtful_scans=("diagnostic", "124I PET"),
        mixed_uptake_makes_patient_refractory=True,
        progression_window_months=None,
        activity_threshold_mbq=22_200,
        activity_comparator=">",
        activity_needs="progression",
    ),
    notes=(
        (
            "The statement speaks of scenarios and leaves the verdict to clinical judgement: a yes"
            " here says that a scenario is met."
        ),
        "It is read lesion by lesion: one lesion without uptake meets criterion A.",
    ),
    not_shipped=(
        (
            "That absence of uptake on a diagnostic scan is an item of its own, apart from the"
            " post-therapy scan: such a patient is answered cannot say."
        ),
    ),
    entangled=METASTASIS | ACTIVITY | RESPONSE,
    examples=_EXAMPLES,
)
