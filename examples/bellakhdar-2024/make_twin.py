"""Make the twin cohort: 300 made patients who carry the figures Bel Lakhdar et al. 2024 printed.

    python make_twin.py            writes the tables beside this file
    python make_twin.py FOLDER     writes them there

Nothing here comes from a real patient. What the paper prints fixes sums, counts and odds ratios.
``twin_numbers.py`` finds whole numbers that carry them, ``twin_people.py`` deals them out,
``twin_plans.py`` lists the courses the patients take, and ``twin_records.py`` writes those
courses down with dates, scans and blood samples. The same seed gives the same bytes. Nothing but
Python is needed.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

from twin_numbers import Dice
from twin_people import AGGRESSIVE, Person, analysed, left_out, maybe
from twin_records import FIRST_DAY, LAST_DAY, Book, Row, diagnosis_day, months_later, tell

SEED = 20240704
ORIGIN = "made, not a real patient"


def write_down(people: list[Person], dice: Dice) -> Book:
    """Every patient's rows, numbered in the order of diagnosis."""
    dated = [(_diagnosis(person, dice), index) for index, person in enumerate(people)]
    book = Book()
    for number, (day, index) in enumerate(sorted(dated), 1):
        _patient(book, f"TWIN-{number:03d}", people[index], day, dice)
    return book


def _diagnosis(person: Person, dice: Dice) -> date:
    if person.plan:
        return diagnosis_day(person.plan, dice)
    return FIRST_DAY + timedelta(dice.between(0, (LAST_DAY - FIRST_DAY).days - 480))


def _patient(book: Book, who: str, person: Person, diagnosis: date, dice: Dice) -> None:
    plan = person.plan
    surgery = diagnosis + timedelta(dice.between(10, 55))
    nodal = plan is not None and (
        plan.sites == "nodes" or (plan.sites == "distant" and dice.chance(0.5))
    )
    distant = plan is not None and plan.sites == "distant"
    invasion = dice.chance(0.5 if person.histology != "PTC" else 0.12)
    removed = dice.between(5, 34) if nodal else dice.pick((0, 0, 0, 4, 7, 11))
    positive = dice.between(1, max(1, removed // 2)) if nodal else 0
    half = plan is None and dice.chance(0.5)
    row = {
        "patient_id": who,
        "sex": "female" if person.female else "male",
        "age_at_diagnosis": person.age,
        "diagnosis_date": diagnosis,
        "surgery_extent": "lobectomy" if half else "total thyroidectomy",
        "surgery_date": surgery,
        "histology": person.histology,
        "histology_subtype": person.subtype,
        "diameter": person.diameter,
        "multifocal": person.multifocal,
        "extrathyroidal_extension": person.extension,
        "vascular_invasion": maybe(dice, invasion, 0.95),
        "nodes_removed": removed,
        "nodes_positive": positive if removed else None,
        "nodal_metastasis": nodal,
        "distant_metastasis": distant,
        "t_category": _t_category(person),
        "n_category": _n_category(dice, nodal=nodal, removed=removed),
        "m_category": "M1" if distant else "M0",
        "ata_risk": _ata_risk(person, nodal=nodal, distant=distant, invasion=invasion),
        "received_rai": plan is not None,
        "follow_up_complete": person.complete,
        "number_of_courses": len(plan.courses) if plan else 0,
    }
    lesions = tell(book, who, plan, surgery, dice) if plan else _no_radioiodine(book, who, surgery)
    book.add("patients", **row, number_of_lesions=lesions)
    if plan and dice.chance(0.2):
        _molecular(book, who, surgery, person, dice)


def _t_category(person: Person) -> str:
    """AJCC 8; every extension here is into the strap muscles."""
    if person.extension:
        return "T3b"
    if person.diameter is None:
        return "TX"
    limits = ((10, "T1a"), (20, "T1b"), (40, "T2"))
    return next((name for limit, name in limits if person.diameter <= limit), "T3a")


def _n_category(dice: Dice, *, nodal: bool, removed: int) -> str:
    if nodal:
        return dice.pick(("N1a", "N1b"))
    return "N0a" if removed else "N0b"


def _ata_risk(person: Person, *, nodal: bool, distant: bool, invasion: bool) -> str:
    """ATA 2015 in its three levels, as far as these fields go."""
    if distant or person.extension:
        return "high"
    return "intermediate" if nodal or invasion or person.subtype in AGGRESSIVE else "low"


def _no_radioiodine(book: Book, who: str, surgery: date) -> int:
    """A clean neck after a year; returns the number of lesions, none."""
    look = months_later(surgery, 12)
    seen = {"modality": "ultrasound", "verdict": "CR", "new_lesion": False}
    book.add("structural_assessments", patient_id=who, date=look, **seen)
    book.add("follow_up", patient_id=who, last_date=look, vital_status="alive")
    return 0


def _molecular(book: Book, who: str, surgery: date, person: Person, dice: Dice) -> None:
    papillary = person.histology == "PTC"
    found = {
        "braf_v600e": papillary and dice.chance(0.45),
        "tert_promoter": person.age > 50 and dice.chance(0.25),
        "ras": not papillary and dice.chance(0.4),
    }
    words = {name: "mutated" if yes else "wild-type" for name, yes in found.items()}
    untested = {"fusion": "not tested", "tp53": "not tested"}
    day = surgery + timedelta(30)
    book.add("molecular", patient_id=who, date=day, tissue="primary tumour", **words, **untested)


FIRST = {"structural_assessments": ("patient_id", "date", "modality", "lesion_id")}
UNITS = {
    "age_at_diagnosis": "years",
    "activity": "MBq",
    "diameter": "mm",
    "baseline_diameter": "mm",
    "nadir_diameter": "mm",
    "tsh": "mIU/L",
    "tg": "ng/mL",
    "tgab": "IU/mL",
    "days_after_activity": "days",
}


def save(book: Book, folder: Path) -> None:
    """One CSV file per table; units in the header, and every row says that it is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in book.tables.items():
        first = FIRST.get(table, ("patient_id",))
        names = list(dict.fromkeys((*first, *(name for row in rows for name in row))))
        header = [f"{name} ({UNITS[name]})" if name in UNITS else name for name in names]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow([*header, "record_origin"])
            out.writerows([*(_cell(row, name) for name in names), ORIGIN] for row in rows)


def _cell(row: Row, name: str) -> object:
    value = row.get(name)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def main() -> None:
    """Make the 300 and write them."""
    dice = Dice(SEED)
    people = analysed(dice) + left_out(dice)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    save(write_down(people, dice), folder)


if __name__ == "__main__":
    main()
