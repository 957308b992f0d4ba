"""Every figure a paper could print, computed from a cohort: of groups, rows and cross tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.papers.paper import Cross, Paper, Row, Variable
from avidity.papers.paper_numbers import OVERALL
from avidity.papers.twin_cohort import TwinCohort, answer_of
from avidity.papers.twin_tests import Tested, means_what, tested_counts, tested_numbers
from avidity.stats.summary import numbers, summarise

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Own:
    """What a cohort gives where a paper prints a figure.

    meant   (by which rule or test, value): those the paper names, or the only one there is
    others  those of tests it does not name
    why     a sentence, where there is none
    """

    meant: tuple[tuple[str, float], ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    why: str = ""


def one(value: float) -> Own:
    """A figure there is only one way to compute."""
    return Own((("", float(value)),))


Figures = Iterator[tuple[str, Own]]


def table_figures(paper: Paper, cohort: TwinCohort) -> Figures:
    """Group sizes, everybody, each variable by group with its tests, and cross tables."""
    for group in paper.groups:
        yield f"group.{group.name}.n", one(len(cohort.members(group.name)))
    yield "flow.included", one(len(cohort.groups))
    for variable in paper.variables:
        if variable.name in cohort.columns:
            row = paper.row(variable.name) or Row(variable=variable.name)
            for path, own in _row(paper, cohort, variable, row):
                yield f"row.{variable.name}.{path}", own
    for cross in paper.crosses:
        if {cross.rows, cross.columns} <= set(cohort.columns):
            for path, own in _cross(paper, cohort, cross):
                yield f"cross.{cross.name}.{path}", own


def _row(paper: Paper, cohort: TwinCohort, variable: Variable, row: Row) -> Figures:
    for group in (*(one.name for one in paper.groups), OVERALL):
        known = cohort.known(variable.name, group)
        yield f"n.{group}", one(len(known))
        yield f"missing.{group}", one(cohort.missing(variable.name, group))
        if variable.kind == "number":
            yield from _of_numbers(np.array(known, dtype=float), group)
        else:
            yield from _of_answers(cohort, variable, row, group)
    found = _tests(paper, cohort, variable)
    kind = paper.methods.numbers if variable.kind == "number" else paper.methods.counts
    yield from _tested(found, row.test or kind)


def _of_numbers(values: Floats, group: str) -> Figures:
    if not len(values):
        return
    by_kind = [summarise(values, quantile_type=kind) for kind in (7, 6)]
    told = by_kind[0]
    for name in ("mean", "sd", "minimum", "maximum"):
        yield f"{name}.{group}", one(getattr(told, name))
    yield f"se.{group}", one(told.sd / told.n**0.5)
    rules = ("quantiles of type 7 (R)", "quantiles of type 6 (SPSS)")
    for name, part in (("median", "median"), ("q1", "lower_quartile"), ("q3", "upper_quartile")):
        both = zip(rules, by_kind, strict=True)
        yield f"{name}.{group}", Own(tuple((rule, getattr(each, part)) for rule, each in both))
    both = zip(rules, by_kind, strict=True)
    widths = tuple((rule, each.upper_quartile - each.lower_quartile) for rule, each in both)
    yield f"iqr.{group}", Own(widths)


def _of_answers(cohort: TwinCohort, variable: Variable, row: Row, group: str) -> Figures:
    known = [answer_of(value) for value in cohort.known(variable.name, group)]
    everybody = [answer_of(value) for value in cohort.known(variable.name, OVERALL)]
    for answer in variable.answers:
        count = known.count(answer)
        yield f"count.{answer}.{group}", one(count)
        whole = {
            "group": len(known),
            "level": everybody.count(answer),
            "everybody": len(everybody),
        }[row.percent_of]
        if whole:
            yield f"percent.{answer}.{group}", one(100 * count / whole)


def _tests(paper: Paper, cohort: TwinCohort, variable: Variable) -> tuple[Tested, ...]:
    groups = [cohort.known(variable.name, group.name) for group in paper.groups]
    if any(not group for group in groups):
        return ()
    if variable.kind == "number":
        return tested_numbers([numbers(np.array(group, dtype=float)) for group in groups])
    told = [[answer_of(value) for value in group] for group in groups]
    table = np.array([[group.count(answer) for answer in variable.answers] for group in told])
    table = table[:, table.sum(axis=0) > 0]
    return tested_counts(table) if table.shape[1] > 1 else ()


def _tested(found: tuple[Tested, ...], name: str) -> Figures:
    """p, statistic and degrees of freedom: of the tests named, and of the others.

    Where none is named every test counts as meant.
    """
    names = means_what(name) or tuple(each.test for each in found)
    for part in ("p", "statistic", "df"):
        values = [(each.test, getattr(each, part)) for each in found]
        there = [(test, float(value)) for test, value in values if value is not None]
        meant = tuple(pair for pair in there if pair[0] in names)
        others = tuple(pair for pair in there if pair[0] not in names)
        why = "" if meant else f"no test called {name!r} is computed here" if found else NO_TEST
        yield part, Own(meant, others, why)


NO_TEST = "these patients allow no test"


def _cross(paper: Paper, cohort: TwinCohort, cross: Cross) -> Figures:
    members = cohort.members(cross.group)
    pairs = [
        (answer_of(cohort.columns[cross.rows][at]), answer_of(cohort.columns[cross.columns][at]))
        for at in members
    ]
    down = paper.variable(cross.rows).answers
    along = paper.variable(cross.columns).answers
    table = np.array([[pairs.count((a, b)) for b in along] for a in down])
    for at, row in enumerate(down):
        for place, column in enumerate(along):
            yield f"count.{row}.{column}", one(table[at, place])
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    found = tested_counts(table) if min(table.shape) > 1 else ()
    for part, own in _tested(found, cross.test or paper.methods.counts):
        if part == "p":
            yield part, own
