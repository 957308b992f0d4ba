"""Whether two groups differ in their mean, and by how much: the first less the second."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, inf, nan, sqrt

from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.interval import Interval, error_rate
from avidity.stats.summary import mean, numbers, standard_deviation


@dataclass(frozen=True, slots=True)
class Moments:
    """What a t test needs of one group: how many, their mean, their SD (n-1).

    The SD of a single patient is nan. Papers print these three, so a test can be redone
    from print.
    """

    n: int
    mean: float
    sd: float

    def __post_init__(self) -> None:
        if self.n < 1:
            raise AnalysisError("a group without patients has no mean")
        if self.sd < 0:
            raise AnalysisError(f"a standard deviation cannot be negative, got {self.sd}")

    @classmethod
    def of(cls, values: ArrayLike, what: str = "the group") -> Moments:
        """From the values themselves; none may be missing."""
        given = numbers(values, what)
        return cls(given.size, mean(given), standard_deviation(given))

    @classmethod
    def from_sums(cls, n: int, total: float, total_of_squares: float) -> Moments:
        """From the sum and the sum of squares.

        >>> round(Moments.from_sums(32, 1698, 96288).sd, 3)
        14.128
        """
        if n < 1:
            raise AnalysisError("a group without patients has no mean")
        left = n * total_of_squares - total * total  # whole numbers stay exact this way round
        if left < 0:
            raise AnalysisError("these sums are impossible: the squares are too small")
        return cls(n, total / n, sqrt(left / n / (n - 1)) if n > 1 else nan)

    @property
    def squares(self) -> float:
        """Sum of squared distances from the mean; 0 for a single patient."""
        return (self.n - 1) * self.sd**2 if self.n > 1 else 0.0


@dataclass(frozen=True, slots=True)
class MeansCompared:
    """A t test and the difference of means with the interval that goes with it.

    p is below 1 - level exactly when 0 lies outside the interval.
    """

    p_value: float
    statistic: float
    df: float
    difference: Estimate
    method: str

    @property
    def test(self) -> TestResult:
        """The test alone."""
        n = self.difference.n
        return TestResult(self.p_value, self.statistic, self.df, self.method, n)


def pooled_t(x: ArrayLike, y: ArrayLike, level: float = 0.95) -> MeansCompared:
    """Student's t test, equal variances (SPSS's first row).

    x, y    the two groups, no missing values
    raises  AnalysisError if a group is empty or there are fewer than three patients

    >>> round(pooled_t([1, 2, 3], [3, 4, 5]).p_value, 4)
    0.0705
    """
    first, second = Moments.of(x, "the first group"), Moments.of(y, "the second group")
    return pooled_t_from_moments(first, second, level)


def pooled_t_from_moments(first: Moments, second: Moments, level: float = 0.95) -> MeansCompared:
    """Student's t test, equal variances, from means and SDs as papers print them."""
    df = first.n + second.n - 2
    if df < 1:
        raise AnalysisError("a t test needs at least three patients in the two groups together")
    variance = (first.squares + second.squares) / df
    error = sqrt(variance * (1 / first.n + 1 / second.n))
    words = "Student's t test, pooled variance, two-sided"
    return _compared(first, second, (error, float(df)), level, words)


def welch_t(x: ArrayLike, y: ArrayLike, level: float = 0.95) -> MeansCompared:
    """Welch's t test, unequal variances (R's default).

    x, y    the two groups, no missing values
    source  Welch, Biometrika 1947;34:28-35
    raises  AnalysisError if a group has fewer than two patients
    """
    first, second = Moments.of(x, "the first group"), Moments.of(y, "the second group")
    return welch_t_from_moments(first, second, level)


def welch_t_from_moments(first: Moments, second: Moments, level: float = 0.95) -> MeansCompared:
    """Welch's t test, unequal variances, from means and SDs as papers print them."""
    if min(first.n, second.n) < 2:
        raise AnalysisError("Welch's t test needs at least two patients in each group")
    a, b = first.sd**2 / first.n, second.sd**2 / second.n
    words = "Welch's t test, unequal variances, two-sided"
    if a + b == 0:
        return _compared(first, second, (0.0, float(first.n + second.n - 2)), level, words)
    # shares of the variance rather than the variances, so that tiny ones cannot underflow
    df = 1 / ((a / (a + b)) ** 2 / (first.n - 1) + (b / (a + b)) ** 2 / (second.n - 1))
    return _compared(first, second, (sqrt(a + b), df), level, words)


def _compared(
    first: Moments, second: Moments, error_and_df: tuple[float, float], level: float, method: str
) -> MeansCompared:
    error, df = error_and_df
    gap = first.mean - second.mean
    alpha = error_rate(level)
    if error > 0:
        t = gap / error
    else:  # nobody varies: equal means are as equal as can be, unequal ones as unequal
        t = copysign(inf, gap) if gap else 0.0
        method += "; neither group varies"
    p = float(2 * stdtr(df, -abs(t)))
    half = float(stdtrit(df, 1 - alpha / 2)) * error
    interval = Interval(gap - half, gap + half, level, "t")
    n = first.n + second.n
    difference = Estimate(gap, interval, n, "difference of means, first less second, t interval")
    return MeansCompared(p, t, df, difference, method)
