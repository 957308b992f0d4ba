"""What a rebuilt model is: one, several, bounds, or a contradiction; frozen, without a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from avidity.stats.logistic import LogisticFit
from avidity.stats.newton import Floats
from avidity.stats.rebuild.outcomes import Outcomes

Answer = Literal["one", "several", "bounds", "none"]


@dataclass(frozen=True, slots=True)
class Range:
    """Two ends, both included; equal where the value is known."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How much is left open."""
        return self.high - self.low


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """One table of totals that gives every printed figure, with its model.

    totals    patients of each pattern
    cases     one way the cases can fall into the patterns, for refitting; not the paper's
    fit       by maximum likelihood, from the totals and one fitting table of cases
    outcomes  what stays open: how the cases fall into the patterns
    """

    totals: tuple[int, ...]
    cases: tuple[int, ...]
    fit: LogisticFit
    outcomes: Outcomes

    def rows(self, X: Floats) -> tuple[Floats, Floats, Floats]:
        """X, y and weights of patients with this model, from the patterns X, shape (C, p)."""
        cases = np.array(self.cases, dtype=np.float64)
        weights = np.concatenate([cases, np.array(self.totals) - cases])
        return np.vstack([X, X]), np.repeat([1.0, 0.0], len(X)), weights


@dataclass(frozen=True, slots=True)
class Pattern:
    """One combination of levels.

    levels    the level of each predictor
    n         patients, least and most
    risk      predicted, least and greatest
    interval  of the risk: the lowest lower end and the highest upper end; None where only
              bounds of the risk are known
    """

    levels: tuple[str, ...]
    n: tuple[int, int]
    risk: Range
    interval: Range | None


@dataclass(frozen=True, slots=True)
class Miss:
    """A printed figure and what the nearest table would print there.

    digits  the distance outside the printed figure's rounding, in units of its last digit
    """

    figure: str
    printed: str
    ours: float
    digits: float


@dataclass(frozen=True, slots=True)
class Culprit:
    """A printed figure without which the rest agrees.

    would_be  the values it then takes, least and most; None where it is only not ruled out
    tables    how many tables of totals then fit; None where it is only not ruled out
    """

    figure: str
    printed: str
    would_be: Range | None
    tables: int | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why no table gives what is printed.

    reason    in one sentence
    nearest   the figures the nearest table misses; empty where none was looked for
    totals    that table
    culprits  each alone, left out, makes the rest possible
    other_ways  readings of the same figures that are possible, in words
    """

    reason: str
    nearest: tuple[Miss, ...] = ()
    totals: tuple[int, ...] = ()
    culprits: tuple[Culprit, ...] = ()
    other_ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """How the answer was found.

    method    in words
    looked_at tables of totals listed, or linear programs solved
    proven    whether everything else is ruled out; where False, the bounds still hold
    stopped   why the search ended early, in words; empty where it did not
    """

    method: str
    looked_at: int
    proven: bool
    stopped: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Rebuilt:
    """The answer.

    answer      "one": the model, complete; "several": `found` models, and no other; "bounds": the
                search stopped, the bounds hold for every model there may be, and `solutions` are
                those found on the way, perhaps none; "none": the figures contradict each other
    terms       the coefficients' names, the intercept first
    predictors  names, in the order of the patterns' levels
    solutions   models found, at most as many as were asked for
    found       how many were found in all
    intercept   least and greatest, proven; None where nothing fits
    coef, error least and greatest of every coefficient and standard error, the intercept first
    patterns    every combination of levels
    """

    answer: Answer
    terms: tuple[str, ...]
    predictors: tuple[str, ...]
    n: int
    n_events: int
    level: float
    solutions: tuple[Solution, ...]
    found: int
    intercept: Range | None
    coef: tuple[Range, ...]
    error: tuple[Range, ...]
    patterns: tuple[Pattern, ...]
    work: Work
    contradiction: Contradiction | None = None
    assumptions: tuple[str, ...] = ()

    @property
    def only(self) -> Solution:
        """The one model.

        raises  ValueError where there is not exactly one
        """
        if self.answer != "one":
            raise ValueError(f"the answer is {self.answer!r}, not one model")
        return self.solutions[0]

    @property
    def outcomes(self) -> Outcomes | None:
        """What stays open in every model found, together; None where none was, or not all."""
        held = [one.outcomes for one in self.solutions]
        if not held or not self.work.proven or self.found != len(held):
            return None
        ways = [one.ways for one in held]
        return Outcomes(
            ways=None if None in ways else sum(way for way in ways if way is not None),
            auc=(min(one.auc[0] for one in held), max(one.auc[1] for one in held)),
            brier=(min(one.brier[0] for one in held), max(one.brier[1] for one in held)),
            auc_expected=held[0].auc_expected,
        )
