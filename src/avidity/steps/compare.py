"""Which test compares the groups: the policy's rule, or the one study.toml names.

Every test keeps the words of its exact variant. Where the test has an interval, it is the one
that follows the same principle, so that both say the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError, StudyFileError
from avidity.said import say
from avidity.stats import contingency
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.fisher import fisher, fisher_2x2
from avidity.stats.means import MeansCompared, pooled_t, welch_t
from avidity.stats.normality import looks_normal
from avidity.stats.ranks import mann_whitney
from avidity.stats.regression import odds_ratios
from avidity.steps.variables import Characteristic
from avidity.study import Policy

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Test = TypeVar("Test")

ENOUGH_EXPECTED = 5.0
EXACT_RANKS_UP_TO = 300  # patients; beyond, the asymptotic test tells the same


@dataclass(frozen=True, slots=True)
class Compared:
    """A test, the effect whose interval goes with it, and who chose it.

    chosen    "policy" or "study.toml"
    why_none  a sentence when there is nothing to test
    """

    test: TestResult | None
    effect: Estimate | None
    chosen: str
    why_none: str = ""


NumberTest = Callable[[Floats, Floats, float], tuple[TestResult, Estimate | None]]
CountTest = Callable[[Counts, float], tuple[TestResult, Estimate | None]]


def _means(found: MeansCompared) -> tuple[TestResult, Estimate | None]:
    return found.test, found.difference


def _pooled(x: Floats, y: Floats, level: float) -> tuple[TestResult, Estimate | None]:
    return _means(pooled_t(x, y, level))


def _welch(x: Floats, y: Floats, level: float) -> tuple[TestResult, Estimate | None]:
    return _means(welch_t(x, y, level))


def _ranks(x: Floats, y: Floats, _: float) -> tuple[TestResult, Estimate | None]:
    return mann_whitney(x, y, "asymptotic", continuity=False).test, None


def _ranks_continuity(x: Floats, y: Floats, _: float) -> tuple[TestResult, Estimate | None]:
    return mann_whitney(x, y, "asymptotic", continuity=True).test, None


def _ranks_exact(x: Floats, y: Floats, level: float) -> tuple[TestResult, Estimate | None]:
    if len(x) + len(y) > EXACT_RANKS_UP_TO:
        return _ranks(x, y, level)
    return mann_whitney(x, y, "exact").test, None


def _normal_or_ranks(x: Floats, y: Floats, level: float) -> tuple[TestResult, Estimate | None]:
    """SPSS users' habit: both groups must look normal to Shapiro–Wilk."""
    normal = [looks_normal(group) for group in (x, y)]
    test, effect = (_pooled if all(normal) else _ranks)(x, y, level)
    said = "chosen because both groups pass" if all(normal) else "chosen because a group fails"
    method = f"{test.method} ({said} Shapiro–Wilk at 0.05)"
    return TestResult(test.p_value, test.statistic, test.df, method, test.n), effect


def _fisher_by(principle: str) -> CountTest:
    def test(table: Counts, level: float) -> tuple[TestResult, Estimate | None]:
        found = fisher_2x2(table, principle=principle, level=level)  # type: ignore[arg-type]
        return found.test, found.estimate

    return test


def _fisher(table: Counts, level: float) -> tuple[TestResult, Estimate | None]:
    if table.shape == (2, 2):
        return _fisher_by("minimum likelihood")(table, level)
    return fisher(table), None


def _mid_p(table: Counts, level: float) -> tuple[TestResult, Estimate | None]:
    return _fisher_by("mid-p")(table, level) if table.shape == (2, 2) else (fisher(table), None)


def _pearson_or_fisher(table: Counts, level: float) -> tuple[TestResult, Estimate | None]:
    least = float(contingency.expected(table).min())
    test, effect = (
        (contingency.pearson(table), None) if least >= ENOUGH_EXPECTED else _fisher(table, level)
    )
    method = f"{test.method} (smallest expected count {least:.1f})"
    return TestResult(test.p_value, test.statistic, test.df, method, test.n), effect


