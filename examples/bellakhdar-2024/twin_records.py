"""A planned course turned into the rows of the tables, with dates that follow each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from twin_numbers import Dice
from twin_plans import AVID, DECLINED, LETTERS, NOT_AVID, Plan

FIRST_DAY, LAST_DAY = date(2019, 1, 2), date(2023, 10, 31)
NODES, DISTANT, BED = ("central node", "lateral node"), ("lung", "lung", "bone"), ("thyroid bed",)
SITES = {"nodes": NODES, "distant": DISTANT, "bed": BED}
SIZES = {"thyroid bed": (7, 16), "lung": (6, 18), "bone": (15, 40)}  # mm, low and high
SEEN_BY = {"lung": "CT", "bone": "MRI"}
MUCH, SOME, LITTLE = "much", "some", "little"  # disease, as thyroglobulin shows it
TG_STIMULATED = {MUCH: (150, 6000), SOME: (25, 300), LITTLE: (3, 90)}  # tenths of ng/mL
TG_SUPPRESSED = {MUCH: (20, 1500), SOME: (3, 24)}

Row = dict[str, object]


@dataclass
class Book:
    """The tables, filled row by row."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: object) -> None:
        """One more row at the foot of a table."""
        self.tables.setdefault(table, []).append(row)


@dataclass
class Lesion:
    """A lesion while its story is told: the sizes last measured, in mm."""

    lesion_id: str
    site: str
    uptake: list[str]  # what each course's scan shows; "" before the lesion is known
    baseline: int
    nadir: int
    now: int
    by_fdg: bool = False  # first seen by FDG, so it is no new structural lesion


