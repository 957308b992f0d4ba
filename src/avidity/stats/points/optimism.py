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
from scipy.special import logit

from avidity.errors import AnalysisError
from avidity.stats.interval import Interval, error_rate
from avidity.stats.newton import Floats
from avidity.stats.points.line import lines
from avidity.stats.points.path import ScorePath, ScoreRows, score_path
from avidity.stats.points.risk import RiskRow, shrunken

FLATTEST = 0.01  # a calibration slope below this leaves no risk to tell


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
    drawn = np.asarray(weights, dtype=np.float64)
    paths, used, failed = _walked(rows, drawn)
    if not paths:
        raise AnalysisError("no resample gave a score; there are too few patients")
    risk = np.array([path.risk for path in paths])
    equation = np.array([path.equation_risk for path in paths])
    slope, intercept = _calibration(whole.risk, risk, rows.y)
    flat = shrunken(whole.line, max(slope.corrected, FLATTEST), whole.total, rows.y)
    spread = _spread(risk, whole, table, level)
    return ScoreOptimism(
        auc=_corrected(_auc, whole.risk, risk, drawn[used], rows.y),
        brier=_corrected(_brier, whole.risk, risk, drawn[used], rows.y),
        slope=slope,
        intercept=intercept,
        equation_auc=_corrected(_auc, whole.equation_risk, equation, drawn[used], rows.y),
        equation_brier=_corrected(_brier, whole.equation_risk, equation, drawn[used], rows.y),
        rows=tuple(
            CorrectedRow(row, float(flat.risk(row.total)), interval)
            for row, interval in zip(table, spread, strict=True)
        ),
        wobble=_wobble(whole, paths),
        same=sum(path.score.items == whole.score.items for path in paths) / len(paths),
        resamples=len(drawn),
        failed=tuple(sorted(failed.items())),
        method=f"bootstrap of the whole path, {len(paths)} of {len(drawn)} resamples used",
    )


def _walked(rows: ScoreRows, drawn: Floats) -> tuple[list[ScorePath], list[int], Counter[str]]:
    """The paths of the resamples that gave a score, which those were, and why others did not."""
    paths, used, failed = list[ScorePath](), list[int](), Counter[str]()
    for at, weights in enumerate(drawn):
        cases = weights @ rows.y
        if not 0 < cases < weights.sum():
            failed["one outcome absent"] += 1
            continue
        try:
            paths.append(score_path(rows, weights))
        except AnalysisError:
            failed["a term cannot be estimated: it does not vary, or follows from others"] += 1
        else:
            used.append(at)
    return paths, used, failed


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
    """Share of pairs of a case and a control in the right order, a tie counting half."""
    values, place = np.unique(risk, return_inverse=True)
    cases = np.bincount(place, weights=weights * y, minlength=len(values))
    controls = np.bincount(place, weights=weights * (1 - y), minlength=len(values))
    below = np.cumsum(controls) - controls / 2
    return float(cases @ below / (cases.sum() * controls.sum()))


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


def _wobble(whole: ScorePath, paths: Sequence[ScorePath]) -> tuple[LevelWobble, ...]:
    found = []
    for at, item in enumerate(whole.score.items):
        for level, label in enumerate(item.labels):
            seen = Counter(path.score.items[at].points[level] for path in paths)
            points = item.points[level]
            found.append(LevelWobble(item.name, label, points, tuple(sorted(seen.items()))))
    return tuple(found)
