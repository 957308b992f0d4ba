"""What a department knows of one patient, row by row, as the definitions read it.

Field names and codes are those of the data dictionary. Every field may be missing (None), and a
missing value says as much as a row that is not there: nothing. `row` is the row in the source file
as a person counts it. A key stands once: one reading per lesion and scan, one course per number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TABLES = frozenset(
    {
        "patients",
        "rai_courses",
        "lesions",
        "scans",
        "lesion_uptake",
        "structural_assessments",
        "labs",
        "fdg_pet",
        "molecular",
        "follow_up",
    }
)


@dataclass(frozen=True, slots=True)
class Course:
    """One therapeutic radioiodine activity (ablation, adjuvant or for known disease), in MBq."""

    course: int | None = None
    date: date | None = None
    activity: int | None = None
    intent: str | None = None
    preparation: str | None = None
    tsh: float | None = None
    low_iodine_diet: bool | None = None
    iodine_contamination: bool | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Lesion:
    """One known lesion; diameter in mm.

    `local_treatment_date` is noted by exception: empty means no local treatment is known of.
    """

    lesion_id: str | None = None
    site: str | None = None
    first_seen: date | None = None
    modality: str | None = None
    proof: str | None = None
    diameter: float | None = None
    local_treatment_date: date | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One radioiodine scan. `adequate` is noted by exception: empty means nothing against it."""

    scan_id: str | None = None
    date: date | None = None
    kind: str | None = None
    course: int | None = None
    days_after_activity: int | None = None
    technique: str | None = None
    adequate: bool | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Uptake:
    """How one lesion looked on one scan: avid, not avid, declined, equivocal, not assessed."""

    lesion_id: str | None = None
    scan_id: str | None = None
    uptake: str | None = None
    uptake_ratio: float | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One structural assessment, of the whole patient or of one lesion; diameters in mm."""

    date: date | None = None
    modality: str | None = None
    lesion_id: str | None = None
    baseline_diameter: float | None = None
    nadir_diameter: float | None = None
    diameter: float | None = None
    verdict: str | None = None
    new_lesion: bool | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Lab:
    """One blood sample: Tg in ng/mL, TSH in mIU/L, TgAb in IU/mL."""

    date: date | None = None
    tg: float | None = None
    tg_censored: str | None = None
    tsh: float | None = None
    tsh_condition: str | None = None
    tgab: float | None = None
    tgab_positive: bool | None = None
    assay: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class FdgPet:
    """One FDG-PET reading of one lesion."""

    date: date | None = None
    lesion_id: str | None = None
    positive: bool | None = None
    suvmax: float | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How the patient was at the last visit."""

    last_date: date | None = None
    vital_status: str | None = None
    remission: bool | None = None
    remission_date: date | None = None
    response: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All records of one patient.

    number_of_courses, number_of_lesions   declared totals; with as many rows present, the list is
                                           known to be whole (0: none ever)
    complete    tables of which the study declares that they hold everything there was
    tables      tables the study has at all
    """

    patient_id: str
    rai_courses: tuple[Course, ...] = ()
    lesions: tuple[Lesion, ...] = ()
    scans: tuple[Scan, ...] = ()
    lesion_uptake: tuple[Uptake, ...] = ()
    structural_assessments: tuple[Assessment, ...] = ()
    labs: tuple[Lab, ...] = ()
    fdg_pet: tuple[FdgPet, ...] = ()
    follow_up: tuple[FollowUp, ...] = ()
    number_of_courses: int | None = None
    number_of_lesions: int | None = None
    complete: frozenset[str] = frozenset()
    tables: frozenset[str] = TABLES

    @property
    def courses_are_all_here(self) -> bool:
        """Whether the rows are certainly every course the patient ever had."""
        return self._all_here("rai_courses", len(self.rai_courses), self.number_of_courses)

    @property
    def lesions_are_all_here(self) -> bool:
        """Whether the rows are certainly every lesion ever known."""
        return self._all_here("lesions", len(self.lesions), self.number_of_lesions)

    def _all_here(self, table: str, rows: int, declared: int | None) -> bool:
        # A total that disagrees with the rows outweighs the study's general promise.
        return rows == declared if declared is not None else table in self.complete
