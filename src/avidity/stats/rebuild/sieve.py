"""Which tables could carry the printed slopes: a sieve that lets no right table fall through.

With slopes b near the printed ones and the intercept that gives the printed number of cases, the
other score equations must nearly hold. How nearly is known: along the way from b to the true
slopes the residual of equation j changes by at most sqrt(V_j V_k) for each unit of slope k, where
V_j is the weighted variance of column j, which is at most a quarter of the smaller of its two
groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from avidity.stats.newton import Floats
from avidity.stats.rebuild.figures import Box
from avidity.stats.rebuild.patterns import Patterns, Whole

STEPS = 30
SOLVED = 1e-9  # patients
AT_ONCE = 20_000


def bounded(limits: Sequence[Box]) -> bool:
    """Whether every slope is printed: only then is there anything to sieve with."""
    return all(np.isfinite(box.beta).all() for box in limits[1:])


def middle(limits: Sequence[Box]) -> tuple[Floats, Floats]:
    """The middles and half-widths of the slopes' limits, each of shape (p - 1,)."""
    ends = np.array([box.beta for box in limits[1:]])
    return ends.mean(axis=1), (ends[:, 1] - ends[:, 0]) / 2


def sieve(
    made: Patterns, totals: Whole, limits: Sequence[Box]
) -> tuple[npt.NDArray[np.intp], Floats]:
    """The tables that may carry slopes within the limits, and their intercepts near enough.

    totals  shape (C, T)
    """
    slopes, half = middle(limits)
    if (half < 0).any():
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    offset = made.X[:, 1:] @ slopes
    spread = np.sqrt(np.minimum(made.margins[1:], made.n - made.margins[1:]) / 4)
    allowed = spread * (spread @ half) + 1e-7 * made.n
    kept, intercepts = [], []
    for at in range(0, totals.shape[1], AT_ONCE):
        part = totals[:, at : at + AT_ONCE].astype(np.float64)
        intercept, risk, solved = solve_intercepts(offset, part, made.n_events)
        residual = made.sums[1:, np.newaxis] - made.X[:, 1:].T @ (part * risk)
        near = (np.abs(residual) <= allowed[:, np.newaxis]).all(axis=0) | ~solved
        kept.append(at + np.flatnonzero(near))
        intercepts.append(intercept[near])
    if not kept:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    return np.concatenate(kept), np.concatenate(intercepts)


def solve_intercepts(
    offset: Floats, totals: Floats, cases: float
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """The intercepts that give this many cases, the risks then, and which were found.

    offset  shape (C,); totals shape (C, T)
    """
    n = totals.sum(axis=0)
    level = logit(cases / n) - (offset @ totals) / n
    found = np.zeros(len(level), dtype=bool)
    risk = expit(offset[:, np.newaxis] + level)
    for _ in range(STEPS):
        hoped = totals * risk
        gap = cases - hoped.sum(axis=0)
        found = np.abs(gap) <= SOLVED
        if found.all():
            break
        slope = np.maximum((hoped * (1 - risk)).sum(axis=0), 1e-12)
        level = level + np.clip(gap / slope, -1.0, 1.0)
        risk = expit(offset[:, np.newaxis] + level)
    return level, risk, found
