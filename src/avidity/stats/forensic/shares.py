"""Which whole counts print as a given share."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from avidity.errors import AnalysisError
from avidity.stats.rounded import Rounded


def counts_printing(share: Rounded, n: int, whole: int = 100) -> tuple[int, ...]:
    """Every count of n patients whose share prints so.

    whole   what all patients print as: 100 for percentages, 1 for proportions
    raises  AnalysisError if n is negative

    >>> from avidity.stats.rounded import rounded
    >>> counts_printing(rounded("75.9"), 58), counts_printing(rounded("59.5"), 32)
    ((44,), ())
    """
    if n < 0:
        raise AnalysisError(f"a group cannot have {n} patients")
    low, high = share.low / whole, (share.low if share.high is None else share.high) / whole
    if share.high is None:
        high = Fraction(1)
    return tuple(range(max(0, ceil(low * n)), min(n, floor(high * n)) + 1))
