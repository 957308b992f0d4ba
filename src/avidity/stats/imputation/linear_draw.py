"""Linear regression in many chains at once, and one draw of its coefficients in each.

Arrays carry the chains first: X of shape (C, n, p) is C designs of the same patients.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats

Bools = npt.NDArray[np.bool_]

RIDGE = 1e-5  # of each column's own size, as R's mice adds; keeps the inverse finite
DETERMINED = 1e-3  # a column of which less than this share is its own is left out


@dataclass(frozen=True, slots=True, eq=False)
class LinearDraw:
    """What each chain learnt, and one draw of what it might have learnt.

    estimate   shape (C, p), least squares
    drawn      shape (C, p), from the posterior with a flat prior
    deviation  shape (C,), the drawn residual deviation
    left_out   shape (C,), whether a column that others determine was left out
    """

    estimate: Floats
    drawn: Floats
    deviation: Floats
    left_out: Bools


def draw_linear(
    X: Floats, y: Floats, weights: Floats | None, rng: np.random.Generator
) -> LinearDraw:
    """Least squares in each chain, then a deviation and coefficients from their posterior.

    X        shape (C, n, p), the first column all ones
    y        shape (C, n)
    weights  shape (C, n), how many patients a row stands for; None counts every row once
    source   Rubin, Multiple Imputation for Nonresponse in Surveys, 1987, page 167
    """
    weighted = X if weights is None else X * weights[..., np.newaxis]
    gram, kept = independent(weighted.transpose(0, 2, 1) @ X)
    moment = (weighted.transpose(0, 2, 1) @ y[..., np.newaxis])[..., 0] * kept
    root = np.linalg.inv(np.linalg.cholesky(gram))
    estimate = (root.transpose(0, 2, 1) @ (root @ moment[..., np.newaxis]))[..., 0] * kept
    apart = (y - (X @ estimate[..., np.newaxis])[..., 0]) ** 2
    squares = (apart if weights is None else apart * weights).sum(axis=1)
    n = np.full(len(X), X.shape[1]) if weights is None else weights.sum(axis=1)
    deviation = np.sqrt(squares / rng.chisquare(np.maximum(n - kept.sum(axis=1), 1)))
    noise = rng.standard_normal(estimate.shape)
    shift = (root.transpose(0, 2, 1) @ noise[..., np.newaxis])[..., 0]
    drawn = (estimate + deviation[:, np.newaxis] * shift) * kept
    left_out: Bools = ~np.asarray(kept.all(axis=1))
    return LinearDraw(estimate, drawn, deviation, left_out)


def independent(gram: Floats) -> tuple[Floats, Bools]:
    """X'X with a little ridge, and which columns are not determined by those before them.

    gram     shape (C, p, p), X'X
    returns  the matrix to invert, with a 1 alone where a column is left out, shape (C, p, p);
             and whether each column is kept, shape (C, p)
    """
    size = np.diagonal(gram, axis1=1, axis2=2)
    at = np.arange(gram.shape[1])
    ridged = gram.copy()
    ridged[:, at, at] += np.where(size > 0, RIDGE * size, 1.0)
    own = np.diagonal(np.linalg.cholesky(ridged), axis1=1, axis2=2) ** 2
    kept: Bools = own > DETERMINED * np.maximum(size, 1e-300)
    kept &= size > 0
    if kept.all():
        return ridged, kept
    both = kept[:, :, np.newaxis] & kept[:, np.newaxis, :]
    ridged = np.where(both, ridged, 0.0)
    ridged[:, at, at] += ~kept
    return ridged, kept
