"""The complete cases of some variables as a design matrix, and who is not among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import polars as pl

from avidity.errors import AnalysisError
from avidity.said import say
from avidity.stats.splines import Spline, default_knots
from avidity.steps.label import OUTCOME, Labelled
from avidity.steps.variables import APPLIES, Characteristic

Floats = npt.NDArray[np.float64]
Knots = int | tuple[float, ...]
NO_KNOTS: Mapping[str, Knots] = MappingProxyType({})
INTERCEPT = "intercept"
WIDE = 100.0  # standard deviation in units from which one unit is too small a step


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a model: a number, a yes/no, or one level against the reference.

    per    the step of a number its odds ratio is for, in the number's unit; 1 for the others
    knots  of the restricted cubic spline this is a column of; empty for all others
    """

    name: str
    variable: str
    label: str
    level: str
    reference: str
    per: float = 1.0
    knots: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Design:
    """Complete cases as arrays, and who is not among them."""

    terms: tuple[Term, ...]
    X: Floats
    y: Floats
    values: Mapping[str, npt.NDArray[np.object_]]
    left: Mapping[str, int]
    not_asked: int


@dataclass(frozen=True, slots=True)
class CompleteRows:
    """The patients every one of some variables is known of, and who is not among them."""

    rows: pl.DataFrame
    left: Mapping[str, int]
    not_asked: int


def complete_rows(names: Sequence[str], labelled: Labelled) -> CompleteRows:
    """Those asked and answered in all these variables; the first one missing counts."""
    rows, not_asked = labelled.patients, 0
    for name in names:
        if labelled.characteristics[name].among:
            asked = rows.filter(pl.col(APPLIES.format(name)).fill_null(value=True))
            not_asked += rows.height - asked.height
            rows = asked
    left = {}
    for name in names:
        known = rows.drop_nulls(name)
        left[name] = rows.height - known.height
        rows = known
    return CompleteRows(rows, left, not_asked)


def design(
    names: Sequence[str], labelled: Labelled, knots: Mapping[str, Knots] = NO_KNOTS
) -> Design:
    """The design matrix (intercept first) of the complete cases of these variables.

    knots   numbers that enter as restricted cubic splines: how many knots, or where they stand

    raises  AnalysisError when nobody or only one group is left, or a variable never varies
    """
    complete = complete_rows(names, labelled)
    rows = complete.rows
    y = rows[OUTCOME].to_numpy().astype(float)
    if not 0 < y.sum() < len(y):
        raise AnalysisError(
            say(
                "both groups need complete records of {names}; there are {n} with the outcome and"
                " {n2} without",
                names=", ".join(names),
                n=int(y.sum()),
                n2=int(len(y) - y.sum()),
            )
        )
    terms, columns = [], [np.ones(len(y))]
    for name in names:
        variable = labelled.characteristics[name]
        pairs = (
            _curve(variable, rows[name], knots[name])
            if name in knots
            else _columns(variable, rows[name], labelled.study.model.per.get(name))
        )
        for term, column in pairs:
            if np.ptp(column) == 0:
                raise AnalysisError(
                    say(
                        "{label} is the same in all {n} complete records",
                        label=term.label,
                        n=len(y),
                    )
                )
            terms.append(term)
            columns.append(column)
    values = {name: np.array(rows[name].to_list(), dtype=object) for name in names}
    return Design(
        tuple(terms), np.column_stack(columns), y, values, complete.left, complete.not_asked
    )


def _curve(variable: Characteristic, values: pl.Series, knots: Knots) -> list[tuple[Term, Floats]]:
    """The columns of a restricted cubic spline; the first is the number itself."""
    numbers = values.to_numpy().astype(float)
    spline = Spline(default_knots(numbers, knots) if isinstance(knots, int) else knots)
    basis = spline.basis(numbers)
    label = f"{variable.label}, spline with {len(spline.knots)} knots"
    return [
        (Term(name, variable.name, f"{label}, part {at + 1}", "", "", 1.0, spline.knots), column)
        for at, (name, column) in enumerate(zip(spline.names(variable.name), basis.T, strict=True))
    ]


def _columns(
    variable: Characteristic, values: pl.Series, per: float | None
) -> list[tuple[Term, Floats]]:
    if variable.kind == "number":
        numbers = values.to_numpy().astype(float)
        step = per or default_step(numbers)
        unit = variable.unit or ("unit" if step == 1 else "units")
        one = unit.removesuffix("s") if unit in ("years", "months", "days") else unit
        told = f"per {one}" if step == 1 else f"per {step:,g} {unit}"
        term = Term(variable.name, variable.name, f"{variable.label}, {told}", "", "", step)
        return [(term, numbers / step)]
    if variable.kind == "yes/no":
        term = Term(variable.name, variable.name, variable.label, "yes", "no")
        return [(term, values.to_numpy().astype(float))]
    seen = [level for level in variable.levels if (values == level).any()]
    reference = variable.reference if variable.reference in seen else seen[0]
    others = [level for level in seen if level != reference]
    return [
        (
            Term(
                f"{variable.name}={level}",
                variable.name,
                f"{variable.label}: {level}",
                level,
                reference,
            ),
            (values == level).to_numpy().astype(float),
        )
        for level in others
    ]


def default_step(numbers: Floats) -> float:
    """One unit; a power of ten below the standard deviation once that exceeds 100 units.

    An odds ratio of 1.0002 per MBq tells nobody anything.
    """
    spread = float(np.std(numbers))
    return 10.0 ** floor(log10(spread)) if spread >= WIDE else 1.0
