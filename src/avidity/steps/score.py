"""The declared model for the bedside: a points score, its risks, and a nomogram.

The score cuts each number at its quartiles, rounded to a readable place and found without the
outcome; everything after that (equation, unit, points, risks) is repeated in every resample.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.nomogram import LevelTerm, NumberAxis, NumberTerm, nomogram
from avidity.stats.nomogram import Nomogram as Scales
from avidity.stats.points.items import ScoreItem, categories
from avidity.stats.points.optimism import ScoreOptimism, score_optimism
from avidity.stats.points.path import ScoreRows, score_path
from avidity.stats.points.risk import RiskRow, ScoreLoss, risk_table, score_loss
from avidity.stats.points.rounding import ItemPoints
from avidity.stats.resampling import bootstrap
from avidity.stats.splines import Spline
from avidity.stats.ticks import ticks
from avidity.steps.design import Design, Floats, design
from avidity.steps.label import Labelled
from avidity.steps.sound import Shrunken, SoundModel
from avidity.steps.variables import Characteristic

RISKS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
DRAWN = 201  # values at which a curved scale is told
STEPS = 8  # labelled marks of a nomogram's scale, at most
MOST_RESAMPLES = 200  # of the making of the points: each tries every score there is
MOST_WORK = 200_000  # patients times resamples; in many patients there is little to correct
FEWEST_RESAMPLES = 20
FINEST = 20  # a limit of the score is rounded to about this part of the middle half's width


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
class PointsScore:
    """The whole points, what they lose, and the risk of each total.

    cuts      by number, where it was cut (at or above)
    constant, unit   log-odds at 0 points and of one point
    optimism  everything repeated in the resamples; None without them or where they failed
    """

    items: tuple[ItemPoints, ...]
    cuts: Mapping[str, tuple[float, ...]]
    unit: float
    constant: float
    method: str
    rows: tuple[RiskRow, ...]
    line: str
    loss: ScoreLoss
    optimism: ScoreOptimism | None
    why_none: str
    n: int
    events: int


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
    model: SoundModel, labelled: Labelled, drawn: Shrunken | None, *, resampled: bool
) -> Score:
    """The declared model as points and as a nomogram.

    drawn      its shrunken coefficients, for the nomogram
    resampled  repeat the making of the points in resamples
    """
    if not model.kept:
        why = "no term is left in the model"
        return Score(None, why, None, why)
    arrays = design(model.kept, labelled, _knots(model))
    points, why_no_points = None, ""
    try:
        points = _points(model, arrays, labelled, resampled=resampled)
    except (AnalysisError, ValueError) as error:
        why_no_points = str(error)
    scales, why_no_nomogram = None, ""
    try:
        scales = _nomogram(model, arrays, labelled, drawn)
    except (AnalysisError, ValueError) as error:
        why_no_nomogram = str(error)
    return Score(points, why_no_points, scales, why_no_nomogram)


def _knots(model: SoundModel) -> dict[str, tuple[float, ...]]:
    return {name: knots for name, knots in model.knots.items() if name in model.kept}


# Points


def _points(
    model: SoundModel, arrays: Design, labelled: Labelled, *, resampled: bool
) -> PointsScore:
    cuts: dict[str, tuple[float, ...]] = {}
    items = []
    for name in model.kept:
        variable = labelled.characteristics[name]
        columns = tuple(term.name for term in arrays.terms if term.variable == name)
        values = arrays.values[name]
        if variable.kind == "number":
            cuts[name] = readable_quartiles(values.astype(float))
            place = categories(values.astype(float), cuts[name])
            labels = _ranges(cuts[name], variable.unit)
        else:
            labels = _levels(variable, arrays)
            known = {label: at for at, label in enumerate(labels)}
            if variable.kind == "yes/no":
                place = values.astype(bool).astype(np.intp)
            else:
                place = np.array([known[value] for value in values], dtype=np.intp)
        items.append(ScoreItem(variable.label, labels, columns, place))
    rows = ScoreRows(arrays.X, arrays.y, model.names, tuple(items))
    walked = score_path(rows)
    level = labelled.study.about.confidence
    table = risk_table(walked.score, walked.total, arrays.y, level)
    optimism, why_none = None, "no resampling was asked for"
    if resampled:
        count, seed = resamples_of(arrays.y.size, labelled), labelled.study.about.seed
        try:
            weights = bootstrap(len(arrays.y), count, seed).weights
            optimism, why_none = score_optimism(rows, weights, table.rows, level), ""
        except AnalysisError as error:
            why_none = str(error)
    return PointsScore(
        items=walked.score.items,
        cuts=cuts,
        unit=walked.score.unit,
        constant=walked.score.constant,
        method=walked.score.method,
        rows=table.rows,
        line=table.method,
        loss=score_loss(walked.score, walked.total, walked.equation_risk, arrays.y),
        optimism=optimism,
        why_none=why_none,
        n=len(arrays.y),
        events=int(arrays.y.sum()),
    )


def resamples_of(n: int, labelled: Labelled) -> int:
    """How often the points are made again, for n patients."""
    bounded = min(MOST_RESAMPLES, max(FEWEST_RESAMPLES, MOST_WORK // n))
    return min(labelled.study.sound.resamples, bounded)


def readable_quartiles(values: Floats) -> tuple[float, ...]:
    """The quartiles, rounded to about a twentieth of their distance; each part has somebody.

    values  shape (n,)
    raises  AnalysisError if no limit leaves somebody on either side

    >>> readable_quartiles(np.arange(20.0, 80.0))
    (34.0, 50.0, 64.0)
    """
    low, middle, high = np.percentile(values, [25, 50, 75])
    width = high - low or float(np.ptp(values)) or 1.0
    power = 10.0 ** floor(log10(width / FINEST))
    step = next(lead * power for lead in (1, 2, 5, 10) if lead * power >= width / FINEST)
    places = -floor(log10(step)) if step < 1 else 0
    limits = sorted({round(round(cut / step) * step, places) for cut in (low, middle, high)})
    held = [cut for cut in limits if values.min() < cut <= values.max()]
    while len(held) > 1 and (np.bincount(categories(values, held)) == 0).any():
        held.pop()
    if not held:
        raise AnalysisError("a number has no limit with patients on either side")
    return tuple(held)


def _ranges(cuts: tuple[float, ...], unit: str) -> tuple[str, ...]:
    tail = f" {unit}" if unit else ""
    inner = [f"{low:g} to < {high:g}{tail}" for low, high in pairwise(cuts)]
    return (f"< {cuts[0]:g}{tail}", *inner, f"≥ {cuts[-1]:g}{tail}")


def _levels(variable: Characteristic, arrays: Design) -> tuple[str, ...]:
    if variable.kind == "yes/no":
        return ("no", "yes")
    own = [term for term in arrays.terms if term.variable == variable.name]
    return (own[0].reference, *(term.level for term in own))


# Nomogram


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
        return LevelTerm(variable.label, _levels(variable, arrays), columns)
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
            made[variable.label] = _levels(variable, arrays)[-1]
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
