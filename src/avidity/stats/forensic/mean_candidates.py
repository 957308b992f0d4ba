"""Both t tests of two printed means and SDs, as the range of p that the prints allow."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from scipy.special import ndtr, stdtr

from avidity.errors import AnalysisError
from avidity.stats.forensic.fingerprint import Candidate
from avidity.stats.rounded import Rounded

POOLED, WELCH = "t test, pooled variance (Student)", "t test, unequal variances (Welch)"
LARGE_SAMPLE = "z test, unequal variances"


@dataclass(frozen=True, slots=True)
class PrintedMoments:
    """Mean and SD (n - 1) of a group as printed."""

    n: int
    mean: Rounded
    sd: Rounded

    def __post_init__(self) -> None:
        if self.n < 2 or self.mean.bound or self.sd.bound or self.sd.value < 0:
            raise AnalysisError(
                "a t test from print needs two patients, a mean and an SD per group"
            )

    @property
    def variances(self) -> tuple[float, float]:
        """The smallest and the largest variance of the mean."""
        low, high = max(0.0, float(self.sd.low)), float(self.sd.high or 0)
        return low**2 / self.n, high**2 / self.n


def mean_candidates(first: PrintedMoments, second: PrintedMoments) -> tuple[Candidate, ...]:
    """Student's, Welch's and the large-sample test, from moments that are rounded themselves.

    The ranges of p hold every one that unrounded moments could give; Welch's may be a little
    wide, as its degrees of freedom and its t are bounded apart.

    >>> from avidity.stats.rounded import rounded
    >>> groups = [("53.06", "14.128", 32), ("44.43", "13.088", 58)]
    >>> pair = [PrintedMoments(n, rounded(m), rounded(s)) for m, s, n in groups]
    >>> [f"{one.low:.4f}" for one in mean_candidates(*pair)]
    ['0.0045', '0.0060', '0.0044']
    """
    gaps = _gaps(first.mean, second.mean)
    return (
        Candidate(POOLED, *_pooled(gaps, first, second)),
        Candidate(WELCH, *_welch(gaps, first, second)),
        Candidate(LARGE_SAMPLE, *_normal(gaps, first, second)),
    )


def _gaps(first: Rounded, second: Rounded) -> tuple[float, float]:
    """The smallest and the largest distance of the means."""
    low = float(first.low - (second.high or second.low))
    high = float((first.high or first.low) - second.low)
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    return nearest, max(abs(low), abs(high))


def _pooled(
    gaps: tuple[float, float], first: PrintedMoments, second: PrintedMoments
) -> tuple[float, float]:
    df = first.n + second.n - 2
    errors = []
    for one, two in zip(first.variances, second.variances, strict=True):
        squares = (first.n - 1) * first.n * one + (second.n - 1) * second.n * two
        errors.append(sqrt(squares / df * (1 / first.n + 1 / second.n)))
    return _p(gaps[1], errors[0], df), _p(gaps[0], errors[1], df)


def _welch(
    gaps: tuple[float, float], first: PrintedMoments, second: PrintedMoments
) -> tuple[float, float]:
    smallest, largest = _errors(first, second)
    df = _welch_df(first, second)
    return _p(gaps[1], smallest, df[1]), _p(gaps[0], largest, df[0])


def _welch_df(first: PrintedMoments, second: PrintedMoments) -> tuple[float, float]:
    """The range of Welch's degrees of freedom, which depend on the first variance's share only."""
    low = _share(first.variances[0], second.variances[1])
    high = _share(first.variances[1], second.variances[0])
    top = (first.n - 1) / (first.n + second.n - 2)  # where they are largest

    def df(share: float) -> float:
        return 1 / (share**2 / (first.n - 1) + (1 - share) ** 2 / (second.n - 1))

    return min(df(low), df(high)), df(min(max(top, low), high))


def _share(one: float, two: float) -> float:
    return one / (one + two) if one + two > 0 else 0.5


def _errors(first: PrintedMoments, second: PrintedMoments) -> tuple[float, float]:
    pairs = zip(first.variances, second.variances, strict=True)
    smallest, largest = (sqrt(one + two) for one, two in pairs)
    return smallest, largest


def _normal(
    gaps: tuple[float, float], first: PrintedMoments, second: PrintedMoments
) -> tuple[float, float]:
    smallest, largest = _errors(first, second)
    return _p(gaps[1], smallest, inf), _p(gaps[0], largest, inf)


def _p(gap: float, error: float, df: float) -> float:
    if error == 0:
        return 0.0 if gap else 1.0
    if df == inf:
        return float(2 * ndtr(-gap / error))
    return float(2 * stdtr(df, -gap / error))
