"""The logistic line of an outcome on one score, for many scores at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_expit, xlogy

from avidity.stats.newton import Floats

Flags = npt.NDArray[np.bool_]

STILL = 1e-7  # no log-odds moved by more: a step squares the distance, so 1e-14 is left
NEARLY_STILL = 1e-5  # below this a step that no longer shrinks is rounding noise
ROUNDS = 100
HALVINGS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """log-odds = intercept + slope * score, of C scores.

    intercept, slope, deviance  shape (C,)
    separates  shape (C,), true where the score puts all cases on one side of all controls, or
               lets them meet at one value only: the slope is infinite, the intercept NaN, and
               the deviance the limit it falls to

    The slope of a score that never varies is 0.
    """

    intercept: Floats
    slope: Floats
    deviance: Floats
    separates: Flags


def lines(score: Floats, y: Floats, weights: Floats) -> Lines:
    """Fit all lines by Newton's steps, halved where they would lead up.

    score    shape (C, n)
    y        shape (n,), 0 or 1; both occur with a weight above 0 in each
    weights  shape (n,) or (C, n), 0 or more
    """
    weight = np.broadcast_to(weights, score.shape)
    up, limit_up = _limit(score, y, weight)
    down, limit_down = _limit(-score, y, weight)
    total = weight.sum(axis=1)
    centre = np.einsum("cn,cn->c", weight, score) / total
    away = score - centre[:, np.newaxis]
    variance = np.einsum("cn,cn->c", weight, away**2) / total
    flat = variance <= 1e-24 * np.maximum(centre**2, 1e-300)
    spread = np.sqrt(np.where(flat, 1.0, variance))
    standard = np.where(flat[:, np.newaxis], 0.0, away / spread[:, np.newaxis])
    separates = (up | down) & ~flat
    found, deviance = _descent(standard, y, weight, np.flatnonzero(~separates))
    slope = np.where(flat, 0.0, found[1] / spread)
    return Lines(
        intercept=np.where(separates, np.nan, found[0] - slope * centre),
        slope=np.where(separates, np.where(up, np.inf, -np.inf), slope),
        deviance=np.where(separates, np.where(up, limit_up, limit_down), deviance),
        separates=separates,
    )


def _limit(score: Floats, y: Floats, weight: Floats) -> tuple[Flags, Floats]:
    """Whether no case lies below any control, and the deviance of the steepest rise there.

    Only patients at the value where both groups meet are then uncertain.
    """
    case, control = (weight > 0) & (y == 1), (weight > 0) & (y == 0)
    lowest = np.where(case, score, np.inf).min(axis=1)
    highest = np.where(control, score, -np.inf).max(axis=1)
    meeting = weight * (score == lowest[:, np.newaxis])
    cases, controls = meeting @ y, meeting @ (1 - y)
    share = cases / np.maximum(cases + controls, 1e-300)
    return lowest >= highest, -2 * (xlogy(cases, share) + xlogy(controls, 1 - share))


def _descent(x: Floats, y: Floats, weight: Floats, which: npt.NDArray[np.intp]) -> list[Floats]:
    """Intercepts and slopes, shape (2, C), and deviances, for those that have an end."""
    share = weight @ y / weight.sum(axis=1)
    at = np.stack([np.log(share / (1 - share)), np.zeros(len(x))])
    deviance, before = _deviance(x, y, weight, at), np.full(len(x), np.inf)
    for _ in range(ROUNDS):
        if not len(which):
            break
        here, w = x[which], weight[which]
        step = _step(here, y, w, at[:, which])
        limit = deviance[which] + 1e-12 * (deviance[which] + 1)
        for _ in range(HALVINGS):
            there = _deviance(here, y, w, at[:, which] + step)
            higher = there > limit
            if not higher.any():
                break
            step = np.where(higher, step / 2, step)
        movement = np.abs(step[0][:, np.newaxis] + step[1][:, np.newaxis] * here).max(axis=1)
        at[:, which] += step
        deviance[which] = there
        done = (movement <= STILL) | ((movement <= NEARLY_STILL) & (movement >= before[which]))
        before[which] = movement
        which = which[~done]
    return [at, deviance]


def _deviance(x: Floats, y: Floats, weight: Floats, at: Floats) -> Floats:
    odds = at[0][:, np.newaxis] + at[1][:, np.newaxis] * x
    own: Floats = -2 * np.einsum("cn,cn->c", weight, log_expit((2 * y - 1) * odds))
    return own


def _step(x: Floats, y: Floats, weight: Floats, at: Floats) -> Floats:
    risk = expit(at[0][:, np.newaxis] + at[1][:, np.newaxis] * x)
    residual, spread = weight * (y - risk), weight * (risk * (1 - risk))
    pull, pull_slope = residual.sum(axis=1), np.einsum("cn,cn->c", residual, x)
    a, b = spread.sum(axis=1), np.einsum("cn,cn->c", spread, x)
    # A score that never varies has no curvature of its own: the ballast keeps its step at 0.
    c = np.einsum("cn,cn->c", spread, x**2) + 1e-12 * weight.sum(axis=1)
    lost = a * c - b**2
    return np.stack([(c * pull - b * pull_slope) / lost, (a * pull_slope - b * pull) / lost])
