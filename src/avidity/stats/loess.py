"""Smooth curves through a cloud of points: R's loess and lowess with their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError

Floats = npt.NDArray[np.float64]

NEAR, FAR = 0.001, 0.999  # of lowess's reach: up to here a weight is 1, beyond there it is 0
MARGIN = 0.005  # of the range: how far the outer vertices lie beyond the points
CELL = 0.2  # a cell holds at most this share of a neighbourhood before it is cut


@dataclass(frozen=True, slots=True, eq=False)
class Loess:
    """A local quadratic, fitted exactly at a few vertices and joined by cubics between them.

    vertex        shape (k,), rising; they enclose all points
    value, slope  shape (k,), of the local fit there
    low, high     the range of the points, outside of which the curve is not defined
    """

    vertex: Floats
    value: Floats
    slope: Floats
    low: float
    high: float

    def at(self, x: npt.ArrayLike) -> Floats:
        """The curve at x, shape (m,).

        raises  ValueError outside the range of the points
        """
        places = np.asarray(x, dtype=np.float64)
        if not ((places >= self.low) & (places <= self.high)).all():
            raise ValueError(f"the curve is defined from {self.low:g} to {self.high:g} alone")
        right = np.clip(np.searchsorted(self.vertex, places), 1, len(self.vertex) - 1)
        left = right - 1
        width = self.vertex[right] - self.vertex[left]
        part = (places - self.vertex[left]) / width
        rest = 1 - part
        curve: Floats = (
            rest**2 * (1 + 2 * part) * self.value[left]
            + part**2 * (3 - 2 * part) * self.value[right]
            + width * part * rest * (rest * self.slope[left] - part * self.slope[right])
        )
        return curve


def loess(x: npt.ArrayLike, y: npt.ArrayLike, span: float = 0.75) -> Loess:
    """Local regression of degree 2 with tricube weights: R's `loess(y ~ x)` with its defaults.

    x, y    shape (n,), no missing values
    span    share of the points in each neighbourhood, 0 < span <= 1
    raises  AnalysisError where a neighbourhood holds fewer than three different x;
            ValueError on wrong shapes or another span
    source  Cleveland & Devlin, J Am Stat Assoc 1988;83:596-610; the vertices and the cubics
            between them: Cleveland & Grosse, Stat Comput 1991;1:47-62
    """
    rising, height = _points(x, y)
    if not 0 < span <= 1:
        raise ValueError(f"the span must lie above 0 and not above 1, got {span}")
    n = len(rising)
    near = min(n, floor(n * span + 1e-5))
    reach = rising[-1] - rising[0]
    margin = MARGIN * reach
    box = (float(rising[0] - margin), float(rising[-1] + margin))
    cuts = _cuts(rising, (0, n - 1), box, floor(n * span * CELL))
    vertex = np.unique([*box, *cuts])
    fitted = np.array([_local_quadratic(rising, height, float(at), near) for at in vertex])
    return Loess(vertex, fitted[:, 0], fitted[:, 1], float(rising[0]), float(rising[-1]))


def _points(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    across, height = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if across.ndim != 1 or across.shape != height.shape or across.size == 0:
        raise ValueError(f"x and y must have one shape (n,), got {across.shape}, {height.shape}")
    if not (np.isfinite(across).all() and np.isfinite(height).all()):
        raise ValueError("a curve needs finite points; drop missing values first, counted")
    order = np.argsort(across, kind="stable")
    return across[order], height[order]


def _cuts(
    rising: Floats, between: tuple[int, int], box: tuple[float, float], most: int
) -> list[float]:
    """Halve the points, and the halves, until no cell holds more than `most` of them."""
    first, last = between
    if last - first + 1 <= most:
        return []
    middle = _untied(rising, first, last)
    cut = float(rising[middle])
    if cut in box:
        return []
    below = _cuts(rising, (first, middle), (box[0], cut), most)
    above = _cuts(rising, (middle + 1, last), (cut, box[1]), most)
    return [*below, cut, *above]


def _untied(rising: Floats, first: int, last: int) -> int:
    """The place nearest the middle whose value differs from the next one's.

    The middle itself where none is found before the search leaves the cell on one side.
    """
    middle = (first + last + 2) // 2 - 1  # the middle as if counted from 1, as R does
    for step in range(last - first + 1):
        for place in (middle + step, middle - step):
            if not first <= place < last:
                return middle
            if rising[place] != rising[place + 1]:
                return place
    return middle


def _local_quadratic(rising: Floats, height: Floats, at: float, near: int) -> tuple[float, float]:
    """Value and slope, at this place, of the quadratic through its nearest points."""
    away = np.abs(rising - at)
    reach = np.partition(away, near - 1)[near - 1]
    inside = away < reach
    if len(np.unique(rising[inside])) < 3:
        raise AnalysisError(
            "too many equal predictions for a local quadratic: fewer than three different values"
            " in a neighbourhood; take a wider span, or groups"
        )
    shift = rising[inside] - at
    weight = (1 - (away[inside] / reach) ** 3) ** 3
    columns = np.column_stack([np.ones(len(shift)), shift, shift**2])
    root = np.sqrt(weight)[:, np.newaxis]
    size = np.linalg.norm(root * columns, axis=0)
    coef = np.linalg.lstsq(root * columns / size, root[:, 0] * height[inside])[0] / size
    return float(coef[0]), float(coef[1])


def lowess(x: npt.ArrayLike, y: npt.ArrayLike, span: float = 2 / 3) -> tuple[Floats, Floats]:
    """Locally weighted straight lines, without robustness steps: R's `lowess(x, y, iter = 0)`.

    x, y     shape (n,), no missing values
    returns  x in rising order and the curve there, both shape (n,)
    source   Cleveland, J Am Stat Assoc 1979;74:829-836; as in R, the line is fitted at places a
             hundredth of the range apart, and points between two places lie on the chord
    raises   ValueError on wrong shapes
    """
    rising, height = _points(x, y)
    n = len(rising)
    near = max(min(n, floor(span * n + 1e-7)), min(2, n))
    apart = 0.01 * (rising[-1] - rising[0])
    curve = np.empty(n)
    places = [0]
    while places[-1] < n - 1:
        last = places[-1]
        # the farthest point that is not too far away, but the next different one at least
        beyond = int(np.searchsorted(rising, rising[last] + apart, side="right"))
        tied = int(np.searchsorted(rising, rising[last], side="right"))
        places.append(min(n - 1, max(tied, beyond - 1)))
    for place in places:
        curve[place] = _local_line(rising, height, place, near)
    at, first = np.unique(rising[places], return_index=True)
    return rising, np.interp(rising, at, curve[np.array(places)[first]])


def _local_line(rising: Floats, height: Floats, place: int, near: int) -> float:
    at = rising[place]
    away = np.abs(rising - at)
    reach = np.partition(away, near - 1)[near - 1]
    inside = away <= FAR * reach if reach > 0 else away == 0
    part = away[inside] / reach if reach > 0 else away[inside]
    weight = np.where(part <= NEAR, 1.0, (1 - part**3) ** 3)
    weight = weight / weight.sum()
    middle = weight @ rising[inside]
    spread = weight @ (rising[inside] - middle) ** 2
    if np.sqrt(spread) > NEAR * (rising[-1] - rising[0]):
        weight = weight * (1 + (at - middle) * (rising[inside] - middle) / spread)
    return float(weight @ height[inside])
