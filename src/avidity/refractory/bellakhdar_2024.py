"""The five criteria of the paper this software starts from.

Source: Bel Lakhdar et al., World J Nucl Med 2024, doi 10.1055/s-0044-1787731; read first hand.
"""

from __future__ import annotations

from datetime import date

from avidity.refractory import activity, example_patients, progression, uptake
from avidity.refractory.definition import FIRST_HAND, Criterion, Definition, Example
from avidity.refractory.entanglement import ACTIVITY, METASTASIS, RESPONSE
from avidity.refractory.example_patients import (
    STABLE,
    assessed,
    course,
    followed,
    lesion,
    patient,
    progressing_on,
    scanned,
)
from avidity.refractory.switches import Switches

CRITERIA = (
    Criterion(
        code="A",
        wording="No uptake in known metastatic or structural lesions at the initial treatment.",
        certainty=FIRST_HAND,
        judge=uptake.no_uptake_at_first_treatment,
        reads=uptake.READS,
        unless=("C",),  # a lesion cold beside an avid one is the mixed case, named C
    ),
    Criterion(
        code="B",
        wording="No uptake, or a progressive decline of it, on a post-treatment scan of lesions"
        " that took up before.",
        certainty=FIRST_HAND,
        judge=uptake.lost_uptake,
        reads=uptake.READS,
    ),
    Criterion(
        code="A or B",
        wording="No uptake on a post-treatment scan, and no record whether the lesion took up"
        " before: criterion A if it did not, B if it did.",
        certainty=FIRST_HAND,
        judge=uptake.no_uptake,
        reads=uptake.READS,
        unless=("A", "B"),
    ),
    Criterion(
        code="C",
        wording="Uptake in some lesions and none in others.",
        certainty=FIRST_HAND,
        judge=uptake.mixed_uptake,
        reads=uptake.READS,
        sufficient_by="mixed_uptake_makes_patient_refractory",
    ),
    Criterion(
        code="D",
        wording="Structural progression 12 to 16 months after radioiodine despite uptake.",
        certainty=FIRST_HAND,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
    ),
    Criterion(
        code="E",
        wording="22.2 GBq (600 mCi) or more, and no evidence of remission.",
        certainty=FIRST_HAND,
        judge=activity.enough_activity,
        reads=activity.READS | {"follow_up.remission"},
    ),
)

