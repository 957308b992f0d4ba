"""Coefficients with their intervals and tests, each pair from one principle.

A Wald interval stands beside a Wald p value, a profile interval beside a likelihood-ratio p
value: the interval holds 0 exactly when p is above one minus the level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, inf, sqrt

import numpy as np
from scipy.special import chdtrc

from avidity.errors import AnalysisError
from avidity.said import say, term
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.newton import SQUARED, Design, Floats, Hill, Point, climb
from avidity.stats.normal import p_of, z_of

CONSTRAINED_LIMIT = 500  # Firth's steps shrink by a factor, not by squares, far from the top
SEARCH_LIMIT = 100
SWIFT_LIMIT = 15
SAME = 0.1  # log-odds of any patient between two climbs to one top
LEVEL = 1e-9  # between the signed root found and the one wanted
ARRIVED = 1e-10  # of the distance between estimate and limit


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of a logistic model, on the log-odds scale."""

    term: str
    estimate: float
    std_error: float
    interval: Interval
    test: TestResult


def wald_coefficients(
    names: Sequence[str], coef: Floats, covariance: Floats, n: int, level: float = 0.95
) -> tuple[Coefficient, ...]:
    """Estimate plus and minus z standard errors, and the p value of their ratio."""
    half = z_of(level)
    rows = []
    for name, estimate, variance in zip(
        names, coef.tolist(), covariance.diagonal().tolist(), strict=True
    ):
        error = sqrt(variance)
        z = estimate / error
        test = TestResult(p_of(z), z, None, "Wald test", n)
        interval = Interval(estimate - half * error, estimate + half * error, level, "Wald")
        rows.append(Coefficient(name, estimate, error, interval, test))
    return tuple(rows)


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """The top of a hill, and the hill: all that a profile needs.

    kind  "likelihood" or "penalised likelihood", for the words of the results
    """

    hill: Hill
    rows: Design
    top: Point
    kind: str


def profile_coefficients(
    peak: Peak, covariance: Floats, level: float = 0.95
) -> tuple[Coefficient, ...]:
    """Intervals of the values the (penalised) likelihood does not rule out, and its ratio tests.

    source  Venzon & Moolgavkar, Appl Stat 1988;37:87-94
    """
    z = z_of(level)
    rows = []
    for column, name in enumerate(peak.rows.names):
        error = sqrt(float(covariance[column, column]))
        low, high = (_limit_of(peak, column, side * z, side * z * error) for side in (-1, 1))
        interval = Interval(low, high, level, f"profile {peak.kind}")
        test = ratio_test(peak, [name])
        rows.append(Coefficient(name, float(peak.top.coef[column]), error, interval, test))
    return tuple(rows)


def ratio_test(peak: Peak, terms: Sequence[str]) -> TestResult:
    """Likelihood-ratio test that the coefficients of these terms are all zero.

    For Firth's fit the penalty stays that of the whole model (Heinze & Schemper, Stat Med
    2002;21:2409-2419): the coefficients are held at zero, the columns are not left out.

    raises  AnalysisError on an unknown term
    """
    names = peak.rows.names
    if not terms or not set(terms) <= set(names):
        raise AnalysisError(f"terms to test must be among {', '.join(names)}; got {list(terms)}")
    fixed = [names.index(term) for term in terms]
    nested = _constrained(peak, peak.top, fixed, [0.0] * len(fixed))
    statistic = max(0.0, 2 * (peak.top.value - nested.value))
    p_value = float(chdtrc(len(fixed), statistic))
    method = f"{peak.kind} ratio test"
    if peak.kind.startswith("penalised"):
        method += ", the penalty kept whole"
    return TestResult(p_value, statistic, float(len(fixed)), method, peak.rows.n)


def _constrained(peak: Peak, near: Point, fixed: Sequence[int], values: Sequence[float]) -> Point:
    """The highest point where the fixed coefficients have the values given."""
    start, free = _beside(peak, near, fixed, values)
    ended = climb(peak.hill, peak.rows, start, free, CONSTRAINED_LIMIT)
    if not ended.converged:
        raise AnalysisError(
            say(
                "the profile {kind} could not be followed; centre or rescale the terms",
                kind=peak.kind,
            )
        )
    return ended.top


