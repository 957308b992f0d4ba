"""Rebuild a logistic model from its printed tables: the set of all models that print so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.rebuild.complete import (
    Asked,
    Matches,
    asked,
    bounded_patterns,
    described,
    solution,
)
from avidity.stats.rebuild.contradiction import explain, explain_bounds, nobody
from avidity.stats.rebuild.figures import Box, boxes
from avidity.stats.rebuild.listing import listed
from avidity.stats.rebuild.problem import Problem
from avidity.stats.rebuild.result import (
    Answer,
    Contradiction,
    Pattern,
    Range,
    Rebuilt,
    Solution,
    Work,
)
from avidity.stats.rebuild.search import Found, Progress, quiet, search
from avidity.stats.rebuild.tables import TooManyError

LISTING = "every table of whole numbers with the printed counts was listed, sieved and fitted"
SEARCHING = (
    "the tables were searched, what linear programs rule out was left aside, the rest fitted"
)
BOUNDING = "linear programs bounded the intercept and every pattern"


@dataclass(frozen=True, slots=True)
class Effort:
    """How far to go; work is counted, not timed, so that the same print gives the same answer.

    tables     listed at once at most; where there are more, they are searched, not listed
    steps      partial tables looked at in the search at most
    solutions  models given in full at most
    """

    tables: int = 2_000_000
    steps: int = 20_000_000
    solutions: int = 100


def rebuild(problem: Problem, effort: Effort | None = None, progress: Progress = quiet) -> Rebuilt:
    """Every model that would be printed as this one was, or proof that there is none.

    progress  told in words what is done, and which share of it
    raises    AnalysisError where the counts are those of no model
    """
    effort = effort or Effort()
    given = asked(problem)
    limits = boxes(given.printed, given.made, problem)
    early = nobody(given)
    if early is not None:
        return _nothing(given, early, Work("the printed counts alone", 0, proven=True))
    try:
        every, found = listed(given, limits, effort.tables)
    except TooManyError:
        return _searched(given, limits, effort, progress)
    work = Work(LISTING, every.shape[1], proven=True)
    if not found.totals.shape[1]:
        progress("looking for the figure that does not fit", 0.0)
        return _nothing(given, explain(given, every, limits), work)
    return _answered(given, found, effort, work)


def _searched(given: Asked, limits: Sequence[Box], effort: Effort, progress: Progress) -> Rebuilt:
    """The answer where the tables are too many to list."""
    found = Found(None, None, None, True, "", 0, 0)
    if all(box.beta[0] <= box.beta[1] and box.error[0] <= box.error[1] for box in limits):
        found = search(given, limits, effort.steps, progress)
    work = Work(
        BOUNDING if found.matches is None else SEARCHING,
        found.programs,
        found.proven,
        found.stopped,
    )
    if found.intercept is None:
        progress("looking for the figure that does not fit", 0.0)
        return _nothing(given, explain_bounds(given, limits), work)
    if not found.proven:
        return _bounded(given, limits, found, effort, work)
    if found.matches is None or not found.matches.totals.shape[1]:
        why = "no table of whole numbers gives every figure, though none alone is ruled out"
        return _nothing(given, Contradiction(why), work)
    return _answered(given, found.matches, effort, work)


def _shown(given: Asked, found: Matches, effort: Effort) -> tuple[Solution, ...]:
    return tuple(
        solution(given, found.totals[:, at], found.fits.coef[:, at])
        for at in range(min(found.totals.shape[1], effort.solutions))
    )


def _answered(given: Asked, found: Matches, effort: Effort, work: Work) -> Rebuilt:
    """The answer where every model that fits was found."""
    shown = _shown(given, found, effort)
    patterns = described(given, found, [one.fit for one in shown])
    count = found.totals.shape[1]
    return _rebuilt(
        given,
        "one" if count == 1 else "several",
        work,
        _Known(_ranges(found.fits.coef), _ranges(found.fits.error), patterns, shown, count),
    )


def _bounded(
    given: Asked, limits: Sequence[Box], found: Found, effort: Effort, work: Work
) -> Rebuilt:
    """The answer where the search stopped: what holds of every model there may be."""
    if found.intercept is None or found.totals is None:
        raise ValueError("bounds were asked for where none were found")
    coef = (found.intercept, *(Range(*box.beta) for box in limits[1:]))
    low, high = np.array([one.low for one in coef]), np.array([one.high for one in coef])
    shown = () if found.matches is None else _shown(given, found.matches, effort)
    count = 0 if found.matches is None else found.matches.totals.shape[1]
    patterns = bounded_patterns(given, found.totals, low, high)
    error = tuple(Range(max(0.0, box.error[0]), box.error[1]) for box in limits)
    return _rebuilt(given, "bounds", work, _Known(coef, error, patterns, shown, count))


def _nothing(given: Asked, why: Contradiction, work: Work) -> Rebuilt:
    """The answer where the printed figures exclude each other."""
    return _rebuilt(given, "none", work, _Known((), (), (), (), 0), why)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found of the model."""

    coef: tuple[Range, ...]
    error: tuple[Range, ...]
    patterns: tuple[Pattern, ...]
    solutions: tuple[Solution, ...]
    found: int


def _rebuilt(
    given: Asked, answer: Answer, work: Work, known: _Known, why: Contradiction | None = None
) -> Rebuilt:
    return Rebuilt(
        answer=answer,
        terms=given.made.terms,
        predictors=tuple(one.name for one in given.problem.predictors),
        n=given.made.n,
        n_events=given.made.n_events,
        level=given.problem.level,
        solutions=known.solutions,
        found=known.found,
        intercept=known.coef[0] if known.coef else None,
        coef=known.coef,
        error=known.error,
        patterns=known.patterns,
        work=work,
        contradiction=why,
        assumptions=_assumptions(given.problem),
    )


def _ranges(rows: Floats) -> tuple[Range, ...]:
    return tuple(Range(float(np.min(row)), float(np.max(row))) for row in rows)


def _assumptions(problem: Problem) -> tuple[str, ...]:
    """What is taken for granted, in words."""
    return (
        "a logistic model with an intercept and these predictors alone, no interaction",
        "fitted by maximum likelihood to the patients counted in the table, all complete",
        (
            f"each interval is Wald's: the coefficient and {problem.reach:.6g} standard errors"
            f" either way, from the information at the estimate"
        ),
        "a printed figure stands for every number that rounds to it, half up or half to even",
    )
