"""What the pool would be if the funnel were even: trim and fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from avidity.errors import AnalysisError
from avidity.stats.meta.heterogeneity import Estimator
from avidity.stats.meta.pool import Pooled, Test, pool_random
from avidity.stats.meta.small_studies import egger_mixed
from avidity.stats.meta.study_effect import Floats, effects_and_variances
from avidity.stats.roc import midrank

ROUNDS = 100


@dataclass(frozen=True, slots=True)
class TrimFill:
    """Studies thought to be missing, and the pool with their mirror images put in.

    missing  how many, by the L0 estimator
    side     where they would lie
    filled   the pool of the studies and the images; a check on how much hangs on small studies,
             no better estimate
    """

    missing: int
    side: Literal["below", "above"]
    filled: Pooled
    method: str


def trim_fill(
    effects: ArrayLike,
    std_errors: ArrayLike,
    estimator: Estimator = "REML",
    test: Test = "Knapp–Hartung",
) -> TrimFill:
    """Cut off the funnel's heavy side until it is even, then put back what was cut and its mirror.

    The side is the one Egger's slope points away from.
    source  Duval & Tweedie, Biometrics 2000;56:455-463 (L0)
    raises  AnalysisError with fewer than three studies, or all of one size
    """
    y, v = effects_and_variances(effects, std_errors)
    slope = egger_mixed(y, np.sqrt(v), estimator).statistic or 0.0
    sign = 1.0 if slope > 0 else -1.0  # the heavy side is turned to the right
    turned, k = sign * y, len(y)
    order = np.argsort(turned, kind="stable")
    turned, own = turned[order], v[order]
    cut = previous = 0
    for _ in range(ROUNDS):
        kept = slice(0, k - cut)
        centre = pool_random(turned[kept], np.sqrt(own[kept]), estimator, test).estimate
        previous, cut = cut, _missing(turned - centre)
        if cut == previous:
            break
    else:
        raise AnalysisError("trim and fill goes round in circles on these studies")
    images = 2 * centre - turned[k - cut :]
    filled = pool_random(
        sign * np.concatenate([turned, images]),
        np.sqrt(np.concatenate([own, own[k - cut :]])),
        estimator,
        test,
    )
    return TrimFill(cut, "below" if sign > 0 else "above", filled, "trim and fill, L0")


def _missing(centred: Floats) -> int:
    """The L0 estimator from the ranks of the distances; at most all but two are cut."""
    k = len(centred)
    ranks = midrank(np.abs(centred)) * np.sign(centred)
    above = float(ranks[ranks > 0].sum())
    estimate = (4 * above - k * (k + 1)) / (2 * k - 1)
    return min(max(0, round(estimate)), k - 2)
