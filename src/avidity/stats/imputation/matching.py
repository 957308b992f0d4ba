"""Predictive mean matching: a missing number is taken from a patient who is predicted alike."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats

Places = npt.NDArray[np.intp]

JITTER = 1e-9  # of the number's deviation: patients predicted the same come in random order


def donors_of(
    known: Floats,
    missing: Floats,
    weights: Floats | None,
    rng: np.random.Generator,
    donors: int = 5,
) -> Places:
    """For each missing value the row of one of its nearest donors, at random.

    known     shape (C, r), predictions of the rows that have a value, in their deviations
    missing   shape (C, k), predictions of those that have none
    weights   shape (C, r), how many patients a row stands for: a row of weight 2 is two donors
              and a row of weight 0 none; None counts every row once
    returns   shape (C, k), places among the r
    """
    level = known + JITTER * rng.random(known.shape)
    wanted = missing + JITTER * rng.random(missing.shape)
    if weights is not None:
        level = np.where(weights > 0, level, np.inf)
    order = np.argsort(level, axis=1)
    level = np.take_along_axis(level, order, axis=1)
    near, distance = _window(level, wanted, donors)
    by_distance = np.argsort(distance, axis=-1)[..., :donors]
    nearest = np.take_along_axis(near, by_distance, axis=-1)
    flat = np.take_along_axis(order, nearest.reshape(len(order), -1), axis=1)
    rows: Places = flat.reshape(*missing.shape, -1)
    chance = rng.random(missing.shape)
    if weights is None:
        place: Places = (chance * rows.shape[-1]).astype(np.intp)
    else:
        place = _by_weight(rows, weights, chance, donors)
    chosen: Places = np.take_along_axis(rows, place[..., np.newaxis], axis=-1)[..., 0]
    return chosen


def _window(level: Floats, wanted: Floats, donors: int) -> tuple[Places, Floats]:
    """So many places on either side of each wanted value, and how far they are from it.

    level  shape (C, r), rising; infinite at the end where a row is no donor
    """
    rows = level.shape[1]
    width = min(2 * donors, rows)
    place = np.stack(
        [np.searchsorted(line, value) for line, value in zip(level, wanted, strict=True)]
    )
    last = np.maximum(np.isfinite(level).sum(axis=1) - width, 0)[:, np.newaxis]
    start = np.clip(place - donors, 0, last)
    near = start[..., np.newaxis] + np.arange(width)
    values = np.take_along_axis(level, near.reshape(len(level), -1), axis=1).reshape(near.shape)
    return near, np.abs(values - wanted[..., np.newaxis])


def _by_weight(rows: Places, weights: Floats, chance: Floats, donors: int) -> Places:
    """One of the first so many patients, where a row stands for several or none."""
    weight = np.take_along_axis(weights, rows.reshape(len(rows), -1), axis=1).reshape(rows.shape)
    up_to = weight.cumsum(axis=-1)
    ticket = np.floor(chance * np.minimum(up_to[..., -1], donors))
    place: Places = (up_to <= ticket[..., np.newaxis]).sum(axis=-1)
    return place
