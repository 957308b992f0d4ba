"""Two ends and the confidence they carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from avidity.errors import AnalysisError


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends, the confidence they carry, and the way they were found.

    low, high  the ends, both included; -inf and inf where nothing bounds the estimate
    level      the confidence, 0 < level < 1
    method     the way in words: "Wilson", "profile likelihood", "DeLong"

    >>> 0.5 in Interval(0.2, 0.7)
    True
    """

    low: float
    high: float
    level: float = 0.95
    method: str = ""

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def map(self, function: Callable[[float], float]) -> Interval:
        """The interval on another scale, by a monotone function; a falling one swaps the ends.

        >>> Interval(1.0, 3.0).map(lambda value: -value)
        Interval(low=-3.0, high=-1.0, level=0.95, method='')
        """
        first, second = function(self.low), function(self.high)
        return Interval(min(first, second), max(first, second), self.level, self.method)


def error_rate(level: float) -> float:
    """What a level leaves outside: 0.05 for 0.95.

    Rounded to twelve places, so that 0.95 gives 0.05 and not 0.050000000000000044, and a
    p value of exactly 0.05 stands on the same side as its interval.

    raises  AnalysisError unless 0 < level < 1

    >>> error_rate(0.95)
    0.05
    """
    if not 0 < level < 1:
        raise AnalysisError(f"a confidence level must lie between 0 and 1, got {level}")
    return round(1 - level, 12)
