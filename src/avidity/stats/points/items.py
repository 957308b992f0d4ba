"""What a points score is made of: variables in levels, and each level's log-odds in a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.equation import Equation
from avidity.stats.newton import Floats, locked

Places = npt.NDArray[np.intp]


def categories(values: npt.ArrayLike, cuts: Sequence[float]) -> Places:
    """Which category each value falls into, from 0: how many cut-offs it reaches (`>=`).

    values  shape (n,), no missing values
    cuts    rising
    raises  ValueError on missing values, or cut-offs that do not rise

    >>> categories([44.9, 45, 55, 80], [45, 55]).tolist()
    [0, 1, 2, 2]
    """
    numbers, limits = np.asarray(values, dtype=np.float64), np.asarray(cuts, dtype=np.float64)
    if not np.isfinite(numbers).all() or (np.diff(limits) <= 0).any():
        raise ValueError("values must be finite, with no missing ones, and cut-offs must rise")
    return np.searchsorted(limits, numbers, side="right").astype(np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreItem:
    """One line of the card: a variable, its levels, and which level each patient has.

    labels   of the levels, in the order they are printed
    columns  of the model that belong to the variable (a spline has several)
    place    shape (n,), the level of each patient, from 0
    at       shape (levels, columns): the values of the columns that stand for each level, such as
             Sullivan's mid-points; None: the mean over the patients of the level
    base     the level that gets 0 points; None: the one with the lowest log-odds, so that no
             points are negative
    """

    name: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    place: Places
    at: Floats | None = None
    base: int | None = None

    def __post_init__(self) -> None:
        levels = len(self.labels)
        if levels < 2 or not self.columns:
            raise ValueError(f"{self.name} needs two levels or more, and a column of the model")
        if self.place.ndim != 1 or not ((self.place >= 0) & (self.place < levels)).all():
            raise ValueError(f"every patient must have one of the {levels} levels of {self.name}")
        if self.at is not None and self.at.shape != (levels, len(self.columns)):
            raise ValueError(f"{self.name} must be placed by {levels} x {len(self.columns)} values")
        if self.base is not None and not 0 <= self.base < levels:
            raise ValueError(f"{self.name} has no level {self.base}")


def check_items(items: Sequence[ScoreItem], names: Sequence[str], n: int) -> None:
    """See that every column of the model belongs to exactly one item, and every item to n patients.

    raises  AnalysisError naming the column: a term that is left out would be lost in silence
    """
    used = [column for item in items for column in item.columns]
    if unknown := sorted(set(used) - set(names[1:])):
        raise AnalysisError(f"the model has no column {', '.join(unknown)}")
    if left := [name for name in names[1:] if used.count(name) != 1]:
        raise AnalysisError(f"each column must belong to one item of the score: {', '.join(left)}")
    if len({item.name for item in items}) != len(items):
        raise AnalysisError("the items of a score must have different names")
    if wrong := [item.name for item in items if len(item.place) != n]:
        raise ValueError(f"{', '.join(wrong)}: one level for each of the {n} patients is needed")


@dataclass(frozen=True, slots=True, eq=False)
class LevelOdds:
    """The model in levels: its intercept, and what each level of each item adds, (levels,) each."""

    intercept: float
    added: tuple[Floats, ...]


def level_log_odds(
    model: Equation, X: Floats, items: Sequence[ScoreItem], weights: Floats
) -> LevelOdds:
    """What each level of each item adds to the log-odds.

    X        shape (n, p), the model's columns
    weights  shape (n,); a level that no patient has under them is placed by all its patients
    raises   AnalysisError if nobody at all has a level that is not placed by values
    """
    added = tuple(_of_item(model, X, item, weights) for item in items)
    return LevelOdds(float(model.coef[0]), added)


def _of_item(model: Equation, X: Floats, item: ScoreItem, weights: Floats) -> Floats:
    columns = [model.names.index(column) for column in item.columns]
    if item.at is not None:
        return locked(item.at @ model.coef[columns])
    added = X[:, columns] @ model.coef[columns]
    levels = len(item.labels)
    everyone = np.bincount(item.place, minlength=levels)
    if (everyone == 0).any():
        empty = item.labels[int(np.argmin(everyone))]
        raise AnalysisError(f"nobody is in {item.name}: {empty}; join it with a neighbour")
    seen = np.bincount(item.place, weights=weights, minlength=levels)
    sums = np.bincount(item.place, weights=weights * added, minlength=levels)
    means = np.bincount(item.place, weights=added, minlength=levels) / everyone
    return locked(np.where(seen > 0, sums / np.where(seen > 0, seen, 1.0), means))
