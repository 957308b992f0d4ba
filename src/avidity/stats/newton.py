"""The one climb under every logistic fit: Newton's steps to the top of a likelihood.

Maximum likelihood and Firth's penalised likelihood differ in the function that is climbed, which
is passed in; a profile differs in which coefficients are free to move. Weights are part of the
design: a resample of the patients is the same design with other weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.said import joined, say, term
from avidity.stats.products import (
    blocks,
    line,
    multiplied,
    slopes,
    triangle,
    weighted_products,
)

Floats = npt.NDArray[np.float64]

STILL = 1e-11  # the linear predictor of no patient moves by more: the climb has ended
NEARLY_STILL = 1e-6  # below this a step that no longer shrinks is rounding noise: ended too
DEPENDENT = 1e-9  # what is left of a column, relative, once the columns before it are taken out
SQUARED = 1e-6  # by the true curvature a step leaves about its square as the distance
HALVINGS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Checked input of a logistic fit.

    X        shape (n, p), the first column all ones
    y        shape (n,), 0 or 1
    weights  shape (n,), how many patients each row stands for, above 0
    """

    X: Floats
    y: Floats
    weights: Floats
    names: tuple[str, ...]

    @property
    def n(self) -> int:
        """Patients."""
        return round(float(self.weights.sum()))

    @property
    def n_events(self) -> int:
        """Cases."""
        return round(float(self.weights @ self.y))


def design(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    names: Sequence[str],
    weights: npt.ArrayLike | None = None,
) -> Design:
    """Check the input of a logistic fit; rows of weight 0 are left out.

    X        shape (n, p) with the intercept, a column of ones, first; finite
    y        shape (n,), 0 or 1
    names    p different names, one for each column
    weights  shape (n,), whole numbers, 0 or more; None counts every row once
    raises   ValueError on a wrong shape or kind of value; AnalysisError if one outcome is absent,
             or a column follows from those before it (it is named)
    """
    matrix, outcome = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    weight = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=np.float64)
    if matrix.ndim != 2 or outcome.shape != (len(matrix),) or weight.shape != (len(matrix),):
        raise ValueError(
            f"X, y and weights must have shapes (n, p), (n,) and (n,),"
            f" got {matrix.shape}, {outcome.shape} and {weight.shape}"
        )
    if len(names) != matrix.shape[1] or len(set(names)) != len(names):
        raise ValueError(f"X has {matrix.shape[1]} columns and needs as many different names")
    if not np.isfinite(matrix).all() or not ((outcome == 0) | (outcome == 1)).all():
        raise ValueError(
            "X must be finite and y must hold 0 and 1 alone; drop missing values first"
        )
    if weights is not None and not _counts(weight):
        raise ValueError("weights must be whole numbers, 0 or more")
    seen = weight > 0
    if not seen.all():
        matrix, outcome, weight = matrix[seen], outcome[seen], weight[seen]
    checked = Design(matrix, outcome, weight, tuple(names))
    _check_content(checked)
    return checked


def _counts(weight: Floats) -> bool:
    finite, whole = np.isfinite(weight).all(), (weight == weight.round()).all()
    return bool(finite and whole and (weight >= 0).all())


def together(rows: Design) -> Design:
    """The same patients with equal ones as one row: less to climb with, when climbed often."""
    both = np.column_stack([rows.X, rows.y])
    different, place = np.unique(both, axis=0, return_inverse=True)
    if len(different) == len(both):
        return rows
    weights = np.bincount(place.reshape(-1), rows.weights, len(different)).astype(np.float64)
    return Design(different[:, :-1], different[:, -1], weights, rows.names)


def _check_content(checked: Design) -> None:
    if not 0 < checked.n_events < checked.n:
        raise AnalysisError(
            say(
                "a logistic model needs patients with and without the outcome;"
                " {events} of {n} have it",
                events=checked.n_events,
                n=checked.n,
            )
        )
    if not (checked.X[:, 0] == 1).all():
        raise ValueError("the first column of X must be the intercept, all ones")
    if dependent := _dependent(checked):
        raise AnalysisError(
            say(
                "{columns}: constant, or determined by the columns before;"
                " leave out the variable, or one of its levels",
                columns=joined(map(term, dependent)),
            )
        )


