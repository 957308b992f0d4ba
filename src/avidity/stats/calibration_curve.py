"""How often the event came at each predicted risk: a curve, its band, and its distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from avidity.stats.calibration import risks_of
from avidity.stats.loess import loess, lowess
from avidity.stats.logistic import fit
from avidity.stats.newton import Floats, locked
from avidity.stats.normal import z_of
from avidity.stats.splines import Spline, default_knots

POINTS = 101


@dataclass(frozen=True, slots=True)
class CalibrationErrors:
    """Distances between the curve and the predicted risk, over the patients.

    ici       the mean (integrated calibration index; Harrell's Eavg)
    e50, e90  quantiles (type 7); e_max the largest
    """

    ici: float
    e50: float
    e90: float
    e_max: float


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationCurve:
    """The share of cases at each predicted risk, on an even grid over the risks seen.

    risk, observed  shape (m,)
    low, high       the interval of each point by itself; None where the method has none
    errors          over the patients, not over the grid
    """

    risk: Floats
    observed: Floats
    low: Floats | None
    high: Floats | None
    errors: CalibrationErrors
    level: float | None
    n: int
    method: str


def errors_of(risk: Floats, curve: Floats) -> CalibrationErrors:
    """The distances of a curve's values at the patients from the patients' risks, shape (n,)."""
    away = np.abs(curve - risk)
    e50, e90 = np.quantile(away, [0.5, 0.9]).tolist()
    return CalibrationErrors(float(away.mean()), e50, e90, float(away.max()))


def loess_curve(
    risk: npt.ArrayLike, outcome: npt.ArrayLike, span: float = 0.75, points: int = POINTS
) -> CalibrationCurve:
    """Local quadratic regression of the outcome on the risk, as Austin and Steyerberg.

    risk     shape (n,), inside 0 and 1
    outcome  shape (n,), 0 or 1
    raises   AnalysisError where too many risks are equal for a local quadratic, or a risk is
             exactly 0 or 1; ValueError on wrong shapes
    source   Austin & Steyerberg, Stat Med 2019;38:4051-4065; R's loess with its defaults
    """
    p, case = risks_of(risk, outcome)
    smooth = loess(p, case.astype(np.float64), span)
    grid = np.linspace(smooth.low, smooth.high, points)
    return CalibrationCurve(
        risk=locked(grid),
        observed=locked(np.clip(smooth.at(grid), 0, 1)),
        low=None,
        high=None,
        errors=errors_of(p, smooth.at(p)),
        level=None,
        n=len(p),
        method=f"loess, degree 2, span {span:g}, as R's defaults; drawn inside 0 and 1",
    )


def lowess_curve(
    risk: npt.ArrayLike, outcome: npt.ArrayLike, span: float = 2 / 3, points: int = POINTS
) -> CalibrationCurve:
    """Locally weighted straight lines, as rms' val.prob; arguments and errors as `loess_curve`."""
    p, case = risks_of(risk, outcome)
    rising, smooth = lowess(p, case.astype(np.float64), span)
    grid = np.linspace(rising[0], rising[-1], points)
    return CalibrationCurve(
        risk=locked(grid),
        observed=locked(np.clip(np.interp(grid, rising, smooth), 0, 1)),
        low=None,
        high=None,
        errors=errors_of(p, np.interp(p, rising, smooth)),
        level=None,
        n=len(p),
        method=f"lowess without robustness steps, span {span:.2g}, as R; drawn inside 0 and 1",
    )


def spline_curve(
    risk: npt.ArrayLike,
    outcome: npt.ArrayLike,
    knots: Sequence[float] | int = 3,
    level: float = 0.95,
    points: int = POINTS,
) -> CalibrationCurve:
    """Logistic regression of the outcome on a restricted cubic spline of the predicted log odds.

    knots    how many of `default_knots`, or their places on the log-odds scale
    raises   SeparatedError, or AnalysisError with too few different risks for the knots, or on
             a risk of exactly 0 or 1; ValueError on wrong shapes
    source   Harrell, Regression Modeling Strategies, 2nd ed. 2015; Van Calster and others,
             J Clin Epidemiol 2016;74:167-176

    The band is Wald's on the log-odds scale, each point by itself.
    """
    p, case = risks_of(risk, outcome)
    line = logit(p)
    places = default_knots(line, knots) if isinstance(knots, int) else knots
    spline = Spline(tuple(float(place) for place in places))
    X = _columns(spline, line)
    fitted = fit(X, case, ("intercept", *spline.names("log odds")))
    grid = np.linspace(p.min(), p.max(), points)
    at = _columns(spline, logit(grid))
    centre = at @ fitted.coef
    half = z_of(level) * np.sqrt(((at @ fitted.covariance) * at).sum(axis=1))
    return CalibrationCurve(
        risk=locked(grid),
        observed=locked(expit(centre)),
        low=locked(expit(centre - half)),
        high=locked(expit(centre + half)),
        errors=errors_of(p, fitted.risk(X)),
        level=level,
        n=len(p),
        method=(
            f"logistic regression on a restricted cubic spline of the log odds with"
            f" {len(spline.knots)} knots; pointwise Wald band"
        ),
    )


def _columns(spline: Spline, line: Floats) -> Floats:
    return np.column_stack([np.ones(len(line)), spline.basis(line)])
