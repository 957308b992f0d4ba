"""One logistic model from several completed sets: fitted in each, pooled by Rubin's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.firth import FirthFit, fit_firth
from avidity.stats.logistic import LogisticFit, fit
from avidity.stats.newton import Floats
from avidity.stats.regression import OddsRatio
from avidity.stats.rubin import Pooled, Rule, pool
from avidity.stats.separation import SeparatedError, Separation

Fit = LogisticFit | FirthFit


@dataclass(frozen=True, slots=True, eq=False)
class PooledLogistic:
    """A logistic model pooled over m completed sets; it holds no patient.

    rows       odds ratios without the intercept, which stands in `pooled`
    fits       one for each set, all by the same estimator
    estimator  "maximum likelihood" or "Firth penalised likelihood"
    sentence   how it was fitted and pooled, and in how many sets the outcome was separated
    separated  sets in which maximum likelihood has no finite answer
    """

    rows: tuple[OddsRatio, ...]
    pooled: Pooled
    fits: tuple[Fit, ...]
    estimator: str
    sentence: str
    separated: int


def pool_logistic(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    *,
    rule: Rule = "barnard-rubin",
    level: float = 0.95,
) -> PooledLogistic:
    """Fit a logistic model in each completed set and pool it.

    Where the outcome is separated in any set, all sets are fitted by Firth's penalised
    likelihood: means over different estimators would mean nothing.

    X       shape (m, n, p), the intercept, a column of ones, first; m at least 2
    y       shape (n,), 0 or 1, the same in all sets
    raises  AnalysisError if one outcome is absent, or a column follows from others in some set;
            ValueError on wrong shapes
    """
    sets = np.asarray(X, dtype=np.float64)
    if sets.ndim != 3:
        raise ValueError(f"X must have shape (m, n, p), got {sets.shape}")
    if len(sets) < 2:
        raise AnalysisError("Rubin's rules need two completed sets or more")
    fits, found = _fits(sets, y, names)
    separated = len(found)
    pooled = pool(
        [each.coef for each in fits],
        [each.covariance for each in fits],
        names,
        fits[0].n,
        rule=rule,
        level=level,
    )
    estimator = "Firth penalised likelihood" if separated else "maximum likelihood"
    return PooledLogistic(
        rows=_rows(pooled, found),
        pooled=pooled,
        fits=fits,
        estimator=estimator,
        sentence=_sentence(pooled, estimator, separated),
        separated=separated,
    )


def _fits(
    sets: Floats, y: npt.ArrayLike, names: Sequence[str]
) -> tuple[tuple[Fit, ...], list[Separation]]:
    """The fits of all sets by one estimator, and what was separated in which of them."""
    fits: list[Fit] = []
    found = []
    for X in sets:
        try:
            fits.append(fit(X, y, names))
        except SeparatedError as error:
            found.append(error.separation)
    if found:
        return tuple(fit_firth(X, y, names) for X in sets), found
    return tuple(fits), found


def _rows(pooled: Pooled, found: Sequence[Separation]) -> tuple[OddsRatio, ...]:
    return tuple(
        OddsRatio(
            term=row.term,
            odds_ratio=_exp(row.estimate),
            interval=row.interval.map(_exp),
            p_value=row.test.p_value,
            method=pooled.method,
            note=_note(row.term, found, pooled.m),
        )
        for row in pooled.rows[1:]
    )


def _note(term: str, found: Sequence[Separation], m: int) -> str:
    times = sum(term in each.columns for each in found)
    return f"separates the outcome in {times} of {m} imputed sets" if times else ""


def _sentence(pooled: Pooled, estimator: str, separated: int) -> str:
    start = f"Fitted by {estimator} in each of {pooled.m} imputed sets"
    if separated:
        start += (
            f", since the outcome is separated in {separated} of them and maximum likelihood has"
            " no finite answer there; Wald intervals of such a model are approximate"
        )
    return f"{start}; pooled by {pooled.method}."


def _exp(value: float) -> float:
    """The exponential, infinite where a float ends."""
    try:
        return exp(value)
    except OverflowError:
        return inf
