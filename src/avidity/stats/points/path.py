"""A points score, all the way from the patients to the risk of each total.

One call is one walk, with weights for the patients: so a resample walks the very same way, from
the equation over what stands for each level, the unit and the rounding to the risk of a total.
Cut-offs given beforehand stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from avidity.stats.equation import Equation
from avidity.stats.firth import FirthFit, fit_firth, flic
from avidity.stats.logistic import LogisticFit, fit
from avidity.stats.newton import Floats
from avidity.stats.points.items import ScoreItem, check_items, level_log_odds
from avidity.stats.points.risk import RiskLine, risk_line
from avidity.stats.points.rounding import Patients, PointsScore, Rounding, Whole, round_points
from avidity.stats.separation import SeparatedError


@dataclass(frozen=True, slots=True, eq=False)
class ScoreRows:
    """What a score is made from; it holds the patients, and no result does.

    X      shape (n, p), the model's columns with the intercept, a column of ones, first
    y      shape (n,), 0 or 1
    items  every column of the model in exactly one of them
    """

    X: Floats
    y: Floats
    names: tuple[str, ...]
    items: tuple[ScoreItem, ...]
    how: Rounding = field(default_factory=Rounding)

    def __post_init__(self) -> None:
        check_items(self.items, self.names, len(self.y))


@dataclass(frozen=True, slots=True, eq=False)
class ScorePath:
    """Where the way led.

    model           the equation: maximum likelihood, or Firth's with corrected intercept where
                    the outcome is separated
    total           shape (n,), of every patient in the rows, whatever his weight
    equation_risk, risk  shape (n,), by the equation and by the score
    """

    model: LogisticFit | FirthFit
    score: PointsScore
    line: RiskLine
    total: Whole
    equation_risk: Floats
    risk: Floats


def score_path(rows: ScoreRows, weights: npt.ArrayLike | None = None) -> ScorePath:
    """Equation, levels, unit, points and risks, from the patients as weighted.

    weights  shape (n,), whole numbers: how often a resample drew each; None counts each once
    raises   AnalysisError if one outcome is absent, a column does not vary or follows from others,
             or no variable changes the risk
    """
    weight = np.ones(len(rows.y)) if weights is None else np.asarray(weights, dtype=np.float64)
    try:
        model: LogisticFit | FirthFit = fit(rows.X, rows.y, rows.names, weight)
    except SeparatedError:
        firth = fit_firth(rows.X, rows.y, rows.names, weight)
        model = flic(rows.X, rows.y, firth, weight)
    score = points_of(rows, model, weight)
    total = score.total(rows.items)
    line = risk_line(total, rows.y, weight)
    return ScorePath(
        model=model,
        score=score,
        line=line,
        total=total,
        equation_risk=model.risk(rows.X),
        risk=line.risk(total),
    )


def points_of(rows: ScoreRows, model: Equation, weights: Floats) -> PointsScore:
    """The points a model gives, from the patients as weighted; raises as `round_points`."""
    odds = level_log_odds(model, rows.X, rows.items, weights)
    judged = Patients(rows.X @ model.coef, rows.y, weights)
    return round_points(odds, rows.items, judged, rows.how)
