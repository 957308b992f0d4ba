"""The printed figures as limits on a model: which coefficients and errors would print so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, log
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from avidity.stats.newton import Floats
from avidity.stats.normal import z_of
from avidity.stats.rebuild.patterns import Patterns
from avidity.stats.rebuild.problem import Effect, Overall, Predictor, Problem
from avidity.stats.rounded import Rounded

Kind = Literal[
    "odds_ratio",
    "low",
    "high",
    "p",
    "beta",
    "std_error",
    "intercept",
    "deviance",
    "cox_snell",
    "nagelkerke",
    "auc",
]
OF_TERMS: tuple[Kind, ...] = ("odds_ratio", "low", "high", "p", "beta", "std_error")
OF_MODEL: tuple[Kind, ...] = ("intercept", "deviance", "cox_snell", "nagelkerke", "auc")
SLACK = 1e-9  # relative error allowed to a computed figure


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure.

    column  of the design; 0 for a figure of the whole model
    """

    kind: Kind
    column: int
    term: str
    printed: Rounded

    @property
    def low(self) -> float:
        """The least number that prints so."""
        return float(self.printed.low)

    @property
    def high(self) -> float:
        """The greatest number that prints so."""
        return inf if self.printed.high is None else float(self.printed.high)

    @property
    def digit(self) -> float:
        """One unit of the last printed digit."""
        return float(10.0**-self.printed.decimals)


def figures(problem: Problem, made: Patterns) -> tuple[Figure, ...]:
    """Every printed figure but the counts, in the order of the terms."""
    found: list[Figure] = []
    for column, (at, level) in enumerate(made.columns, 1):
        effect = problem.predictors[at].levels[level].effect
        for kind in OF_TERMS:
            printed: Rounded | None = getattr(effect, kind)
            if printed is not None:
                found.append(Figure(kind, column, made.terms[column], printed))
    for kind in OF_MODEL:
        printed = getattr(problem.overall, kind)
        if printed is not None:
            found.append(Figure(kind, 0, "model", printed))
    return tuple(found)


def without(problem: Problem, made: Patterns, figure: Figure) -> Problem:
    """The same problem had this figure not been printed."""
    if figure.column == 0:
        overall: Overall = replace(problem.overall, **{figure.kind: None})
        return replace(problem, overall=overall)
    at, level = made.columns[figure.column - 1]
    one = problem.predictors[at]
    effect: Effect = replace(one.levels[level].effect or Effect(), **{figure.kind: None})
    levels = list(one.levels)
    levels[level] = replace(levels[level], effect=effect)
    predictors = list(problem.predictors)
    predictors[at] = Predictor(one.name, tuple(levels))
    return replace(problem, predictors=tuple(predictors))


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """T fitted models.

    coef, error  shape (p, T)
    deviance     shape (T,)
    """

    coef: Floats
    error: Floats
    deviance: Floats


def values(figure: Figure, fitted: Fitted, problem: Problem) -> Floats | None:
    """What each model would print here, unrounded, shape (T,); None for the area (see `outcomes`).

    Cox and Snell's and Nagelkerke's R squared are 1 - exp((D - D0)/n), and that over its greatest
    value 1 - exp(-D0/n), with D the deviance and D0 that of the intercept alone.
    """
    beta, error, z = fitted.coef[figure.column], fitted.error[figure.column], problem.reach
    yes, n = problem.yes, problem.n
    null = -2 * (yes * log(yes / n) + (n - yes) * log((n - yes) / n))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        cox_snell = 1 - np.exp((fitted.deviance - null) / n)
        found: dict[str, Floats] = {
            "odds_ratio": np.exp(beta),
            "low": np.exp(beta - z * error),
            "high": np.exp(beta + z * error),
            "p": 2 * ndtr(-np.abs(beta / error)),
            "beta": beta,
            "intercept": beta,
            "std_error": error,
            "deviance": fitted.deviance,
            "cox_snell": cox_snell,
            "nagelkerke": cox_snell / (1 - np.exp(-null / n)),
        }
    return found.get(figure.kind)


