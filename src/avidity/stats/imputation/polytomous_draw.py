"""A missing category drawn from its chances: one logistic regression per level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.imputation.logistic_draw import draw_logistic
from avidity.stats.newton import Floats

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class CategoryDraw:
    """The chances of each level in each chain, from one draw of the coefficients.

    estimate   shape (levels, C, p), of each regression; 0 for the commonest level
    chance     shape (levels, C, k), summing to 1 over the levels
    separated  shape (C,), how many of the regressions needed Firth's likelihood
    left_out   shape (C,), whether a column was left out of one
    """

    estimate: Floats
    chance: Floats
    separated: Codes
    left_out: Bools


def draw_categories(
    design: tuple[Floats, Floats],
    codes: Codes,
    weights: Floats,
    levels: int,
    rng: np.random.Generator,
    start: Floats | None = None,
) -> CategoryDraw:
    """The chances of every level for rows that lack it.

    Each level is set against the commonest one by a logistic regression of those two alone, and
    the log-odds are put together again: nearly as good as the joint fit, and a rare level cannot
    upset the others.

    design   X of the rows that have a value, shape (C, n, p), and of those that lack it,
             shape (C, k, p); the first column all ones
    codes    shape (n,), the levels seen, from 0
    weights  shape (C, n), how many patients a row stands for
    start    shape (levels, C, p), the estimates of the visit before
    source   Begg & Gray, Biometrika 1984;71:11-18
    """
    known, missing = design
    reference = commonest(codes, levels)
    odds = np.full((levels, *missing.shape[:2]), -np.inf)
    odds[reference] = np.where(_seen(codes == reference, weights), 0.0, -np.inf)[:, np.newaxis]
    separated = np.zeros(len(known), dtype=np.intp)
    left_out = np.zeros(len(known), dtype=np.bool_)
    estimate = np.zeros((levels, len(known), known.shape[2])) if start is None else start.copy()
    for level in range(levels):
        if level == reference or not (codes == level).any():
            continue
        pair = (codes == level) | (codes == reference)
        is_level = (codes[pair] == level).astype(np.float64)
        drawn = draw_logistic(known[:, pair], is_level, weights[:, pair], rng, estimate[level])
        estimate[level] = drawn.estimate
        # Where a resample lacks the commonest level the others keep their share.
        seen = np.maximum(weights @ (codes == level), 1e-300)[:, np.newaxis]
        line = drawn.log_odds(missing)
        odds[level] = np.where(np.isposinf(line), np.log(seen), line)
        separated += drawn.separated
        left_out |= drawn.left_out
    chance = np.exp(odds - odds.max(axis=0))
    return CategoryDraw(estimate, chance / chance.sum(axis=0), separated, left_out)


def commonest(codes: Codes, levels: int) -> int:
    """The level most patients have; the first of several."""
    return int(np.bincount(codes, minlength=levels).argmax())


def _seen(is_level: Bools, weights: Floats) -> Bools:
    seen: Bools = (weights @ is_level.astype(np.float64)) > 0
    return seen


def pick(chance: Floats, rng: np.random.Generator) -> Floats:
    """One level for each row, by its chances; shape (C, k)."""
    ticket = rng.random(chance.shape[1:])
    drawn: Floats = (chance.cumsum(axis=0)[:-1] <= ticket).sum(axis=0).astype(np.float64)
    return drawn
