"""The two results every question of statistics gives: a test, and an estimate."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.stats.interval import Interval


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test, and exactly which one it was.

    p_value    two-sided unless the method says otherwise
    statistic  as the method names it; None where the test has none (Fisher)
    df         degrees of freedom, a pair for F tests; None where there are none
    method     full words: "Fisher's exact test, two-sided by minimum likelihood"
    n          observations the test saw, the missing left out
    """

    __test__ = False  # a result, whatever its name makes pytest think

    p_value: float
    statistic: float | None
    df: float | tuple[float, float] | None
    method: str
    n: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number about the patients, with its interval.

    estimate  the number: a share, a difference, an odds ratio, a standardised difference
    interval  None where the method gives none
    n         observations behind it, the missing left out
    method    full words, conventions included
    """

    estimate: float
    interval: Interval | None
    n: int
    method: str
