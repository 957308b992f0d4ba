"""SNMMI/EANM guideline 2022: what does *not* by itself make a patient refractory.

Source: Table 6 of the SNMMI/EANM 2022 guideline (J Nucl Med); primary table, read first hand.
"""

from __future__ import annotations

from datetime import date

from avidity.refractory import activity, example_patients, progression, uptake
from avidity.refractory.definition import FIRST_HAND, Criterion, Definition, Example
from avidity.refractory.entanglement import METASTASIS, RESPONSE
from avidity.refractory.example_patients import STABLE, course, lesion, patient, progressing_on
from avidity.refractory.switches import Switches

_JUDGEMENT = "needs clinical judgement: {} does not by itself make a patient refractory"

CRITERIA = (
    Criterion(
        code="no uptake",
        wording="No uptake on a diagnostic or post-therapy scan does not by itself mean"
        " refractory.",
        certainty=FIRST_HAND,
        judge=uptake.no_uptake,
        reads=uptake.READS,
        sufficient=None,
        open_because=_JUDGEMENT.format("absence of uptake"),
    ),
    Criterion(
        code="mixed",
        wording="One refractory lesion does not make the patient refractory.",
        certainty=FIRST_HAND,
        judge=uptake.mixed_uptake,
        reads=uptake.READS,
        sufficient_by="mixed_uptake_makes_patient_refractory",
    ),
    Criterion(
        code="progression",
        wording="Progression alone is no criterion: its tempo and the activities given count.",
        certainty=FIRST_HAND,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
        sufficient=None,
        open_because=_JUDGEMENT.format("progression"),
    ),
    Criterion(
        code="activity",
        wording="No cumulative activity should designate a patient refractory.",
        certainty=FIRST_HAND,
        judge=activity.enough_activity,
        reads=activity.READS,
        sufficient=False,
    ),
)

_EXAMPLES = (
    Example(
        "No lesion takes up: a feature, not a verdict.",
        example_patients.NEVER_AVID,
        expected=None,
        missing="absence of uptake does not by itself make a patient refractory",
    ),
    Example(
        "Negative on a diagnostic scan: the same.",
        example_patients.DIAGNOSTIC_ONLY,
        expected=None,
        missing="absence of uptake does not by itself make a patient refractory",
    ),
    Example(
        "Never treated, and negative on a diagnostic scan: the same.",
        example_patients.RAI_NAIVE,
        expected=None,
        missing="absence of uptake does not by itself make a patient refractory",
    ),
    Example(
        "Lost uptake: the same.",
        example_patients.LOST,
        expected=None,
        missing="absence of uptake does not by itself make a patient refractory",
    ),
    Example(
        "One lesion takes up and the other does not: one lesion is not the patient.",
        example_patients.MIXED,
        expected=False,
    ),
    Example("Declined uptake is still uptake.", example_patients.DECLINED, expected=False),
    Example(
        "Progression on day 1, or at any time after radioiodine: it needs judgement.",
        progressing_on(date(2020, 1, 16)),
        expected=None,
        missing="progression does not by itself make a patient refractory",
    ),
    Example(
        "600 mCi, avid and stable: no activity makes a patient refractory.",
        example_patients.STABLE_AFTER_600_MCI,
        expected=False,
    ),
    Example(
        "22,199 MBq: no different.",
        example_patients.STABLE_1_MBQ_SHORT,
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
        "A lesion first seen after the scan, and never scanned since.",
        example_patients.SEEN_AFTER_THE_SCAN,
        expected=None,
        missing="has no usable reading",
    ),
    Example(
        "A lesion without a scan.",
        patient(course(), lesion(), STABLE),
        expected=None,
        missing="post-therapy scan of course 1 is missing",
    ),
    Example(
        "TSH 12 after withdrawal: a feature even less.",
        example_patients.INADEQUATE_PREPARATION,
        expected=None,
    ),
    Example(
        "A large remnant took the activity and the scan is marked inadequate.",
        example_patients.LARGE_REMNANT,
        expected=None,
        missing="technically inadequate",
    ),
    Example(
        "A lesion treated locally before course 2 may be gone and does not count there.",
        example_patients.TREATED_LOCALLY,
        expected=False,
    ),
    Example("No lesion ever.", example_patients.NO_LESION, expected=False),
)

DEFINITION = Definition(
    name="snmmi-eanm-2022",
    version="1",
    title="SNMMI/EANM guideline 2022, Table 6",
    source="SNMMI/EANM guideline 2022, Table 6 (J Nucl Med); primary table, read first hand",
    where="jnm.snmjournals.org, markup 105204, Table 6",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy", "diagnostic", "124I PET"),
        mixed_uptake_makes_patient_refractory=False,
        progression_window_months=None,
        progression_needs_uptake=False,
        activity_threshold_mbq=22_200,
        activity_comparator=">=",
        activity_needs="nothing",
    ),
    notes=(
        (
            "The text gives no sufficient criterion, so no patient is called refractory by rule: a"
            " patient with a feature is answered cannot say, needs clinical judgement."
        ),
        (
            "A no says that none of the features is present: every known lesion took up, or"
            " only part of them did not; nothing progressed; and the tables are declared complete."
        ),
    ),
    entangled=METASTASIS | RESPONSE,
    examples=_EXAMPLES,
)
