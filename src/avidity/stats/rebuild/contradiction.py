"""No table gives what is printed: which figure is it, and how near does any table come?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from avidity.stats.logistic import profile
from avidity.stats.rebuild.complete import Asked, Matches, asked, open_outcome, possible, solution
from avidity.stats.rebuild.figures import (
    Box,
    Figure,
    boxes,
    misses,
    values,
    without,
)
from avidity.stats.rebuild.fits import Fits, fit_totals
from avidity.stats.rebuild.listing import among
from avidity.stats.rebuild.outcomes import outcomes
from avidity.stats.rebuild.patterns import Whole
from avidity.stats.rebuild.problem import Level, Predictor, Problem
from avidity.stats.rebuild.result import Contradiction, Culprit, Miss, Range
from avidity.stats.rebuild.search import not_ruled_out
from avidity.stats.rebuild.sieve import bounded, sieve
from avidity.stats.rebuild.tables import TooManyError, tables

WORDS = {
    "odds_ratio": "odds ratio",
    "low": "lower end",
    "high": "upper end",
    "p": "p value",
    "beta": "coefficient",
    "std_error": "standard error",
    "intercept": "intercept",
    "deviance": "-2 log-likelihood",
    "cox_snell": "Cox and Snell's R squared",
    "nagelkerke": "Nagelkerke's R squared",
    "auc": "area under the curve",
}
LOOKED_AT = 100_000  # tables all of which are fitted to find the nearest
RECOUNTED = 200_000  # tables up to which other counts are tried
SHIFTS = (-1, 1, -2, 2, -3, 3)  # of a printed count, tried
TRIED = 500  # tables whose profile intervals are tried
OLD_Z = 1.96


def nobody(given: Asked) -> Contradiction | None:
    """A level without cases or without controls, which no finite odds ratio can be of."""
    for one in given.problem.predictors:
        for level in one.levels:
            if level.total and (level.yes == 0 or level.no == 0):
                empty = "with" if level.yes == 0 else "without"
                return Contradiction(
                    f"{one.name} = {level.name} has nobody {empty} the outcome: the outcome is"
                    f" separated, and no finite odds ratio exists by maximum likelihood"
                )
    return None


def _excluding(given: Asked, limits: Sequence[Box]) -> str:
    """The terms whose own figures exclude each other, in a sentence."""
    terms = [
        term
        for term, box in zip(given.made.terms, limits, strict=True)
        if box.beta[0] > box.beta[1] or box.error[0] > box.error[1]
    ]
    return (
        f"the printed figures of {' and of '.join(terms)} exclude each other: the odds ratio must"
        f" be the geometric middle of its interval, and p must follow from both"
        if terms
        else ""
    )


def name_of(figure: Figure) -> str:
    """Which figure, in words."""
    words = WORDS[figure.kind]
    return words if figure.column == 0 else f"{figure.term}: {words}"


def explain(given: Asked, every: Whole, limits: Sequence[Box]) -> Contradiction:
    """What the listed tables say: the nearest, the figures to blame, other readings.

    every  all tables with the printed margins, shape (C, T)
    """
    if not every.shape[1]:
        return Contradiction("no table of whole numbers has the printed counts")
    nearest, totals = _nearest(given, every, limits)
    culprits = [*_figures_to_blame(given, every), *_counts_to_blame(given, every)]
    return Contradiction(
        reason=_excluding(given, limits)
        or f"none of the {every.shape[1]:,} tables with the printed counts gives every figure",
        nearest=nearest,
        totals=totals,
        culprits=tuple(culprits),
        other_ways=tuple(_other_ways(given, every)),
    )


def explain_bounds(given: Asked, limits: Sequence[Box]) -> Contradiction:
    """What linear programs say: no table at all, and without which figure one is not ruled out."""
    own = _excluding(given, limits)
    culprits = []
    for one in given.printed:
        less = asked(without(given.problem, given.made, one))
        around = boxes(less.printed, less.made, less.problem)
        if one.kind != "auc" and not_ruled_out(less, around):
            culprits.append(Culprit(name_of(one), one.printed.text, None, None))
    return Contradiction(
        reason=own
        or "no table with the printed counts gives every figure, whatever the intercept is",
        culprits=tuple(culprits),
    )


def _nearest(
    given: Asked, every: Whole, limits: Sequence[Box]
) -> tuple[tuple[Miss, ...], tuple[int, ...]]:
    """The table whose worst figure is the least wrong, in units of its last printed digit."""
    if every.shape[1] > LOOKED_AT:
        every = _likely(given, every, limits)
    made = given.made
    fits = fit_totals(made.X, every.astype(np.float64), made.sums.astype(np.float64))
    worst = np.where(fits.converged, 0.0, np.inf)
    for one in given.printed:
        found = values(one, fits.fitted(), given.problem)
        if found is not None:
            worst = np.maximum(worst, misses(one, found))
    if not np.isfinite(worst).any():
        return (), ()
    at = int(np.argmin(worst))
    return tuple(_missed(given, fits, at)), tuple(every[:, at].tolist())


def _likely(given: Asked, every: Whole, limits: Sequence[Box]) -> Whole:
    """Of very many tables, those a sieve with wider and wider meshes lets through first."""
    if not bounded(limits):
        return every[:, :LOOKED_AT]
    wide = 1e-3
    while True:
        loose = [
            Box((one.beta[0] - wide, one.beta[1] + wide), one.error) if at else one
            for at, one in enumerate(limits)
        ]
        kept, _ = sieve(given.made, every, loose)
        if len(kept) or wide > 10:
            return every[:, kept[:LOOKED_AT]]
        wide *= 4


def _missed(given: Asked, fits: Fits, at: int) -> Iterator[Miss]:
    for one in given.printed:
        found = values(one, fits.fitted(), given.problem)
        if found is not None:
            digits = float(misses(one, found)[at])
            if digits > 0:
                yield Miss(name_of(one), one.printed.text, float(found[at]), digits)


def _figures_to_blame(given: Asked, every: Whole) -> Iterator[Culprit]:
    for one in given.printed:
        less = asked(without(given.problem, given.made, one))
        found = possible(less, among(less, every, boxes(less.printed, less.made, less.problem)))
        if found.totals.shape[1]:
            yield Culprit(
                name_of(one), one.printed.text, _would_be(one, less, found), found.totals.shape[1]
            )


def _would_be(figure: Figure, given: Asked, found: Matches) -> Range:
    """What the tables would print in a figure's place, unrounded, least and most."""
    would = values(figure, found.fits.fitted(), given.problem)
    if would is None:
        few = range(min(TRIED, found.totals.shape[1]))
        ends = [
            outcomes(open_outcome(given, found.totals[:, at], found.fits.coef[:, at])).auc
            for at in few
        ]
        would = np.array(ends)
    return Range(float(would.min()), float(would.max()))


