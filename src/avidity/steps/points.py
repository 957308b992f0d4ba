"""The declared model as a points score: begun early, so that its resampling has time.

The score cuts each number at its quartiles, rounded to a readable place and found without the
outcome; everything after that (equation, unit, points, risks) is repeated in every resample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import floor, log10

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.points.items import ScoreItem, categories
from avidity.stats.points.optimism import ScoreOptimism, score_optimism
from avidity.stats.points.path import ScorePath, ScoreRows, score_path
from avidity.stats.points.risk import RiskRow, RiskTable, ScoreLoss, risk_table, score_loss
from avidity.stats.points.rounding import ItemPoints
from avidity.stats.resampling import bootstrap
from avidity.steps.design import Design, Floats, design
from avidity.steps.label import Labelled
from avidity.steps.sound import SoundModel
from avidity.steps.variables import Characteristic

MOST_RESAMPLES = 200  # of the making of the points: each tries every score there is
MOST_WORK = 200_000  # patients times resamples; in many patients there is little to correct
FEWEST_RESAMPLES = 20
FINEST = 20  # a limit of the score is rounded to about this part of the middle half's width


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


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """A score of all patients whose resampling is under way, or still to be done."""

    rows: ScoreRows
    cuts: Mapping[str, tuple[float, ...]]
    walked: ScorePath
    table: RiskTable
    resampling: Callable[[], ScoreOptimism] | None


def begin_points(
    model: SoundModel, labelled: Labelled, *, resampled: bool, hand: Executor | None = None
) -> Begun | str:
    """Make the score in all patients and start its resamples; why not, where there is none.

    hand  a second process that resamples meanwhile; None: it is done when the score is finished
    """
    if not model.kept:
        return "no term is left in the model"
    arrays = design(model.kept, labelled, knots_of(model))
    try:
        rows, cuts = _rows(model, arrays, labelled)
        walked = score_path(rows)
        level = labelled.study.about.confidence
        table = risk_table(walked.score, walked.total, arrays.y, level)
    except (AnalysisError, ValueError) as error:
        return str(error)
    if not resampled:
        return Begun(rows, cuts, walked, table, None)
    count = resamples_of(arrays.y.size, labelled)
    weights = bootstrap(len(arrays.y), count, labelled.study.about.seed).weights
    work = partial(score_optimism, rows, weights, table.rows, level)
    return Begun(rows, cuts, walked, table, _started(work, hand))


def _started(
    work: Callable[[], ScoreOptimism], hand: Executor | None
) -> Callable[[], ScoreOptimism]:
    if hand is None:
        return work
    future = hand.submit(work)

    def waited() -> ScoreOptimism:
        try:
            return future.result()
        except BrokenExecutor:  # the other process died: then it is done here
            return work()

    return waited


def finish_points(begun: Begun) -> PointsScore:
    """The score with its optimism."""
    optimism, why_none = None, "no resampling was asked for"
    if begun.resampling:
        try:
            optimism, why_none = begun.resampling(), ""
        except AnalysisError as error:
            why_none = str(error)
    walked, y = begun.walked, begun.rows.y
    return PointsScore(
        items=walked.score.items,
        cuts=begun.cuts,
        unit=walked.score.unit,
        constant=walked.score.constant,
        method=walked.score.method,
        rows=begun.table.rows,
        line=begun.table.method,
        loss=score_loss(walked.score, walked.total, walked.equation_risk, y),
        optimism=optimism,
        why_none=why_none,
        n=len(y),
        events=int(y.sum()),
    )


def knots_of(model: SoundModel) -> dict[str, tuple[float, ...]]:
    """The knots of the terms that are left."""
    return {name: knots for name, knots in model.knots.items() if name in model.kept}


def _rows(
    model: SoundModel, arrays: Design, labelled: Labelled
) -> tuple[ScoreRows, dict[str, tuple[float, ...]]]:
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
            labels = levels_of(variable, arrays)
            known = {label: at for at, label in enumerate(labels)}
            if variable.kind == "yes/no":
                place = values.astype(bool).astype(np.intp)
            else:
                place = np.array([known[value] for value in values], dtype=np.intp)
        items.append(ScoreItem(variable.label, labels, columns, place))
    return ScoreRows(arrays.X, arrays.y, model.names, tuple(items)), cuts


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


def levels_of(variable: Characteristic, arrays: Design) -> tuple[str, ...]:
    """The levels of a yes/no or a category, the reference first."""
    if variable.kind == "yes/no":
        return ("no", "yes")
    own = [term for term in arrays.terms if term.variable == variable.name]
    return (own[0].reference, *(term.level for term in own))
