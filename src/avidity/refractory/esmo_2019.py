"""European Society for Medical Oncology 2019, as a clinical pathway relays it.

Source: a public Taiwanese clinical pathway that cites ESMO 2019 recommendation by recommendation;
second hand throughout. The guideline itself was not read.
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

_NOT_NAMED = "the text as relayed does not name it, and the guideline itself was not read: {}"

CRITERIA = (
    Criterion(
        code="B",
        wording="Distant metastases that lost their uptake.",
        certainty=SECOND_HAND,
        judge=uptake.lost_uptake,
        reads=uptake.READS,
    ),
    Criterion(
        code="D",
        wording="Structural progression within 6 to 12 months of radioiodine [IV, A].",
        certainty=SECOND_HAND,
        judge=progression.progression_despite_uptake,
        reads=uptake.READS | progression.ASSESSMENT_READS,
    ),
    Criterion(
        code="no uptake",
        wording="A distant metastasis without uptake that is not known to have had any.",
        certainty=SECOND_HAND,
        judge=uptake.no_uptake,
        reads=uptake.READS,
        sufficient=None,
        open_because=_NOT_NAMED.format("a distant metastasis that never took up"),
    ),
    Criterion(
        code="mixed",
        wording="Uptake in some distant metastases and none in others.",
        certainty=SECOND_HAND,
        judge=uptake.mixed_uptake,
        reads=uptake.READS,
        sufficient_by="mixed_uptake_makes_patient_refractory",
        open_because=_NOT_NAMED.format("mixed uptake"),
    ),
)

_EXAMPLES = (
    Example(
        "The only distant metastasis took up at course 1 and no longer at course 2.",
        example_patients.LOST,
        expected=True,
        met=("B",),
    ),
    Example(
        "It never took up: the text as relayed does not name that.",
        example_patients.NEVER_AVID,
        expected=None,
        missing="a distant metastasis that never took up",
    ),
    Example(
        "Mixed uptake is not named either.",
        example_patients.MIXED,
        expected=None,
        missing="mixed uptake",
    ),
    Example("Declined uptake is still uptake.", example_patients.DECLINED, expected=False),
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
        "Progression without uptake: the text as relayed does not say whether uptake is needed.",
        example_patients.PROGRESSING_WITHOUT_UPTAKE,
        expected=None,
        missing="was not taken up",
    ),
    Example(
        "600 mCi, avid and stable: cure is called very unlikely, but it is no criterion.",
        example_patients.STABLE_AFTER_600_MCI,
        expected=False,
    ),
    Example(
        "A nodal lesion is outside what the text speaks of.",
        patient(course(), lesion(site="lateral node"), scanned(L1="avid"), STABLE),
        expected=None,
        missing="no distant metastasis",
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
    Example(
        "Never treated: the metastasis was never read on a post-therapy scan.",
        example_patients.RAI_NAIVE,
        expected=None,
    ),
    Example("No lesion ever, and in remission.", example_patients.NO_LESION, expected=False),
    Example(
        "No lesion and no remission.",
        example_patients.NO_LESION_NO_REMISSION,
        expected=None,
        missing="no distant metastasis",
    ),
)

DEFINITION = Definition(
    name="esmo-2019",
    version="1",
    title="ESMO 2019, as relayed",
    source="European Society for Medical Oncology 2019, through a clinical pathway that cites it;"
    " second hand",
    where="a public clinical pathway (Taiwan) citing ATA 2015, ATA 2025 and ESMO 2019",
    criteria=CRITERIA,
    switches=Switches(
        scans_for_no_uptake=("post-therapy",),
        distant_lesions_only=True,
        mixed_uptake_makes_patient_refractory=None,
        progression_window_months=12,
        progression_needs_uptake=None,
        requires_distant_metastasis=True,
    ),
    notes=(
        (
            '"Within 6 to 12 months" is read as within 12 months; progression_from_month=6 gives'
            " the other reading."
        ),
        "What the text as relayed does not name keeps the question open; it does not make a no.",
        "That cure is very unlikely after 600 mCi is said there, but not as a criterion.",
    ),
    not_shipped=(
        "What the guideline itself says of metastases that never took up and of mixed uptake.",
    ),
    entangled=METASTASIS | RESPONSE,
    examples=_EXAMPLES,
)
