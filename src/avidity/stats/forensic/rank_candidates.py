"""What is known of the Mann–Whitney p when only an AUC, or medians and ranges, are printed."""

from __future__ import annotations

from math import ceil, copysign, floor, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from avidity.errors import AnalysisError
from avidity.stats.forensic.fingerprint import Candidate
from avidity.stats.forensic.rank_bounds import RankBounds
from avidity.stats.rank_distribution import doubled_counts
from avidity.stats.rounded import Rounded

WITHOUT = "Mann–Whitney, normal approximation"
WITH = "Mann–Whitney, normal approximation with continuity correction"
EXACT = "Mann–Whitney, exact"
MOST_PAIRS = 2_500  # for the exact distribution, which programs give for small groups only


def auc_candidates(auc: Rounded, m: int, n: int) -> tuple[Candidate, ...]:
    """The Mann–Whitney p of the counts U that a printed AUC allows, U = AUC m n.

    As if no values were tied. Ties narrow the deviation by an amount that an AUC does not tell:
    with many of them the true p is smaller than the range says. Exact up to 2,500 pairs.

    auc     as printed, 0 to 1
    m, n    sizes of the two groups
    raises  AnalysisError if a group is empty or no count of pairs prints so

    >>> from avidity.stats.rounded import rounded
    >>> [f"{one.low:.4f}" for one in auc_candidates(rounded("0.681"), 32, 58)]
    ['0.0046', '0.0046', '0.0042']
    """
    ends = doubled_wins(auc, m, n)
    if ends is None:
        raise AnalysisError(f"no count of {m} × {n} pairs gives an AUC of {auc.text}")
    deviation = sqrt(m * n * (m + n + 1) / 12)
    gaps = [abs(end / 2 - m * n / 2) for end in ends]
    nearest = 0.0 if ends[0] <= m * n <= ends[1] else min(gaps)
    normal = tuple(
        Candidate(test, _p(max(gaps), deviation, half), _p(nearest, deviation, half))
        for test, half in ((WITHOUT, 0.0), (WITH, 0.5))
    )
    if m * n > MOST_PAIRS:
        return normal
    chance = doubled_counts(np.ones(m + n, dtype=np.int64), m)
    return (*normal, Candidate(EXACT, *(_exact(gap, chance) for gap in (max(gaps), nearest))))


def largest_p(bounds: RankBounds) -> float:
    """The largest normal p that the count of pairs can have within its bounds, ties or none."""
    m, n = bounds.n_first, bounds.n_second
    middle = m * n / 2
    if bounds.low <= middle <= bounds.high:
        return 1.0
    gap = min(abs(bounds.low - middle), abs(bounds.high - middle))
    return _p(gap, sqrt(m * n * (m + n + 1) / 12), 0.5)


def doubled_wins(auc: Rounded, m: int, n: int) -> tuple[int, int] | None:
    """The first and last 2 U (U = AUC m n, ties count half) that print so; None if none does.

    >>> from avidity.stats.rounded import rounded
    >>> doubled_wins(rounded("0.790"), 32, 58)
    (2931, 2934)
    """
    if m < 1 or n < 1:
        raise AnalysisError("an AUC needs a patient in each group")
    high = auc.low if auc.high is None else auc.high
    first = max(0, ceil(auc.low * 2 * m * n))
    last = min(2 * m * n, floor(high * 2 * m * n))
    return (first, last) if first <= last else None


def _exact(gap: float, chance: NDArray[np.float64]) -> float:
    """Probability of a count at least so far from the middle; `chance` is of twice the count."""
    away = np.abs(np.arange(chance.size) - (chance.size - 1) / 2)
    return min(1.0, float(chance[away >= 2 * gap - 1e-9].sum()))


def _p(gap: float, deviation: float, half: float) -> float:
    return min(1.0, float(2 * ndtr(-(gap - copysign(min(half, gap), 1.0)) / deviation)))
