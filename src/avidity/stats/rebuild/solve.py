"""Rebuild a logistic model from its printed tables: the set of all models that print so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.rebuild.complete import Asked, Matches, asked, described, solution
from avidity.stats.rebuild.contradiction import explain, nobody
from avidity.stats.rebuild.figures import boxes
from avidity.stats.rebuild.listing import listed
from avidity.stats.rebuild.problem import Problem
from avidity.stats.rebuild.result import Answer, Contradiction, Range, Rebuilt, Work

LISTING = "every table of whole numbers with the printed counts was listed, sieved and fitted"


@dataclass(frozen=True, slots=True)
class Effort:
    """How far to go; work is counted, not timed, so that the same print gives the same answer.

    tables     listed at once at most; where there are more, they are searched, not listed
    solutions  models given in full at most
    """

    tables: int = 2_000_000
    solutions: int = 100


def rebuild(problem: Problem, effort: Effort | None = None) -> Rebuilt:
    """Every model that would be printed as this one was, or proof that there is none.

    raises  AnalysisError where the counts are those of no model
    """
    effort = effort or Effort()
    given = asked(problem)
    limits = boxes(given.printed, given.made, problem)
    early = nobody(given)
    if early is not None:
        return nothing(given, early, Work("the printed counts alone", 0, proven=True))
    every, found = listed(given, limits, effort.tables)
    work = Work(LISTING, every.shape[1], proven=True)
    if not found.totals.shape[1]:
        return nothing(given, explain(given, every, limits), work)
    return answered(given, found, effort, work)


def answered(given: Asked, found: Matches, effort: Effort, work: Work) -> Rebuilt:
    """The answer where every model that fits was found."""
    count = found.totals.shape[1]
    shown = [
        solution(given, found.totals[:, at], found.fits.coef[:, at])
        for at in range(min(count, effort.solutions))
    ]
    answer: Answer = "one" if count == 1 else "several"
    coef = _ranges(found.fits.coef)
    return Rebuilt(
        answer=answer,
        terms=given.made.terms,
        predictors=tuple(one.name for one in given.problem.predictors),
        n=given.made.n,
        n_events=given.made.n_events,
        level=given.problem.level,
        solutions=tuple(shown),
        found=count,
        intercept=coef[0],
        coef=coef,
        error=_ranges(found.fits.error),
        patterns=described(given, found, [one.fit for one in shown]),
        work=work,
        assumptions=assumptions(given.problem),
    )


def _ranges(rows: Floats) -> tuple[Range, ...]:
    return tuple(Range(float(np.min(row)), float(np.max(row))) for row in rows)


def nothing(given: Asked, why: Contradiction, work: Work) -> Rebuilt:
    """The answer where the printed figures exclude each other."""
    return Rebuilt(
        answer="none",
        terms=given.made.terms,
        predictors=tuple(one.name for one in given.problem.predictors),
        n=given.made.n,
        n_events=given.made.n_events,
        level=given.problem.level,
        solutions=(),
        found=0,
        intercept=None,
        coef=(),
        error=(),
        patterns=(),
        work=work,
        contradiction=why,
        assumptions=assumptions(given.problem),
    )


def assumptions(problem: Problem) -> tuple[str, ...]:
    """What is taken for granted, in words."""
    return (
        "a logistic model with an intercept and these predictors alone, no interaction",
        "fitted by maximum likelihood to the patients counted in the table, all complete",
        (
            f"each interval is Wald's: the coefficient and {problem.reach:.6g} standard errors"
            f" either way, from the observed information"
        ),
        "a printed figure stands for every number that rounds to it, half up or half to even",
    )
