"""What a paper prints of one number, as bands and aims for the search of whole steps.

A derived cut-off counts how many lie on either side; a ROC curve's sensitivity and specificity
count the same at its own cut-off, in whichever reading (≥ or >) agrees with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product
from math import ceil, floor
from statistics import NormalDist

import numpy as np

from avidity.papers.paper import Roc, Variable
from avidity.papers.paper_numbers import OVERALL
from avidity.papers.printed_counts import PrintedCounts
from avidity.papers.twin_models import readings
from avidity.stats.cutpoint import DiagnosticTable, performance
from avidity.stats.twins.values import Band, GroupTarget

FAR = 6  # SDs above the mean beyond which no value is laid

Thresholds = dict[int, dict[str, int]]  # first step at or above → group → how many lie there


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """One number: its step, its bands by group, the reading of each curve's cut-off.

    cuts   curve → the first step called high under the reading taken, None where none agrees
    notes  what was assumed or given up, in sentences
    """

    variable: Variable
    step: Fraction
    groups: tuple[GroupTarget, ...]
    cuts: Mapping[str, int | None]
    notes: tuple[str, ...]


def number_plan(
    known: PrintedCounts, variable: Variable, generator: np.random.Generator
) -> NumberPlan:
    """Bands and beginnings for one number; an end printed for everybody goes to a group drawn."""
    notes: list[str] = []
    step = _step(known, variable, notes)
    at: Thresholds = {}
    for first, counts in _derived_counts(known, variable, step).items():
        trial = {**at, first: counts}
        if _falls(trial, known, variable):
            at = trial
        else:
            notes.append(
                f"{variable.name}: the counts from {float(first * step):g} on contradict those at"
                " other cut-offs or the size of a group, and were left out"
            )
    cuts: dict[str, int | None] = {}
    for curve in (one for one in known.paper.rocs if one.variable == variable.name):
        cuts[curve.key] = _take_cut(known, curve, step, at)
        if curve.cutoff is not None and cuts[curve.key] is None:
            notes.append(
                f"what {curve.key} gives at its cut-off agrees with the printed counts under no"
                " reading of the cut-off; the counts were kept"
            )
    groups = [_target(known, variable, group, step, at) for group in known.groups]
    for end in ("minimum", "maximum"):
        _pin(known, f"row.{variable.name}.{end}", groups, step, generator)
    return NumberPlan(variable, step, tuple(groups), cuts, tuple(notes))


def _pin(
    known: PrintedCounts,
    path: str,
    groups: list[GroupTarget],
    step: Fraction,
    generator: np.random.Generator,
) -> None:
    """Give an end printed for everybody to a group with a patient there; each patient as likely."""
    printed = known.figure(f"{path}.{OVERALL}")
    if printed is None or any(known.figure(f"{path}.{group}") for group in known.groups):
        return
    end = round(printed.value / step)
    room = [sum(b.n for b in group.bands if b.low <= end <= b.high) for group in groups]
    if sum(room):
        shares = np.cumsum(room) / sum(room)
        at = int(np.searchsorted(shares, generator.random(), "right"))
        groups[at] = replace(groups[at], pinned=(*groups[at].pinned, end))


def _step(known: PrintedCounts, variable: Variable, notes: list[str]) -> Fraction:
    if variable.step is not None:
        return variable.step.value
    seen = [
        figure.decimals
        for path, figure in known.figures.items()
        if path.startswith((f"row.{variable.name}.minimum", f"row.{variable.name}.maximum"))
        or path in {f"roc.{one.key}.cutoff" for one in known.paper.rocs}
    ]
    step = Fraction(1, 10 ** max(seen, default=0))
    notes.append(f"{variable.name} was taken to be recorded in steps of {float(step):g}")
    return step


def first_step(comparison: str, cut: Fraction, step: Fraction) -> int:
    """The first step on the high side of a cut-off."""
    steps = cut / step
    return ceil(steps) if comparison in ("at_least", "below") else floor(steps) + 1


def _derived_counts(known: PrintedCounts, variable: Variable, step: Fraction) -> Thresholds:
    at: Thresholds = {}
    for one in known.paper.variables:
        if one.from_ != variable.name or one.cut is None:
            continue
        comparison, cut = one.cut
        high = "yes" if comparison in ("at_least", "above") else "no"
        counts = {group: known.count(one, high, group) for group in known.groups}
        place = at.setdefault(first_step(comparison, cut.value, step), {})
        place.update({group: n for group, n in counts.items() if n is not None})
    return at


def _take_cut(known: PrintedCounts, curve: Roc, step: Fraction, at: Thresholds) -> int | None:
    """Add a curve's counts at its cut-off under the first reading that agrees with the others."""
    event, paper = known.paper.event, known.paper
    if curve.cutoff is None or event is None or len(paper.groups) != 2:
        return None
    control = next(name for name in known.groups if name != event.name)
    variable = paper.variable(curve.variable)
    sizes = known.asked(variable, event.name), known.asked(variable, control)
    for reading in readings(curve):
        first = first_step(reading, curve.cutoff.value, step)
        fixed = at.get(first, {})
        for tp, fp in _tables(curve, sizes):
            high = (tp, fp) if curve.positive == "high" else (sizes[0] - tp, sizes[1] - fp)
            place = dict(zip((event.name, control), high, strict=True))
            trial = {**at, first: place}
            agrees = all(fixed.get(group, n) == n for group, n in place.items())
            if agrees and _falls(trial, known, variable):
                at[first] = place
                return first
    return None


