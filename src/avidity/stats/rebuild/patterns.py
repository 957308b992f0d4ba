"""The covariate patterns of a model, and the linear equations the printed counts give for them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats
from avidity.stats.rebuild.problem import Problem

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Every combination of levels, and what the print says of how many patients have it.

    levels   shape (C, predictors), which level of each predictor
    X        shape (C, p), the design: intercept, then each level that is not a reference
    terms    the p columns' names
    columns  of each column after the intercept: predictor and level
    margins  shape (p,), X'N: the printed totals
    sums     shape (p,), X'y: the printed counts among patients with the outcome
    """

    levels: Whole
    X: Floats
    terms: tuple[str, ...]
    columns: tuple[tuple[int, int], ...]
    margins: Whole
    sums: Whole

    @property
    def n(self) -> int:
        """Patients."""
        return int(self.margins[0])

    @property
    def n_events(self) -> int:
        """Patients with the outcome."""
        return int(self.sums[0])


def patterns(problem: Problem) -> Patterns:
    """The patterns of a problem, in the order of its levels, the last predictor running fastest."""
    sizes = [len(one.levels) for one in problem.predictors]
    levels = np.array(list(product(*(range(size) for size in sizes))), dtype=np.int64)
    columns = tuple(
        (at, level)
        for at, one in enumerate(problem.predictors)
        for level in range(sizes[at])
        if level != one.reference
    )
    X = np.ones((len(levels), 1 + len(columns)))
    for place, (at, level) in enumerate(columns, 1):
        X[:, place] = levels[:, at] == level
    printed = [problem.predictors[at].levels[level] for at, level in columns]
    return Patterns(
        levels=levels,
        X=X,
        terms=("intercept", *(_term(problem, at, level) for at, level in columns)),
        columns=columns,
        margins=np.array([problem.n, *(level.total for level in printed)], dtype=np.int64),
        sums=np.array([problem.yes, *(level.yes for level in printed)], dtype=np.int64),
    )


def _term(problem: Problem, at: int, level: int) -> str:
    one = problem.predictors[at]
    return f"{one.name} = {one.levels[level].name}"


@dataclass(frozen=True, slots=True, eq=False)
class Equations:
    """Printed counts of combinations: left @ N = right."""

    left: Floats
    right: Floats


def of_totals(problem: Problem, made: Patterns) -> Equations:
    """What cross tables and subgroups say of the patterns' totals."""
    rows, right = [], []
    for count in problem.counts:
        total = count.total
        if total is None and count.yes is not None and count.no is not None:
            total = count.yes + count.no
        if total is not None:
            rows.append(_inside(problem, made, count.where))
            right.append(float(total))
    return _equations(rows, right, len(made.X))


def of_events(problem: Problem, made: Patterns) -> Equations:
    """What cross tables and subgroups say of the patterns' patients with the outcome."""
    rows, right = [], []
    for count in problem.counts:
        yes = count.yes
        if yes is None and count.total is not None and count.no is not None:
            yes = count.total - count.no
        if yes is not None:
            rows.append(_inside(problem, made, count.where))
            right.append(float(yes))
    return _equations(rows, right, len(made.X))


def _inside(problem: Problem, made: Patterns, where: tuple[tuple[str, str], ...]) -> Floats:
    inside = np.ones(len(made.X), dtype=bool)
    for name, level in where:
        at = [one.name for one in problem.predictors].index(name)
        names = [one.name for one in problem.predictors[at].levels]
        inside &= made.levels[:, at] == names.index(level)
    return inside.astype(np.float64)


def _equations(rows: list[Floats], right: list[float], cells: int) -> Equations:
    return Equations(np.array(rows).reshape(-1, cells), np.array(right))
