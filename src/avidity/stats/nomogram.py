"""A nomogram: a logistic model as scales on paper, read with a ruler and added up in the head.

Every variable gives points, 0 at its least risk; the variable with the widest effect gives up to
100. The points are the log-odds in another unit, so that their sum is the risk, exactly.

source  Banks, Nomograms, in: Encyclopedia of Statistical Sciences 1985;6; Harrell, Regression
        Modeling Strategies, 2nd ed. 2015, section 10.10
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.effect_curve import Expand, straight
from avidity.stats.equation import Equation
from avidity.stats.newton import Floats
from avidity.stats.turns import turns

WIDEST = 100.0  # points


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A number in the model: a straight line, a spline, or any other curve.

    columns    of the model made from it
    low, high  the ends of its scale: usually the range seen in the patients
    expand     values, shape (m,), to the columns, shape (m, len(columns))
    finest     the smallest difference there is: 1 for counts; 0 if it may be any
    """

    name: str
    columns: tuple[str, ...]
    low: float
    high: float
    expand: Expand = straight
    unit: str = ""
    finest: float = 0.0

    def __post_init__(self) -> None:
        if not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            raise ValueError(f"the scale of {self.name} must rise from {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class LevelTerm:
    """A category or a finding in the model.

    columns  of the model; without rows, one for each level but the first, which is the reference
    rows     the values of the columns for each level, where it is not so simple
    """

    name: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...] | None = None

    def __post_init__(self) -> None:
        if len(self.values()) != len(self.labels) or len(self.labels) < 2:
            raise ValueError(f"{self.name} needs one row of values for each of two levels or more")

    def values(self) -> Floats:
        """The columns' values, shape (levels, columns)."""
        if self.rows is not None:
            return np.array(self.rows, dtype=np.float64)
        return np.eye(len(self.columns) + 1)[:, 1:]


@dataclass(frozen=True, slots=True)
class Either:
    """Scales of which each patient reads one: a number whose effect hangs on a finding, say.

    terms  over the same columns, each with the values they have for its patients: for the older
           ones `expand` gives (age, 1, age), for the others (age, 0, 0)
    """

    terms: tuple[NumberTerm | LevelTerm, ...]


Term = NumberTerm | LevelTerm | Either


@dataclass(frozen=True, slots=True)
class Branch:
    """A stretch of a number over which its points only rise, or only fall, or stay."""

    low: float
    high: float
    low_points: float
    high_points: float


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """The scale of a number; where its curve turns, a new branch begins.

    branches  from the lowest value to the highest, each beginning where the last one ends
    reading   values, shape (m,), to points
    group     which sum it belongs to: of the axes of one group a patient reads one
    finest    as in `NumberTerm`
    """

    name: str
    unit: str
    branches: tuple[Branch, ...]
    reading: Callable[[Floats], Floats]
    group: int
    finest: float = 0.0

    def points(self, value: float | str) -> float:
        """Points of a value; AnalysisError outside the scale."""
        low, high = self.branches[0].low, self.branches[-1].high
        number = float(value)
        if not low <= number <= high:
            raise AnalysisError(f"the scale of {self.name} reaches from {low:g} to {high:g}")
        return float(self.reading(np.array([number]))[0])


@dataclass(frozen=True, slots=True)
class LevelAxis:
    """The scale of a category: a place for each level."""

    name: str
    labels: tuple[str, ...]
    level_points: tuple[float, ...]
    group: int

    def points(self, value: float | str) -> float:
        """Points of a level; AnalysisError if there is no such level."""
        if value not in self.labels:
            raise AnalysisError(f"{self.name} is one of {', '.join(self.labels)}")
        return self.level_points[self.labels.index(str(value))]


Axis = NumberAxis | LevelAxis