def _dependent(checked: Design) -> list[str]:
    """Columns that add nothing to those on their left.

    Gram-Schmidt with a second sweep, so that rounding leaves nothing of a dependent column.
    """
    if triangle(checked.X) is not None:
        return []
    basis: list[Floats] = []
    found = []
    for name, column in zip(checked.names, checked.X.T, strict=True):
        size = float(np.linalg.norm(column))
        rest = column / size if size > 0 else column
        for _ in range(2):
            for direction in basis:
                rest = rest - (direction @ rest) * direction
        left = float(np.linalg.norm(rest))
        if left <= DEPENDENT or len(basis) == len(checked.X):
            found.append(name)
        else:
            basis.append(rest / left)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A place on the way up.

    value      of the function that is climbed
    residual   shape (n,), weighted; its product with a column is the derivative there
    spread     shape (n,), the weights W of Fisher's information X'WX
    curvature  shape (n,), the weights Newton divides by; for maximum likelihood the spread
    exact      shape (p, p), minus the second derivatives where the curvature is not quite that;
               preferred where it is positive. None: not known
    """

    coef: Floats
    value: float
    residual: Floats
    spread: Floats
    curvature: Floats
    exact: Floats | None = None


Hill = Callable[[Design, Floats], Point]


def log_likelihood(rows: Design, coef: Floats) -> Point:
    """The logistic log-likelihood and its derivatives."""
    log_odds, total = line(rows.X, coef), 0.0
    residual, spread = np.empty_like(log_odds), np.empty_like(log_odds)
    for some in blocks(len(log_odds)):
        sign, weights = 2 * rows.y[some] - 1, rows.weights[some]
        right = sign * log_odds[some]  # how far on the right side, in log-odds
        away = np.exp(-np.abs(right))
        near = 1 / (1 + away)  # the chance of what is likelier; away * near of what is not
        spread[some] = weights * (away * near * near)
        residual[some] = weights * sign * np.where(right >= 0, away * near, near)
        total += float((weights * (np.minimum(right, 0) + np.log(near))).sum())
    return Point(coef=coef, value=total, residual=residual, spread=spread, curvature=spread)


def covariance(rows: Design, point: Point) -> Floats:
    """Inverse of Fisher's information, by QR: forming X'WX first would square the rounding.

    Of a tall design the columns are made nearly orthogonal first; then it does no harm.
    """
    first = triangle(rows.X)
    if first is not None:
        back = np.linalg.inv(first)
        inner = weighted_products(multiplied(rows.X, back), point.spread)
        tall: Floats = back @ np.linalg.inv(inner) @ back.T
        return (tall + tall.T) / 2
    inverse = np.linalg.inv(np.linalg.qr(np.sqrt(point.spread)[:, np.newaxis] * rows.X, mode="r"))
    product: Floats = inverse @ inverse.T
    return product


@dataclass(frozen=True, slots=True, eq=False)
class Climb:
    """Where the climb ended, and whether it had arrived."""

    top: Point
    converged: bool
    iterations: int


def climb(
    hill: Hill, rows: Design, start: Floats, free: Sequence[int] | None = None, limit: int = 25
) -> Climb:
    """Newton's steps from start, halved where they would lead down.

    hill   the function to climb, such as `log_likelihood`
    free   the coefficients that may move; the others keep their value in start
    limit  steps at most; the result says whether the top was reached
    """
    moving = list(range(len(start))) if free is None else list(free)
    point, before = hill(rows, start), np.inf
    if not moving:
        return Climb(point, converged=True, iterations=0)
    # Steps are taken along an orthonormal basis: a column far from zero (a year) does no harm.
    basis, back = _basis(rows.X if free is None else rows.X[:, moving])
    turn: Floats = np.linalg.inv(back).astype(np.float64, copy=False)
    for iteration in range(1, limit + 1):
        along = _exact_step(point, basis, turn, moving)
        # the curvature of a likelihood is its spread: that one is the true one as well
        exact = along is not None or point.curvature is point.spread
        if along is None:
            along = _newton_step(point, basis)
        if along is None:
            return Climb(point, converged=False, iterations=iteration)
        movement = float(np.abs(line(basis, along)).max())
        step = np.zeros_like(start)
        step[moving] = np.linalg.solve(back, along)
        point = _step(hill, rows, point, step)
        if movement <= (SQUARED if exact else STILL) or (
            movement <= NEARLY_STILL and movement >= before
        ):
            return Climb(point, converged=True, iterations=iteration)
        before = movement
    return Climb(point, converged=False, iterations=limit)


def _basis(X: Floats) -> tuple[Floats, Floats]:
    """An orthonormal basis of the columns, and the triangle that leads back."""
    upper = triangle(X)
    if upper is None:
        basis, back = np.linalg.qr(X)
        return basis, back
    return multiplied(X, np.linalg.inv(upper)), upper


def _exact_step(point: Point, basis: Floats, turn: Floats, moving: Sequence[int]) -> Floats | None:
    """The step by the true curvature; None where that is not known, or does not lead up."""
    if point.exact is None:
        return None
    matrix = turn.T @ point.exact[np.ix_(moving, moving)] @ turn
    slope = slopes(basis, point.residual)
    try:
        along = np.linalg.solve(matrix, slope).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    return along if along @ slope > 0 else None


def _newton_step(point: Point, basis: Floats) -> Floats | None:
    """The step, or None where the function is flat: the top is not at a finite place."""
    matrix = weighted_products(basis, point.curvature)
    try:
        along = np.linalg.solve(matrix, slopes(basis, point.residual)).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    return along if np.isfinite(along).all() else None


def _step(hill: Hill, rows: Design, point: Point, step: Floats) -> Point:
    # The values are sums over patients: differences below this are rounding, not a way down.
    slack = 1e-12 * (abs(point.value) + 1)
    for _ in range(HALVINGS):
        following = hill(rows, point.coef + step)
        if following.value >= point.value - slack:
            return following
        step = step / 2
    return point


def locked(values: npt.ArrayLike) -> Floats:
    """The same array, closed for writing: results do not change after they are given."""
    closed = np.array(values, dtype=np.float64)
    closed.setflags(write=False)
    return closed
