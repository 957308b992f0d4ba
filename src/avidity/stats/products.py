"""Products of tall matrices, a block of rows at a time, so that each block stays in the cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK = 16_384
TALL = 4 * BLOCK  # rows from which the short way below is worth its second thoughts
SQUARED = 1e-8  # least share of a column's square left by those before it: far from rounding


def blocks(n: int) -> Iterator[slice]:
    """Slices that cover n rows."""
    for start in range(0, n, BLOCK):
        yield slice(start, min(n, start + BLOCK))


def weighted_products(X: Floats, weights: Floats) -> Floats:
    """X'WX, shape (p, p), of X, shape (n, p), and the diagonal of W, shape (n,)."""
    total = np.zeros((X.shape[1], X.shape[1]))
    for rows in blocks(len(X)):
        total += (X[rows].T * weights[rows]) @ X[rows]
    return total


def multiplied(X: Floats, matrix: npt.NDArray[np.floating]) -> Floats:
    """X times a small matrix."""
    made = np.empty((len(X), matrix.shape[1]))
    for rows in blocks(len(X)):
        made[rows] = X[rows] @ matrix
    return made


def triangle(X: Floats) -> Floats | None:
    """The triangle R of X = QR by Cholesky; None where X is not tall or not plainly of full rank.

    X'X squares the rounding, so this way is taken only where every column keeps a good share
    of itself once those before it are taken out; otherwise the caller goes the long way, by QR.
    """
    if len(X) < TALL:
        return None
    inner = weighted_products(X, np.ones(len(X)))
    size = np.sqrt(inner.diagonal())
    if not (size > 0).all():
        return None
    try:
        lower = np.linalg.cholesky(inner / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    if (lower.diagonal() ** 2).min() < SQUARED:
        return None
    upper: Floats = (lower * size[:, np.newaxis]).T
    return upper
