"""Between which limits an SD must lie, given the mean and the range of the values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from avidity.errors import AnalysisError
from avidity.stats.forensic.grim import sums_of, whole
from avidity.stats.forensic.grimmer import Scale
from avidity.stats.forensic.square_sums import least, most
from avidity.stats.rounded import Rounded


@dataclass(frozen=True, slots=True)
class SdLimits:
    """The smallest SD (values as equal as possible) and the largest (values at the ends)."""

    low: float
    high: float
    n: int
    method: str


def sd_limits(mean: Rounded, n: int, scale: Scale) -> SdLimits | None:
    """The smallest and the largest SD of values with this printed mean; None if no mean prints so.

    scale   must know both ends of the range
    raises  AnalysisError without a range, or if n < 2

    >>> from avidity.stats.rounded import rounded
    >>> limits = sd_limits(rounded("4.20"), 5, Scale(low=1, high=7))
    >>> round(limits.low, 2), round(limits.high, 2)
    (0.45, 3.03)
    """
    whole(mean, n, scale.items)
    ends = scale.ends()
    if ends is None or n < 2:
        raise AnalysisError("the limits of an SD need both ends of the range and two patients")
    sums = sums_of(mean, n, scale.items)
    if sums is None:
        return None
    totals = [one for one in range(sums[0], sums[1] + 1) if n * ends[0] <= one <= n * ends[1]]
    if not totals:
        return None
    low = min(_sd(least(n, one), one, n, scale) for one in totals)
    high = max(_sd(most(n, one, *ends), one, n, scale) for one in totals)
    return SdLimits(low, high, n, f"limits over all values, {scale.words()}")


def _sd(squares: int, total: int, n: int, scale: Scale) -> float:
    spread = squares - Fraction(total * total, n)
    return sqrt(spread / (n - 1 if scale.sample else n)) / scale.items
