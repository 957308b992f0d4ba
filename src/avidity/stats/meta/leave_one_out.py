"""How much hangs on each study: the pool without it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from avidity.errors import AnalysisError
from avidity.stats.meta.heterogeneity import Estimator
from avidity.stats.meta.pool import Pooled, Test, pool_random
from avidity.stats.meta.study_effect import effects_and_variances


def leave_one_out(
    effects: ArrayLike,
    std_errors: ArrayLike,
    estimator: Estimator = "REML",
    test: Test = "Knapp–Hartung",
    level: float = 0.95,
) -> tuple[Pooled, ...]:
    """The random-effects pool without each study in turn, in the order given.

    raises  AnalysisError with fewer than three studies
    """
    y, v = effects_and_variances(effects, std_errors)
    if len(y) < 3:
        raise AnalysisError("leaving one out needs three studies or more")
    error = np.sqrt(v)
    return tuple(
        pool_random(np.delete(y, at), np.delete(error, at), estimator, test, level=level)
        for at in range(len(y))
    )
