"""Products of tall matrices, a block of rows at a time.

Each block stays in the cache, and is small enough for the linear algebra library not to wake
its threads, which on a busy machine cost far more than they do.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK = 16_384
THREADLESS = 9_000  # numbers in a block, below which no thread is woken
TALL = 1_000  # rows from which the short way below is worth its second thoughts
SQUARED = 1e-8  # least share of a column's square left by those before it: far from rounding


def blocks(n: int, rows: int = BLOCK) -> Iterator[slice]:
    """Slices that cover n rows."""
    for start in range(0, n, rows):
        yield slice(start, min(n, start + rows))


def _small(X: Floats) -> Iterator[slice]:
    return blocks(len(X), max(1, THREADLESS // X.shape[1]))


def line(X: Floats, coef: Floats) -> Floats:
    """X times a vector, shape (n,)."""
    made = np.empty(len(X))
    for rows in _small(X):
        np.matmul(X[rows], coef, out=made[rows])
    return made


def slopes(X: Floats, residual: Floats) -> Floats:
    """X' times a vector, shape (p,)."""
    total = np.zeros(X.shape[1])
    for rows in _small(X):
        total += residual[rows] @ X[rows]
    return total


def weighted_products(X: Floats, weights: Floats) -> Floats:
    """X'WX, shape (p, p), of X, shape (n, p), and the diagonal of W, shape (n,)."""
    total = np.zeros((X.shape[1], X.shape[1]))
    for rows in _small(X):
        total += (X[rows].T * weights[rows]) @ X[rows]
    return total


def multiplied(X: Floats, matrix: npt.NDArray[np.floating]) -> Floats:
    """X times a small matrix."""
    made = np.empty((len(X), matrix.shape[1]))
    for rows in _small(X):
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
