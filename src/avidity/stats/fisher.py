"""Fisher's exact test, and an interval of the odds ratio by the same principle as its p value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from avidity.errors import AnalysisError
from avidity.stats.conditional import (
    BLAKER,
    MINIMUM_LIKELIHOOD,
    Conditional,
    Part,
    both_ways,
    odds,
    two_sided,
    upper_end,
)
from avidity.stats.contingency import Counts, counts, two_by_two
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.exact_table import MOST_STEPS, exact_p, monte_carlo_p
from avidity.stats.interval import Interval, error_rate

Principle = Literal["minimum likelihood", "central", "Blaker", "mid-p"]
Alternative = Literal["greater", "less"]

WORDS: dict[Principle, str] = {
    "minimum likelihood": "two-sided by minimum likelihood",
    "central": "two-sided, smaller tail doubled (central)",
    "Blaker": "two-sided by Blaker's acceptability",
    "mid-p": "two-sided central mid-p",
}
EXACT_WORDS = f"Fisher's exact test, {WORDS['minimum likelihood']}"


@dataclass(frozen=True, slots=True)
class Fisher2x2:
    """Fisher's test of a 2 × 2 table: p, odds ratio and interval of one principle.

    odds_ratio  conditional maximum likelihood (0 or inf where a cell forces it, nan where a
                margin is empty); not the sample odds ratio ad/bc
    region      the odds ratios the test does not reject, as one or more parts: p is below
                1 - level exactly when 1 lies in none of them
    interval    the smallest interval that holds the region; with a single part, the region.
                More than one is rare (by minimum likelihood one table in some hundreds);
                should 1 fall between two of them, the method says so
    principle   how "as extreme" is understood, the same for p and interval
    """

    p_value: float
    odds_ratio: float
    interval: Interval
    region: tuple[Interval, ...]
    principle: str
    n: int
    method: str

    @property
    def test(self) -> TestResult:
        """The test alone."""
        return TestResult(self.p_value, None, None, self.method, self.n)

    @property
    def estimate(self) -> Estimate:
        """The odds ratio with its interval."""
        words = f"conditional odds ratio (maximum likelihood), {self.interval.method} interval"
        return Estimate(self.odds_ratio, self.interval, self.n, words)


def fisher_2x2(
    table: ArrayLike, principle: Principle = "minimum likelihood", level: float = 0.95
) -> Fisher2x2:
    """Fisher's exact test of a 2 × 2 table, two-sided, with the interval that belongs to it.

    table      2 × 2 counts; the odds ratio is that of the first row over the second
    principle  "minimum likelihood": all tables no more likely than this one (R's, SPSS's and
                   scipy's p; ties within 1e-7)
               "central": the smaller tail doubled (R's interval)
               "Blaker": the smaller tail, and as much of the other as is no heavier
               "mid-p": central, the seen table counted half
    source     Fay, Biostatistics 2010;11:373-374; Blaker, Can J Stat 2000;28:783-798;
               Lancaster, J Am Stat Assoc 1961;56:223-234
    raises     AnalysisError if the table is not 2 × 2, is empty, or the principle is unknown

    >>> result = fisher_2x2([[3, 29], [0, 58]])
    >>> round(result.p_value, 4), round(result.interval.low, 4), result.odds_ratio
    (0.0422, 1.0929, inf)
    """
    if principle not in WORDS:
        raise AnalysisError(f"the principle is one of {', '.join(WORDS)}; got {principle!r}")
    seen = two_by_two(table)
    alpha = error_rate(level)
    family = Conditional.of(*(int(cell) for cell in seen.ravel()))
    method = f"Fisher's exact test, {WORDS[principle]}"
    if family.cells.size == 1:
        parts: list[Part] = [(-inf, inf)]
        p = 1.0
        method += "; a margin is empty, so p is 1"
    else:
        p, parts = BY_PRINCIPLE[principle](family, alpha)
    region = tuple(Interval(odds(low), odds(high), level, principle) for low, high in parts)
    hull = Interval(region[0].low, region[-1].high, level, principle)
    if len(region) > 1:
        method += f"; the interval spans {len(region)} separate parts that the test does not reject"
        if p < alpha and 1 in hull:
            method += f", and 1, which it does reject at {level:g}, lies between them"
    ratio = odds(family.most_likely())
    return Fisher2x2(p, ratio, hull, region, principle, int(seen.sum()), method)


def fisher_one_sided(
    table: ArrayLike, alternative: Alternative = "greater", level: float = 0.95
) -> Fisher2x2:
    """Fisher's exact test of a 2 × 2 table against one direction, with the one-sided interval.

    alternative  "greater": the odds ratio is above 1; "less": below 1
    raises       AnalysisError if the table is not 2 × 2 or is empty
    """
    seen = two_by_two(table)
    alpha = error_rate(level)
    family = Conditional.of(*(int(cell) for cell in seen.ravel()))
    if alternative == "greater":
        p = family.at_least(0.0)
        mirrored = family.mirrored()
        low, high = -upper_end(mirrored, mirrored.at_most, alpha), inf
    elif alternative == "less":
        p = family.at_most(0.0)
        low, high = -inf, upper_end(family, family.at_most, alpha)
    else:
        raise AnalysisError(f"the alternative is 'greater' or 'less', got {alternative!r}")
    interval = Interval(odds(low), odds(high), level, f"one-sided, {alternative}")
    method = f"Fisher's exact test, one-sided, odds ratio {alternative} than 1"
    ratio = odds(family.most_likely())
    n = int(seen.sum())
    return Fisher2x2(min(1.0, p), ratio, interval, (interval,), "one-sided", n, method)


def fisher(
    table: ArrayLike, *, seed: int = 1, draws: int = 200_000, most_steps: int = MOST_STEPS
) -> TestResult:
    """Fisher's exact test of an r × c table, two-sided by minimum likelihood. Always answers.

    Exact unless the table is so large that the exact way would take more than `most_steps`
    steps; then a seeded Monte Carlo estimate, which the method says, with its standard error.

    table       r × c counts; empty rows and columns change nothing
    seed, draws for the Monte Carlo estimate only
    source      Freeman & Halton, Biometrika 1951;38:141-149
    raises      AnalysisError if the table holds no counts

    >>> round(fisher([[25, 53], [4, 5], [3, 0]]).p_value, 5)
    0.05104
    """
    seen = counts(table)
    seen = seen[seen.sum(axis=1) > 0][:, seen.sum(axis=0) > 0]
    n = int(seen.sum())
    if min(seen.shape) == 1:
        text = f"{EXACT_WORDS}; only one row or column has counts, so p is 1"
        return TestResult(1.0, None, None, text, n)
    if seen.shape == (2, 2):
        family = Conditional.of(*(int(cell) for cell in seen.ravel()))
        return TestResult(two_sided(family, MINIMUM_LIKELIHOOD), None, None, EXACT_WORDS, n)
    p = exact_p(seen, most_steps)
    if p is not None:
        return TestResult(p, None, None, EXACT_WORDS, n)
    return _by_monte_carlo(seen, seed, draws)


def _by_monte_carlo(seen: Counts, seed: int, draws: int) -> TestResult:
    p, error = monte_carlo_p(seen, np.random.default_rng(seed), draws)
    text = (
        f"{EXACT_WORDS}; too large for the exact way, so Monte Carlo, "
        f"B = {draws}, seed {seed}, standard error {error:.2g}"
    )
    return TestResult(p, None, None, text, int(seen.sum()))


Inference = Callable[[Conditional, float], tuple[float, list[Part]]]


def _central(family: Conditional, alpha: float) -> tuple[float, list[Part]]:
    mirrored = family.mirrored()
    p = min(1.0, 2 * min(family.at_most(0.0), family.at_least(0.0)))
    low = -upper_end(mirrored, mirrored.at_most, alpha / 2)
    return p, [(low, upper_end(family, family.at_most, alpha / 2))]


def _mid_p(family: Conditional, alpha: float) -> tuple[float, list[Part]]:
    mirrored = family.mirrored()
    p = 2 * min(family.below_and_half(0.0), mirrored.below_and_half(0.0))
    low = -upper_end(mirrored, mirrored.below_and_half, alpha / 2)
    return p, [(low, upper_end(family, family.below_and_half, alpha / 2))]


def _minimum_likelihood(family: Conditional, alpha: float) -> tuple[float, list[Part]]:
    return two_sided(family, MINIMUM_LIKELIHOOD), both_ways(family, MINIMUM_LIKELIHOOD, alpha)


def _blaker(family: Conditional, alpha: float) -> tuple[float, list[Part]]:
    return two_sided(family, BLAKER), both_ways(family, BLAKER, alpha)


BY_PRINCIPLE: dict[Principle, Inference] = {
    "minimum likelihood": _minimum_likelihood,
    "central": _central,
    "Blaker": _blaker,
    "mid-p": _mid_p,
}
