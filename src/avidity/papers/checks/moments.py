"""Whether printed means, SDs, quartiles and ranges are possible, alone and together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import ceil, sqrt

from avidity.papers.checks import words as words_of
from avidity.papers.checks.finding import Checked, Finding, Severity
from avidity.papers.checks.sheet import Sheet
from avidity.papers.checks.words import fixed, listed
from avidity.papers.paper import Row, Variable
from avidity.papers.paper_numbers import OVERALL
from avidity.said import joined, say, term
from avidity.stats.forensic.grim import grim
from avidity.stats.forensic.grimmer import Grimmer, Scale, grimmer
from avidity.stats.rounded import Rounded

SUBJECT = "means and SDs"
ORDER = ("minimum", "q1", "median", "q3", "maximum")
UNSAID = 0.2  # share of values that may be missing without a word
TRIED = 200  # smaller groups tried where the number of values is not printed


@dataclass(frozen=True, slots=True)
class _Cell:
    """One group of one row of numbers."""

    sheet: Sheet
    row: Row
    group: str

    @property
    def said(self) -> str:
        return say(
            "{label}, {group}",
            label=self.sheet.label(self.row.variable),
            group=self.sheet.group_label(self.group),
        )

    def path(self, what: str) -> str:
        return f"row.{self.row.variable}.{what}.{self.group}"

    def finding(
        self,
        severity: Severity,
        what: str,
        words: str,
        arithmetic: tuple[str, ...],
        explanations: tuple[str, ...] = (),
    ) -> Finding:
        path, said = self.path(what), say("{said}: {words}", said=self.said, words=words)
        return self.sheet.finding(severity, SUBJECT, path, said, arithmetic, explanations)


def check_moments(sheet: Sheet) -> Checked:
    """GRIM and GRIMMER where the step of the values is known; order, range, SE, overall mean."""
    found: list[Finding] = []
    looked_at, unanswered = 0, []
    for row in sheet.paper.rows:
        variable = sheet.paper.variable(row.variable)
        if variable.kind != "number":
            continue
        for group in (*sheet.groups, OVERALL):
            cell = _Cell(sheet, row, group)
            looked_at += group in row.mean
            found += _ordered(cell)
            found += _standard_error(cell)
            found += _possible(cell, variable)
        found += _weighted(sheet, row)
        if row.mean and items_of(variable) is None:
            unanswered.append(
                say(
                    "{label}: without its step (whole numbers or tenths?) no mean can be"
                    " called impossible",
                    label=sheet.label(row.variable),
                )
            )
    return Checked(SUBJECT, looked_at, tuple(found), tuple(unanswered))


def items_of(variable: Variable) -> int | None:
    """How many steps make one unit; None where the step is unknown. Steps above 1 count as 1."""
    if variable.step is None:
        return None
    step = variable.step.value
    return 1 if step >= 1 else (Fraction(1) / step).numerator


def _possible(cell: _Cell, variable: Variable) -> Iterator[Finding]:
    row, group, items = cell.row, cell.group, items_of(variable)
    n = cell.sheet.patients(row, group)
    if items is None or n is None or n < 1 or group not in row.mean or row.mean[group].bound:
        return
    mean, sd = row.mean[group], row.sd.get(group)
    result = grim(mean, n, items)
    if not result.possible:
        near = listed([fixed(float(one), mean.decimals + 1) for one in result.nearest])
        others = _other_sizes(cell, mean, None, n, items)
        yield cell.finding(
            "inconsistent" if others else "impossible",
            "mean",
            say(
                "no {counted} in steps of {step} have the mean {mean}.",
                counted=words_of.values(n),
                step=_step(variable),
                mean=term(mean.text),
            ),
            (
                say(
                    "{mean} × {n} = {value}; nearest means {near}",
                    mean=term(mean.text),
                    n=n,
                    value=fixed(float(mean.value * n), 2),
                    near=near,
                ),
            ),
            _fits(others, n),
        )
    elif sd is not None and n > 1 and not sd.bound and sd.value >= 0:
        yield from _spread(cell, variable, (mean, sd), n)


def _spread(
    cell: _Cell, variable: Variable, printed: tuple[Rounded, Rounded], n: int
) -> Iterator[Finding]:
    items = items_of(variable) or 1
    free = grimmer(*printed, n, Scale(items), most=2)
    ranged = _ranged(cell, items)
    result = grimmer(*printed, n, ranged, most=2) if free.possible and ranged else free
    if result.possible is not False:
        return
    mean, sd = printed
    others = _other_sizes(cell, mean, sd, n, items)
    whole = grimmer(mean, sd, n, Scale(items, sample=False), most=2).possible
    explanations = ("the SD was computed with n instead of n − 1",) if whole else ()
    words = say(
        "no {counted} in steps of {step} have mean {mean} and SD",
        counted=words_of.values(n),
        step=_step(variable),
        mean=term(mean.text),
    )
    reach = (
        say(" between {low} and {high}", low=ranged.low, high=ranged.high)
        if ranged and free.possible
        else ""
    )
    yield cell.finding(
        "inconsistent" if others or whole else "impossible",
        "sd",
        say("{words} {sd}{reach}.", words=words, sd=term(sd.text), reach=reach),
        (_nearest_sds(result, sd),),
        (*explanations, *_fits(others, n)),
    )


def _ranged(cell: _Cell, items: int) -> Scale | None:
    """The printed range, that of everybody where the group's own is not printed."""
    ends = [
        getattr(cell.row, what).get(cell.group)
        or getattr(cell.row, what).get(OVERALL)
        or _stated(cell, what)
        for what in ("minimum", "maximum")
    ]
    low, high = (None if one is None or one.bound else one for one in ends)
    if low is None or high is None or high.high is None or low.low >= high.high:
        return None
    return Scale(items, low.low, high.high)


