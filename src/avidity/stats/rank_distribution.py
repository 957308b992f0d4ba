"""How the Mann–Whitney count is distributed when the groups were dealt at random.

Exact with ties: the permutation distribution of mid-ranks by the shift algorithm
(Streitberg & Röhmel, Statistical Software Newsletter 1986;12:10-17).
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from avidity.errors import AnalysisError

Numbers = NDArray[np.float64]

MOST_STEPS = 20_000_000_000  # a few seconds: two groups of 250, or 60 against 1,100
MOST_CELLS = 40_000_000  # a third of a gigabyte


def doubled_counts(tie_sizes: NDArray[np.int64], m: int) -> Numbers:
    """Probability of each value of 2 W, where W counts the pairs the first group wins.

    tie_sizes  how many patients share each value, in rising order of the values
    m          size of the first group
    returns    shape (2 m n + 1,): the probability that 2 W is 0, 1, 2, … (a tie is half a win)
    raises     AnalysisError if the groups are too large for the exact way

    >>> doubled_counts(np.array([1, 1, 1]), 1)[::2].round(4).tolist()
    [0.3333, 0.3333, 0.3333]
    """
    total = int(tie_sizes.sum())
    n = total - m
    if m > n:  # the smaller group keeps the table small; its wins are the other's losses
        return doubled_counts(tie_sizes, n)[::-1]
    # without a tie of even size no half wins can arise, and every second place would be empty
    unit = 1 if np.any(tie_sizes % 2 == 0) else 2
    size = 2 * m * n // unit + 1
    if total * m * size > MOST_STEPS or (m + 1) * size > MOST_CELLS:
        raise AnalysisError(
            f"{m} and {n} patients are too many for the exact distribution; "
            "ask for the asymptotic one"
        )
    ways = np.zeros((m + 1, size))  # how many were chosen so far × what they won
    ways[0, 0] = 1.0
    before = 0
    for tied in tie_sizes.tolist():
        _deal(ways, (before, tied, n), unit)
        before += tied
    distribution = np.zeros(2 * m * n + 1)
    distribution[::unit] = ways[m] / ways[m].sum()
    return distribution


def _deal(ways: Numbers, place: tuple[int, int, int], unit: int) -> None:
    """Give the first group 1, 2, … of the next tied values (or none, which changes nothing).

    Each of them beats what the second group has below, and halves with its equals. From the
    largest number chosen downwards, so that nobody is dealt a value twice.

    place  values dealt before, values tied now, size of the second group
    """
    before, tied, n = place
    m = ways.shape[0] - 1
    for chosen in range(min(m, before), max(0, before - n) - 1, -1):
        below = before - chosen
        reach = 2 * chosen * below // unit + 1  # nobody can have won more than this so far
        for more in range(max(1, below + tied - n), min(tied, m - chosen) + 1):
            gain = (2 * more * below + more * (tied - more)) // unit
            ways[chosen + more, gain : gain + reach] += comb(tied, more) * ways[chosen, :reach]
