"""Every p value a row of a cohort gives, by the test that gives it, and the tests a paper means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats import contingency
from avidity.stats.estimate import TestResult
from avidity.stats.fisher import fisher
from avidity.stats.logistic import fit
from avidity.stats.means import pooled_t, welch_t
from avidity.stats.ranks import kruskal_wallis, mann_whitney

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# The name a paper uses → the tests it may mean, as they are named below.
MEANT: Mapping[str, tuple[str, ...]] = {
    "t": ("pooled t", "welch t"),
    "mann-whitney": ("mann-whitney", "mann-whitney continuity", "mann-whitney exact"),
    "t or mann-whitney": (
        *("pooled t", "welch t"),
        *("mann-whitney", "mann-whitney continuity", "mann-whitney exact"),
    ),
    "chi-square": ("pearson", "yates"),
    "chi-square or fisher": ("pearson", "yates", "fisher"),
}


@dataclass(frozen=True, slots=True)
class Tested:
    """One test's result, by the test's name."""

    test: str
    p: float
    statistic: float | None
    df: float | None


def means_what(name: str) -> tuple[str, ...]:
    """The tests a name may stand for; none for an empty name."""
    return MEANT.get(name, (name,) if name else ())


def tested_numbers(groups: Sequence[Floats]) -> tuple[Tested, ...]:
    """Every test of numbers that avidity has, for two groups or more."""
    if len(groups) != 2:
        return _tried({"kruskal-wallis": lambda: kruskal_wallis(groups)})
    x, y = groups
    return _tried(
        {
            "pooled t": lambda: pooled_t(x, y).test,
            "welch t": lambda: welch_t(x, y).test,
            "mann-whitney": lambda: mann_whitney(x, y, "asymptotic", continuity=False).test,
            "mann-whitney continuity": lambda: mann_whitney(x, y, "asymptotic").test,
            "mann-whitney exact": lambda: mann_whitney(x, y, "exact").test,
        }
    )


def tested_counts(table: Counts) -> tuple[Tested, ...]:
    """Every test of counts that avidity has; groups down, answers along."""
    found: dict[str, Callable[[], TestResult]] = {
        "pearson": lambda: contingency.pearson(table),
        "fisher": lambda: fisher(table),
        "likelihood ratio": lambda: contingency.likelihood_ratio(table),
    }
    if table.shape == (2, 2):
        found["yates"] = lambda: contingency.yates(table)
        found["logistic wald"] = lambda: _wald(table)
    elif len(table) == 2:
        found["trend"] = lambda: contingency.linear_by_linear(table)
    return _tried(found)


def _wald(table: Counts) -> TestResult:
    """Of the odds ratio of a logistic model with this one variable."""
    y = np.repeat([1.0, 0.0], 2)
    has = np.tile([1.0, 0.0], 2)
    X = np.column_stack([np.ones(4), has])
    return fit(X, y, ("intercept", "variable"), table.ravel()).wald()[1].test


def _tried(tests: Mapping[str, Callable[[], TestResult]]) -> tuple[Tested, ...]:
    made = []
    for name, test in tests.items():
        try:
            one = test()
        except AnalysisError:  # a test that these data do not allow gives no p
            continue
        df = one.df if isinstance(one.df, int | float) else None
        made.append(Tested(name, one.p_value, one.statistic, df))
    return tuple(made)
