"""American Thyroid Association 2015, recommendation 91 (weak recommendation, low-quality evidence).

Source: ATA 2015 pocket guide, recommendations 90-93; primary wording, read first hand.
"""

from __future__ import annotations

from datetime import date

from avidity.refractory import example_patients, preparation, progression, uptake
from avidity.refractory.definition import FIRST_HAND, Criterion, Definition, Example
from avidity.refractory.entanglement import METASTASIS, RESPONSE
from avidity.refractory.example_patients import course, lesion, patient, progressing_on, scanned
from avidity.refractory.preconditions import STRUCTURAL_PROOFS
from avidity.refractory.switches import Switches

CRITERIA = (
    Criterion(
        code="A",
        wording="No uptake outside the thyroid bed on the first diagnostic or therapeutic"
        " whole-body scan.",
        certainty=FIRST_HAND,
        judge=uptake.no_uptake_at_first_treatment,
        reads=uptake.READS,
        unless=("C",),  # a lesion cold beside an avid one is the mixed case, named C
    ),
    Criterion(
        code="B",
        wording="The tissue loses its uptake after it had some, stable iodine contamination"
        " being excluded.",
        certainty=FIRST_HAND,
        judge=uptake.lost_uptake,
        reads=uptake.READS,
    ),
    Criterion(
        code="A or B",
        wording="No uptake outside the thyroid bed, and no record whether there was any before:"
        " criterion A if there was not, B if there was.",
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
        wording="Progression despite significant concentration of radioiodine, at any time.",
        certainty=FIRST_HAND,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
    ),
)

_UPTAKE = (
    Example(
        "A lung metastasis without uptake on the first post-therapy scan, well prepared.",
        example_patients.NEVER_AVID,
        expected=True,
        met=("A",),
    ),
    Example(
        "Never treated: a diagnostic scan would be enough, but a scan without a course has no"
        " recorded preparation.",
        example_patients.RAI_NAIVE,
        expected=None,
        missing="the course whose preparation",
    ),
    Example(
        "A diagnostic scan is enough for this definition; its course was then not scanned.",
        example_patients.DIAGNOSTIC_ONLY,
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
        "Declined uptake is still uptake here.",
        example_patients.DECLINED,
        expected=False,
    ),
    Example(
        "One lesion takes up and the other does not.",
        example_patients.MIXED,
        expected=True,
        met=("C",),
    ),
    Example(
        "The first scan met the criterion; regained uptake later does not undo that day.",
        example_patients.REGAINED,
        expected=True,
        met=("A",),
    ),
    Example(
        "A lesion in the thyroid bed is not read at the first scan, and nothing else is cold.",
        patient(
            course(), lesion(site="thyroid bed"), scanned(L1="not avid"), example_patients.STABLE
        ),
        expected=False,
    ),
    Example(
        "A lesion first seen after the scan cannot be called non-avid on it.",
        example_patients.SEEN_AFTER_THE_SCAN,
        expected=None,
    ),
    Example(
        "Course 2 has no post-therapy scan.",
        example_patients.SCAN_MISSING,
        expected=None,
        missing="post-therapy scan of course 2 is missing",
    ),
    Example(
        "One lesion was not assessed: mixed uptake cannot be excluded.",
        example_patients.PARTLY_MAPPED,
        expected=None,
        missing="was not assessed",
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
)
_PREPARATION = (
    Example(
        "TSH 12 after withdrawal: absent uptake means nothing.",
        example_patients.INADEQUATE_PREPARATION,
        expected=None,
        missing="preparation for course 1 was inadequate",
    ),
    Example(
        "TSH exactly 30 is not above 30.",
        example_patients.TSH_EXACTLY_30,
        expected=None,
        missing="preparation for course 1 was inadequate",
    ),
    Example("TSH 30.1 is.", example_patients.TSH_JUST_ABOVE_30, expected=True, met=("A",)),
    Example("rhTSH needs no TSH value.", example_patients.RHTSH, expected=True, met=("A",)),
    Example(
        "An iodine load explains absent uptake.",
        example_patients.IODINE_LOAD,
        expected=None,
        missing="preparation for course 1 was inadequate",
    ),
    Example(
        "The diet was not written down.",
        patient(course(low_iodine_diet=None), lesion(), scanned(L1="not avid")),
        expected=None,
        missing="preparation for course 1 is not recorded (low-iodine diet)",
    ),
)
_REST = (
    Example(
        "Avid and stable under observation.",
        example_patients.ALWAYS_AVID,
        expected=False,
    ),
    Example(
        "The same, but nothing declared complete.",
        example_patients.NOTHING_DECLARED,
        expected=None,
        missing="is not declared complete",
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
        "600 mCi, avid and stable: the activity alone says nothing here.",
        example_patients.STABLE_AFTER_600_MCI,
        expected=False,
    ),
    Example(
        "No lesion ever, and in remission: nothing that could be refractory.",
        example_patients.NO_LESION,
        expected=False,
    ),
    Example(
        "No lesion and no remission: raised Tg alone is suspicion.",
        example_patients.NO_LESION_NO_REMISSION,
        expected=None,
        missing="no structurally evident disease",
    ),
    Example(
        "A lesion seen on FDG-PET alone is not structurally evident.",
        patient(course(), lesion(proof="FDG"), scanned(L1="not avid")),
        expected=None,
        missing="no structurally evident disease",
    ),
)

DEFINITION = Definition(
    name="ata-2015",
    version="1",
    title="ATA 2015, recommendation 91",
    source="American Thyroid Association 2015 pocket guide, recommendations 90-93; read first hand",
    where="eguideline.guidelinecentral.com/i/631815/29",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy", "diagnostic", "124I PET"),
        lesion_proofs=STRUCTURAL_PROOFS,
        first_scan_outside_thyroid_bed=True,
        mixed_uptake_makes_patient_refractory=True,
        progression_window_months=None,
        requires_structural_disease=True,
        requires_adequate_preparation=True,
    ),
    notes=(
        "Structurally evident is read as shown by imaging or histology, not by FDG-PET alone.",
        (
            f"Prepared is read as: TSH above {preparation.TSH_ABOVE:g} mIU/L or rhTSH"
            " (recommendation 53B), a low-iodine diet, and no iodine contamination."
        ),
        "A negative diagnostic scan is enough by the wording, even if the therapy is taken up.",
        "A scan of another kind than post-therapy shares the preparation of the course it names.",
        "It is read lesion by lesion: one lesion without uptake meets criterion A.",
    ),
    entangled=METASTASIS | RESPONSE,
    examples=_UPTAKE + _PREPARATION + _REST,
)
