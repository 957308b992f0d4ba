"""A value of which only the ends are known, such as "below 0.1", drawn between them."""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from avidity.stats.newton import Floats

LEAST = 1e-12


def draw_between(
    mean: Floats, deviation: Floats, low: Floats, high: Floats, rng: np.random.Generator
) -> Floats:
    """Normal values cut at both ends, by the inverse of the distribution, on the log scale.

    mean       shape (C, k)
    deviation  shape (C,)
    low, high  shape (k,), low below high; infinite where that end is open
    returns    shape (C, k), each between its ends
    """
    spread = np.maximum(deviation, LEAST)[:, np.newaxis]
    bottom, top = (low - mean) / spread, (high - mean) / spread
    # The lower tail is exact however far out it lies, so what lies above the mean is turned over.
    turned = bottom > 0
    bottom, top = np.where(turned, -top, bottom), np.where(turned, -bottom, top)
    ticket = rng.random(mean.shape)
    at_top = log_ndtr(top)
    share = np.exp(log_ndtr(bottom) - at_top)
    z = ndtri_exp(at_top + np.log(ticket + (1 - ticket) * share))
    drawn: Floats = mean + spread * np.where(turned, -z, z)
    return np.clip(drawn, low, high)