@dataclass(frozen=True, slots=True)
class Read:
    """One line of a reading: what the patient has, and its points."""

    name: str
    value: float | str
    points: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A patient read off the nomogram.

    total, risk       exact, the risk of the equation
    by_hand           the sum of points each read to the nearest whole one
    risk_by_hand      the risk that goes with it
    """

    rows: tuple[Read, ...]
    total: float
    risk: float
    by_hand: int
    risk_by_hand: float


@dataclass(frozen=True, slots=True)
class Nomogram:
    """The scales, and how a total becomes a risk.

    points_per_logit  points for one unit of log-odds
    base              log-odds at a total of 0
    highest           the highest total there can be
    """

    axes: tuple[Axis, ...]
    points_per_logit: float
    base: float
    highest: float

    def risk(self, total: float) -> float:
        """The risk of a total."""
        return float(expit(self.base + total / self.points_per_logit))

    def total(self, risk: float) -> float:
        """The total of a risk, which may lie beyond the scale; ValueError unless 0 < risk < 1."""
        if not 0 < risk < 1:
            raise ValueError(f"a risk must lie between 0 and 1, got {risk}")
        return (float(logit(risk)) - self.base) * self.points_per_logit

    def axis(self, name: str) -> Axis:
        """The scale of this name; AnalysisError if there is none."""
        for each in self.axes:
            if each.name == name:
                return each
        raise AnalysisError(f"the nomogram has no scale for {name}")

    def read(self, patient: Mapping[str, float | str]) -> Reading:
        """Read a patient: a value for each scale, and for one of those that exclude each other.

        raises  AnalysisError on a value outside its scale, or if one is missing or too many
        """
        axes = [self.axis(name) for name in patient]
        groups = [axis.group for axis in axes]
        needed = {axis.group for axis in self.axes}
        if sorted(groups) != sorted(needed):
            names = [axis.name for axis in self.axes if groups.count(axis.group) != 1]
            raise AnalysisError(f"one value is needed for each scale; see {', '.join(names)}")
        rows = tuple(
            Read(axis.name, patient[axis.name], axis.points(patient[axis.name]))
            for axis in self.axes
            if axis.name in patient
        )
        total = sum(row.points for row in rows)
        by_hand = sum(int(np.floor(row.points + 0.5)) for row in rows)
        return Reading(rows, total, self.risk(total), by_hand, self.risk(by_hand))


def nomogram(model: Equation, terms: Sequence[Term]) -> Nomogram:
    """Lay out a model.

    terms   every column of the model whose coefficient is not 0 must belong to exactly one
    raises  AnalysisError naming a column that is unknown, left out or used twice, or if nothing
            changes the risk; ValueError if two scales have one name
    """
    _check(model, terms)
    groups = [[_curve(model, each) for each in _parts(term)] for term in terms]
    heights = [[height for each in group for height in each.heights] for group in groups]
    spans = [(min(own), max(own)) for own in heights]
    widest = max((high - low for low, high in spans), default=0.0)
    if not widest > 0:
        raise AnalysisError("no variable changes the risk: there is no nomogram to draw")
    scale = WIDEST / widest
    axes = tuple(
        each.axis(low, scale, at)
        for at, (group, (low, _)) in enumerate(zip(groups, spans, strict=True))
        for each in group
    )
    base = float(model.coef[0]) + sum(low for low, _ in spans)
    return Nomogram(axes, scale, base, scale * sum(high - low for low, high in spans))


def _check(model: Equation, terms: Sequence[Term]) -> None:
    parts = [_parts(term) for term in terms]
    if any(each.columns != group[0].columns for group in parts for each in group):
        raise ValueError("scales that exclude each other must share their columns")
    used = [column for group in parts for column in group[0].columns]
    if unknown := sorted(set(used) - set(model.names[1:])):
        raise AnalysisError(f"the model has no column {', '.join(unknown)}")
    wrong = [
        name
        for name, own in zip(model.names[1:], model.coef[1:].tolist(), strict=True)
        if used.count(name) > 1 or (own != 0 and name not in used)
    ]
    if wrong:
        raise AnalysisError(f"each column must belong to one scale: {', '.join(wrong)}")
    names = [each.name for group in parts for each in group]
    if len(set(names)) != len(names):
        raise ValueError("the scales of a nomogram must have different names")


def _parts(term: Term) -> tuple[NumberTerm | LevelTerm, ...]:
    return term.terms if isinstance(term, Either) else (term,)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number's log-odds, and their heights at its ends and turns."""

    term: NumberTerm
    added: Callable[[Floats], Floats]
    places: tuple[float, ...]
    heights: tuple[float, ...]

    def axis(self, low: float, scale: float, group: int) -> NumberAxis:
        points = [(height - low) * scale for height in self.heights]
        ends = pairwise(zip(self.places, points, strict=True))
        branches = tuple(Branch(x0, x1, y0, y1) for (x0, y0), (x1, y1) in ends)

        def reading(values: Floats) -> Floats:
            return (self.added(values) - low) * scale

        term = self.term
        return NumberAxis(term.name, term.unit, branches, reading, group, term.finest)


@dataclass(frozen=True, slots=True)
class _Levels:
    """A category's log-odds, level by level."""

    term: LevelTerm
    heights: tuple[float, ...]

    def axis(self, low: float, scale: float, group: int) -> LevelAxis:
        points = tuple((height - low) * scale for height in self.heights)
        return LevelAxis(self.term.name, self.term.labels, points, group)


def _curve(model: Equation, term: NumberTerm | LevelTerm) -> _Number | _Levels:
    coef = model.coef[[model.names.index(column) for column in term.columns]]
    if isinstance(term, LevelTerm):
        return _Levels(term, tuple((term.values() @ coef).tolist()))
    expand = term.expand

    def added(values: Floats) -> Floats:
        log_odds: Floats = expand(values) @ coef
        return log_odds

    places = (term.low, *turns(added, term.low, term.high), term.high)
    return _Number(term, added, places, tuple(added(np.array(places)).tolist()))
