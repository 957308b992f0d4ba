"""Several p values at once: what is left of each when all were tried."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from avidity.errors import AnalysisError


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Holm's adjusted p values, in the order given: the chance of even one false alarm.

    p_values  shape (m,), each between 0 and 1, none missing
    source    Holm, Scand J Stat 1979;6:65-70
    raises    AnalysisError if one is no probability

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given = _probabilities(p_values)
    order = np.argsort(given, kind="stable")
    rising = np.maximum.accumulate(given[order] * np.arange(given.size, 0, -1))
    return _put_back(np.minimum(1.0, rising), order)


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini and Hochberg's adjusted p values: the share of false alarms among alarms.

    p_values  shape (m,), each between 0 and 1, none missing
    source    Benjamini & Hochberg, J R Stat Soc B 1995;57:289-300
    raises    AnalysisError if one is no probability
    """
    given = _probabilities(p_values)
    order = np.argsort(given, kind="stable")[::-1]
    falling = np.minimum.accumulate(given[order] * given.size / np.arange(given.size, 0, -1))
    return _put_back(np.minimum(1.0, falling), order)


def _probabilities(p_values: ArrayLike) -> NDArray[np.float64]:
    given = np.asarray(p_values, dtype=float)
    if given.ndim != 1 or not np.all((given >= 0) & (given <= 1)):
        raise AnalysisError("p values to adjust are a list of numbers between 0 and 1")
    return given


def _put_back(adjusted: NDArray[np.float64], order: NDArray[np.intp]) -> NDArray[np.float64]:
    result = np.empty_like(adjusted)
    result[order] = adjusted
    return result
