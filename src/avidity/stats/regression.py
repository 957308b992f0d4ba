"""Odds ratios for a table: by maximum likelihood where it exists, by Firth where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf
from typing import Literal

import numpy.typing as npt

from avidity.stats.coefficients import Coefficient
from avidity.stats.firth import FirthFit, fit_firth, profile_firth
from avidity.stats.interval import Interval
from avidity.stats.logistic import LogisticFit, fit, profile
from avidity.stats.separation import SeparatedError, Separation

Principle = Literal["wald", "profile"]

PRINCIPLES = {
    "wald": "Wald interval and Wald p value",
    "profile": "profile-likelihood interval and likelihood-ratio p value",
}
FIRTH = "profile penalised-likelihood interval and penalised likelihood-ratio p value"


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """One row of the table.

    method  the one principle behind interval and p value
    note    what a reader must know of this row; empty if nothing
    """

    term: str
    odds_ratio: float
    interval: Interval
    p_value: float
    method: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Odds ratios of one model, without the intercept, which stands in `coefficients`.

    coefficients  on the log-odds scale, the intercept first; from the same principle as the rows
    estimator     "maximum likelihood" or "Firth penalised likelihood"
    sentence      how it was fitted and, where maximum likelihood had no answer, what separated
    separation    kind "none" unless Firth had to be used
    """

    rows: tuple[OddsRatio, ...]
    coefficients: tuple[Coefficient, ...]
    estimator: str
    sentence: str
    fit: LogisticFit | FirthFit
    separation: Separation


def odds_ratios(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    principle: Principle = "wald",
    level: float = 0.95,
) -> Regression:
    """Fit a logistic model and give each term's odds ratio, interval and p value.

    X          shape (n, p) with the intercept, a column of ones, first; no missing values
    y          shape (n,), 0 or 1
    principle  "wald" or "profile", for maximum likelihood; under separation the whole model is
               Firth's and both interval and p value are profile penalised
    raises     AnalysisError if one outcome is absent or a column follows from others;
               ValueError on wrong shapes or an unknown principle
    """
    if principle not in PRINCIPLES:
        raise ValueError(f"the principle must be one of {', '.join(PRINCIPLES)}, got {principle}")
    try:
        fitted = fit(X, y, names)
    except SeparatedError as error:
        return _by_firth(X, y, names, level, error.separation)
    coefficients = fitted.wald(level) if principle == "wald" else profile(X, y, fitted, level)
    method = PRINCIPLES[principle]
    return Regression(
        rows=_rows(coefficients, method, Separation("none")),
        coefficients=coefficients,
        estimator="maximum likelihood",
        sentence=f"Fitted by maximum likelihood; {method}.",
        fit=fitted,
        separation=Separation("none"),
    )


def _by_firth(
    X: npt.ArrayLike, y: npt.ArrayLike, names: Sequence[str], level: float, found: Separation
) -> Regression:
    fitted = fit_firth(X, y, names)
    coefficients = profile_firth(X, y, fitted, level)
    return Regression(
        rows=_rows(coefficients, FIRTH, found),
        coefficients=coefficients,
        estimator="Firth penalised likelihood",
        sentence=(
            f"{found.sentence} Maximum likelihood has no finite answer, so the model was fitted"
            f" by Firth's penalised likelihood; {FIRTH}."
        ),
        fit=fitted,
        separation=found,
    )


def _rows(
    coefficients: Sequence[Coefficient], method: str, found: Separation
) -> tuple[OddsRatio, ...]:
    return tuple(
        OddsRatio(
            term=each.term,
            odds_ratio=_exp(each.estimate),
            interval=each.interval.map(_exp),
            p_value=each.test.p_value,
            method=method,
            note=_note(each.term, found),
        )
        for each in coefficients[1:]
    )


def _note(term: str, found: Separation) -> str:
    if term in found.rising:
        return "separates the outcome: by maximum likelihood its odds ratio is infinite"
    if term in found.falling:
        return "separates the outcome: by maximum likelihood its odds ratio is zero"
    return ""


def _exp(value: float) -> float:
    """The exponential, infinite where a float ends: a limit can lie that far out."""
    try:
        return exp(value)
    except OverflowError:
        return inf