def agrees(figure: Figure, found: Floats) -> npt.NDArray[np.bool_]:
    """Which of these numbers would be printed as this figure is."""
    room = SLACK * np.maximum(1.0, np.abs(found))
    agree: npt.NDArray[np.bool_] = (found >= figure.low - room) & (found <= figure.high + room)
    return agree


def misses(figure: Figure, found: Floats) -> Floats:
    """How far these numbers lie outside the figure, in units of its last printed digit."""
    outside = np.maximum(figure.low - found, found - figure.high)
    missed: Floats = np.where(agrees(figure, found), 0.0, np.nan_to_num(outside, nan=inf))
    with np.errstate(over="ignore"):
        return missed / figure.digit


@dataclass(frozen=True, slots=True)
class Box:
    """The coefficients and standard errors a term's figures allow, each between two ends."""

    beta: tuple[float, float]
    error: tuple[float, float]


def boxes(printed: Sequence[Figure], made: Patterns, problem: Problem) -> tuple[Box, ...]:
    """Limits of every coefficient and its error, the intercept first.

    The limits hold for every model that agrees with the figures; not all within them agree.
    """
    return tuple(
        _box({one.kind: one for one in printed if one.column == column}, problem.reach)
        if column
        else _intercept_box(printed)
        for column in range(len(made.terms))
    )


def _intercept_box(printed: Sequence[Figure]) -> Box:
    for one in printed:
        if one.kind == "intercept":
            return Box((one.low - SLACK, one.high + SLACK), (0.0, inf))
    return Box((-inf, inf), (0.0, inf))


def _box(of: dict[Kind, Figure], z: float) -> Box:
    beta, error = (-inf, inf), (0.0, inf)
    low, high = _logs(of.get("low")), _logs(of.get("high"))
    if "odds_ratio" in of:
        beta = _meet(beta, _logs(of["odds_ratio"]))
    if "beta" in of:
        beta = _meet(beta, (of["beta"].low, of["beta"].high))
    beta = _meet(beta, ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2))
    if "std_error" in of:
        error = _meet(error, (of["std_error"].low, of["std_error"].high))
    error = _meet(error, ((high[0] - low[1]) / (2 * z), (high[1] - low[0]) / (2 * z)))
    error = _meet(error, ((beta[0] - low[1]) / z, (beta[1] - low[0]) / z))
    error = _meet(error, ((high[0] - beta[1]) / z, (high[1] - beta[0]) / z))
    error = _meet(error, _by_test(of.get("p"), beta))
    room = SLACK * 10
    return Box((beta[0] - room, beta[1] + room), (error[0] - room, error[1] + room))


def _logs(figure: Figure | None) -> tuple[float, float]:
    if figure is None:
        return -inf, inf
    low = log(figure.low) if figure.low > 0 else -inf
    return low, log(figure.high) if 0 < figure.high < inf else inf


def _meet(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    low = one[0] if np.isnan(other[0]) else max(one[0], other[0])
    return low, one[1] if np.isnan(other[1]) else min(one[1], other[1])


def _by_test(figure: Figure | None, beta: tuple[float, float]) -> tuple[float, float]:
    """Standard errors that give this p value with a coefficient between these."""
    size = max(abs(beta[0]), abs(beta[1]))
    least = 0.0 if beta[0] <= 0 <= beta[1] else min(abs(beta[0]), abs(beta[1]))
    if figure is None or size == inf:
        return 0.0, inf
    far = z_of(1 - figure.low) if 1e-12 < figure.low < 1 else inf
    near = z_of(1 - figure.high) if 1e-12 < figure.high < 1 else 0.0
    if figure.low >= 1:
        far = 0.0
    low = least / far if 0 < far < inf else 0.0
    return low * (1 - 1e-9), size / near * (1 + 1e-9) if near > 0 else inf
