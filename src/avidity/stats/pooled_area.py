"""The area under the ROC curve, pooled over completed sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate
from avidity.stats.roc import Roc
from avidity.stats.rubin import PooledTerm, Rule, in_words, pool_scalar


@dataclass(frozen=True, slots=True)
class PooledArea:
    """A pooled area under the ROC curve.

    estimate  on the scale of the area
    on_logit  what was pooled
    """

    estimate: Estimate
    on_logit: PooledTerm


def pool_auc(
    areas: Sequence[Roc],
    *,
    complete_df: float = inf,
    rule: Rule = "barnard-rubin",
    level: float = 0.95,
) -> PooledArea:
    """Pool areas under the ROC curve on the logit scale, where they are nearly normal.

    areas        one for each completed set, of the same patients
    complete_df  as `pool_scalar`; a large sample unless given
    raises       AnalysisError if an area is 0 or 1 or has no variance: its logit has no place
                 on the scale. Report the range over the sets then
    source       Pepe, The Statistical Evaluation of Medical Tests, 2003, section 5.2, for the
                 scale; Marshall et al., BMC Med Res Methodol 2009;9:57, for pooling on it
    """
    given = np.array([area.auc for area in areas])
    if any(not area.variance for area in areas) or not ((given > 0) & (given < 1)).all():
        raise AnalysisError(
            "in one of the sets the area is 0 or 1, or has no variance: areas cannot be pooled;"
            " give their range"
        )
    variances = np.array([area.variance for area in areas], dtype=np.float64)
    term = pool_scalar(
        logit(given),
        variances / (given * (1 - given)) ** 2,
        areas[0].n,
        complete_df=complete_df,
        rule=rule,
        level=level,
        term="logit of the area",
    )
    words = (
        f"area under the ROC curve, DeLong's variance on the logit scale, "
        f"{in_words(len(areas), rule, complete_df)}"
    )
    interval = term.interval.map(lambda end: float(expit(end)))
    return PooledArea(Estimate(float(expit(term.estimate)), interval, areas[0].n, words), term)
