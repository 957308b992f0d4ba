"""Between which limits the Mann–Whitney count must lie, when only quantiles are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from avidity.errors import AnalysisError
from avidity.stats.rounded import Rounded

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankBounds:
    """The fewest and the most pairs that the first group can win, ties half."""

    low: float
    high: float
    n_first: int
    n_second: int
    method: str = "every data set with these quantiles, whatever definition of a quantile was used"


def rank_bounds(
    first: Mapping[float, Rounded], n_first: int, second: Mapping[float, Rounded], n_second: int
) -> RankBounds:
    """Limits of the Mann–Whitney count (U of the first group) from printed quantiles.

    first, second  share → printed quantile: 0 the smallest, 0.25, 0.5, 0.75 the quartiles, 1 the
                   largest value; none is needed
    raises  AnalysisError if a group is empty or its quantiles fall

    >>> from avidity.stats.rounded import rounded
    >>> ages, others = {0.0: rounded("50"), 1.0: rounded("80")}, {1.0: rounded("40")}
    >>> rank_bounds(ages, 10, others, 10).low
    100.0
    """
    x, y = _limits(first, n_first), _limits(second, n_second)
    return RankBounds(_wins(x[0], y[1]), _wins(x[1], y[0]), n_first, n_second)


def _limits(quantiles: Mapping[float, Rounded], n: int) -> tuple[Numbers, Numbers]:
    """The lowest and highest each ordered value can be.

    All usual definitions put the quantile of share q between the values in places q n and
    q n + 1, rounded down and up; that is all that is assumed.
    """
    if n < 1:
        raise AnalysisError("a group without patients has no ranks")
    place = np.arange(1, n + 1)
    low, high = np.full(n, -inf), np.full(n, inf)
    for share, printed in sorted(quantiles.items()):
        at_least, at_most = float(printed.low), float(printed.high or printed.low)
        above = place >= (1 if share == 0 else share * n + 1)
        below = place <= (n if share == 1 else share * n)
        if share == 0:
            below = place == 1
        if share == 1:
            above = place == n
        low[above] = np.maximum(low[above], at_least)
        high[below] = np.minimum(high[below], at_most)
    if np.any(low > high):
        raise AnalysisError("the printed quantiles fall: a smaller share has the larger value")
    return low, high


def _wins(x: Numbers, y: Numbers) -> float:
    below = np.searchsorted(np.sort(y), x, side="left")
    up_to = np.searchsorted(np.sort(y), x, side="right")
    return float((below + up_to).sum()) / 2
