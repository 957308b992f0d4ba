"""Your own odds ratio beside the literature's: shown together, never mixed."""

from __future__ import annotations

from math import exp, inf, log, sqrt

from avidity.papers.own_effect import OwnEffect
from avidity.papers.pooled import Beside, FactorPool
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval
from avidity.stats.normal import z_of

METHOD = (
    "yours over the pooled, both on the log scale with their own errors, yours from its interval;"
    " holds when your patients are not among the pooled"
)


def beside(factor: FactorPool) -> tuple[Beside, ...]:
    """Each of your odds ratios against this pool and against each printed one.

    Yours with an interval that is open at an end (a separated factor) has no comparison.
    """
    found = []
    for own in factor.own:
        if not _usable(own):
            continue
        if factor.random:
            one = factor.random
            found.append(
                Beside(
                    own,
                    "this pool",
                    one.estimate,
                    one.interval,
                    _times(own, one.pool.estimate, one.pool.std_error),
                    None if one.prediction is None else own.odds_ratio in one.prediction,
                )
            )
        found += [
            Beside(
                own,
                pool.label,
                pool.estimate,
                pool.interval,
                _times(own, pool.value, pool.std_error),
                None,
            )
            for pool in factor.published
        ]
    return tuple(found)


def _usable(own: OwnEffect) -> bool:
    return 0 < own.interval.low <= own.odds_ratio <= own.interval.high < inf


def _times(own: OwnEffect, value: float, std_error: float) -> Estimate:
    width = log(own.interval.high) - log(own.interval.low)
    error = sqrt((width / (2 * z_of(own.interval.level))) ** 2 + std_error**2)
    centre, half = log(own.odds_ratio) - value, z_of(own.interval.level) * error
    limits = Interval(centre - half, centre + half, own.interval.level, "normal").map(exp)
    return Estimate(exp(centre), limits, own.n, METHOD)
