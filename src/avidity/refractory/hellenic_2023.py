"""Hellenic summary 2023.

Source: Hell J Nucl Med 2023;26 Suppl:65-68, PMID 37658568; the abstract was read first hand.
"""

from __future__ import annotations

from datetime import date

from avidity.refractory import activity, example_patients, progression, uptake
from avidity.refractory.definition import FIRST_HAND, Criterion, Definition, Example
from avidity.refractory.entanglement import ACTIVITY, METASTASIS, RESPONSE
from avidity.refractory.example_patients import assessed, progressing_on
from avidity.refractory.switches import Switches

_ABSTRACT = f"{FIRST_HAND} (abstract only)"

CRITERIA = (
    Criterion(
        code="A",
        wording="A lesion that does not take up at its first treatment.",
        certainty=_ABSTRACT,
        judge=uptake.no_uptake_at_first_treatment,
        reads=uptake.READS,
        unless=("C",),  # a lesion cold beside an avid one is the mixed case, named C
    ),
    Criterion(
        code="C",
        wording="Uptake in some lesions and none in others.",
        certainty=_ABSTRACT,
        judge=uptake.mixed_uptake,
        reads=uptake.READS,
        sufficient_by="mixed_uptake_makes_patient_refractory",
    ),
    Criterion(
        code="D",
        wording="Progression within 6 to 12 months despite uptake.",
        certainty=_ABSTRACT,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
    ),
    Criterion(
        code="E",
        wording="Progression after more than 600 mCi (22.2 GBq).",
        certainty=_ABSTRACT,
        judge=activity.enough_activity,
        reads=activity.READS | progression.ASSESSMENT_READS,
    ),
    Criterion(
        code="no uptake later",
        wording="No uptake on a post-therapy scan after the first treatment.",
        certainty=_ABSTRACT,
        judge=uptake.no_uptake,
        reads=uptake.READS,
        sufficient=None,
        open_because="the abstract does not name loss of uptake, and the full text was not read",
    ),
)

_EXAMPLES = (
    Example(
        "No uptake at the first treatment.",
        example_patients.NEVER_AVID,
        expected=True,
        met=("A",),
    ),
    Example(
        "A lesion first seen after course 1 is judged at its own first treatment.",
        example_patients.LATE_LESION,
        expected=True,
        met=("A",),
    ),
    Example(
        "Lost uptake is not named in the abstract.",
        example_patients.LOST,
        expected=None,
        missing="does not name loss of uptake",
    ),
    Example(
        "Not avid at course 2 and course 1 not scanned: never, or lost?",
        example_patients.FIRST_SCAN_MISSING,
        expected=None,
    ),
    Example("Declined uptake is still uptake.", example_patients.DECLINED, expected=False),
    Example(
        "One lesion takes up and the other does not.",
        example_patients.MIXED,
        expected=True,
        met=("C",),
    ),
    Example(
        "Progression on day 1 after a course that was taken up.",
        progressing_on(date(2020, 1, 16)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression on the last day of the 12 months.",
        progressing_on(date(2021, 1, 15)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression first seen the day after, having been stable at month 6.",
        progressing_on(date(2021, 1, 16), assessed(date(2020, 7, 15))),
        expected=False,
    ),
    Example(
        "Exactly 600 mCi is not more than 600 mCi; whether the lesion took up is not known.",
        example_patients.PROGRESSING_AT_600_MCI,
        expected=None,
        missing="is equivocal",
    ),
    Example(
        "Progression after 22,201 MBq.",
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
        "No preparation is asked for in the abstract.",
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
        "Never treated: the lesion was never read on a post-therapy scan.",
        example_patients.RAI_NAIVE,
        expected=None,
    ),
    Example("No lesion ever.", example_patients.NO_LESION, expected=False),
)

DEFINITION = Definition(
    name="hellenic-2023",
    version="1",
    title="Hellenic summary 2023",
    source="Hell J Nucl Med 2023;26 Suppl:65-68; abstract read first hand",
    where="PMID 37658568",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy",),
        mixed_uptake_makes_patient_refractory=True,
        progression_window_months=12,
        activity_threshold_mbq=22_200,
        activity_comparator=">",
        activity_needs="progression",
    ),
    notes=(
        (
            '"6 to 12 months" is read as within 12 months; progression_from_month=6 gives the other'
            " reading."
        ),
        '"First treatment" is read for each lesion: the first course after it was seen.',
        "What the abstract does not name keeps the question open; it does not make a no.",
    ),
    entangled=METASTASIS | ACTIVITY | RESPONSE,
    examples=_EXAMPLES,
)