def _logistic(principle: str) -> CountTest:
    """The test a univariable logistic regression gives for a yes/no variable."""

    def test(table: Counts, level: float) -> tuple[TestResult, Estimate | None]:
        if table.shape != (2, 2):
            raise StudyFileError("a logistic test in Table 1 is for yes/no variables only")
        y = np.repeat([1.0, 0.0], table.sum(axis=1))  # rows: with the outcome, without
        has = np.concatenate([np.repeat([1.0, 0.0], row) for row in table])
        X = np.column_stack([np.ones(len(y)), has])
        got = odds_ratios(X, y, ("intercept", "variable"), principle, level)  # type: ignore[arg-type]
        row, found, n = got.rows[0], got.coefficients[1].test, int(table.sum())
        method = f"univariable logistic regression by {got.estimator}, {found.method}"
        effect = Estimate(row.odds_ratio, row.interval, n, f"odds ratio, {row.method}")
        return TestResult(found.p_value, found.statistic, 1.0, method, n), effect

    return test


NUMBER_TESTS: dict[str, NumberTest] = {
    "pooled t": _pooled,
    "welch t": _welch,
    "mann-whitney": _ranks,
    "mann-whitney continuity": _ranks_continuity,
    "mann-whitney exact": _ranks_exact,
    "shapiro then t or mann-whitney": _normal_or_ranks,
}
COUNT_TESTS: dict[str, CountTest] = {
    "fisher": _fisher,
    "fisher central": _fisher_by("central"),
    "fisher blaker": _fisher_by("Blaker"),
    "fisher mid-p": _mid_p,
    "pearson": lambda table, _: (contingency.pearson(table), None),
    "yates": lambda table, _: (contingency.yates(table), None),
    "likelihood ratio": lambda table, _: (contingency.likelihood_ratio(table), None),
    "pearson or fisher": _pearson_or_fisher,
    "logistic wald": _logistic("wald"),
    "logistic likelihood ratio": _logistic("profile"),
}
BY_POLICY: dict[Policy, tuple[str, str]] = {
    "paper": ("pooled t", "fisher"),
    "spss": ("shapiro then t or mann-whitney", "pearson or fisher"),
    "modern": ("welch t", "fisher mid-p"),
}


def compare_numbers(
    x: Floats, y: Floats, variable: Characteristic, policy: Policy, wish: str, level: float
) -> Compared:
    """Two groups of numbers.

    raises  StudyFileError when study.toml names a test for numbers that nobody knows
    """
    name = wish or BY_POLICY[policy][0]
    if policy == "modern" and not wish and (variable.censored or variable.unit == ""):
        name = "mann-whitney exact"  # an order is all a count or a censored value surely gives
    test = _named(name, NUMBER_TESTS, variable)
    chosen = "study.toml" if wish else "policy"
    if not len(x) or not len(y):
        return Compared(None, None, chosen, "one group has no value")
    try:
        return Compared(*test(x, y, level), chosen)
    except AnalysisError as error:
        return Compared(None, None, chosen, str(error))


def compare_counts(
    table: Counts, variable: Characteristic, policy: Policy, wish: str, level: float
) -> Compared:
    """Two groups (rows) over the levels of a category (columns).

    raises  StudyFileError when study.toml names a test for categories that nobody knows
    """
    test = _named(wish or BY_POLICY[policy][1], COUNT_TESTS, variable)
    chosen = "study.toml" if wish else "policy"
    if not table.sum(axis=1).all():
        return Compared(None, None, chosen, "one group has no value")
    if (table.sum(axis=0) > 0).sum() < 2:
        return Compared(None, None, chosen, "everybody has the same value")
    try:
        return Compared(*test(table, level), chosen)
    except AnalysisError as error:
        return Compared(None, None, chosen, str(error))


def _named(name: str, known: dict[str, Test], variable: Characteristic) -> Test:
    if name not in known:
        raise StudyFileError(
            say(
                "study.toml, table1.tests: '{name}' is no test for {variable}, a {kind} variable;"
                " there are: {names}",
                name=name,
                variable=variable.name,
                kind=variable.kind,
                names=", ".join(known),
            )
        )
    return known[name]
