"""American Thyroid Association 2025, recommendation 59, with its two strong criteria.

Source: recommendations 59A and 59B in the ATA 2025 pocket guide, primary wording, read first hand;
the strong criteria second hand, in a clinical pathway that cites them.
"""

from __future__ import annotations

from datetime import date

from avidity.refractory import example_patients, progression, uptake
from avidity.refractory.definition import SECOND_HAND, Criterion, Definition, Example
from avidity.refractory.entanglement import METASTASIS, RESPONSE
from avidity.refractory.example_patients import (
    STABLE,
    assessed,
    course,
    lesion,
    patient,
    progressing_on,
    scanned,
)
from avidity.refractory.switches import Switches

CRITERIA = (
    Criterion(
        code="A",
        wording="A lesion known from structural imaging or FDG-PET shows no uptake on the"
        " post-therapy scan (strong).",
        certainty=SECOND_HAND,
        judge=uptake.no_uptake,
        reads=uptake.READS,
    ),
    Criterion(
        code="D",
        wording="Progression less than 6 months after an adequate activity with documented uptake"
        " (strong).",
        certainty=SECOND_HAND,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
    ),
    Criterion(
        code="mixed",
        wording="Uptake in some lesions and none in others.",
        certainty=SECOND_HAND,
        judge=uptake.mixed_uptake,
        reads=uptake.READS,
        sufficient_by="mixed_uptake_makes_patient_refractory",
        open_because="where the guideline puts mixed uptake was not found",
    ),
)

_UPTAKE = (
    Example(
        "The known lesion shows no uptake on the post-therapy scan.",
        example_patients.NEVER_AVID,
        expected=True,
        met=("A",),
    ),
    Example(
        "The only lesion, by its declared number, and nothing else known.",
        example_patients.NEVER_AVID_ONE_LESION,
        expected=True,
        met=("A",),
    ),
    Example(
        "Another lesion may have taken up: then uptake would be mixed.",
        example_patients.NEVER_AVID_AND_NO_MORE_KNOWN,
        expected=None,
        missing="whether another lesion took up",
    ),
    Example(
        "Mixed uptake: no source read says where the guideline puts it.",
        example_patients.MIXED,
        expected=None,
        missing="where the guideline puts mixed uptake was not found",
    ),
    Example(
        "No uptake any more is no uptake on the post-therapy scan.",
        example_patients.LOST,
        expected=True,
        met=("A",),
    ),
    Example(
        "Declined uptake is not among the strong criteria.",
        example_patients.DECLINED,
        expected=False,
    ),
    Example(
        "Recommendation 59A bars the label before any therapy: not assessable, not refractory.",
        example_patients.RAI_NAIVE,
        expected=None,
        missing="not assessable: the patient never received a therapeutic activity",
    ),
    Example(
        "A diagnostic scan is not the post-therapy scan.",
        example_patients.DIAGNOSTIC_ONLY,
        expected=None,
        missing="post-therapy scan of course 1 is missing",
    ),
    Example(
        "How the lesion was shown is not recorded.",
        patient(course(), lesion(proof=None), scanned(L1="not avid")),
        expected=None,
        missing="proof",
    ),
    Example(
        "A lesion known from FDG-PET alone counts here.",
        patient(course(), lesion(proof="FDG"), scanned(L1="not avid")),
        expected=True,
        met=("A",),
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
        "One lesion was not assessed.",
        example_patients.PARTLY_MAPPED,
        expected=None,
        missing="was not assessed",
    ),
    Example(
        "A lesion treated locally before course 2 may be gone and does not count there.",
        example_patients.TREATED_LOCALLY,
        expected=False,
    ),
)
_PROGRESSION = (
    Example(
        "Progression on day 1 after an activity of 3,700 MBq that was taken up.",
        progressing_on(date(2020, 1, 16)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression on the last day before 6 months are full.",
        progressing_on(date(2020, 7, 14)),
        expected=True,
        met=("D",),
    ),
    Example(
        "Progression on the day 6 months are full is not within less than 6 months.",
        progressing_on(date(2020, 7, 15), assessed(date(2020, 4, 15))),
        expected=False,
    ),
    Example(
        "Progression at month 8: refractory under ATA 2015, not by these strong criteria.",
        progressing_on(date(2020, 9, 15), assessed(date(2020, 6, 15))),
        expected=False,
    ),
    Example(
        "Whether 1,110 MBq was an adequate activity is not said.",
        progressing_on(date(2020, 4, 15), mbq=1_110),
        expected=None,
        missing="below 3700 MBq",
    ),
    Example(
        "600 mCi, avid and stable: an activity alone is not among the strong criteria.",
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
    Example("Treated, and no lesion ever.", example_patients.NO_LESION, expected=False),
    Example(
        "No lesion ever, and never treated: not assessable.",
        patient(STABLE, courses=0, lesions=0),
        expected=None,
        missing="not assessable",
    ),
)

DEFINITION = Definition(
    name="ata-2025",
    version="1",
    title="ATA 2025, recommendation 59, strong criteria",
    source="American Thyroid Association 2025: recommendation 59 in the pocket guide, read first"
    " hand; the strong criteria second hand",
    where="eguideline.guidelinecentral.com/i/1540959/22",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy",),
        lesion_proofs=("structural", "FDG", "histology"),
        mixed_uptake_makes_patient_refractory=None,
        progression_window_months=6,
        progression_last_day_counts=False,
        adequate_activity_mbq=3_700,
        requires_prior_therapeutic_rai=True,
    ),
    notes=(
        (
            "The guideline grades likelihood and does not forbid radioiodine: a yes here says that"
            " a strong criterion is met, and 59B then advises against further empiric radioiodine."
        ),
        (
            "Adequate activity is not defined in the text as relayed. 3,700 MBq is where the"
            " guideline's own empiric range begins (recommendations 56-57); below it we cannot say."
        ),
        "A lesion proved by histology counts as one known from imaging.",
    ),
    not_shipped=(
        (
            "Where the full text puts mixed and declining uptake, a cumulative activity, and"
            " progression after month 6: not found. Mixed uptake is answered cannot say; the others"
            " are not among the strong criteria and add nothing."
        ),
    ),
    entangled=METASTASIS | RESPONSE,
    examples=_UPTAKE + _PROGRESSION,
)