def _tables(curve: Roc, sizes: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Every number of positive cases and controls that prints as the curve's figures do."""
    names = ("sensitivity", "specificity", "ppv", "npv", "accuracy")
    printed = {name: getattr(curve, name) for name in names if getattr(curve, name) is not None}
    scale = 100 if curve.scale == "percent" else 1
    if "sensitivity" not in printed or "specificity" not in printed:
        return
    cases, controls = sizes
    if not cases or not controls:
        return
    for tp, fp in product(range(cases + 1), range(controls + 1)):
        own = tp / cases, 1 - fp / controls
        pair = printed["sensitivity"], printed["specificity"]
        if all(one.holds(scale * value) for one, value in zip(pair, own, strict=True)):
            found = performance(DiagnosticTable(tp, fp, cases - tp, controls - fp))
            values = {name: getattr(found, name) for name in printed}
            if all(
                value is not None and printed[name].holds(scale * value.estimate)
                for name, value in values.items()
            ):
                yield tp, fp


def _falls(at: Thresholds, known: PrintedCounts, variable: Variable) -> bool:
    """Whether no higher threshold has more patients above it than a lower one."""
    for group in known.groups:
        counts = [at[first][group] for first in sorted(at) if group in at[first]]
        line = [known.asked(variable, group), *counts, 0]
        if any(one < two for one, two in pairwise(line)):
            return False
    return True


def _target(
    known: PrintedCounts, variable: Variable, group: str, step: Fraction, at: Thresholds
) -> GroupTarget:
    low, high = _ends(known, variable, group, step)
    firsts = [first for first in sorted(at) if group in at[first] and low < first <= high]
    left = known.asked(variable, group)
    bands, foot = [], low
    for first in firsts:
        above = at[first][group]
        bands.append(Band(left - above, foot, first - 1))
        left, foot = above, first
    bands.append(Band(left, foot, high))
    pinned = []
    for end in ("minimum", "maximum"):
        printed = known.figure(f"row.{variable.name}.{end}.{group}")
        if printed is not None:
            pinned.append(round(printed.value / step))
    start = _start(known, variable, group, step, (low, high))
    mean, n = known.figure(f"row.{variable.name}.mean.{group}"), known.asked(variable, group)
    total = None
    if mean is not None and mean.high is not None:
        total = ceil(mean.low * n / step), floor(mean.high * n / step)
    sound = total if total and total[0] <= total[1] else None
    return GroupTarget(tuple(bands), tuple(pinned), start, sound)


def _ends(known: PrintedCounts, variable: Variable, group: str, step: Fraction) -> tuple[int, int]:
    """The smallest and largest step a value may have: printed, or far out.

    A measured thing (one with a unit) is at least one step where its centre is above 0, a count 0.
    """

    def printed(name: str) -> int | None:
        paths = (f"row.{variable.name}.{name}.{one}" for one in (group, OVERALL))
        found = next((one for path in paths if (one := known.figure(path))), None)
        return None if found is None else round(found.value / step)

    low, high = printed("minimum"), printed("maximum")
    centre, spread = _shape(known, variable, group)
    if low is None:
        least = 1 if variable.unit else 0
        low = least if centre >= 0 else floor((centre - FAR * spread) / float(step))
    if high is None:
        high = ceil((centre + FAR * spread) / float(step))
    return low, max(low, high)


def _shape(known: PrintedCounts, variable: Variable, group: str) -> tuple[float, float]:
    """A centre and a spread, from whatever is printed of the group."""

    def value(name: str) -> float | None:
        found = known.figure(f"row.{variable.name}.{name}.{group}")
        found = found or known.figure(f"row.{variable.name}.{name}.{OVERALL}")
        return None if found is None else float(found.value)

    centre = next((one for name in ("mean", "median") if (one := value(name)) is not None), None)
    spread, q1, q3 = value("sd"), value("q1"), value("q3")
    if spread is None and q1 is not None and q3 is not None:
        spread = (q3 - q1) / 1.35
    cuts = [float(one.cutoff.value) for one in known.paper.rocs if one.cutoff is not None]
    if centre is None:
        own = [float(one.cut[1].value) for one in known.paper.variables if one.cut]
        centre = (own or cuts or [50.0])[0]
    return centre, spread if spread is not None else abs(centre) / 3 or 1.0


def _start(
    known: PrintedCounts,
    variable: Variable,
    group: str,
    step: Fraction,
    ends: tuple[int, int],
) -> tuple[tuple[float, float], ...]:
    """Share → step: through the printed quartiles, or as a curve with this mean and SD."""
    names = {"q1": 0.25, "median": 0.5, "q3": 0.75}
    printed = {
        share: known.figure(f"row.{variable.name}.{name}.{group}") for name, share in names.items()
    }
    line = {share: float(one.value / step) for share, one in printed.items() if one is not None}
    if len(line) < 3:
        centre, spread = _shape(known, variable, group)
        line = dict(_curve(centre / float(step), spread / float(step)))
    tail = 2.2 * (line[0.75] - line[0.5]) + line[0.75]
    line = {0.0: float(ends[0]), **line, 0.98: min(max(tail, line[0.75]), ends[1])}
    line[1.0] = float(min(max(2 * tail - line[0.75], line[0.98]), ends[1]))
    return tuple(sorted(line.items()))


def _curve(mean: float, sd: float) -> Iterator[tuple[float, float]]:
    """Quantiles of a curve with this mean and SD; skewed where a normal one would end below 0."""
    skewed = mean > 0 and mean - 2 * sd < 0
    width = float(np.sqrt(np.log1p((sd / mean) ** 2))) if skewed else sd
    middle = float(np.log(mean) - width**2 / 2) if skewed else mean
    curve = NormalDist(middle, max(width, 1e-9))
    for share in (0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9):
        value = curve.inv_cdf(share)
        yield share, float(np.exp(value)) if skewed else value
