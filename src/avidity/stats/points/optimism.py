"""A points score corrected for having been found in the patients it is judged in.

Everything that led to the score is repeated in every resample and tested on all patients: the
mean difference is the optimism.

source  Harrell, Lee & Mark, Stat Med 1996;15:361-387; Efron, J Am Stat Assoc 1983;78:316-331
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.batched.auc import weighted_auc
from avidity.stats.batched.design import batch
from avidity.stats.batched.models import Rule, fit_models
from avidity.stats.batched.newton import State
from avidity.stats.equation import Equation
from avidity.stats.interval import Interval, error_rate
from avidity.stats.newton import Floats
from avidity.stats.points.line import lines
from avidity.stats.points.path import ScorePath, ScoreRows, points_of, score_path
from avidity.stats.points.risk import RiskRow, risk_line, shrunken
from avidity.stats.points.rounding import PointsScore

FLATTEST = 0.01  # a calibration slope below this leaves no risk to tell
WHY = {
    State.ONE_OUTCOME: "one outcome absent",
    State.DEPENDENT: "a term does not vary, or follows from others",
}
NO_POINTS = "no score could be made"


@dataclass(frozen=True, slots=True)
class Corrected:
    """One measure of the score: as it looks, by how much that flatters, and what is left."""

    apparent: float
    optimism: float
    corrected: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "corrected", self.apparent - self.optimism)


@dataclass(frozen=True, slots=True)
class LevelWobble:
    """The points one level got over the resamples: how often each number of points."""

    item: str
    label: str
    points: int
    seen: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """The risk of one total, corrected, with the spread of the whole path.

    apparent  the row as fitted
    risk      by the line flattened to the corrected calibration slope
    interval  percentiles, over the resamples, of the risk that the score found there gives to the
              patients who have this total; None where nobody has it
    """

    apparent: RiskRow
    risk: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ScoreOptimism:
    """The score as found in all patients, corrected for having been found in them.

    auc, brier, slope, intercept   of the score's risks; slope and intercept of calibration, the
                                   intercept at that slope
    equation_auc, equation_brier   the same for the equation behind it
    rows       the risk of each total, corrected
    wobble     the points of each level over the resamples
    same       share of resamples that gave exactly the same points
    failed     why resamples gave no score, with counts; they are left out of the rest
    """

    auc: Corrected
    brier: Corrected
    slope: Corrected
    intercept: Corrected
    equation_auc: Corrected
    equation_brier: Corrected
    rows: tuple[CorrectedRow, ...]
    wobble: tuple[LevelWobble, ...]
    same: float
    resamples: int
    failed: tuple[tuple[str, int], ...]
    method: str


def score_optimism(
    rows: ScoreRows, weights: npt.ArrayLike, table: Sequence[RiskRow], level: float = 0.95
) -> ScoreOptimism:
    """Repeat the whole path in every resample, and test what it gives on all patients.

    weights  shape (R, n), whole numbers: how often each resample drew each patient
    table    the rows of `risk_table` for the score of all patients
    raises   as `score_path` for all patients; AnalysisError if no resample gave a score
    """
    whole = score_path(rows)
    found = _walked(rows, np.asarray(weights, dtype=np.float64))
    if not found.scores:
        raise AnalysisError("no resample gave a score; there are too few patients")
    own = (found.weights, rows.y)
    slope, intercept = _calibration(whole.risk, found.risk, rows.y)
    flat = shrunken(whole.line, max(slope.corrected, FLATTEST), whole.total, rows.y)
    spread = _spread(found.risk, whole, table, level)
    used, resamples = len(found.scores), len(np.asarray(weights))
    return ScoreOptimism(
        auc=_corrected(_auc, whole.risk, found.risk, *own),
        brier=_corrected(_brier, whole.risk, found.risk, *own),
        slope=slope,
        intercept=intercept,
        equation_auc=_corrected(_auc, whole.equation_risk, found.equation_risk, *own),
        equation_brier=_corrected(_brier, whole.equation_risk, found.equation_risk, *own),
        rows=tuple(
            CorrectedRow(row, float(flat.risk(row.total)), interval)
            for row, interval in zip(table, spread, strict=True)
        ),
        wobble=_wobble(whole.score, found.scores),
        same=sum(score.items == whole.score.items for score in found.scores) / used,
        resamples=resamples,
        failed=tuple(sorted(found.failed.items())),
        method=f"bootstrap of the whole path, {used} of {resamples} resamples used",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The resamples that gave a score, one row or entry each, and why the others did not."""

    weights: Floats
    risk: Floats
    equation_risk: Floats
    scores: list[PointsScore]
    failed: Counter[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Equation:
    names: tuple[str, ...]
    coef: Floats


def _walked(rows: ScoreRows, drawn: Floats) -> _Found:
    """`score_path` for every resample: the equations and the risks at once, the points singly.

    The few resamples in which the outcome is separated take the path alone.
    """
    models = fit_models(batch(rows.X, drawn.T, (drawn * rows.y).T), Rule())
    scores: list[PointsScore] = []
    used, failed = list[int](), Counter[str]()
    for at, state in enumerate(models.state.tolist()):
        if state in WHY:
            failed[WHY[state]] += 1
            continue
        try:
            model: Equation = _Equation(rows.names, models.coef[:, at])
            if models.by_firth[at] or not models.usable[at]:
                model = score_path(rows, drawn[at]).model
            scores.append(points_of(rows, model, drawn[at]))
        except AnalysisError:
            failed[NO_POINTS] += 1
            continue
        used.append(at)
        models.coef[:, at] = model.coef
    totals = np.array([score.total(rows.items) for score in scores], dtype=np.float64)
    line = rows.X @ models.coef[:, used]
    risk = _risks(totals.reshape(drawn[used].shape), rows.y, drawn[used])
    return _Found(drawn[used], risk, expit(line).T, scores, failed)


def _risks(totals: Floats, y: Floats, weights: Floats) -> Floats:
    """The risk of every patient by each resample's own line on its total."""
    found = lines(totals, y, weights)
    slope, intercept = np.nan_to_num(np.array([found.slope, found.intercept]), posinf=0, neginf=0)
    risk: Floats = expit(intercept[:, np.newaxis] + slope[:, np.newaxis] * totals)
    for at in np.flatnonzero(found.separates):
        risk[at] = risk_line(totals[at], y, weights[at]).risk(totals[at])
    return risk


Measure = Callable[[Floats, Floats, Floats], float]  # of risks, outcome and weights, each (n,)


def _corrected(
    measure: Measure, whole: Floats, found: Floats, weights: Floats, y: Floats
) -> Corrected:
    ones = np.ones(len(y))
    gains = [
        measure(risk, y, own) - measure(risk, y, ones)
        for risk, own in zip(found, weights, strict=True)
    ]
    return Corrected(measure(whole, y, ones), float(np.mean(gains)))


def _auc(risk: Floats, y: Floats, weights: Floats) -> float:
    return float(weighted_auc(risk[np.newaxis], weights * y, weights * (1 - y))[0])


def _brier(risk: Floats, y: Floats, weights: Floats) -> float:
    return float(weights @ (risk - y) ** 2 / weights.sum())


def _calibration(whole: Floats, found: Floats, y: Floats) -> tuple[Corrected, Corrected]:
    """Slope and intercept; where a score was found they are 1 and 0, since its risks are fitted.

    A score that separates all patients has no slope there, and is left out of the mean.
    """
    edge = np.finfo(np.float64).eps
    ones = np.ones(len(y))
    own = lines(logit(np.clip(whole[np.newaxis], edge, 1 - edge)), y, ones)
    tested = lines(logit(np.clip(found, edge, 1 - edge)), y, ones)
    fine = ~tested.separates
    slope = float(tested.slope[fine].mean()) if fine.any() else 1.0
    intercept = float(tested.intercept[fine].mean()) if fine.any() else 0.0
    return (
        Corrected(float(own.slope[0]), 1 - slope),
        Corrected(float(own.intercept[0]), -intercept),
    )


def _spread(
    risk: Floats, whole: ScorePath, table: Sequence[RiskRow], level: float
) -> list[Interval | None]:
    """Percentiles over the resamples, for each total that a patient has."""
    half = error_rate(level) / 2
    found: list[Interval | None] = []
    for row in table:
        members = whole.total == row.total
        if not members.any():
            found.append(None)
            continue
        low, high = np.quantile(risk[:, members].mean(axis=1), [half, 1 - half])
        words = "percentiles of the whole path over resamples"
        found.append(Interval(float(low), float(high), level, words))
    return found


def _wobble(whole: PointsScore, scores: Sequence[PointsScore]) -> tuple[LevelWobble, ...]:
    found = []
    for at, item in enumerate(whole.items):
        for level, label in enumerate(item.labels):
            seen = Counter(score.items[at].points[level] for score in scores)
            points = item.points[level]
            found.append(LevelWobble(item.name, label, points, tuple(sorted(seen.items()))))
    return tuple(found)
