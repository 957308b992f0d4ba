"""Where a curve stops rising and begins to fall, or the other way round."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from avidity.stats.newton import Floats

PLACES = 2001  # at which the curve is looked at; a turn narrower than two of them is not seen
NARROWINGS = 80
GOLDEN = (5**0.5 - 1) / 2


def turns(curve: Callable[[Floats], Floats], low: float, high: float) -> tuple[float, ...]:
    """The turning points of a curve strictly between low and high, rising.

    curve  values, shape (m,), to heights, shape (m,)

    Rises and falls of less than a billionth of the curve's height are rounding, and a level
    stretch belongs to the rise or fall before it.

    >>> [round(x, 6) for x in turns(lambda x: x * x, -1.0, 2.0)]
    [0.0]
    """
    x = np.linspace(low, high, PLACES)
    height = curve(x)
    ways = np.sign(np.diff(height)) * (np.abs(np.diff(height)) > 1e-9 * np.ptp(height) / PLACES)
    moving = np.flatnonzero(ways)
    found = []
    for before, after in pairwise(moving):
        if ways[before] != ways[after]:
            found.append(_summit(curve, x[before], x[after + 1], ways[before]))
    return tuple(found)


def _summit(curve: Callable[[Floats], Floats], low: float, high: float, way: float) -> float:
    """The highest place (way 1) or the lowest (way -1) between two, by golden sections."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    for _ in range(NARROWINGS):
        at_left, at_right = way * curve(np.array([left, right]))
        if at_left > at_right:
            high, right = right, left
            left = high - GOLDEN * (high - low)
        else:
            low, left = left, right
            right = low + GOLDEN * (high - low)
    return float((low + high) / 2)
