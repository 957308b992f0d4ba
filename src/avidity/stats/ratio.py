"""How many times as often: always the first group over the second."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log, nan, sqrt

from scipy.special import ndtri

from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval, error_rate
from avidity.stats.proportion import wilson
from avidity.stats.root import outward

NO_GAP = 1e-12  # shares are ratios of counts: closer than this they are equal


def odds_ratio_score(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Sample odds ratio with Miettinen and Nurminen's score interval.

    k1, n1  those with the property and all, in the first group; k2, n2 in the second
    source  Miettinen & Nurminen, Stat Med 1985;4:213-226 (variance times N/(N-1))
    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    z = _quantile(k1, n1, k2, n2, level)
    estimate = _ratio(k1 * (n2 - k2), (n1 - k1) * k2)
    shrink = sqrt((n1 + n2 - 1) / (n1 + n2))

    def score(log_ratio: float) -> float:
        first, second = _shares_under_odds_ratio(exp(log_ratio), k1, n1, k2, n2)
        inverse = 1 / (n1 * first * (1 - first)) + 1 / (n2 * second * (1 - second))
        return (k1 - n1 * first) * sqrt(inverse) * shrink

    open_low, open_high = k1 == 0 or k2 == n2, k2 == 0 or k1 == n1
    interval = _invert(score, z, level, estimate, (open_low, open_high))
    return Estimate(
        estimate, interval, n1 + n2, "sample odds ratio, Miettinen–Nurminen score interval"
    )


def risk_ratio_score(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Ratio of two shares with Koopman's score interval.

    source  Koopman, Biometrics 1984;40:513-517
    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    z = _quantile(k1, n1, k2, n2, level)
    estimate = _ratio(k1 * n2, k2 * n1)

    def score(log_ratio: float) -> float:
        ratio = exp(log_ratio)
        # (first share - ratio x second share) over its deviation; both most likely at this ratio
        first, second = _shares_under_risk_ratio(ratio, k1, n1, k2, n2)
        variance = first * (1 - first) / n1 + ratio**2 * second * (1 - second) / n2
        gap = k1 / n1 - ratio * k2 / n2
        if variance > 0:
            return gap / sqrt(variance)
        if abs(gap) < NO_GAP:  # everybody in both groups, ratio 1: the data could not fit better
            return 0.0
        return inf if gap > 0 else -inf

    interval = _invert(score, z, level, estimate, (k1 == 0, k2 == 0))
    return Estimate(estimate, interval, n1 + n2, "ratio of shares, Koopman score interval")


def odds_ratio_woolf(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Estimate:
    """Sample odds ratio with Woolf's (Wald, logarithmic) interval; none where a cell is empty.

    source  Woolf, Ann Hum Genet 1955;19:251-253
    raises  AnalysisError if a group is empty or a count is beyond its group
    """
    z = _quantile(k1, n1, k2, n2, level)
    cells = (k1, n1 - k1, k2, n2 - k2)
    estimate = _ratio(k1 * (n2 - k2), (n1 - k1) * k2)
    words = "sample odds ratio, Woolf interval"
    if 0 in cells:
        return Estimate(estimate, None, n1 + n2, f"{words} (none: a cell is empty)")
    half = z * sqrt(sum(1 / cell for cell in cells))
    interval = Interval(log(estimate) - half, log(estimate) + half, level, "Woolf").map(exp)
    return Estimate(estimate, interval, n1 + n2, words)


def _quantile(k1: int, n1: int, k2: int, n2: int, level: float) -> float:
    wilson(k1, n1, level), wilson(k2, n2, level)  # checks counts and level
    return float(ndtri(1 - error_rate(level) / 2))


def _ratio(above: int, below: int) -> float:
    if below == 0:
        return inf if above else nan
    return above / below


def _invert(
    score: Callable[[float], float],
    z: float,
    level: float,
    estimate: float,
    unbounded: tuple[bool, bool],
) -> Interval:
    """Where a score that falls in the logarithm of the ratio passes z and -z."""
    start = log(estimate) if 0 < estimate < inf else 0.0
    low = high = 0.0
    if not unbounded[0]:
        low = exp(_limit(lambda place: score(place) - z, start))
    high = inf if unbounded[1] else exp(_limit(lambda place: score(place) + z, start))
    return Interval(low, high, level, "score")


def _limit(falling: Callable[[float], float], start: float) -> float:
    return outward(falling, start, 0.5 if falling(start) > 0 else -0.5)


def _shares_under_odds_ratio(
    ratio: float, k1: int, n1: int, k2: int, n2: int
) -> tuple[float, float]:
    events = k1 + k2
    a = n2 * (ratio - 1)
    b = n1 * ratio + n2 - events * (ratio - 1)
    c = -float(events)
    # the stable root of a p^2 + b p + c, which stays good as the ratio nears 1
    second = -2 * c / (b + sqrt(b * b - 4 * a * c))
    first = second * ratio / (1 + second * (ratio - 1))
    return first, second


def _shares_under_risk_ratio(
    ratio: float, k1: int, n1: int, k2: int, n2: int
) -> tuple[float, float]:
    n = n1 + n2
    a = ratio * n
    b = ratio * (n1 + k2) + k1 + n2
    c = float(k1 + k2)
    second = 2 * c / (b + sqrt(max(0.0, b * b - 4 * a * c)))
    return ratio * second, second
