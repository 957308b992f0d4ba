"""Whether one group tends to have higher values than another, from ranks alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, floor, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr, ndtri

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.interval import Interval, error_rate
from avidity.stats.rank_distribution import doubled_counts
from avidity.stats.summary import numbers

Method = Literal["exact", "exact mid-p", "asymptotic"]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """Wilcoxon's rank-sum test, also known as Mann and Whitney's.

    statistic    W: pairs in which the first group has the higher value, ties half (R's W,
                 the U of the first group)
    z            (W less its expectation) over its tie-corrected deviation; no continuity
                 correction; 0 if all values are equal. SPSS prints it with a minus
    p_greater    one-sided: the first group tends higher; p_less: lower
    superiority  W over the number of pairs: the chance that a patient of the first group
                 has the higher value, ties half
    """

    p_value: float
    statistic: float
    z: float
    p_greater: float
    p_less: float
    superiority: float
    n_first: int
    n_second: int
    method: str

    @property
    def test(self) -> TestResult:
        """The two-sided test alone."""
        n = self.n_first + self.n_second
        return TestResult(self.p_value, self.statistic, None, self.method, n)


def mann_whitney(
    x: ArrayLike, y: ArrayLike, method: Method = "exact", *, continuity: bool = True
) -> MannWhitney:
    """Mann–Whitney test, two-sided, ties at their mid-rank.

    x, y        the two groups, no missing values
    method      "exact": the permutation distribution, ties included; two-sided are all
                W at least as far from the expectation as the seen one
                "exact mid-p": the same, W exactly as far away counted half
                "asymptotic": normal, deviation corrected for ties
    continuity  half a pair's correction, for the asymptotic method only (R: yes, SPSS: no)
    source      Mann & Whitney, Ann Math Stat 1947;18:50-60; Lehmann, Nonparametrics 1975
    raises      AnalysisError if a group is empty, or too large for the exact distribution

    >>> mann_whitney([1, 2, 3], [4, 5, 6]).p_value
    0.1
    """
    first, second = numbers(x, "the first group"), numbers(y, "the second group")
    m, n = first.size, second.size
    _, ties = np.unique(np.concatenate([first, second]), return_counts=True)
    w = _wins(first, second)
    deviation = _deviation(ties, m, n)
    z = (w - m * n / 2) / deviation if deviation > 0 else 0.0
    if method == "asymptotic":
        p, greater, less = _normal_tails(w - m * n / 2, deviation, continuity=continuity)
        text = "normal approximation, tie-corrected, "
        text += f"{'with' if continuity else 'no'} continuity correction"
    elif method in ("exact", "exact mid-p"):
        half = method == "exact mid-p"
        p, greater, less = _exact_tails(round(2 * w), doubled_counts(ties, m), half_seen=half)
        text = "exact permutation distribution of mid-ranks"
        text += ", mid-p" if half else ""
    else:
        raise AnalysisError(f"the method is exact, exact mid-p or asymptotic, got {method!r}")
    if ties.size == 1:
        p = greater = less = 1.0
        text += "; all values are equal, so p is 1"
    words = f"Mann–Whitney test, two-sided, {text}"
    return MannWhitney(p, w, z, greater, less, w / (m * n), m, n, words)


def _wins(first: Numbers, second: Numbers) -> float:
    rising = np.sort(second)
    below = np.searchsorted(rising, first, side="left")
    up_to = np.searchsorted(rising, first, side="right")
    return float((below + up_to).sum()) / 2


def _deviation(ties: NDArray[np.int64], m: int, n: int) -> float:
    total = m + n
    tied = float((ties.astype(float) ** 3 - ties).sum())
    return sqrt(max(0.0, m * n / 12 * (total + 1 - tied / (total * (total - 1)))))


def _normal_tails(gap: float, deviation: float, *, continuity: bool) -> tuple[float, float, float]:
    """Two-sided, greater, less."""
    if deviation == 0:  # all values are equal
        return 1.0, 1.0, 1.0
    half = 0.5 if continuity else 0.0
    two = (gap - copysign(min(half, abs(gap)), gap)) / deviation
    greater, less = -(gap - half) / deviation, (gap + half) / deviation
    return min(1.0, 2 * float(ndtr(-abs(two)))), float(ndtr(greater)), float(ndtr(less))


def _exact_tails(doubled: int, chance: Numbers, *, half_seen: bool) -> tuple[float, float, float]:
    """Two-sided, greater, less, from the probability of each value of 2 W."""
    middle = chance.size - 1  # of 4 W, so that halves stay whole numbers
    away = np.abs(2 * np.arange(chance.size) - middle)
    seen_away = abs(2 * doubled - middle)
    two, greater = chance[away >= seen_away].sum(), chance[doubled:].sum()
    less = chance[: doubled + 1].sum()
    if half_seen:
        two -= chance[away == seen_away].sum() / 2
        greater, less = greater - chance[doubled] / 2, less - chance[doubled] / 2
    return min(1.0, float(two)), min(1.0, float(greater)), min(1.0, float(less))


def hodges_lehmann(x: ArrayLike, y: ArrayLike, level: float = 0.95) -> Estimate:
    """By how much the first group lies higher: the median of all differences between pairs.

    The interval counts in from both ends of the sorted differences, as far as the
    Mann–Whitney test without ties allows (exact for small groups, normal with continuity
    correction beyond); with ties it is a little wide.

    source  Hodges & Lehmann, Ann Math Stat 1963;34:598-611
    raises  AnalysisError if a group is empty
    """
    first, second = numbers(x, "the first group"), numbers(y, "the second group")
    m, n = first.size, second.size
    alpha = error_rate(level)
    pairs = np.sort(np.subtract.outer(first, second), axis=None)
    if m * n <= 10_000:
        chance = doubled_counts(np.ones(m + n, dtype=np.int64), m)[::2]
        cut = int(np.searchsorted(np.cumsum(chance), alpha / 2, side="right"))
        name = "exact"
    else:
        deviation = _deviation(np.ones(m + n, dtype=np.int64), m, n)
        cut = max(0, floor(m * n / 2 + 0.5 + float(ndtri(alpha / 2)) * deviation))
        name = "normal"
    words = f"Hodges–Lehmann shift, first less second, {name} interval"
    if cut == 0:  # so few patients that no test could reject any shift
        interval = Interval(-np.inf, np.inf, level, name)
    else:
        interval = Interval(float(pairs[cut - 1]), float(pairs[m * n - cut]), level, name)
    return Estimate(float(np.median(pairs)), interval, m + n, words)


def kruskal_wallis(groups: Sequence[ArrayLike]) -> TestResult:
    """Kruskal–Wallis test of two or more groups, tie-corrected, chi-square approximation.

    groups  one array per group, no missing values
    source  Kruskal & Wallis, J Am Stat Assoc 1952;47:583-621
    raises  AnalysisError if there are fewer than two groups or one is empty
    """
    if len(groups) < 2:
        raise AnalysisError(f"the Kruskal–Wallis test needs at least two groups, got {len(groups)}")
    given = [numbers(group, f"group {place}") for place, group in enumerate(groups, start=1)]
    everything = np.concatenate(given)
    n, df = everything.size, float(len(given) - 1)
    method = "Kruskal–Wallis test, tie-corrected, chi-square approximation"
    values, place, ties = np.unique(everything, return_inverse=True, return_counts=True)
    if values.size == 1:
        return TestResult(1.0, 0.0, df, f"{method}; all values are equal, so p is 1", n)
    rank = (np.cumsum(ties) - (ties - 1) / 2)[place]
    ends = np.cumsum([group.size for group in given])[:-1]
    between = sum(own.size * (float(own.mean()) - (n + 1) / 2) ** 2 for own in np.split(rank, ends))
    spread = float(((rank - (n + 1) / 2) ** 2).sum()) / (n - 1)
    statistic = float(between) / spread
    return TestResult(float(chdtrc(df, statistic)), statistic, df, method, n)
