"""What a number does to the odds or the risk, over its whole range, with pointwise intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats, locked
from avidity.stats.normal import z_of
from avidity.stats.selection import Estimates

Expand = Callable[[npt.ArrayLike], Floats]


@dataclass(frozen=True, slots=True)
class Term:
    """How one number stands in the model.

    columns  the model's columns made from it, in order
    expand   values, shape (m,), to those columns, shape (m, len(columns)): `straight`,
             `Spline.basis`, `step_at(54)`
    """

    columns: tuple[str, ...]
    expand: Expand


def straight(x: npt.ArrayLike) -> Floats:
    """The number itself as its one column."""
    return np.asarray(x, dtype=np.float64).reshape(-1, 1)


def step_at(cut: float, *, lower_means_case: bool = False) -> Expand:
    """One column: 1 from the cut-off on (`>=`), else 0; with lower_means_case 1 up to it (`<=`)."""

    def expand(x: npt.ArrayLike) -> Floats:
        values = straight(x)
        beyond = values <= cut if lower_means_case else values >= cut
        return beyond.astype(np.float64)

    return expand


@dataclass(frozen=True, slots=True, eq=False)
class EffectCurve:
    """An effect over a number, point by point.

    x          shape (m,), where it was asked, in the number's unit
    estimate   shape (m,); low, high: the ends of the interval of each point by itself. The
               whole curve lies inside its band less often than the level says
    reference  where the effect is none by definition; None for a risk
    scale      "odds ratio", "log odds ratio" or "risk"
    """

    x: Floats
    estimate: Floats
    low: Floats
    high: Floats
    reference: float | None
    scale: str
    level: float
    method: str


def log_odds_ratio_curve(
    model: Estimates, term: Term, x: npt.ArrayLike, reference: float, level: float = 0.95
) -> EffectCurve:
    """Log odds at x less log odds at the reference, everything else equal.

    x          shape (m,)
    reference  a value of the number; there the curve and its band pass through 0
    raises     AnalysisError if the model lacks a column; ValueError where x or reference is
               not finite

    The intercept cancels; the variance is that of the difference, c'Vc for the difference c of
    the columns.
    """
    place = _places(model, term)
    values = _finite(np.append(_flat(x), reference))
    columns = term.expand(values)
    contrast = columns[:-1] - columns[-1]
    estimate = contrast @ model.coef[place]
    half = z_of(level) * _std_error(contrast, model.covariance[np.ix_(place, place)])
    return EffectCurve(
        x=locked(values[:-1]),
        estimate=locked(estimate),
        low=locked(estimate - half),
        high=locked(estimate + half),
        reference=float(reference),
        scale="log odds ratio",
        level=level,
        method=f"against the reference {reference:g}; Wald intervals, each point by itself",
    )


def odds_ratio_curve(
    model: Estimates, term: Term, x: npt.ArrayLike, reference: float, level: float = 0.95
) -> EffectCurve:
    """Odds at x over odds at the reference, everything else equal; as `log_odds_ratio_curve`."""
    log = log_odds_ratio_curve(model, term, x, reference, level)
    return EffectCurve(
        x=log.x,
        estimate=locked(np.exp(log.estimate)),
        low=locked(np.exp(log.low)),
        high=locked(np.exp(log.high)),
        reference=log.reference,
        scale="odds ratio",
        level=level,
        method=log.method,
    )


def risk_curve(
    model: Estimates,
    term: Term,
    x: npt.ArrayLike,
    others: Mapping[str, float],
    level: float = 0.95,
) -> EffectCurve:
    """The risk at x of a patient whose other columns are given.

    others  a value for every column outside the term; the intercept's is 1
    raises  AnalysisError if a column is missing from, or unknown to, model, term and others

    The interval is Wald's on the log-odds scale, carried to the risk.
    """
    place = _places(model, term)
    rest = [name for name in model.names if name not in term.columns]
    if set(others) != set(rest):
        raise AnalysisError(
            f"a risk needs a value for each of {', '.join(rest)}; got {', '.join(others)}"
        )
    values = _finite(_flat(x))
    rows = np.empty((len(values), len(model.names)))
    for column, name in enumerate(model.names):
        if name in others:
            rows[:, column] = others[name]
    rows[:, place] = term.expand(values)
    line = rows @ model.coef
    half = z_of(level) * _std_error(rows, model.covariance)
    return EffectCurve(
        x=locked(values),
        estimate=locked(expit(line)),
        low=locked(expit(line - half)),
        high=locked(expit(line + half)),
        reference=None,
        scale="risk",
        level=level,
        method="risk, other columns fixed; Wald intervals on the log-odds scale, each by itself",
    )


def _places(model: Estimates, term: Term) -> list[int]:
    if absent := [name for name in term.columns if name not in model.names]:
        raise AnalysisError(f"the model has no column {', '.join(absent)}")
    return [model.names.index(name) for name in term.columns]


def _flat(x: npt.ArrayLike) -> Floats:
    values = np.asarray(x, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"x must have one dimension, got {values.ndim}")
    return values


def _finite(values: Floats) -> Floats:
    if not np.isfinite(values).all():
        raise ValueError("an effect can be drawn at finite values alone")
    return values


def _std_error(rows: Floats, covariance: Floats) -> Floats:
    variance = ((rows @ covariance) * rows).sum(axis=1)
    error: Floats = np.sqrt(np.maximum(variance, 0.0))
    return error
