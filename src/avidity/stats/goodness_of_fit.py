"""How well predicted risks fit the outcome: groups of risk, Brier's score, rank and spread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.roc import placements
from avidity.stats.scores import Floats, outcome_of, scores_of

Places = npt.NDArray[np.intp]
Grouping = Callable[[Floats, int], Places]


def by_quantiles(risk: Floats, groups: int) -> Places:
    """Groups cut at the quantiles of risk (type 7), each closed above; equal risks stay together.

    Quantiles that coincide make fewer groups than asked for.
    """
    edges = np.unique(np.quantile(risk, np.linspace(0, 1, groups + 1)))
    return np.searchsorted(edges[1:-1], risk, side="left")


def by_ranks(risk: Floats, groups: int) -> Places:
    """Groups of equal size: rank times groups over n, rounded up; equal risks may be split.

    Among equal risks the order of the rows decides, so their groups hang on it.
    """
    rank = np.empty(len(risk), dtype=np.intp)
    rank[np.argsort(risk, kind="stable")] = np.arange(1, len(risk) + 1)
    return (rank * groups - 1) // len(risk)


@dataclass(frozen=True, slots=True)
class RiskGroup:
    """Patients of similar risk: how many, how many cases there were, and were expected."""

    n: int
    observed: int
    expected: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class HosmerLemeshow:
    """The test, and the groups it compared."""

    test: TestResult
    groups: tuple[RiskGroup, ...]


def hosmer_lemeshow(
    risk: npt.ArrayLike, outcome: npt.ArrayLike, groups: int = 10, by: Grouping = by_quantiles
) -> HosmerLemeshow:
    """Compare cases seen and expected in groups of risk; the grouping rule matters, so it is named.

    risk     shape (n,), the model's predicted probabilities in the patients it was fitted to
    outcome  shape (n,), 0 or 1
    by       `by_quantiles` or `by_ranks`
    raises   AnalysisError if fewer than three groups can be made; ValueError on a wrong shape
    source   Hosmer & Lemeshow, Commun Stat Theory Methods 1980;9:1043-1069; df groups less two
    """
    p, case = _risks(risk, outcome)
    place = by(p, groups)
    made = [_group(p[place == each], case[place == each]) for each in np.unique(place)]
    if len(made) < 3:
        raise AnalysisError(f"risks fall into {len(made)} groups; the test needs at least three")
    statistic = sum(_discrepancy(group) for group in made)
    df = float(len(made) - 2)
    method = f"Hosmer-Lemeshow test, {len(made)} groups {by.__name__.replace('_', ' ')}"
    test = TestResult(float(chdtrc(df, statistic)), statistic, df, method, len(p))
    return HosmerLemeshow(test, tuple(made))


def _risks(risk: npt.ArrayLike, outcome: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.bool_]]:
    p = np.asarray(risk, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("risks must be one row of probabilities between 0 and 1")
    return p, outcome_of(outcome, len(p))


def _group(risk: Floats, case: npt.NDArray[np.bool_]) -> RiskGroup:
    return RiskGroup(
        n=len(risk),
        observed=int(case.sum()),
        expected=float(risk.sum()),
        lowest=float(risk.min()),
        highest=float(risk.max()),
    )


def _discrepancy(group: RiskGroup) -> float:
    variance = group.expected * (1 - group.expected / group.n)
    gap = group.observed - group.expected
    if variance <= 0:
        return 0.0 if gap == 0 else float("inf")
    return gap**2 / variance


def brier(risk: npt.ArrayLike, outcome: npt.ArrayLike) -> float:
    """Mean squared distance between predicted risk and what happened (Brier 1950).

    risk, outcome  shape (n,); raises ValueError on wrong shapes or risks outside 0 and 1

    >>> brier([0.5, 0.5], [0, 1])
    0.25
    """
    p, case = _risks(risk, outcome)
    return float(((p - case) ** 2).mean())


def somers_dxy(score: npt.ArrayLike, outcome: npt.ArrayLike) -> float:
    """Somers' Dxy: pairs in the right order less pairs in the wrong one, 2 AUC - 1.

    raises  as `roc.roc`

    >>> somers_dxy([1, 2, 3], [0, 1, 1])
    1.0
    """
    values, case = scores_of(score, outcome)
    below_case, above_control = placements(values, case)
    return float(2 * below_case.sum() / (len(below_case) * len(above_control)) - 1)


def mean_difference(values: npt.ArrayLike) -> float:
    """Gini's mean difference: how far two patients lie apart on average.

    Of the linear predictor this is Harrell's g index, of predicted risks his gp.

    values  shape (n,), n at least 2
    raises  AnalysisError with fewer than two values

    >>> mean_difference([1, 2, 4])
    2.0
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    if n < 2:
        raise AnalysisError("a mean difference needs at least two values")
    # Sorted, value i is the larger of i pairs and the smaller of n - 1 - i.
    return float((2 * np.arange(n) - n + 1) @ ordered) * 2 / (n * (n - 1))
