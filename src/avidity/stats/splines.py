"""Restricted cubic splines: a number enters a model as a curve that is straight at both ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.summary import numbers

Floats = npt.NDArray[np.float64]

FEWEST, MOST = 3, 7  # knots
SMALL = 100  # patients; below, the outer knots stand at the fifth value from either end
PILE = 0.05  # of all values: so many equal ones at an end are a pile, as at a detection limit
OUTER = {3: 0.1, 4: 0.05, 5: 0.05, 6: 0.05, 7: 0.025}  # quantile of the first knot


@dataclass(frozen=True, slots=True)
class Spline:
    """A restricted cubic spline: its knots are all that was learned from the patients.

    knots  at least three, rising, in the unit of the number

    The k - 1 columns are the number itself and k - 2 cubic parts divided by the squared distance
    of the outer knots, so that all have the number's unit; a model needs no other column for it.

    source  Stone & Koo, Proc Stat Comp Sect ASA 1985:45-48; Harrell, Regression Modeling
            Strategies, 2nd ed. 2015, section 2.4.5
    """

    knots: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.knots) < FEWEST or not np.isfinite(self.knots).all():
            raise ValueError(f"a spline needs at least three finite knots, got {self.knots}")
        if any(low >= high for low, high in pairwise(self.knots)):
            raise ValueError(f"knots must rise, got {self.knots}")

    @property
    def degrees(self) -> int:
        """Columns, hence coefficients: one fewer than knots."""
        return len(self.knots) - 1

    def names(self, name: str) -> tuple[str, ...]:
        """A name for each column: the number's own, then one prime more for each cubic part.

        >>> Spline((16.0, 20.0, 25.0, 32.0)).names("age")
        ('age', "age'", "age''")
        """
        return tuple(name + "'" * column for column in range(self.degrees))

    def basis(self, x: npt.ArrayLike) -> Floats:
        """The columns at x, which may lie anywhere: beyond the outer knots they are straight.

        x        shape (n,); a missing value stays missing in every column
        returns  shape (n, k - 1), the first column x itself

        >>> Spline((16.0, 20.0, 25.0, 32.0)).basis([20.0, 25.0]).tolist()
        [[20.0, 0.25, 0.0], [25.0, 2.84765625, 0.48828125]]
        """
        given = np.asarray(x, dtype=np.float64)
        if given.ndim != 1:
            raise ValueError(f"x must have one dimension, got {given.ndim}")
        knots = np.array(self.knots)
        *inner, before, last = self.knots
        cubes = np.maximum(given[:, np.newaxis] - knots, 0.0) ** 3
        scale = (last - self.knots[0]) ** 2
        columns = [given]
        for place, knot in enumerate(inner):
            # The two last cubes take away the cubic and the square beyond the last knot.
            bent = cubes[:, place] - cubes[:, -2] * (last - knot) / (last - before)
            columns.append((bent + cubes[:, -1] * (before - knot) / (last - before)) / scale)
        return np.column_stack(columns)


def default_knots(x: npt.ArrayLike, count: int = 4) -> tuple[float, ...]:
    """Harrell's places for the knots: fixed quantiles, so that the outcome has no say.

    x       shape (n,), no missing values
    count   3 to 7 knots

    Quantiles of type 7: 0.1, 0.5, 0.9 for three knots; 0.05, 0.35, 0.65, 0.95 for four; evenly
    from 0.05 to 0.95 for five and six, from 0.025 to 0.975 for seven. With fewer than 100 values
    the outer knots are the fifth smallest and the fifth largest. Where 5% or more share the
    smallest (largest) value and no value inside is as frequent, the outer knot is the next value
    inside, and the others are found among the values beyond it (all this as Hmisc 4.8 does).

    raises  AnalysisError if the values are too few or too much alike for so many knots (Hmisc
            would take fewer; here the study has to say so); ValueError on another count
    source  Harrell, Regression Modeling Strategies, 2nd ed. 2015, section 2.4.6

    >>> default_knots(range(1, 202), 3)
    (21.0, 101.0, 181.0)
    """
    if not FEWEST <= count <= MOST:
        raise ValueError(f"a spline has {FEWEST} to {MOST} knots here, got {count}")
    values = np.sort(numbers(x, "the number"))
    distinct, frequency = np.unique(values, return_counts=True)
    if len(distinct) - 2 <= count:
        raise AnalysisError(
            f"{len(distinct)} different values are too few for a spline with {count} knots;"
            f" keep the number linear, or take fewer knots"
        )
    first, last, inside = _piles(values, distinct, frequency)
    places = _quantile_places(inside, count - len(first) - len(last), OUTER[count])
    if len(inside) < SMALL:
        places = _fifth_from_ends(places, inside, low=not first, high=not last)
    knots = [*first, *places, *last]
    if any(low >= high for low, high in pairwise(knots)):
        raise AnalysisError(
            f"{count} knots fall on fewer different values, since many patients share one;"
            f" keep the number linear, or take fewer knots"
        )
    return tuple(knots)


def _piles(
    values: Floats, distinct: Floats, frequency: npt.NDArray[np.int64]
) -> tuple[list[float], list[float], Floats]:
    """The outer knots beside a pile of equal values at an end, and the values left beyond them."""
    share = frequency / len(values)
    first: list[float] = []
    last: list[float] = []
    if share[1:-1].max() >= PILE:
        return first, last, values
    if share[0] >= PILE:
        first = [float(distinct[1])]
        values = values[values > distinct[1]]
    if share[-1] >= PILE:
        last = [float(distinct[-2])]
        values = values[values < distinct[-2]]
    return first, last, values


def _quantile_places(values: Floats, count: int, outer: float) -> list[float]:
    """So many evenly spaced quantiles; of one or two, beside a pile, from the middle on."""
    shares = np.linspace(outer if count > 2 else 0.5, 1 - outer, count) if count > 1 else [0.5]
    # Type 7 by hand: a place that is whole but for rounding gives the very value that stands
    # there, so that two knots on one value are seen to be equal.
    place = np.asarray(shares) * (len(values) - 1)
    place = np.where(np.abs(place - np.round(place)) < 1e-9, np.round(place), place)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, len(values) - 1)
    found: list[float] = (
        values[below] + (place - below) * (values[above] - values[below])
    ).tolist()
    return found


def _fifth_from_ends(places: list[float], values: Floats, *, low: bool, high: bool) -> list[float]:
    if len(values) < 5:
        raise AnalysisError("fewer than five values are left between the ends: no knots")
    moved = list(places)
    if low:
        moved[0] = float(values[4])
    if high:
        moved[-1] = float(values[-5])
    return moved
