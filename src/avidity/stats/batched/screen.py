"""The two-group tests that screen candidates, in many resamples at once.

Each gives p values, shape (B,). A resample in which a test has nothing to go on (one outcome
only, a column that never varies) gives 1: it speaks for nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, gammaln, ndtr, stdtr

from avidity.stats.batched.cutpoint import Number
from avidity.stats.batched.design import product
from avidity.stats.newton import Floats
from avidity.stats.resampling import Weights

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TIE = 1e-7  # probabilities closer than this, relative, are equal: as in stats.conditional
SUSPECT = 1e-9  # of the squares' own scale: so little spread may be none, only rounding
CELLS = 1_000_000  # probabilities held at once


def pooled_t(values: Floats, case: Bools, weights: Weights) -> Floats:
    """Student's t test of cases against controls, equal variances, two-sided.

    values  shape (n,), the number of each patient
    case    shape (n,)
    weights shape (B, n), how often each patient is in each resample
    """
    return _t(values, case, weights, _pooled)


def welch_t(values: Floats, case: Bools, weights: Weights) -> Floats:
    """Welch's t test of cases against controls, unequal variances; arguments as `pooled_t`.

    returns  1 where a group has fewer than two patients
    """
    return _t(values, case, weights, _welch)


Error = Callable[[Floats, Floats], tuple[Floats, Floats]]


def _t(values: Floats, case: Bools, weights: Weights, error_of: Error) -> Floats:
    """Moments of both groups in every resample, then t and its p value.

    Squares are summed about the mean of all patients, so little is lost; where hardly any spread
    is left, it is looked up whether there is any.
    """
    count, mean, squares = _moments(values, case, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        error, df = error_of(count, squares)
        gap = mean[0] - mean[1]
        t = np.where(error > 0, gap / error, np.where(gap == 0, 0.0, np.inf))
        p = 2 * stdtr(df, -np.abs(t))
    impossible = (count < 1).any(axis=0) | ~(df >= 1) | np.isnan(error)
    return np.where(impossible | np.isnan(p), 1.0, p)


def _moments(values: Floats, case: Bools, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """How many, mean, and squares about it, of cases and of controls: shape (2, B) each."""
    centred = values - values.mean()
    powers = np.stack([np.ones_like(centred), centred, centred**2])
    group = np.stack([case, ~case])
    columns = (powers[:, np.newaxis] * group).reshape(6, -1)
    sums = (weights @ columns.T).T.reshape(3, 2, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums[1] / sums[0]
        squares = np.maximum(sums[2] - sums[1] * mean, 0.0)
    suspect = squares <= SUSPECT * sums[2]
    for side, resample in np.argwhere(suspect & (sums[0] > 0)):
        own = centred[(weights[resample] > 0) & group[side]]
        if own.min() == own.max():
            mean[side, resample], squares[side, resample] = own[0], 0.0
    return sums[0], mean, squares


def _pooled(count: Floats, squares: Floats) -> tuple[Floats, Floats]:
    df = count.sum(axis=0) - 2
    variance = squares.sum(axis=0) / df
    return np.sqrt(variance * (1 / count).sum(axis=0)), df


def _welch(count: Floats, squares: Floats) -> tuple[Floats, Floats]:
    parts = squares / (count - 1) / count
    both = parts.sum(axis=0)
    share = np.where(both > 0, parts / np.where(both > 0, both, 1.0), 0.0)
    df = 1 / (share**2 / (count - 1)).sum(axis=0)
    df = np.where(both > 0, df, count.sum(axis=0) - 2)
    return np.sqrt(both), np.where((count < 2).any(axis=0), np.nan, df)


def mann_whitney(
    ordered: Number, weights: Weights, *, continuity: bool = False
) -> tuple[Floats, Floats]:
    """Mann-Whitney test, normal approximation with the deviation corrected for ties, two-sided.

    ordered     the number, prepared by `cutpoint.number`
    weights     shape (B, n)
    continuity  half a pair's correction (R: yes, SPSS: no)
    returns     p values, and U of the cases (pairs in which the case is higher, ties half)
    """
    cases, controls = ordered.counted(weights)
    m, n = cases[:, -1], controls[:, -1]
    u = (np.diff(cases, axis=1) * (controls[:, 1:] + controls[:, :-1])).sum(axis=1) / 2
    tied = np.diff(cases + controls, axis=1).astype(np.float64)
    total = (m + n).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = ((tied * tied - 1) * tied).sum(axis=1) / (total * (total - 1))
        deviation = np.sqrt(np.maximum(0.0, m * n / 12 * (total + 1 - loss)))
        gap = np.abs(u - m * n / 2)
        gap -= np.minimum(0.5 if continuity else 0.0, gap)
        p = np.minimum(1.0, 2 * ndtr(-gap / deviation))
    return np.where((deviation > 0) & (m > 0) & (n > 0), p, 1.0), u


def fourfold(positive: Floats, case: Bools, across: Floats) -> tuple[Whole, Whole, Whole, Whole]:
    """Positive cases, cases, positives and all, in each resample, shape (B,).

    positive  shape (n,) or, where it differs between resamples, (n, B); 0 or 1
    across    shape (n, B), the weights, patients down
    """
    cases = across[case].sum(axis=0)
    if positive.ndim == 1:
        both = np.stack([positive * case, positive])
        hits, positives = product(both, across)
    else:
        weighted = positive * across
        hits, positives = weighted[case].sum(axis=0), weighted.sum(axis=0)
    everyone = across.sum(axis=0)
    return _whole(hits), _whole(cases), _whole(positives), _whole(everyone)


def _whole(counts: Floats) -> Whole:
    return np.rint(counts).astype(np.int64)


def fisher(hits: Whole, cases: Whole, positives: Whole, everyone: Whole) -> Floats:
    """Fisher's exact test, two-sided by minimum likelihood; each different table is done once.

    The arguments as `fourfold` gives them, shape (B,).
    """
    tables, place = _different(hits, cases, positives, everyone)
    p = np.empty(tables.shape[1])
    factorial = gammaln(np.arange(int(everyone.max(initial=0)) + 1) + 1.0)
    width = int(np.minimum(tables[1], tables[2]).max(initial=0)) + 1
    block = max(1, CELLS // width)
    for start in range(0, tables.shape[1], block):
        some = slice(start, start + block)
        p[some] = _minimum_likelihood(tables[:, some], factorial, width)
    found: Floats = p[place]
    return found


def _minimum_likelihood(tables: Whole, factorial: Floats, width: int) -> Floats:
    """The chance of all tables with these margins that are no likelier than the one seen."""
    hits, cases, positives, everyone = (row[:, np.newaxis] for row in tables)
    controls = everyone - cases
    first = np.maximum(0, positives - controls)
    cell = first + np.arange(width)
    possible = cell <= np.minimum(cases, positives)
    cell = np.where(possible, cell, first)
    parts = (cell, cases - cell, positives - cell, controls - positives + cell)
    log_chance = -sum(factorial[part] for part in parts)
    seen = np.take_along_axis(log_chance, hits - first, axis=1)
    chance = np.exp(log_chance - log_chance.max(axis=1, keepdims=True)) * possible
    as_rare = log_chance <= seen + np.log1p(TIE)
    p: Floats = (chance * as_rare).sum(axis=1) / chance.sum(axis=1)
    return np.minimum(1.0, p)


def _different(*counts: Whole) -> tuple[Whole, npt.NDArray[np.intp]]:
    """The different columns of stacked counts, and which each one is."""
    base = int(max(count.max(initial=0) for count in counts)) + 1
    key = np.zeros_like(counts[0])
    for count in counts:
        key = key * base + count  # four counts below 2**15 fit; larger ones are not made unique
    if base >= 1 << 15:
        return np.stack(counts), np.arange(len(key))
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return np.stack(counts)[:, first], place


def pearson(hits: Whole, cases: Whole, positives: Whole, everyone: Whole) -> Floats:
    """Pearson's chi-square test of 2 x 2 tables, no correction; arguments as `fisher`."""
    controls, negatives = everyone - cases, everyone - positives
    cross = (hits * (controls - positives + hits) - (cases - hits) * (positives - hits)).astype(
        np.float64
    )
    margins = cases.astype(np.float64) * controls * positives * negatives
    statistic = np.where(margins > 0, cross**2 * everyone / np.where(margins > 0, margins, 1.0), 0)
    p: Floats = chdtrc(1, statistic)
    return p
