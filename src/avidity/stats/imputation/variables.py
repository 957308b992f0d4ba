"""What is to be imputed, from what, and in which order: the plan of chained equations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats, locked
from avidity.stats.scores import outcome_of

Kind = Literal["number", "yes/no", "category"]
Bools = npt.NDArray[np.bool_]

DONORS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """One column with its gaps; made by `number`, `yes_no` or `category`.

    values     shape (n,), nan where not measured; yes/no 1 and 0; a category the place of its
               level, from 0
    levels     of a category, or empty
    low, high  shape (n,), ends that are known of a value outside the assay's reach ("<0.1" has
               high 0.1); nan where none is
    log        whether the number is modelled by its logarithm
    """

    name: str
    kind: Kind
    values: Floats
    levels: tuple[str, ...]
    low: Floats
    high: Floats
    log: bool

    @property
    def bounded(self) -> Bools:
        """Patients of whom an end is known, and not the value."""
        ends: Bools = np.isfinite(self.low) | np.isfinite(self.high)
        return ends

    @property
    def missing(self) -> Bools:
        """Patients of whom nothing is known."""
        nothing: Bools = np.isnan(self.values) & ~self.bounded
        return nothing

    @property
    def measured(self) -> Bools:
        """Patients with a value."""
        there: Bools = ~np.isnan(self.values)
        return there

    @property
    def to_impute(self) -> int:
        """Patients whose value has to be drawn, the bounded ones among them."""
        return int((~self.measured).sum())


def number(
    name: str,
    values: npt.ArrayLike,
    *,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
    log: bool = False,
) -> Variable:
    """A number: imputed by predictive mean matching, kept inside its ends where they are known.

    values     shape (n,), nan where not measured
    low, high  shape (n,), the known ends of values outside the assay's reach, nan elsewhere
    log        model the logarithm: for laboratory values, which are positive and skewed
    raises     ValueError on wrong shapes, on ends beside a measured value or in the wrong order,
               or if a logarithm is asked of what is not positive
    """
    given = _column(name, values)
    lower, upper = (_ends(given, end) for end in (low, high))
    if (np.isfinite(given) & (np.isfinite(lower) | np.isfinite(upper))).any():
        raise ValueError(f"{name}: a measured value has no ends; give one or the other")
    if (lower >= upper).any():
        raise ValueError(f"{name}: the low end must lie below the high end")
    if log and ((given <= 0).any() or (lower < 0).any() or (upper <= 0).any()):
        raise ValueError(f"{name}: a logarithm needs positive values")
    return Variable(name, "number", given, (), lower, upper, log)


def yes_no(name: str, values: npt.ArrayLike) -> Variable:
    """Yes (1) or no (0): imputed by logistic regression; nan where missing.

    raises  ValueError on any other value
    """
    given = _column(name, values)
    if not np.isin(given[~np.isnan(given)], (0, 1)).all():
        raise ValueError(f"{name} must hold 1, 0 and nan alone")
    return _plain(name, "yes/no", given, ())


def category(name: str, values: npt.ArrayLike, levels: Sequence[str]) -> Variable:
    """One of several levels: imputed by polytomous logistic regression.

    values  shape (n,), the place of the level among levels, from 0; nan where missing
    raises  ValueError on a place that has no level
    """
    given = _column(name, values)
    if not np.isin(given[~np.isnan(given)], range(len(levels))).all():
        raise ValueError(f"{name} must hold whole numbers from 0 to {len(levels) - 1} and nan")
    return _plain(name, "category", given, tuple(levels))


def _plain(name: str, kind: Kind, values: Floats, levels: tuple[str, ...]) -> Variable:
    none = locked(np.full(len(values), np.nan))
    return Variable(name, kind, values, levels, none, none, log=False)


def _column(name: str, values: npt.ArrayLike) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1:
        raise ValueError(f"{name} must have shape (n,), got {given.shape}")
    if np.isinf(given).any():
        raise ValueError(f"{name} holds an infinite value")
    return locked(given)


def _ends(values: Floats, ends: npt.ArrayLike | None) -> Floats:
    given = np.full(len(values), np.nan) if ends is None else np.asarray(ends, dtype=np.float64)
    if given.shape != values.shape:
        raise ValueError(f"ends must have the shape of the values, {values.shape}")
    return locked(given)


Compute = Callable[[Mapping[str, Floats]], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A variable that follows from others (a cut-off, any of several): computed, never drawn.

    compute  takes the completed sources by name, each of shape (sets, n), and gives that shape
    """

    name: str
    sources: tuple[str, ...]
    compute: Compute


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The checked plan; made by `plan`.

    order       the variables that are visited, in this order
    predictors  by visited variable, the names it is imputed from, beside the outcome
    """

    variables: tuple[Variable, ...]
    outcome: Floats
    derived: tuple[Derived, ...]
    order: tuple[str, ...]
    predictors: Mapping[str, tuple[str, ...]]
    donors: int = DONORS
    _by_name: Mapping[str, Variable] = field(default_factory=dict, repr=False)

    @property
    def n(self) -> int:
        """Patients."""
        return len(self.outcome)

    def variable(self, name: str) -> Variable:
        """The variable of this name."""
        return self._by_name[name]


def plan(
    variables: Sequence[Variable],
    outcome: npt.ArrayLike,
    *,
    derived: Sequence[Derived] = (),
    order: Sequence[str] | None = None,
    predictors: Mapping[str, Sequence[str]] | None = None,
    donors: int = DONORS,
) -> Plan:
    """What chained equations are to do.

    variables   all that are to be imputed or to be imputed from; those without gaps too
    outcome     shape (n,), 0 or 1, decided for everybody: it is never imputed, and always among
                the predictors, since leaving it out would wash out what is looked for
    derived     computed again whenever a source changes; a predictor only where asked for
    order       in which the incomplete variables are visited; by increasing number of gaps
                unless given
    predictors  by incomplete variable, the variables and derived ones it is imputed from; all
                other variables unless given
    donors      from how many nearest patients a number is taken
    raises      ValueError on unknown or repeated names, different lengths, or a derived variable
                that would predict its own source; AnalysisError if a variable has no value at
                all, or one outcome is absent
    """
    names = [each.name for each in variables] + [each.name for each in derived]
    if len(set(names)) != len(names):
        raise ValueError("every variable and derived variable needs a name of its own")
    if not variables or donors < 1:
        raise ValueError("a plan needs a variable, and at least one donor")
    case = outcome_of(outcome, len(variables[0].values))
    _check_values(variables, len(case))
    _check_sources(variables, derived)
    visited = _order(variables, order)
    return Plan(
        variables=tuple(variables),
        outcome=locked(case),
        derived=tuple(derived),
        order=visited,
        predictors=MappingProxyType(_predictors(variables, derived, visited, predictors or {})),
        donors=donors,
        _by_name=MappingProxyType({each.name: each for each in variables}),
    )


def _check_values(variables: Sequence[Variable], n: int) -> None:
    for each in variables:
        if len(each.values) != n:
            raise ValueError(f"{each.name} has {len(each.values)} values for {n} patients")
        if not each.measured.any():
            raise AnalysisError(f"{each.name} has no value in any patient; leave it out")


def _check_sources(variables: Sequence[Variable], derived: Sequence[Derived]) -> None:
    known = {each.name for each in variables}
    for each in derived:
        if not set(each.sources) <= known:
            raise ValueError(f"{each.name} follows from unknown variables; known: {sorted(known)}")


def _order(variables: Sequence[Variable], order: Sequence[str] | None) -> tuple[str, ...]:
    gaps = {each.name: each.to_impute for each in variables if each.to_impute}
    if order is None:
        return tuple(sorted(gaps, key=lambda name: gaps[name]))
    if set(order) != set(gaps) or len(order) != len(gaps):
        raise ValueError(f"the order must name each incomplete variable once: {', '.join(gaps)}")
    return tuple(order)


def _predictors(
    variables: Sequence[Variable],
    derived: Sequence[Derived],
    visited: tuple[str, ...],
    asked: Mapping[str, Sequence[str]],
) -> dict[str, tuple[str, ...]]:
    names = [each.name for each in variables]
    sources = {each.name: each.sources for each in derived}
    if not set(asked) <= set(visited):
        raise ValueError("predictors are given for a variable that has nothing to impute")
    chosen = {}
    for target in visited:
        wanted = tuple(asked.get(target, [name for name in names if name != target]))
        if target in wanted or not set(wanted) <= {*names, *sources}:
            raise ValueError(f"{target} must be imputed from other known variables")
        if own := [name for name in wanted if target in sources.get(name, ())]:
            raise ValueError(f"{own[0]} follows from {target} and cannot predict it")
        chosen[target] = wanted
    return chosen