def _beside(
    peak: Peak, near: Point, fixed: Sequence[int], values: Sequence[float]
) -> tuple[Floats, list[int]]:
    """Where to start beside a point that is near, and which coefficients are free there.

    The others follow the fixed ones along the ridge. A column far from zero (a year) would
    otherwise start the climb in the plains, where every risk is 0 or 1.
    """
    start = near.coef.copy()
    start[list(fixed)] = values
    free = [column for column in range(len(start)) if column not in fixed]
    root = np.sqrt(near.spread)
    shift = root * (peak.rows.X @ (start - near.coef))
    start[free] -= np.linalg.lstsq(root[:, np.newaxis] * peak.rows.X[:, free], shift)[0]
    return start, free


def _limit_of(peak: Peak, column: int, target: float, reach: float) -> float:
    swift = _swift_limit(peak, column, target)
    return _limit(peak, column, target, reach) if swift is None else swift


def _swift_limit(peak: Peak, column: int, target: float) -> float | None:
    """The limit by Newton's steps on all coefficients together; None where they do not arrive.

    Each step goes to where the likelihood, were it a parabola, has fallen to the value wanted
    and is level in every other coefficient.

    source  Venzon & Moolgavkar, Appl Stat 1988;37:87-94, their own algorithm
    """
    X, point = peak.rows.X, peak.top
    wanted = peak.top.value - target**2 / 2
    for _ in range(SWIFT_LIMIT):
        exact = (X.T * point.curvature) @ X if point.exact is None else point.exact
        try:
            inverse = np.linalg.inv(exact)
        except np.linalg.LinAlgError:
            return None
        gradient = X.T @ point.residual
        plain = inverse @ gradient
        if not inverse[column, column] > 0:
            return None
        room = (2 * (point.value - wanted) + gradient @ plain) / inverse[column, column]
        if not 0 <= room < inf:
            return None
        step = plain + copysign(sqrt(room), target) * inverse[:, column]
        movement = float(np.abs(X @ step).max())
        point = peak.hill(peak.rows, point.coef + step)
        if movement <= SQUARED:
            place = float(point.coef[column])
            return place if _confirmed(peak, point, column, target) else None
    return None


def _confirmed(peak: Peak, point: Point, column: int, target: float) -> bool:
    """Whether a place found swiftly is on the right side, has fallen as far as it should, and
    is the highest with its value in this column.

    A likelihood is concave, so that a level place is the highest. A penalised likelihood may
    have several; a climb from the estimate tells.
    """
    place = float(point.coef[column])
    if (place - float(peak.top.coef[column])) * target <= 0:
        return False
    if point.exact is not None:
        start, free = _beside(peak, peak.top, [column], [place])
        # two steps bring it near the top; it is the same one or it is not
        near = climb(peak.hill, peak.rows, start, free, 2).top
        if float(np.abs(peak.rows.X @ (near.coef - point.coef)).max()) > SAME:
            return False
    root = sqrt(max(0.0, 2 * (peak.top.value - point.value)))
    return abs(root - abs(target)) <= LEVEL


def _limit(peak: Peak, column: int, target: float, reach: float) -> float:
    """Where the signed root of the likelihood ratio of one coefficient meets its target.

    The root is nearly a straight line in the coefficient, so Newton's steps on it arrive fast;
    a bracket keeps them from running away.
    """
    estimate = float(peak.top.coef[column])
    point, inner, outer = peak.top, estimate, inf
    place = estimate + reach
    for _ in range(SEARCH_LIMIT):
        point = _constrained(peak, point, [column], [place])
        root = copysign(sqrt(max(0.0, 2 * (peak.top.value - point.value))), target)
        if abs(root) < abs(target):
            inner = place
        else:
            outer = place
        slope = -float(peak.rows.X[:, column] @ point.residual)
        wanted = place + (target - root) * root / slope if slope else place
        following = _kept_inside(wanted, inner, outer, estimate)
        if abs(following - place) <= ARRIVED * abs(reach):
            return following
        place = following
    raise AnalysisError(
        say("no profile limit was found for {column}", column=term(peak.rows.names[column]))
    )


def _kept_inside(wanted: float, inner: float, outer: float, estimate: float) -> float:
    """The wanted place if it lies between inner and outer; else the middle, or a step further."""
    if outer == inf:
        furthest = inner + 4 * (inner - estimate)
        low, high = min(inner, furthest), max(inner, furthest)
        return wanted if low < wanted < high else furthest
    low, high = min(inner, outer), max(inner, outer)
    return wanted if low <= wanted <= high else (low + high) / 2