def months_later(day: date, months: int, days: int = 0) -> date:
    """The same day of a later month (never after the 28th), and some days more."""
    months += day.month - 1
    return date(day.year + months // 12, months % 12 + 1, min(day.day, 28)) + timedelta(days)


def diagnosis_day(plan: Plan, dice: Dice) -> date:
    """A day early enough for the whole story to end within the study."""
    longest = 60 + 150 + (plan.months() + 2) * 31 + 25
    return FIRST_DAY + timedelta(dice.between(0, (LAST_DAY - FIRST_DAY).days - longest))


def tell(book: Book, who: str, plan: Plan, surgery: date, dice: Dice) -> int:
    """Write one patient's courses and everything after; returns how many lesions there are."""
    lesions = _lesions(who, plan, dice)
    courses = _course_days(plan, surgery, dice)
    antibodies = dice.chance(0.1)
    for number, day in enumerate(courses, 1):
        tsh = _course(book, who, plan, number, day, dice)
        if tsh is not None:
            more = number < len(courses) or plan.remission is not True
            tg = _tg(dice, MUCH if lesions else SOME if more else LITTLE, stimulated=True)
            _lab(book, who, day, tg, tsh, antibodies, dice)
        _scans(book, who, plan, number, day, lesions, dice)
        if number < len(courses):
            look = months_later(day, plan.apart - 2, dice.between(0, 9))
            _look(book, who, lesions, number, look, plan.between, dice)
    _first_seen(book, lesions, surgery, courses, dice)
    last = courses[-1]
    for month, verdict in plan.seen():
        last = months_later(courses[-1], month, dice.between(0, 6))
        _look(book, who, lesions, len(courses), last, verdict, dice)
        gone = LITTLE if plan.remission else SOME
        tg = _tg(dice, gone if verdict == "CR" else MUCH, stimulated=False)
        _lab(book, who, last, tg, None, antibodies, dice)
    if plan.remission is not None:
        _fdg(book, who, lesions, courses[-1], dice)
    _end(book, who, plan, lesions, courses[-1], last, dice)
    return len(lesions)


def _lesions(who: str, plan: Plan, dice: Dice) -> list[Lesion]:
    found = []
    for number, letters in enumerate(plan.uptake, 1):
        site = dice.pick(SITES[plan.sites])
        size = dice.between(*SIZES.get(site, (9, 24)))
        uptake = [LETTERS.get(letter, "") for letter in letters]
        found.append(
            Lesion(f"{who}-L{number}", site, uptake, size, size, size, by_fdg=not uptake[0])
        )
    return found


def _course_days(plan: Plan, surgery: date, dice: Dice) -> list[date]:
    days = [surgery + timedelta(dice.between(80, 150))]
    for _ in plan.courses[1:]:
        days.append(months_later(days[-1], plan.apart, dice.between(0, 5)))
    return days


def _course(book: Book, who: str, plan: Plan, number: int, day: date, dice: Dice) -> float | None:
    """One course; returns the TSH of that day."""
    oddity = plan.oddity if number == 1 else ""
    rhtsh = dice.chance(0.12) and not oddity
    tsh: float | None = dice.between(340, 1400) / 10
    if oddity == "TSH too low":
        tsh = dice.between(150, 260) / 10
    elif oddity == "TSH missing":
        tsh = None
    known = any(letters[number - 1] != "." for letters in plan.uptake)
    ablation = number == 1 and plan.courses[0] < 5000
    book.add(
        "rai_courses",
        patient_id=who,
        course=number,
        date=day,
        activity=plan.courses[number - 1],
        intent="known disease" if known else "ablation" if ablation else "adjuvant",
        preparation="rhTSH" if rhtsh else "withdrawal",
        tsh=tsh,
        low_iodine_diet=True,
        iodine_contamination=False,
    )
    return tsh


def _scans(
    book: Book, who: str, plan: Plan, number: int, day: date, lesions: list[Lesion], dice: Dice
) -> None:
    """The post-therapy scan, and a diagnostic one before it where the story asks for it."""
    known = [lesion for lesion in lesions if lesion.uptake[number - 1]]
    if number == 1 and plan.oddity == "diagnostic scan negative":
        scan = {"patient_id": who, "scan_id": f"{who}-D{number}"}
        before = day - timedelta(dice.between(2, 5))
        book.add("scans", **scan, date=before, kind="diagnostic", technique="planar", adequate=True)
        for lesion in known:
            book.add("lesion_uptake", **scan, lesion_id=lesion.lesion_id, uptake=NOT_AVID)
    if plan.oddity == f"no scan of course {number}":
        return
    days = dice.between(3, 7)
    scan = {"patient_id": who, "scan_id": f"{who}-S{number}"}
    book.add(
        "scans",
        **scan,
        date=day + timedelta(days),
        kind="post-therapy",
        course=number,
        days_after_activity=days,
        technique="SPECT/CT" if known or dice.chance(0.3) else "planar",
        adequate=True,
    )
    for lesion in known:
        uptake = lesion.uptake[number - 1]
        ratio = {AVID: dice.between(60, 190) / 10, DECLINED: dice.between(15, 35) / 10}.get(uptake)
        row = {"lesion_id": lesion.lesion_id, "uptake": uptake, "uptake_ratio": ratio}
        book.add("lesion_uptake", **scan, **row)


def _first_seen(
    book: Book, lesions: list[Lesion], surgery: date, courses: list[date], dice: Dice
) -> None:
    """Each lesion's own row: known some weeks before the first scan that speaks of it."""
    for lesion in lesions:
        course = next(i for i, uptake in enumerate(lesion.uptake) if uptake)
        seen = courses[course] - timedelta(dice.between(15, 40))
        if course == 0:
            seen = max(seen, surgery + timedelta(20))
        book.add(
            "lesions",
            patient_id=lesion.lesion_id.rsplit("-", 1)[0],
            lesion_id=lesion.lesion_id,
            site=lesion.site,
            first_seen=seen,
            modality="FDG-PET/CT" if lesion.by_fdg else SEEN_BY.get(lesion.site, "ultrasound"),
            proof="FDG" if lesion.by_fdg else "structural",
            diameter=lesion.baseline,
        )


def _look(
    book: Book,
    who: str,
    lesions: list[Lesion],
    course: int,
    day: date,
    verdict: str,
    dice: Dice,
) -> None:
    """One look at the neck or at each lesion known by then; the sizes bear the verdict out."""
    known = [lesion for lesion in lesions if lesion.uptake[course - 1]]
    if not known:
        row = {"modality": "ultrasound", "verdict": verdict, "new_lesion": False}
        book.add("structural_assessments", patient_id=who, date=day, **row)
    for lesion in known:
        _resize(lesion, verdict, dice)
        book.add(
            "structural_assessments",
            patient_id=who,
            date=day,
            modality=SEEN_BY.get(lesion.site, "ultrasound"),
            lesion_id=lesion.lesion_id,
            baseline_diameter=lesion.baseline,
            nadir_diameter=lesion.nadir,
            diameter=lesion.now,
            verdict=verdict,
            new_lesion=False,
        )


def _resize(lesion: Lesion, verdict: str, dice: Dice) -> None:
    """A size that RECIST 1.1 would call by the verdict, and the smallest size seen before it."""
    lesion.nadir = min(lesion.nadir, lesion.now)
    if verdict == "PD":
        lesion.now = max(lesion.nadir + 6, -(-lesion.nadir * 13 // 10))
    elif verdict == "PR":
        lesion.now = min(lesion.nadir, max(2, lesion.baseline * 6 // 10))
    elif verdict == "CR":
        lesion.now = 0
    else:
        lesion.now = lesion.nadir + dice.between(0, 1)


def _tg(dice: Dice, disease: str, *, stimulated: bool) -> str:
    """Thyroglobulin as a laboratory writes it."""
    if disease == LITTLE and (not stimulated or dice.chance(0.2)):
        return "<0.1"
    low, high = TG_STIMULATED[disease] if stimulated else TG_SUPPRESSED[disease]
    return f"{dice.between(low, high) / 10:.1f}"


def _lab(
    book: Book,
    who: str,
    day: date,
    tg: str,
    tsh: float | None,
    antibodies: bool,
    dice: Dice,
) -> None:
    stimulated = tsh is not None
    book.add(
        "labs",
        patient_id=who,
        date=day,
        tg=tg,
        tsh=tsh if stimulated else dice.between(5, 90) / 100,
        tsh_condition="stimulated" if stimulated else "suppressed",
        tgab=dice.between(150, 900) if antibodies else dice.between(2, 18),
        tgab_positive=antibodies,
        assay="immunometric",
    )


def _fdg(book: Book, who: str, lesions: list[Lesion], last_course: date, dice: Dice) -> None:
    """A PET for those whose lesions are cold or turned so."""
    if not any(uptake in (NOT_AVID, DECLINED) for lesion in lesions for uptake in lesion.uptake):
        return
    day = last_course + timedelta(dice.between(40, 150))
    for lesion in lesions:
        hot = lesion.uptake[-1] != AVID and dice.chance(0.85)
        suvmax = dice.between(32, 160) / 10 if hot else None
        row = {"lesion_id": lesion.lesion_id, "positive": hot, "suvmax": suvmax}
        book.add("fdg_pet", patient_id=who, date=day, **row)


def _end(
    book: Book, who: str, plan: Plan, lesions: list[Lesion], course: date, last: date, dice: Dice
) -> None:
    clean = next((month for month, verdict in plan.seen() if verdict == "CR"), 6)
    response: str | None = "structural incomplete" if lesions else "indeterminate"
    if plan.remission is not False:
        response = "excellent" if plan.remission else None
    book.add(
        "follow_up",
        patient_id=who,
        last_date=last + timedelta(dice.between(7, 30)),
        vital_status=_vital_status(plan, dice),
        remission=plan.remission,
        remission_date=months_later(course, clean, 7) if plan.remission else None,
        response=response,
    )


def _vital_status(plan: Plan, dice: Dice) -> str:
    if plan.sites == "distant" and "PD" in plan.looks:
        return "dead of disease" if dice.chance(0.5) else "alive"
    if plan.remission is None and dice.chance(0.5):
        return "unknown"
    return "dead of other cause" if dice.chance(0.015) else "alive"
