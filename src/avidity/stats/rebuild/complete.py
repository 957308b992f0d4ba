"""Tables that give every printed figure, made into complete models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from avidity.stats.logistic import LogisticFit, fit
from avidity.stats.newton import Floats
from avidity.stats.rebuild.figures import Figure, agrees, figures, values
from avidity.stats.rebuild.fits import Fits, fit_totals
from avidity.stats.rebuild.outcomes import Open, fitting, outcomes
from avidity.stats.rebuild.patterns import (
    Equations,
    Patterns,
    Whole,
    of_events,
    of_totals,
    patterns,
)
from avidity.stats.rebuild.problem import Problem
from avidity.stats.rebuild.result import Pattern, Range, Solution


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A problem with what is computed from it once."""

    problem: Problem
    made: Patterns
    printed: tuple[Figure, ...]
    totals: Equations
    events: Equations


def asked(problem: Problem) -> Asked:
    """The problem, ready to be searched."""
    made = patterns(problem)
    return Asked(
        problem,
        made,
        figures(problem, made),
        of_totals(problem, made),
        of_events(problem, made),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Tables whose fit gives every figure of terms and model, shape (C, T), and their fits."""

    totals: Whole
    fits: Fits


def matching(given: Asked, totals: Whole, start: Floats | None = None) -> Matches:
    """Those of the tables whose fit would be printed as the paper prints it."""
    made = given.made
    done = fit_totals(made.X, totals.astype(np.float64), made.sums.astype(np.float64), start)
    keep = done.converged.copy()
    for one in given.printed:
        found = values(one, done.fitted(), given.problem)
        if found is not None:
            keep &= agrees(one, found)
    chosen = Fits(
        done.coef[:, keep], done.error[:, keep], done.deviance[keep], done.converged[keep]
    )
    return Matches(totals[:, keep], chosen)


def open_outcome(given: Asked, totals: Whole, coef: Floats) -> Open:
    """The cases of a table that are still open."""
    return Open(given.made, totals, coef, given.events, given.problem.overall.auc)


def possible(given: Asked, found: Matches) -> Matches:
    """Those of the tables into which the printed cases can fall at all."""
    keep = _fillable(given, found)
    fits = found.fits
    return Matches(
        found.totals[:, keep],
        Fits(fits.coef[:, keep], fits.error[:, keep], fits.deviance[keep], fits.converged[keep]),
    )


def _fillable(given: Asked, found: Matches) -> npt.NDArray[np.bool_]:
    """Which tables can hold the cases. Cases found for one fit every table with room for them."""
    keep = np.zeros(found.totals.shape[1], dtype=bool)
    unknown = np.ones_like(keep)
    while unknown.any():
        at = int(np.argmax(unknown))
        unknown[at] = False
        cases = fitting(open_outcome(given, found.totals[:, at], found.fits.coef[:, at]))
        if cases is None:
            continue
        keep[at] = True
        if given.problem.overall.auc is None:  # an area depends on the table's own ranks
            room = unknown & (found.totals >= cases[:, np.newaxis]).all(axis=0)
            keep |= room
            unknown &= ~room
    return keep


def solution(given: Asked, totals: Whole, coef: Floats) -> Solution:
    """The whole model of one table, fitted anew to patients."""
    opened = open_outcome(given, totals, coef)
    cases = fitting(opened)
    if cases is None:
        raise ValueError("no outcome fits this table")
    made = given.made
    rows = np.vstack([made.X, made.X])
    y = np.repeat([1.0, 0.0], len(made.X))
    weights = np.concatenate([cases, totals - cases]).astype(np.float64)
    fitted = fit(rows, y, made.terms, weights)
    return Solution(tuple(totals.tolist()), tuple(cases.tolist()), fitted, outcomes(opened))


def described(given: Asked, found: Matches, fitted: Sequence[LogisticFit]) -> tuple[Pattern, ...]:
    """Every pattern with what is known of its patients and its risk.

    fitted  the models of all the tables, for the intervals; fewer leave the intervals out
    """
    made, z = given.made, given.problem.reach
    lines = made.X @ found.fits.coef
    ends = None
    if len(fitted) == found.totals.shape[1]:
        half = z * np.sqrt(
            [np.einsum("cj,jk,ck->c", made.X, one.covariance, made.X) for one in fitted]
        )
        own = np.array([made.X @ one.coef for one in fitted])
        ends = expit((own - half).min(axis=0)), expit((own + half).max(axis=0))
    risks = expit(lines)
    return tuple(
        Pattern(
            levels=names_of(given, at),
            n=(int(found.totals[at].min()), int(found.totals[at].max())),
            risk=Range(float(risks[at].min()), float(risks[at].max())),
            interval=None if ends is None else Range(float(ends[0][at]), float(ends[1][at])),
        )
        for at in range(len(made.X))
    )


def bounded_patterns(given: Asked, totals: Whole, low: Floats, high: Floats) -> tuple[Pattern, ...]:
    """Every pattern where only ends are known: of totals, (C, 2), and coefficients, (p,).

    The design holds 0 and 1 alone, so a risk is least where every coefficient is.
    """
    far = 1e3  # stands for a coefficient that nothing bounds
    least = expit(given.made.X @ np.clip(low, -far, far))
    most = expit(given.made.X @ np.clip(high, -far, far))
    return tuple(
        Pattern(
            levels=names_of(given, at),
            n=(int(totals[at, 0]), int(totals[at, 1])),
            risk=Range(float(least[at]), float(most[at])),
            interval=None,
        )
        for at in range(len(given.made.X))
    )


def names_of(given: Asked, pattern: int) -> tuple[str, ...]:
    """The level of each predictor in a pattern."""
    return tuple(
        one.levels[int(level)].name
        for one, level in zip(given.problem.predictors, given.made.levels[pattern], strict=True)
    )
