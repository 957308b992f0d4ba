"""The input of a penalised fit, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Checked input: X (n, p) with the intercept first, y (n,), weights (B, n), names."""

    X: Floats
    y: Floats
    weights: Floats
    names: tuple[str, ...]


def rows_of(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    weights: npt.ArrayLike | None = None,
) -> Rows:
    """Check the input of a penalised fit.

    X        shape (n, p) with the intercept, a column of ones, first; finite. Columns may follow
             from one another: the penalty decides between them
    y        shape (n,), 0 or 1
    weights  shape (n,) or (B, n), 0 or more, fractions allowed; None counts every row once
    raises   ValueError on a wrong shape or kind of value
    """
    matrix, outcome = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    weight = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = np.atleast_2d(weight)
    if matrix.ndim != 2 or outcome.shape != (len(matrix),) or weight.shape[1:] != outcome.shape:
        raise ValueError(
            f"X, y and weights must have shapes (n, p), (n,) and (n,) or (B, n),"
            f" got {matrix.shape}, {outcome.shape} and {weight.shape}"
        )
    if len(names) != matrix.shape[1] or len(set(names)) != len(names):
        raise ValueError(f"X has {matrix.shape[1]} columns and needs as many different names")
    if not np.isfinite(matrix).all() or not np.isin(outcome, (0, 1)).all():
        raise ValueError(
            "X must be finite and y must hold 0 and 1 alone; drop missing values first"
        )
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise ValueError("weights must be 0 or more")
    if not (matrix[:, 0] == 1).all():
        raise ValueError("the first column of X must be the intercept, all ones")
    if not 0 < outcome.sum() < len(outcome):
        raise AnalysisError("a logistic model needs patients with and without the outcome")
    still = [name for name, column in zip(names, matrix.T, strict=True) if np.ptp(column) == 0]
    if len(still) > 1:
        raise AnalysisError(f"{', '.join(still[1:])}: never varies; leave out the variable")
    return Rows(matrix, outcome, weight, tuple(names))
