"""The aims of one number: every printed figure of it that bands alone do not carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from avidity.papers.paper import Paper, Roc, Row
from avidity.papers.paper_numbers import OVERALL
from avidity.papers.printed_counts import PrintedCounts
from avidity.papers.twin_models import criterion
from avidity.papers.twin_numbers import NumberPlan
from avidity.papers.twin_tests import means_what
from avidity.stats.twins.aims import (
    Column,
    Sides,
    area_interval_aim,
    auc_aim,
    best_cut_aim,
    end_aim,
    mean_aim,
    p_aim,
    pooled_p,
    quantiles_aim,
    rank_p,
    sd_aim,
    welch_p,
)
from avidity.stats.twins.values import Aim, Whole

QUARTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}
ENDS = {"minimum": False, "maximum": True}
Test = Callable[[Whole, Whole], float]
FAST_TESTS: dict[str, Test] = {
    "pooled t": pooled_p,
    "welch t": welch_p,
    "mann-whitney": rank_p,
}


@dataclass(frozen=True, slots=True)
class Aims:
    """What the numbers of a plan must carry.

    first  means, SDs, quartiles, ends, areas under the curve
    then   what follows from patients rather than describes them, and is given up first where a
           paper contradicts itself: p values, the area's interval, the best cut-off
    """

    first: tuple[Aim, ...]
    then: tuple[Aim, ...]


def number_aims(known: PrintedCounts, plan: NumberPlan) -> Aims:
    """Every aim of one number."""
    name, groups = plan.variable.name, known.groups
    columns = {group: Column((at,), float(plan.step)) for at, group in enumerate(groups)}
    columns[OVERALL] = Column(tuple(range(len(groups))), float(plan.step))
    aims = list(_moments(known, name, columns))
    for group, column in columns.items():
        for part, top in ENDS.items():
            if end := known.figure(f"row.{name}.{part}.{group}"):
                aims.append(end_aim(column, end, top=top))
    quartiles = tuple(
        (column, found)
        for group, column in columns.items()
        if (
            found := tuple(
                (share, printed)
                for part, share in QUARTILES.items()
                if (printed := known.figure(f"row.{name}.{part}.{group}"))
            )
        )
    )
    if quartiles:
        aims.append(quantiles_aim(quartiles))
    then: list[Aim] = []
    if len(groups) == 2:
        then += _tested(known, name, columns)
        for curve, sides in _sides(known, plan, columns):
            if curve.auc is not None:
                aims.append(auc_aim(sides, curve.auc))
            then += _on_curve(known, plan, curve, sides)
    return Aims(tuple(aims), tuple(then))


def _moments(known: PrintedCounts, name: str, columns: dict[str, Column]) -> Iterator[Aim]:
    for group, column in columns.items():
        if mean := known.figure(f"row.{name}.mean.{group}"):
            yield mean_aim(column, mean)
        if sd := known.figure(f"row.{name}.sd.{group}"):
            yield sd_aim(column, sd)


def _tested(known: PrintedCounts, name: str, columns: dict[str, Column]) -> Iterator[Aim]:
    printed = known.figure(f"row.{name}.p")
    if printed is None:
        return
    first, second = (columns[group] for group in known.groups)
    row = known.paper.row(name) or Row(variable=name)
    yield p_aim(first, second, printed, _tests(known.paper, row))


def _tests(paper: Paper, row: Row) -> tuple[Test, ...]:
    """The tests to build for: those named; where t and rank tests are, those the row suits."""
    named: str = row.test or paper.methods.numbers
    meant = [test for test in means_what(named) or tuple(FAST_TESTS) if test in FAST_TESTS]
    suited = ("mann-whitney",) if row.median else ("pooled t", "welch t")
    chosen = [test for test in meant if test in suited] or meant or list(FAST_TESTS)
    return tuple(FAST_TESTS[test] for test in chosen)


def _sides(
    known: PrintedCounts, plan: NumberPlan, columns: dict[str, Column]
) -> Iterator[tuple[Roc, Sides]]:
    event = known.paper.event
    if event is None:
        return
    control = next(name for name in known.groups if name != event.name)
    for curve in known.paper.rocs:
        if curve.variable == plan.variable.name:
            lower = curve.positive == "low"
            yield curve, Sides(columns[event.name], columns[control], lower)


def _on_curve(known: PrintedCounts, plan: NumberPlan, curve: Roc, sides: Sides) -> Iterator[Aim]:
    if curve.low is not None or curve.high is not None:
        level = float(curve.confidence.value) / 100 if curve.confidence else 0.95
        yield area_interval_aim(sides, curve.low, curve.high, level)
    first = plan.cuts.get(curve.key)
    if first is not None and known.paper.methods.cutoffs == "found in these data":
        yield best_cut_aim(sides, _turned(curve, first), criterion(known.paper))


def _turned(curve: Roc, first: int) -> int:
    """The first step called positive, turned as `Sides` turns the numbers."""
    return first if curve.positive == "high" else -(first - 1)
