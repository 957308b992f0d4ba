"""Few enough tables: all of them are listed, sieved and fitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avidity.stats.newton import Floats
from avidity.stats.rebuild.complete import Asked, Matches, matching, possible
from avidity.stats.rebuild.figures import Box
from avidity.stats.rebuild.patterns import Whole
from avidity.stats.rebuild.sieve import bounded, middle, sieve
from avidity.stats.rebuild.tables import tables


def listed(given: Asked, limits: Sequence[Box], most: float) -> tuple[Whole, Matches]:
    """All tables with the printed margins, and those of them that give every printed figure.

    raises  TooManyError above `most` tables
    """
    every = tables(given.made, given.made.margins, most, also=given.totals)
    return every, possible(given, among(given, every, limits))


def among(given: Asked, every: Whole, limits: Sequence[Box]) -> Matches:
    """The tables whose fit would be printed so; who had the outcome is not yet asked."""
    if not bounded(limits):
        return matching(given, every)
    kept, intercepts = sieve(given.made, every, limits)
    slopes, _ = middle(limits)
    start: Floats = np.vstack([intercepts, np.repeat(slopes[:, np.newaxis], len(kept), axis=1)])
    return matching(given, every[:, kept], start)
