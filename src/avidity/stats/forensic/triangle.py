"""Whether a printed ratio, its interval and its p value can belong together."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

from scipy.special import ndtr, ndtri

from avidity.errors import AnalysisError
from avidity.stats.forensic.printed_p import prints
from avidity.stats.interval import error_rate
from avidity.stats.rounded import Rounded

OTHER_LEVELS = (0.90, 0.99, 0.999, 0.68)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Triangle:
    """A printed ratio held against its interval and its p.

    inside     whether the estimate can lie inside its interval
    symmetric  whether it can lie in the middle on the log scale, as Wald's interval has it;
               None where an end of the interval is not printed, or prints as 0
    beta, se   the log ratio and standard errors the prints allow, lowest and highest
    p          the Wald p they allow, lowest and highest; None without an interval
    reproduces whether the printed p is among them; None where there is nothing to compare
    level      the confidence the interval is said to have
    levels     other levels at which interval and p would agree
    """

    inside: bool
    symmetric: bool | None
    beta: tuple[float, float] | None
    se: tuple[float, float] | None
    p: tuple[float, float] | None
    reproduces: bool | None
    level: float
    levels: tuple[float, ...]
    method: str


def triangle(
    ratio: Rounded | None,
    low: Rounded,
    high: Rounded,
    p: Rounded | None = None,
    level: float = 0.95,
) -> Triangle:
    """Odds ratio, interval and p, as Wald's method ties them: symmetric on the log scale.

    ratio, low, high  as printed; every number that rounds to them is allowed. Without a ratio
                      only interval and p are compared
    level   of the interval
    raises  AnalysisError if a ratio is negative, or the ends are the wrong way round

    >>> from avidity.stats.rounded import rounded
    >>> found = triangle(*(rounded(one) for one in ("6.502", "1.832", "23.080", "0.004")))
    >>> found.symmetric, found.reproduces, round(found.p[0], 4)
    (True, True, 0.0038)
    """
    _refuse(ratio, low, high)
    z = -float(ndtri(error_rate(level) / 2))
    inside = ratio is None or (_above(ratio) >= low.low and ratio.low <= _above(high))
    lows, highs = _logs(low), _logs(high)
    method = f"Wald on the log scale, {100 * level:g}% interval, every rounding allowed"
    if -inf in lows or inf in highs:
        return Triangle(inside, None, None, None, None, None, level, (), method)
    middles = (-inf, inf) if ratio is None else _logs(ratio)
    corners = _corners(lows, highs, middles)
    symmetric = None if ratio is None else bool(corners)
    corners = corners or _corners(lows, highs, (-inf, inf))
    beta, se, statistic = _ranges(corners, z)
    ps = (_two_sided(statistic[1]), _two_sided(statistic[0]))
    reproduces = None if p is None else prints(*ps, p, slack=1e-7)
    others = _other_levels(p, statistic, z) if reproduces is False else ()
    return Triangle(inside, symmetric, beta, se, ps, reproduces, level, others, method)


def _refuse(ratio: Rounded | None, low: Rounded, high: Rounded) -> None:
    for one in (ratio, low, high):
        if one is not None and one.value < 0:
            raise AnalysisError(f"a ratio cannot be negative, found {one.text}")
    if _above(high) < low.low:
        raise AnalysisError(f"the interval's ends are the wrong way round: {low.text}, {high.text}")


def _above(one: Rounded) -> float:
    return inf if one.high is None else float(one.high)


def _logs(one: Rounded) -> Point:
    lowest = log(one.low) if one.low > 0 else -inf
    return lowest, (inf if one.high is None else log(one.high) if one.high > 0 else -inf)


def _corners(lows: Point, highs: Point, middles: Point) -> list[Point]:
    """Corners of all (log low, log high) that print so and whose middle does.

    The rectangle of the ends, cut by the strip of the middle.
    """
    shape = [(u, v) for u, v in ((0, 0), (1, 0), (1, 1), (0, 1))]
    points = [(lows[u], highs[v]) for u, v in shape]
    if middles[0] > -inf:
        points = _cut(points, 1, 2 * middles[0])
    if middles[1] < inf:
        points = _cut(points, -1, -2 * middles[1])
    return [point for point in points if point[1] >= point[0]]


def _cut(points: list[Point], sign: int, limit: float) -> list[Point]:
    """The part of a convex shape where sign · (u + v) ≥ limit, a hair's breadth allowed."""
    kept: list[Point] = []
    for at, here in enumerate(points):
        before = points[at - 1]
        one, two = (sign * sum(point) - limit + 1e-12 for point in (before, here))
        if (one < 0) != (two < 0):
            share = one / (one - two)
            u, v = (before[axis] + share * (here[axis] - before[axis]) for axis in (0, 1))
            kept.append((u, v))
        if two >= 0:
            kept.append(here)
    return kept


def _ranges(corners: list[Point], z: float) -> tuple[Point, Point, Point]:
    """Lowest and highest log ratio, standard error and |z|, all extreme at a corner.

    Only |z| may be smaller inside: 0, where the log ratio can be 0.
    """
    betas = [(u + v) / 2 for u, v in corners]
    errors = [(v - u) / 2 / z for u, v in corners]
    sizes = [
        abs(beta) / error if error > 0 else inf for beta, error in zip(betas, errors, strict=True)
    ]
    smallest = 0.0 if min(betas) <= 0 <= max(betas) else min(sizes)
    return (min(betas), max(betas)), (min(errors), max(errors)), (smallest, max(sizes))


def _two_sided(size: float) -> float:
    return float(2 * ndtr(-size))


def _other_levels(p: Rounded | None, statistic: Point, z: float) -> tuple[float, ...]:
    found = []
    for level in OTHER_LEVELS:
        scale = -float(ndtri(error_rate(level) / 2)) / z
        ends = _two_sided(statistic[1] * scale), _two_sided(statistic[0] * scale)
        if p is not None and prints(*ends, p, slack=1e-7):
            found.append(level)
    return tuple(found)