_SHARED = (
    Example(
        "A lesion known before course 1 and without uptake on its post-therapy scan.",
        example_patients.NEVER_AVID,
        expected=True,
        met=("A",),
    ),
    Example(
        "One reading decides, however little else is known.",
        example_patients.NEVER_AVID_AND_NO_MORE_KNOWN,
        expected=True,
        met=("A",),
    ),
    Example(
        "The lesion took up at course 1 and no longer at course 2.",
        example_patients.LOST,
        expected=True,
        met=("B",),
    ),
    Example(
        "Declined uptake counts as lost: only this definition says so, without a threshold.",
        example_patients.DECLINED,
        expected=True,
        met=("B",),
    ),
    Example(
        "Not avid at course 2, and course 1 was not scanned: it never took up, or it lost it.",
        example_patients.FIRST_SCAN_MISSING,
        expected=True,
        met=("A or B",),
    ),
    Example(
        "One lesion takes up and the other does not.",
        example_patients.MIXED,
        expected=True,
        met=("C",),
    ),
    Example(
        "A lesion first seen after course 1 is judged at its own first treatment.",
        example_patients.LATE_LESION,
        expected=True,
        met=("A",),
    ),
    Example(
        "The criterion was met at course 1; regained uptake later does not undo that day.",
        example_patients.REGAINED,
        expected=True,
        met=("A",),
    ),
    Example(
        "Known in full: avid, stable beyond the window, 3,700 MBq.",
        example_patients.ALWAYS_AVID,
        expected=False,
    ),
    Example(
        "The same rows, but nothing declared complete: a progression may be unrecorded.",
        example_patients.NOTHING_DECLARED,
        expected=None,
        missing="structural_assessments is not declared complete",
    ),
    Example(
        "No lesion ever and 3,700 MBq: none of the five can hold.",
        example_patients.NO_LESION,
        expected=False,
    ),
    Example(
        "The paper states no precondition, so the same without remission is still a no.",
        example_patients.NO_LESION_NO_REMISSION,
        expected=False,
    ),
    Example(
        "Course 2 has no post-therapy scan, so loss of uptake cannot be excluded.",
        example_patients.SCAN_MISSING,
        expected=None,
        missing="post-therapy scan of course 2 is missing",
    ),
    Example(
        "A diagnostic scan alone is not the post-treatment scan the paper speaks of.",
        example_patients.DIAGNOSTIC_ONLY,
        expected=None,
        missing="post-therapy scan of course 1 is missing",
    ),
    Example(
        "A lesion first seen after the scan cannot be called non-avid on it.",
        example_patients.SEEN_AFTER_THE_SCAN,
        expected=None,
    ),
    Example(
        "The paper asks for no preparation, so TSH 12 does not matter.",
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
        missing="uptake of lesion L2 on the post-therapy scan of course 1 was not assessed",
    ),
    Example(
        "One lesion was not assessed, but the other showed no uptake, and that is enough.",
        example_patients.PARTLY_MAPPED_ONE_COLD,
        expected=True,
        met=("A",),
    ),
    Example(
        "A lesion treated locally before course 2 may be gone and does not count there.",
        example_patients.TREATED_LOCALLY,
        expected=False,
    ),
    Example(
        "Never treated with radioiodine: whether the lesion would take up is unknown.",
        example_patients.RAI_NAIVE,
        expected=None,
    ),
)
_BOUNDARIES = (
    Example(
        "Exactly 22,200 MBq as 6 × 3,700, avid and stable, without remission.",
        example_patients.STABLE_AFTER_600_MCI,
        expected=True,
        met=("E",),
    ),
    Example(
        "22,199 MBq is below the limit.",
        example_patients.STABLE_1_MBQ_SHORT,
        expected=False,
    ),
    Example(
        "22,200 MBq, but in remission.",
        example_patients.CURED_AFTER_600_MCI,
        expected=False,
    ),
    Example(
        "22,200 MBq at once, and no lesion was ever known: criterion E asks for none.",
        patient(course(mbq=22_200), STABLE, courses=1, lesions=0),
        expected=True,
        met=("E",),
    ),
    Example(
        "22,200 MBq at once, and nothing on remission.",
        patient(course(mbq=22_200), courses=1, lesions=0),
        expected=None,
        missing="remission at follow-up is not recorded",
    ),
    Example(
        "Progression on day 1 after the activity.",
        progressing_on(date(2020, 1, 16)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression on the day of the activity is not after it; stable until later.",
        progressing_on(date(2020, 1, 15), *STABLE),
        expected=False,
    ),
    Example(
        "Progression on the last day of the 16 months.",
        progressing_on(date(2021, 5, 15)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression first seen the day after, having been stable at month 12.",
        progressing_on(date(2021, 5, 16), assessed(date(2021, 1, 15)), followed(remission=False)),
        expected=False,
    ),
    Example(
        "Progression first seen the day after, and nothing looked at before.",
        progressing_on(date(2021, 5, 16)),
        expected=None,
        missing="on or after the last day of the window of course 1",
    ),
    Example(
        "Progression, but the lesion that took up was treated locally in between.",
        example_patients.TREATED_BEFORE_PROGRESSION,
        expected=None,
        missing="was treated locally before the progression",
    ),
    Example(
        "Stable at month 3, and nobody looked later.",
        example_patients.STABLE_TOO_SHORT,
        expected=None,
        missing="on or after the last day of the window of course 1",
    ),
    Example(
        "An assessment that could not be evaluated is as if it were not there.",
        example_patients.NOT_EVALUABLE,
        expected=None,
        missing="on or after the last day of the window of course 1",
    ),
    Example(
        "An activity that is not recorded may be any.",
        patient(course(mbq=None), lesion(), scanned(L1="avid"), STABLE),
        expected=None,
        missing="activity of course 1 is not recorded",
    ),
)

DEFINITION = Definition(
    name="bellakhdar-2024",
    version="1",
    title="Bel Lakhdar 2024: the five criteria of the paper",
    source="Bel Lakhdar et al., World J Nucl Med 2024; read first hand",
    where="doi 10.1055/s-0044-1787731",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy",),
        decline_counts_as_loss=True,
        mixed_uptake_makes_patient_refractory=True,
        progression_window_months=16,
        activity_threshold_mbq=22_200,
        activity_comparator=">=",
        activity_needs="no remission",
    ),
    notes=(
        "No precondition is stated, so none is asked.",
        (
            '"12 to 16 months" can mean assessed at or occurring within; read as within 16 months,'
            " and progression_from_month=12 gives the other reading."
        ),
        '"Initial treatment" is read for each lesion: the first course after it was seen.',
        '"Decline" has no threshold; the reader\'s word counts.',
        (
            "It is not the statement it cites: that one has no window, asks for progression beside"
            " the activity, and more than 22.2 GBq."
        ),
    ),
    entangled=METASTASIS | ACTIVITY | RESPONSE,
    examples=_SHARED + _BOUNDARIES,
)
