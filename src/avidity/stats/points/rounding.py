"""From log-odds to whole points: one unit for all, and the unit that loses least.

A level gets its distance to the base level in units of log-odds, rounded. The unit decides how
much the rounding loses. As it grows, points change only where a distance passes half a unit, so
the different scores are few and all of them are tried: the best one is the best, not nearly.

source  Sullivan, Massaro & D'Agostino, Stat Med 2004;23:1631-1660 for the points; the search
        over the unit is ours
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats
from avidity.stats.points.items import LevelOdds, ScoreItem
from avidity.stats.points.line import lines

Whole = npt.NDArray[np.int64]
BLOCK = 2_000_000  # totals held at a time
EQUAL = 1e-9  # losses closer than this, relative, are equal: the fewer points win


@dataclass(frozen=True, slots=True, eq=False)
class Patients:
    """Whom a loss is counted in.

    line     shape (n,), the equation's log-odds of each
    y        shape (n,), 0 or 1
    weights  shape (n,)
    """

    line: Floats
    y: Floats
    weights: Floats


Loss = Callable[[Floats, Patients], Floats]  # of totals (C, n): shape (C,), the less the better


def deviance_lost(totals: Floats, judged: Patients) -> Floats:
    """Deviance of a logistic model of the outcome on the total alone.

    Patients of one total and outcome count as one row: there are few totals.
    """
    low, many = totals.min(), int(np.ptp(totals)) + 1
    if 2 * many >= len(judged.y):
        return lines(totals, judged.y, judged.weights).deviance
    own = (totals - low).astype(np.intp) + many * np.arange(len(totals))[:, np.newaxis]
    counts = [
        np.bincount(
            own[:, judged.y == outcome].ravel(),
            weights=np.tile(judged.weights[judged.y == outcome], len(totals)),
            minlength=many * len(totals),
        ).reshape(len(totals), many)
        for outcome in (0, 1)
    ]
    possible = np.broadcast_to(np.tile(low + np.arange(many), 2), (len(totals), 2 * many))
    return lines(possible, np.repeat([0.0, 1.0], many), np.hstack(counts)).deviance


def line_lost(totals: Floats, judged: Patients) -> Floats:
    """Mean squared distance of the equation's log-odds from the best line through the totals.

    The outcome has no say: the score that repeats the equation best.
    """
    share = judged.weights / judged.weights.sum()
    t = totals - (totals @ share)[:, np.newaxis]
    line = judged.line - judged.line @ share
    variance, together = t**2 @ share, t @ (share * line)
    explained = np.where(variance > 0, together**2 / np.where(variance > 0, variance, 1.0), 0.0)
    lost: Floats = share @ line**2 - explained
    return lost


@dataclass(frozen=True, slots=True)
class Rounding:
    """How points are made.

    largest  the most points any level may have, in size
    loss     what the unit is chosen to make least: `deviance_lost` or `line_lost`
    slack    a score with fewer points is taken if its loss is at most so much more than the least
    unit     log-odds of one point, fixed beforehand (Sullivan's constant B); None: searched for
    """

    largest: int = 10
    loss: Loss = deviance_lost
    slack: float = 0.0
    unit: float | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """One score that was tried: its unit, its highest total less its lowest, and its loss."""

    unit: float
    span: int
    loss: float


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """One line of the card: the points of each level."""

    name: str
    labels: tuple[str, ...]
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PointsScore:
    """Whole points for each level; their sum stands for the log-odds.

    unit      log-odds of one point
    constant  log-odds at a total of 0, so that constant + unit * total repeats the equation as far
              as the rounding lets it: to half a unit for each item
    method    how the points were made, in words
    tried     every score that was tried, the one with the most points first
    """

    items: tuple[ItemPoints, ...]
    unit: float
    constant: float
    method: str
    tried: tuple[Tried, ...] = ()

    @property
    def lowest(self) -> int:
        """The lowest total there can be."""
        return sum(min(item.points) for item in self.items)

    @property
    def highest(self) -> int:
        """The highest total there can be."""
        return sum(max(item.points) for item in self.items)

    def possible(self) -> tuple[int, ...]:
        """Every total that some levels add up to, rising."""
        sums = {0}
        for item in self.items:
            sums = {total + points for total in sums for points in item.points}
        return tuple(sorted(sums))

    def total(self, items: Sequence[ScoreItem]) -> Whole:
        """The total of every patient, shape (n,)."""
        total: Whole = sum(
            (np.array(own.points)[item.place] for own, item in zip(self.items, items, strict=True)),
            start=np.zeros(len(items[0].place), dtype=np.int64),
        )
        return total


def round_points(
    odds: LevelOdds, items: Sequence[ScoreItem], judged: Patients, how: Rounding
) -> PointsScore:
    """The score with the least loss.

    odds    of the items' levels, in the model that is rounded
    judged  the patients the loss is counted in
    raises  AnalysisError if no level differs from its base; ValueError if the largest points are
            below 1 or the unit is not above 0
    """
    if how.largest < 1 or (how.unit is not None and not how.unit > 0):
        raise ValueError("points must be allowed to reach 1, and a unit must be above 0")
    bases = [_base(item, own) for item, own in zip(items, odds.added, strict=True)]
    gaps = np.concatenate([own - base for own, base in zip(odds.added, bases, strict=True)])
    if not np.abs(gaps).max() > 0:
        raise AnalysisError("no variable changes the risk: there is no score to make")
    units = np.array([how.unit]) if how.unit else _units(np.abs(gaps), how.largest)
    points = _rounded(gaps, units[:, np.newaxis])
    first = np.cumsum([0, *(len(item.labels) for item in items)])
    spans = np.maximum.reduceat(points, first[:-1], axis=1)
    spans = (spans - np.minimum.reduceat(points, first[:-1], axis=1)).sum(axis=1)
    losses = _losses(points, items, judged, how.loss)
    tried = tuple(map(Tried, units.tolist(), spans.tolist(), losses.tolist()))
    best = _best(tried, how.slack)
    own = [points[best, start:end].tolist() for start, end in pairwise(first)]
    return PointsScore(
        items=tuple(
            ItemPoints(item.name, item.labels, tuple(levels))
            for item, levels in zip(items, own, strict=True)
        ),
        unit=float(units[best]),
        constant=odds.intercept + sum(bases),
        method=_words(how),
        tried=tried,
    )


def _base(item: ScoreItem, log_odds: Floats) -> float:
    return float(log_odds.min() if item.base is None else log_odds[item.base])


def _units(gaps: Floats, largest: int) -> Floats:
    """One unit for every score there is, the smallest first.

    A gap changes its points where it is half a unit more than a whole number of them: between two
    such units nothing changes, and the middle stands for all.
    """
    halves = np.arange(largest + 1) + 0.5
    edges = np.unique((gaps[gaps > 0][:, np.newaxis] / halves).ravel())
    edges = edges[edges >= gaps.max() / halves[-1]]
    between: Floats = edges[:-1] / 2 + edges[1:] / 2
    return between


def _rounded(gaps: Floats, unit: Floats) -> Whole:
    """The nearest whole numbers of units, halves away from zero."""
    return (np.sign(gaps) * np.floor(np.abs(gaps) / unit + 0.5)).astype(np.int64)


def _losses(points: Whole, items: Sequence[ScoreItem], judged: Patients, loss: Loss) -> Floats:
    """The loss of every row of points, shape (C, levels of all items)."""
    has = [item.place == level for item in items for level in range(len(item.labels))]
    who = np.array(has, dtype=np.float64)
    step = max(1, BLOCK // len(judged.y))
    parts = [points[first : first + step] for first in range(0, len(points), step)]
    return np.concatenate([loss(part @ who, judged) for part in parts])


def _best(tried: Sequence[Tried], slack: float) -> int:
    """Of those nearly as good as the best the one with the fewest points."""
    least = min(each.loss for each in tried)
    limit = least + slack + EQUAL * (abs(least) + 1e-3)
    good = [at for at, each in enumerate(tried) if each.loss <= limit]
    return min(good, key=lambda at: (tried[at].span, tried[at].loss))


def _words(how: Rounding) -> str:
    if how.unit is not None:
        return "log-odds in units fixed beforehand, rounded to whole points"
    loss = how.loss.__name__.replace("_", " ")
    return f"log-odds rounded to at most {how.largest} points, the unit with the least {loss}"
