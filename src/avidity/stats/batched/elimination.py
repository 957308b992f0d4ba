"""Backward elimination in many fits at once, on each fit's own Wald statistics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import chdtrc

from avidity.stats.batched.newton import Bools
from avidity.stats.newton import Floats


def eliminate(
    coef: Floats,
    covariance: Floats,
    columns: Sequence[Sequence[int]],
    inside: Bools,
    alpha: float | None = None,
    *,
    pooled: bool = True,
) -> Bools:
    """Which candidates stay, shape (k, B): as `stats.selection.backward` in every fit.

    coef        shape (p, B); covariance  shape (p, p, B)
    columns     of each of the k candidates; they come and go together
    inside      shape (k, B), the candidates that are in a fit and may go
    alpha       None: Akaike's criterion; else a candidate stays while p is below it
    pooled      stop when all that are out, together, are worth more than 0; else the next alone
    """
    coef, covariance, inside = coef.copy(), covariance.copy(), inside.copy()
    df = np.array([len(each) for each in columns], dtype=np.float64)
    gone, gone_df = np.zeros(coef.shape[1]), np.zeros(coef.shape[1])
    on_the_way = inside.any(axis=0)
    fits = np.arange(coef.shape[1])
    while on_the_way.any():
        chi2 = np.stack([_wald(coef, covariance, each) for each in columns])
        worth = np.where(inside, _worth(chi2, df[:, np.newaxis], alpha), np.inf)
        least = worth.argmin(axis=0)
        own, own_df = chi2[least, fits], df[least]
        if pooled:
            stays = _worth(gone + own, gone_df + own_df, alpha) > 0
        else:
            stays = worth[least, fits] > 0
        leaving = on_the_way & ~stays
        for candidate in np.unique(least[leaving]):
            _take_out(coef, covariance, columns[candidate], leaving & (least == candidate))
        inside[least[leaving], fits[leaving]] = False
        gone, gone_df = gone + own * leaving, gone_df + own_df * leaving
        on_the_way = leaving & inside.any(axis=0)
    return inside


def _worth(chi2: Floats, df: Floats, alpha: float | None) -> Floats:
    worth: Floats = chi2 - 2 * df if alpha is None else alpha - chdtrc(df, chi2)
    return worth


def _wald(coef: Floats, covariance: Floats, columns: Sequence[int]) -> Floats:
    """Wald's chi squared that these coefficients are zero, shape (B,); 0 once they are out."""
    if len(columns) == 1:
        (column,) = columns
        variance = covariance[column, column]
        return np.where(variance > 0, coef[column] ** 2 / np.where(variance > 0, variance, 1), 0)
    own = coef[list(columns)].T[:, :, np.newaxis]
    chi2: Floats = (own * np.linalg.solve(_block(covariance, columns), own)).sum(axis=(1, 2))
    return chi2


def _block(covariance: Floats, columns: Sequence[int]) -> Floats:
    block = covariance[np.ix_(columns, columns)].transpose(2, 0, 1).copy()
    out = block.diagonal(axis1=1, axis2=2) == 0  # taken out already: any pivot will do
    diagonal = np.arange(len(columns))
    block[:, diagonal, diagonal] += out
    return block


def _take_out(coef: Floats, covariance: Floats, columns: Sequence[int], fits: Bools) -> None:
    """The coefficients and covariance of the smaller model, approximated from the larger one's.

    source  Lawless & Singhal, Biometrics 1978;34:318-327
    """
    which = np.flatnonzero(fits)
    some = covariance[:, :, which]
    beside = some[:, list(columns)].transpose(2, 0, 1)
    shares = np.linalg.solve(_block(some, columns), np.swapaxes(beside, 1, 2))
    lost = np.einsum("bsp,sb->pb", shares, coef[list(columns)][:, which])
    coef[:, which] -= lost
    covariance[:, :, which] -= np.einsum("bps,bsq->pqb", beside, shares)
    for column in columns:
        coef[column, which] = 0.0
        covariance[column, :, which] = covariance[:, column, which] = 0.0
