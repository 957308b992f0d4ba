"""Where a function crosses zero.

Written here because scipy.optimize takes a third of a second to import, and because
halving needs no tuning: it ends at two neighbouring floats.
"""

from __future__ import annotations

from collections.abc import Callable

from avidity.errors import AnalysisError

HALVINGS = 200  # more than enough: a double has 64 bits


def crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """The place between low and high where the function changes sign, to the last bit.

    function  of opposite sign (or zero) at the two ends; crosses once between them
    raises    AnalysisError if it has the same sign at both ends

    >>> round(crossing(lambda x: x * x - 2, 0.0, 2.0), 12)
    1.414213562373
    """
    at_low, at_high = function(low), function(high)
    if at_low == 0:
        return low
    if at_high == 0:
        return high
    if (at_low > 0) == (at_high > 0):
        raise AnalysisError("no crossing: the function has the same sign at both ends")
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        if middle in (low, high):
            break
        at_middle = function(middle)
        if at_middle == 0:
            return middle
        if (at_middle > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return low + (high - low) / 2


def outward(
    function: Callable[[float], float], start: float, step: float, farthest: float = 700.0
) -> float:
    """The crossing beyond start, looked for in steps that double; step's sign is the direction.

    farthest  how far from zero to look before giving up; 700 is the logarithm of about 1e304
    raises    AnalysisError if the sign never changes on the way
    """
    sign = function(start) > 0
    near = start
    while abs(near) < farthest:
        far = near + step
        if (function(far) > 0) != sign:
            return crossing(function, min(near, far), max(near, far))
        near, step = far, 2 * step
    raise AnalysisError("no crossing within the range that can be computed")
