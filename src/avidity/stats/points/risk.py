"""What a total means: the risk of each total, and what the whole points lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from avidity.stats.estimate import Estimate
from avidity.stats.firth import fit_firth, flic
from avidity.stats.goodness_of_fit import brier
from avidity.stats.interval import Interval
from avidity.stats.logistic import fit
from avidity.stats.newton import Floats, locked
from avidity.stats.normal import z_of
from avidity.stats.points.rounding import PointsScore
from avidity.stats.roc_comparison import compare_paired
from avidity.stats.root import crossing
from avidity.stats.scores import outcome_of
from avidity.stats.separation import SeparatedError

NAMES = ("intercept", "points")


@dataclass(frozen=True, slots=True, eq=False)
class RiskLine:
    """log-odds = intercept + slope * total, fitted to the patients.

    coef        shape (2,), intercept and slope
    covariance  shape (2, 2)
    method      the estimator in words
    """

    coef: Floats
    covariance: Floats
    method: str

    def risk(self, totals: npt.ArrayLike) -> Floats:
        """The risk of each total."""
        risk: Floats = expit(self.coef[0] + self.coef[1] * np.asarray(totals, dtype=np.float64))
        return risk

    def interval(self, total: float, level: float = 0.95) -> Interval:
        """Wald's interval of the log-odds at this total, as risks."""
        row = np.array([1.0, total])
        centre = float(row @ self.coef)
        half = z_of(level) * float(row @ self.covariance @ row) ** 0.5
        low, high = float(expit(centre - half)), float(expit(centre + half))
        return Interval(low, high, level, "Wald, of the log-odds at this total")


def risk_line(totals: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike | None) -> RiskLine:
    """The outcome on the total: by maximum likelihood, or by Firth where the total separates.

    totals   shape (n,)
    y        shape (n,), 0 or 1
    weights  shape (n,), whole numbers; None counts everybody once
    raises   AnalysisError if one outcome is absent or all have the same total
    """
    total = np.asarray(totals, dtype=np.float64)
    X = np.column_stack([np.ones(len(total)), total])
    try:
        fitted = fit(X, y, NAMES, weights)
    except SeparatedError:
        corrected = flic(X, y, fit_firth(X, y, NAMES, weights), weights)
        return RiskLine(corrected.coef, corrected.covariance, corrected.method)
    return RiskLine(fitted.coef, fitted.covariance, "maximum likelihood")


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One total: who has it, and the risk that goes with it."""

    total: int
    n: int
    n_events: int
    risk: float
    interval: Interval


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """The risk of every total that can occur, whether or not a patient had it."""

    rows: tuple[RiskRow, ...]
    line: RiskLine
    n: int
    method: str


def risk_table(
    score: PointsScore, totals: npt.ArrayLike, y: npt.ArrayLike, level: float = 0.95
) -> RiskTable:
    """Points to risk, by a logistic model of the outcome on the total.

    totals  shape (n,), the patients' totals
    y       shape (n,), 0 or 1
    raises  as `risk_line`
    """
    own = np.asarray(totals)
    case = outcome_of(y, len(own))
    line = risk_line(own, case, None)
    rows = tuple(
        RiskRow(
            total=total,
            n=int((own == total).sum()),
            n_events=int((case & (own == total)).sum()),
            risk=float(line.risk(total)),
            interval=line.interval(total, level),
        )
        for total in score.possible()
    )
    method = f"logistic regression of the outcome on the total, {line.method}"
    return RiskTable(rows, line, len(own), method)


@dataclass(frozen=True, slots=True)
class ScoreLoss:
    """What the whole points lost against the equation, in the patients both were made from.

    auc_difference      score less equation, with DeLong's paired interval
    calibration_slope   of the outcome on constant + unit * total: 1 where rounding kept the scale
    calibration_intercept  at that slope
    mean_gap, largest_gap  distance of the score's risk from the equation's, over the patients
    within              share of patients for whom the two risks differ by at most 0.05, and 0.10
    """

    auc_equation: float
    auc_score: float
    auc_difference: Estimate
    brier_equation: float
    brier_score: float
    calibration_slope: float
    calibration_intercept: float
    mean_gap: float
    largest_gap: float
    within: tuple[float, float]
    n: int


def score_loss(
    score: PointsScore, totals: npt.ArrayLike, equation_risk: npt.ArrayLike, y: npt.ArrayLike
) -> ScoreLoss:
    """Compare the score's risks (as `risk_line` gives them) with the equation's.

    totals, equation_risk  shape (n,)
    raises                 as `risk_line`, and `compare_paired`
    """
    total, equation = np.asarray(totals), np.asarray(equation_risk, dtype=np.float64)
    line = risk_line(total, y, None)
    risk = line.risk(total)
    compared = compare_paired(total, equation, y)
    gap = np.abs(risk - equation)
    slope = float(line.coef[1]) / score.unit
    return ScoreLoss(
        auc_equation=compared.auc_second,
        auc_score=compared.auc_first,
        auc_difference=Estimate(
            compared.difference, compared.interval(), len(total), compared.method
        ),
        brier_equation=brier(equation, y),
        brier_score=brier(risk, y),
        calibration_slope=slope,
        calibration_intercept=float(line.coef[0]) - slope * score.constant,
        mean_gap=float(gap.mean()),
        largest_gap=float(gap.max()),
        within=(float((gap <= 0.05).mean()), float((gap <= 0.10).mean())),
        n=len(total),
    )


def shrunken(line: RiskLine, shrinkage: float, totals: npt.ArrayLike, y: npt.ArrayLike) -> RiskLine:
    """The same line made flatter, its mean risk still the share of cases.

    shrinkage  the calibration slope to expect in new patients, above 0; taken as known by the
               covariance
    totals, y  shape (n,), the patients the line was fitted to
    """
    total = np.asarray(totals, dtype=np.float64)
    case = outcome_of(y, len(total))
    slope = shrinkage * float(line.coef[1])
    # Where everybody's risk is too low, and where it is too high.
    reach = float(np.abs(slope * total).max()) + abs(float(logit(case.mean()))) + 1
    intercept = crossing(
        lambda own: float(expit(own + slope * total).mean() - case.mean()), -reach, reach
    )
    turn = np.array([[1.0, (1 - shrinkage) * total.mean()], [0.0, shrinkage]])
    method = f"{line.method}, shrunken by {shrinkage:.3g}"
    return RiskLine(locked([intercept, slope]), locked(turn @ line.covariance @ turn.T), method)