def _counts_to_blame(given: Asked, every: Whole) -> Iterator[Culprit]:
    """Counts that, moved a little between two levels of one outcome, make the rest possible."""
    if every.shape[1] > RECOUNTED:
        return
    for at, one in enumerate(given.problem.predictors):
        for level in range(len(one.levels)):
            if level == one.reference:
                continue
            for outcome in ("yes", "no"):
                yield from _recounted(given, at, level, outcome)


def _recounted(given: Asked, at: int, level: int, outcome: str) -> Iterator[Culprit]:
    one = given.problem.predictors[at]
    fitted: list[tuple[int, int]] = []
    for shift in SHIFTS:
        moved = _moved(given.problem, at, level, outcome, shift)
        if moved is None:
            continue
        other = asked(moved)
        limits = boxes(other.printed, other.made, moved)
        try:
            listed = tables(other.made, other.made.margins, 4 * RECOUNTED, also=other.totals)
        except TooManyError:
            continue
        found = possible(other, among(other, listed, limits))
        if found.totals.shape[1]:
            printed: int = getattr(one.levels[level], outcome)
            fitted.append((printed + shift, found.totals.shape[1]))
    if fitted:
        whose = "with" if outcome == "yes" else "without"
        counts = [count for count, _ in fitted]
        yield Culprit(
            f"{one.name} = {one.levels[level].name}: patients {whose} the outcome",
            str(getattr(one.levels[level], outcome)),
            Range(float(min(counts)), float(max(counts))),
            sum(ways for _, ways in fitted),
        )


def _moved(problem: Problem, at: int, level: int, outcome: str, shift: int) -> Problem | None:
    """The problem with some patients moved to this level from the reference."""
    one = problem.predictors[at]
    levels = list(one.levels)
    for place, change in ((level, shift), (one.reference, -shift)):
        count: int = getattr(levels[place], outcome) + change
        if count <= 0:
            return None
        levels[place] = _with(levels[place], outcome, count)
    predictors = list(problem.predictors)
    predictors[at] = Predictor(one.name, tuple(levels))
    return replace(problem, predictors=tuple(predictors))


def _with(level: Level, outcome: str, count: int) -> Level:
    return replace(level, yes=count) if outcome == "yes" else replace(level, no=count)


def _other_ways(given: Asked, every: Whole) -> Iterator[str]:
    """Other readings of the interval under which the rest is possible."""
    if given.problem.z is None and given.problem.level == 0.95:
        other = asked(replace(given.problem, z=OLD_Z))
        found = possible(
            other, among(other, every, boxes(other.printed, other.made, other.problem))
        )
        if found.totals.shape[1]:
            yield f"intervals of {OLD_Z} standard errors: {found.totals.shape[1]} tables fit"
    fitted = _by_profile(given, every)
    if fitted:
        yield f"profile-likelihood intervals instead of Wald's: {fitted} tables fit"


def _by_profile(given: Asked, every: Whole) -> int:
    """How many tables give the printed figures if the intervals are profile intervals.

    The ends of a profile interval depend on the patients through totals and sums alone too.
    """
    less = given
    for one in given.printed:
        if one.kind in ("low", "high", "p"):
            less = asked(without(less.problem, less.made, one))
    if len(less.printed) == len(given.printed):
        return 0
    limits = boxes(less.printed, less.made, less.problem)
    found = possible(less, among(less, every, limits))
    if found.totals.shape[1] > TRIED:
        return 0
    return sum(_profile_agrees(given, found, at) for at in range(found.totals.shape[1]))


def _profile_agrees(given: Asked, found: Matches, at: int) -> bool:
    made = given.made
    whole = solution(given, found.totals[:, at], found.fits.coef[:, at])
    X, y, weights = whole.rows(made.X)
    limits = profile(X, y, whole.fit, given.problem.level, weights)
    for one in given.printed:
        if one.kind in ("low", "high"):
            end = getattr(limits[one.column].interval, one.kind)
            if misses(one, np.exp(np.array([end])))[0] > 0:
                return False
    return True
