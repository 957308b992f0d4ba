"""Many small symmetric systems at once, the systems along the last axis.

Few systems go to LAPACK one by one; many are solved side by side, each step of Cholesky's
method along memory, which is faster from about a hundred on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats

LOST = 1e-12  # share of a diagonal element left by the columns before: less is rounding
TINY = 1e-300
MANY = 100


@dataclass(frozen=True, slots=True, eq=False)
class Factored:
    """Cholesky factors of B symmetric matrices.

    lower  shape (p, p, B)
    least  shape (B,), the least pivot as a share of its diagonal element: below `LOST` a column
           follows from those before it, and the factor is of a matrix where it does not
    """

    lower: Floats
    least: Floats

    def pick(self, some: npt.NDArray[np.bool_]) -> Factored:
        """The same for some of the matrices."""
        return Factored(self.lower[:, :, some], self.least[some])

    def solve(self, right: Floats) -> Floats:
        """Solutions for right-hand sides of shape (p, B), or several: (p, m, B)."""
        p = len(self.lower)
        if right.shape[-1] < MANY:
            return self._few(right)
        below = self.lower if right.ndim == 2 else self.lower[:, :, np.newaxis]
        made = np.empty_like(right)
        for k in range(p):
            left = right[k] - (below[k, :k] * made[:k]).sum(axis=0) if k else right[k]
            made[k] = left / below[k, k]
        for k in range(p - 1, -1, -1):
            rest = (
                made[k] - (below[k + 1 :, k] * made[k + 1 :]).sum(axis=0) if k < p - 1 else made[k]
            )
            made[k] = rest / below[k, k]
        return made

    def _few(self, right: Floats) -> Floats:
        lower = self.lower.transpose(2, 0, 1)
        wide = right[:, np.newaxis] if right.ndim == 2 else right
        half = np.linalg.solve(lower, wide.transpose(2, 0, 1))
        whole = np.linalg.solve(np.swapaxes(lower, 1, 2), half).transpose(1, 2, 0)
        return whole[:, 0] if right.ndim == 2 else whole

    def inverse(self) -> Floats:
        """The inverse matrices, shape (p, p, B)."""
        p, size = len(self.lower), self.lower.shape[2]
        if size < MANY:
            half = np.linalg.inv(self.lower.transpose(2, 0, 1)).transpose(1, 2, 0)
        else:
            half = np.zeros_like(self.lower)
            for k in range(p):  # forward only, and only what is below the diagonal
                made = -(self.lower[k, :k, np.newaxis] * half[:k]).sum(axis=0)
                made[k] += 1
                half[k] = made / self.lower[k, k]
        whole: Floats = np.einsum("kib,kjb->ijb", half, half)
        return whole

    def half_log_determinant(self) -> Floats:
        """Half the logarithm of each matrix's determinant, shape (B,)."""
        diagonal = np.arange(len(self.lower))
        total: Floats = np.log(self.lower[diagonal, diagonal]).sum(axis=0)
        return total


def factor(matrix: Floats) -> Factored:
    """Cholesky factors of matrices of shape (p, p, B)."""
    diagonal = np.arange(len(matrix))
    if matrix.shape[2] < MANY:
        try:
            few: Floats = np.linalg.cholesky(matrix.transpose(2, 0, 1)).astype(
                np.float64, copy=False
            )
        except np.linalg.LinAlgError:
            return _side_by_side(matrix)  # some are not positive: found there which
        lower: Floats = few.transpose(1, 2, 0)
        left = (lower[diagonal, diagonal] ** 2 / matrix[diagonal, diagonal]).min(axis=0)
        if np.all(left > LOST):
            return Factored(lower, left)
    return _side_by_side(matrix)


def _side_by_side(matrix: Floats) -> Factored:
    """The same step for all matrices at once; a lost pivot is replaced, so that others go on."""
    lower = np.zeros_like(matrix)
    least = np.full(matrix.shape[2], np.inf)
    for k in range(len(matrix)):
        column = matrix[k:, k]
        if k:
            column = column - (lower[k:, :k] * lower[k, :k]).sum(axis=1)
        pivot, whole = column[0], matrix[k, k]
        with np.errstate(invalid="ignore", divide="ignore"):
            left = np.where(whole > TINY, pivot / whole, 0.0)
        np.minimum(least, np.where(np.isnan(left), 0.0, left), out=least)
        root = np.sqrt(np.where(left > LOST, pivot, np.maximum(whole, 1.0)))
        lower[k:, k] = column / root
        lower[k, k] = root
    return Factored(lower, least)
