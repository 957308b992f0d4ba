"""The declared model for the bedside: a points score, its risks, and a nomogram."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.nomogram import LevelTerm, NumberAxis, NumberTerm, nomogram
from avidity.stats.nomogram import Nomogram as Scales
from avidity.stats.splines import Spline
from avidity.stats.ticks import ticks
from avidity.steps.design import Design, Floats, design
from avidity.steps.label import Labelled
from avidity.steps.points import Begun, PointsScore, finish_points, knots_of, levels_of
from avidity.steps.sound import Shrunken, SoundModel
from avidity.steps.variables import Characteristic

RISKS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
DRAWN = 201  # values at which a curved scale is told
STEPS = 8  # labelled marks of a nomogram's scale, at most


@dataclass(frozen=True, slots=True)
class Mark:
    """One labelled place of a scale: a value or a level, and its points."""

    label: str
    points: float


@dataclass(frozen=True, slots=True)
class Scale:
    """One variable of the nomogram.

    branches  of a number, where its curve turns: lowest and highest value, and their points
    marks     rising values, or the levels
    curve     values and their points, close enough to draw a number's scale; two for a straight
              line, empty for levels
    """

    variable: str
    label: str
    unit: str
    branches: tuple[tuple[float, float, float, float], ...]
    marks: tuple[Mark, ...]
    curve: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Worked:
    """A made patient read off by hand: value and points of each scale, exact and rounded."""

    values: tuple[tuple[str, str, float], ...]
    total: float
    risk: float
    by_hand: int
    risk_by_hand: float


@dataclass(frozen=True, slots=True)
class Nomogram:
    """The declared model as scales.

    equation  which coefficients: "shrunken" where a factor exists, else "as fitted"
    risks     risk and the total that goes with it, within the scale
    """

    equation: str
    scales: tuple[Scale, ...]
    points_per_logit: float
    base: float
    highest: float
    risks: tuple[tuple[float, float], ...]
    worked: Worked


@dataclass(frozen=True, slots=True)
class Score:
    """Both; each None with the reason in its ``why``."""

    points: PointsScore | None
    why_no_points: str
    nomogram: Nomogram | None
    why_no_nomogram: str


@dataclass(frozen=True, slots=True, eq=False)
class _Equation:
    names: tuple[str, ...]
    coef: Floats


def score(
    model: SoundModel, labelled: Labelled, drawn: Shrunken | None, begun: Begun | str
) -> Score:
    """The declared model as points and as a nomogram.

    drawn  its shrunken coefficients, for the nomogram
    begun  what `begin_points` gave
    """
    if not model.kept:
        why = "no term is left in the model"
        return Score(None, why, None, why)
    arrays = design(model.kept, labelled, knots_of(model))
    points, why_no_points = (None, begun) if isinstance(begun, str) else (finish_points(begun), "")
    scales, why_no_nomogram = None, ""
    try:
        scales = _nomogram(model, arrays, labelled, drawn)
    except (AnalysisError, ValueError) as error:
        why_no_nomogram = str(error)
    return Score(points, why_no_points, scales, why_no_nomogram)


def _nomogram(
    model: SoundModel, arrays: Design, labelled: Labelled, drawn: Shrunken | None
) -> Nomogram:
    coefficients = drawn.coefficients if drawn else model.coefficients
    equation = f"shrunken by {drawn.factor:.3f} ({drawn.method})" if drawn else "as fitted"
    terms = [_term(name, arrays, labelled, model) for name in model.kept]
    laid = nomogram(_Equation(model.names, np.array(coefficients)), terms)
    scales = tuple(
        _scale(name, laid, labelled.characteristics[name], term)
        for name, term in zip(model.kept, terms, strict=True)
    )
    risks = tuple((risk, laid.total(risk)) for risk in RISKS)
    return Nomogram(
        equation,
        scales,
        laid.points_per_logit,
        laid.base,
        laid.highest,
        tuple((risk, total) for risk, total in risks if 0 <= total <= laid.highest),
        _worked(model.kept, laid, arrays, labelled),
    )


def _term(
    name: str, arrays: Design, labelled: Labelled, model: SoundModel
) -> NumberTerm | LevelTerm:
    variable = labelled.characteristics[name]
    own = [term for term in arrays.terms if term.variable == name]
    columns = tuple(term.name for term in own)
    if variable.kind != "number":
        return LevelTerm(variable.label, levels_of(variable, arrays), columns)
    low, high = _round_range(arrays.values[name].astype(float))
    if name in model.knots:
        basis = Spline(model.knots[name]).basis
        return NumberTerm(variable.label, columns, low, high, basis, variable.unit)
    step = own[0].per

    def straight(values: npt.ArrayLike) -> Floats:
        scaled: Floats = np.asarray(values, dtype=np.float64)[:, np.newaxis] / step
        return scaled

    return NumberTerm(variable.label, columns, low, high, straight, variable.unit)


def _round_range(values: Floats) -> tuple[float, float]:
    """Round numbers around all values, so that no patient's own value is an end."""
    low, high = float(values.min()), float(values.max())
    steps = [tick.value for tick in ticks(low, high, STEPS) if tick.rank == 0]
    step = steps[1] - steps[0] if len(steps) > 1 else high - low
    return floor(low / step) * step, ceil(high / step) * step


def _scale(
    name: str, laid: Scales, variable: Characteristic, term: NumberTerm | LevelTerm
) -> Scale:
    axis = laid.axis(variable.label)
    if isinstance(axis, NumberAxis) and isinstance(term, NumberTerm):
        values = [tick.value for tick in ticks(term.low, term.high, STEPS) if tick.rank == 0]
        marks = tuple(Mark(f"{value:g}", axis.points(value)) for value in values)
        branches = tuple((b.low, b.high, b.low_points, b.high_points) for b in axis.branches)
        many = 2 if len(term.columns) == 1 else DRAWN
        places = np.linspace(term.low, term.high, many).tolist()
        curve = tuple((place, axis.points(place)) for place in places)
        return Scale(name, variable.label, variable.unit, branches, marks, curve)
    labels = term.labels if isinstance(term, LevelTerm) else ()
    return Scale(name, variable.label, "", (), tuple(Mark(one, axis.points(one)) for one in labels))


def _worked(kept: tuple[str, ...], laid: Scales, arrays: Design, labelled: Labelled) -> Worked:
    """A patient nobody is: each number at its rounded median, each category at its last level."""
    made: dict[str, float | str] = {}
    units = {}
    for name in kept:
        variable = labelled.characteristics[name]
        units[variable.label] = variable.unit
        if variable.kind == "number":
            low, high = _round_range(arrays.values[name].astype(float))
            middle = float(np.median(arrays.values[name].astype(float)))
            places = [tick.value for tick in ticks(low, high, STEPS) if tick.rank == 0]
            made[variable.label] = min(places, key=lambda place: abs(place - middle))
        else:
            made[variable.label] = levels_of(variable, arrays)[-1]
    read = laid.read(made)
    values = tuple(
        (
            one.name,
            f"{one.value:g} {units[one.name]}".strip()
            if isinstance(one.value, float)
            else str(one.value),
            one.points,
        )
        for one in read.rows
    )
    return Worked(values, read.total, read.risk, read.by_hand, read.risk_by_hand)