def _stated(cell: _Cell, what: str) -> Rounded | None:
    wanted = (cell.path(what), f"row.{cell.row.variable}.{what}.all")
    every = cell.sheet.paper.statements
    return next((one.printed for one in every if one.fact in wanted), None)


def _other_sizes(cell: _Cell, mean: Rounded, sd: Rounded | None, n: int, items: int) -> list[int]:
    """Smaller numbers of values that would print so; none where the row says its number."""
    if cell.sheet.says_n(cell.row, cell.group):
        return []
    smaller = range(n - 1, max(1, n - TRIED), -1)
    fits = (m for m in smaller if grim(mean, m, items).possible)
    if sd is not None:
        fits = (m for m in fits if grimmer(mean, sd, m, Scale(items), most=1).possible)
    first = next(fits, None)
    return [] if first is None else [first]


def _fits(others: list[int], n: int) -> tuple[str, ...]:
    if not others:
        return ("a misprint", "values finer than the step in paper.toml")
    gap = words_of.values(n - others[0])
    return (
        say("it fits {n} patients, so that {gap} may be missing unsaid", n=others[0], gap=gap),
        "a misprint",
    )


def _nearest_sds(result: Grimmer, sd: Rounded) -> str:
    near = listed([fixed(one, sd.decimals + 1) for one in result.nearest]) or term("none")
    return say(
        "printed SD {sd}; nearest possible {near} ({method})",
        sd=term(sd.text),
        near=near,
        method=term(result.method),
    )


def _step(variable: Variable) -> str:
    unit = say(" ({unit})", unit=variable.unit) if variable.unit else ""
    return say("{value}{unit}", value=term(variable.step.text if variable.step else "?"), unit=unit)


def _ordered(cell: _Cell) -> Iterator[Finding]:
    """Minimum, quartiles and maximum rise, and the mean lies between minimum and maximum."""
    printed = [(what, getattr(cell.row, what).get(cell.group)) for what in ORDER]
    known = [(what, one) for what, one in printed if one is not None and not one.bound]
    for (before, one), (after, two) in pairwise(known):
        if two.high is not None and one.low > two.high:
            yield cell.finding(
                "impossible",
                after,
                say(
                    "the {name} ({one}) is above the {name_2} ({two}).",
                    name=_name(before),
                    one=term(one.text),
                    name_2=_name(after),
                    two=term(two.text),
                ),
                (say("{one} > {two}", one=term(one.text), two=term(two.text)),),
            )
    mean = cell.row.mean.get(cell.group)
    for what, one in known:
        if mean is None or mean.high is None or what not in ("minimum", "maximum"):
            continue
        outside = mean.high < one.low if what == "minimum" else mean.low > (one.high or one.low)
        if outside:
            yield cell.finding(
                "impossible",
                "mean",
                _outside(what, mean.text, one.text),
                (
                    say(
                        "mean {mean}, {name} {one}",
                        mean=term(mean.text),
                        name=_name(what),
                        one=term(one.text),
                    ),
                ),
            )


