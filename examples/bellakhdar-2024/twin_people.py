"""The 300 before their course begins: 90 with every margin of the paper's Table 1, 210 left out."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from twin_numbers import Band, Cell, Dice, Group, T, Target, find_values, likeliest_split
from twin_plans import NOT_REFRACTORY, REFRACTORY, Plan

# Table 1 and Fig. 1. Means and standard deviations of whole numbers give the sums and the sums of
# squares; the bands hold the counts at the cut-offs. Two controls of exactly 54 make both printed
# specificities of age true. Ages run from 17 to 77, and 55 and 29 occur, so that the Youden points
# lie between 54 and 55 years and at 29 mm.
AGE = Target(
    cases=Group((Band(13, 19, 53), Band(18, 55, 76), Band(1, 77, 77)), 1698, 96_288),
    controls=Group(
        (
            Band(1, 17, 17),
            Band(41, 18, 53),
            Band(2, 54, 54),
            Band(1, 55, 55),
            Band(13, 56, 76),
        ),
        2577,
        124_263,
    ),
    cutoff=55,
    u_low=1263.5,  # AUC 0.681
    u_high=1264.5,
)
DIAMETER = Target(
    cases=Group((Band(11, 8, 28), Band(1, 29, 29), Band(20, 30, 98)), 1302, 68_666),
    controls=Group((Band(44, 4, 28), Band(14, 29, 80)), 1155, 32_919),
    cutoff=29,
    u_low=1465.5,  # AUC 0.790
    u_high=1467.0,
)

# Table 2. Of all joint tables that fit Table 1, only this one gives its odds ratios; it also gives
# the intercept the paper does not print.
TOTALS: dict[Cell, int] = {
    (0, 0, 0): 30,
    (0, 0, 1): 5,
    (0, 1, 0): 13,
    (0, 1, 1): 7,
    (1, 0, 0): 16,
    (1, 0, 1): 4,
    (1, 1, 0): 9,
    (1, 1, 1): 6,
}
INTERCEPT, SLOPES = -3.0847467, (1.8721279, 1.8969805, 3.1158872)
CASES_WITH: Cell = (19, 21, 18)  # age >= 54, diameter >= 29 mm, metastasis

AGGRESSIVE = ("tall cell", "solid/trabecular", "diffuse sclerosing")
ORDINARY = ("classic", "classic", "classic", "infiltrative follicular", "encapsulated classic")


@dataclass(frozen=True)
class Person:
    """What a made patient is before the course begins; None is not recorded."""

    plan: Plan | None  # None: no radioiodine
    complete: bool
    age: int
    diameter: int | None
    female: bool
    extension: bool | None
    multifocal: bool | None
    histology: str
    subtype: str | None


def analysed(dice: Dice) -> list[Person]:
    """The 90: 32 refractory, 58 not, with every margin of Table 1."""
    ages, diameters = find_values(AGE, dice), find_values(DIAMETER, dice)
    risk = {cell: 1 / (1 + exp(-INTERCEPT - _dot(cell))) for cell in TOTALS}
    case_cells = likeliest_split(TOTALS, risk, CASES_WITH, n_cases=32)
    control_cells = {cell: TOTALS[cell] - n for cell, n in case_cells.items()}
    cases = _group(
        dice,
        case_cells,
        (ages[0], diameters[0]),
        REFRACTORY,
        female=30,
        extension=3,
        multifocal=12,
        ptc=(23, 2),
        ftc=4,
    )
    controls = _group(
        dice,
        control_cells,
        (ages[1], diameters[1]),
        NOT_REFRACTORY,
        female=53,
        extension=4,
        multifocal=14,
        ptc=(52, 1),
        ftc=5,
    )
    return cases + controls


def _dot(cell: Cell) -> float:
    return sum(slope * x for slope, x in zip(SLOPES, cell, strict=True))


def _group(  # noqa: PLR0913  # one argument per line of Table 1
    dice: Dice,
    cells: dict[Cell, int],
    values: tuple[list[int], list[int]],
    plans: tuple[Plan, ...],
    *,
    female: int,
    extension: int,
    multifocal: int,
    ptc: tuple[int, int],
    ftc: int,
) -> list[Person]:
    """One group of the 90; what the paper leaves open is dealt out by chance."""
    people = [cell for cell, n in sorted(cells.items()) for _ in range(n)]
    n = len(people)
    age = {1: dice.shuffled([a for a in values[0] if a >= 54])}
    age[0] = dice.shuffled([a for a in values[0] if a < 54])
    diameter = {1: dice.shuffled([d for d in values[1] if d >= 29])}
    diameter[0] = dice.shuffled([d for d in values[1] if d < 29])
    dealt = [plan for plan in plans for _ in range(plan.n)]
    plan = {1: dice.shuffled([p for p in dealt if p.sites in ("nodes", "distant")])}
    plan[0] = dice.shuffled([p for p in dealt if p.sites in ("bed", "none")])
    types = ["PTC"] * sum(ptc) + ["FTC"] * ftc + ["OCA"] * (n - sum(ptc) - ftc)
    subtypes = [dice.pick(ORDINARY) for _ in range(ptc[0])]
    subtypes = dice.shuffled(subtypes + [dice.pick(AGGRESSIVE) for _ in range(ptc[1])])
    columns = zip(
        people, _yes(dice, female, n), _yes(dice, extension, n), _yes(dice, multifocal, n),
        dice.shuffled(types), strict=True,
    )  # fmt: skip
    return [
        Person(
            plan=plan[cell[2]].pop(),
            complete=True,
            age=age[cell[0]].pop(),
            diameter=diameter[cell[1]].pop(),
            female=woman,
            extension=beyond,
            multifocal=many,
            histology=histology,
            subtype=subtypes.pop() if histology == "PTC" else None,
        )
        for cell, woman, beyond, many, histology in columns
    ]


def _yes(dice: Dice, count: int, n: int) -> list[bool]:
    return dice.shuffled([True] * count + [False] * (n - count))


def left_out(dice: Dice) -> list[Person]:
    """The 210 the paper excluded: 157 + 21 with incomplete follow-up, 32 without radioiodine.

    The 21 had no radioiodine either, so the order of the two reasons matters. Nothing is printed
    about any of them: their values are plausible and no more.
    """
    lost = [_stranger(dice, complete=False, treated=True) for _ in range(157)]
    lost += [_stranger(dice, complete=False, treated=False) for _ in range(21)]
    return lost + [_stranger(dice, complete=True, treated=False) for _ in range(32)]


def _stranger(dice: Dice, *, complete: bool, treated: bool) -> Person:
    size = (4, 12, 20) if not treated else (8, 20, 38)
    histology = dice.pick(["PTC"] * 17 + ["FTC"] * 2 + ["OCA"])
    aggressive = treated and dice.chance(0.05)
    subtype = dice.pick(AGGRESSIVE if aggressive else ORDINARY)
    known = 1.0 if complete else 0.92
    return Person(
        plan=_short_plan(dice) if treated else None,
        complete=complete,
        age=sum(dice.between(18, 82) for _ in range(2)) // 2,
        diameter=maybe(dice, dice.pick(size) + dice.between(-3, 14), known),
        female=dice.chance(0.84),
        extension=maybe(dice, dice.chance(0.1), known),
        multifocal=maybe(dice, dice.chance(0.3), known),
        histology=histology,
        subtype=maybe(dice, subtype, known) if histology == "PTC" else None,
    )


def _short_plan(dice: Dice) -> Plan:
    """A course that is followed for some months and then lost sight of."""
    sites = dice.pick(["none"] * 14 + ["nodes"] * 3 + ["bed", "bed", "distant"])
    low = sites == "none" and dice.chance(0.3)
    courses: tuple[int, ...] = (1110,) if low else (dice.pick((3700, 3700, 5550)),)
    if sites != "none" and dice.chance(0.3):
        courses += (5550,)
    shown = "a" if dice.chance(0.8) else "n"
    uptake = () if sites == "none" else (shown * len(courses),)
    looks = dice.pick(("", "5 CR", "6 CR") if sites == "none" else ("", "5 SD", "6 SD", "6 PR"))
    oddity = "no scan of course 1" if dice.chance(0.06) else ""
    between = "CR" if sites == "none" else "SD"
    return Plan(1, sites, "", courses, uptake, looks, between, remission=None, oddity=oddity)


def maybe(dice: Dice, value: T, known: float) -> T | None:
    """The value, or None as often as such a field is left empty."""
    return value if dice.chance(known) else None
