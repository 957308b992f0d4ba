"""How far apart two shares are: always the first less the second."""

from __future__ import annotations

from math import acos, copysign, cos, hypot, inf, pi, sqrt

from scipy.special import ndtri

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval, error_rate
from avidity.stats.proportion import wilson
from avidity.stats.root import crossing


def newcombe(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Difference of two shares with Newcombe's hybrid score interval.

    k1, n1  those with the property and all, in the first group; k2, n2 in the second
    source  Newcombe, Stat Med 1998;17:873-890, method 10
    raises  AnalysisError if a group is empty or a count is beyond its group

    >>> between = newcombe(56, 70, 48, 80)
    >>> round(between.interval.low, 4), round(between.interval.high, 4)
    (0.0524, 0.3339)
    """
    first, second = _ends(k1, n1, level), _ends(k2, n2, level)
    p1, p2 = k1 / n1, k2 / n2
    low = p1 - p2 - hypot(p1 - first.low, second.high - p2)
    high = p1 - p2 + hypot(first.high - p1, p2 - second.low)
    return _difference((k1, n1, k2, n2), (low, high), level, "Newcombe hybrid score")


def miettinen_nurminen(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Difference of two shares with Miettinen and Nurminen's score interval.

    The variance is that of the shares most likely under the difference asked about, times
    N/(N-1).

    source  Miettinen & Nurminen, Stat Med 1985;4:213-226
    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    n = n1 + n2
    _ends(k1, n1, level), _ends(k2, n2, level)
    z = float(ndtri(1 - error_rate(level) / 2))
    observed = k1 / n1 - k2 / n2

    def score(difference: float) -> float:
        p2 = _second_share_under(difference, k1, n1, k2, n2)
        p1 = p2 + difference
        variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1)
        gap = observed - difference
        if variance <= 0:
            return copysign(inf, gap) if gap else 0.0
        return gap / sqrt(variance)

    low = crossing(lambda place: score(place) - z, -1.0, observed) if observed > -1 else -1.0
    high = crossing(lambda place: score(place) + z, observed, 1.0) if observed < 1 else 1.0
    return _difference((k1, n1, k2, n2), (low, high), level, "Miettinen–Nurminen score")


def agresti_caffo(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Difference of two shares; the interval is Wald's after one of each was added to each group.

    The estimate stays the observed difference, so the interval is not centred on it.

    source  Agresti & Caffo, Am Stat 2000;54:280-288
    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    _ends(k1, n1, level), _ends(k2, n2, level)
    limits = _wald_limits(k1 + 1, n1 + 2, k2 + 1, n2 + 2, level)
    return _difference((k1, n1, k2, n2), limits, level, "Agresti–Caffo")


def wald(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Difference of two shares with the textbook interval; too narrow when counts are small.

    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    _ends(k1, n1, level), _ends(k2, n2, level)
    return _difference((k1, n1, k2, n2), _wald_limits(k1, n1, k2, n2, level), level, "Wald")


def _ends(k: int, n: int, level: float) -> Interval:
    """The Wilson interval of one share; asking for it also checks the counts and the level."""
    interval = wilson(k, n, level).interval
    if interval is None:
        raise AnalysisError("a share without an interval cannot be compared")
    return interval


def _wald_limits(k1: int, n1: int, k2: int, n2: int, level: float) -> tuple[float, float]:
    p1, p2 = k1 / n1, k2 / n2
    z = float(ndtri(1 - error_rate(level) / 2))
    half = z * sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return p1 - p2 - half, p1 - p2 + half


def _second_share_under(difference: float, k1: int, n1: int, k2: int, n2: int) -> float:
    """The second share that makes the counts most likely when the first is larger by difference.

    The middle root of the likelihood's cubic, in closed form (Miettinen & Nurminen 1985,
    appendix).
    """
    n, events, d = n1 + n2, k1 + k2, difference
    square = ((n1 + 2 * n2) * d - n - events) / (3 * n)
    linear = (n2 * d - n - 2 * k2) * d + events
    constant = k2 * d * (1 - d)
    v = square**3 - linear * square / (2 * n) + constant / (2 * n)
    u = copysign(sqrt(max(0.0, square**2 - linear / (3 * n))), v)
    angle = 0.0 if u == 0 else (pi + acos(min(1.0, max(-1.0, v / u**3)))) / 3
    second = 2 * u * cos(angle) - square
    return min(1.0, 1 - d, max(0.0, -d, second))


def _difference(
    counts: tuple[int, int, int, int], limits: tuple[float, float], level: float, method: str
) -> Estimate:
    k1, n1, k2, n2 = counts
    interval = Interval(max(-1.0, limits[0]), min(1.0, limits[1]), level, method)
    words = f"difference of shares, first less second, {method} interval"
    return Estimate(k1 / n1 - k2 / n2, interval, n1 + n2, words)