def _outside(what: str, mean: str, one: str) -> str:
    if what == "minimum":
        return say(
            "the mean {mean} is below the smallest value {one}.", mean=term(mean), one=term(one)
        )
    return say("the mean {mean} is above the largest value {one}.", mean=term(mean), one=term(one))


def _name(what: str) -> str:
    return term({"q1": "lower quartile", "q3": "upper quartile"}.get(what, what))


def _standard_error(cell: _Cell) -> Iterator[Finding]:
    """SE = SD / √n."""
    sd, se = cell.row.sd.get(cell.group), cell.row.se.get(cell.group)
    n = cell.sheet.patients(cell.row, cell.group)
    if sd is None or se is None or not n or sd.high is None or se.high is None:
        return
    low, high = float(sd.low) / sqrt(n), float(sd.high) / sqrt(n)
    if low > float(se.high) + 1e-9 or high < float(se.low) - 1e-9:
        value = fixed(float(sd.value) / sqrt(n), se.decimals + 1)
        yield cell.finding(
            "inconsistent",
            "se",
            say(
                "the standard error {se} is not the SD {sd} over √{n}.",
                se=term(se.text),
                sd=term(sd.text),
                n=n,
            ),
            (
                say(
                    "{sd} / √{n} = {value}, printed {se}",
                    sd=term(sd.text),
                    n=n,
                    value=value,
                    se=term(se.text),
                ),
            ),
            ("SD and standard error were mixed up", "missing values"),
        )


def _weighted(sheet: Sheet, row: Row) -> Iterator[Finding]:
    """The mean of everybody is the groups' means, weighted by their sizes."""
    whole = row.mean.get(OVERALL)
    pairs = [
        (one, n)
        for group in sheet.groups
        if (one := row.mean.get(group)) and one.high is not None
        if (n := sheet.patients(row, group))
    ]
    if whole is None or whole.high is None or len(pairs) < len(sheet.groups):
        return
    if _meets(whole, [(one, n, n) for one, n in pairs]):
        return
    total = sum(n for _, n in pairs)
    value = fixed(float(sum(one.value * n for one, n in pairs) / total), whole.decimals + 1)
    told = any(sheet.says_n(row, group) for group in sheet.groups)
    lost = [(one, ceil(n * (1 - UNSAID)), n) for one, n in pairs]
    yield sheet.finding(
        "unusual" if not told and _meets(whole, lost) else "inconsistent",
        SUBJECT,
        f"row.{row.variable}.mean.all",
        say(
            "{label}: the mean of everybody, {whole}, is not that of the groups together.",
            label=sheet.label(row.variable),
            whole=term(whole.text),
        ),
        (
            say(
                "{parts} give {value}",
                parts=joined(
                    (say("{one} × {n}", one=term(one.text), n=n) for one, n in pairs), " and "
                ),
                value=value,
            ),
        ),
        ("missing values",),
    )


def _meets(whole: Rounded, parts: list[tuple[Rounded, int, int]]) -> bool:
    """Whether the whole's mean can be the parts', each of a size between the two given."""
    means = []
    for sizes in product(*((fewest, most) for _, fewest, most in parts)):
        total = sum(sizes)
        means.append(sum(one.low * n for (one, _, _), n in zip(parts, sizes, strict=True)) / total)
        means.append(
            sum((one.high or one.low) * n for (one, _, _), n in zip(parts, sizes, strict=True))
            / total
        )
    return whole.high is not None and min(means) <= whole.high and max(means) >= whole.low
