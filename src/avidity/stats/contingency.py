"""Whether two ways of sorting the patients hang together: tests on tables of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, chdtrc, xlogy

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

NOTHING_TO_COMPARE = "; only one row or column has counts, so p is 1"


def counts(table: ArrayLike) -> Counts:
    """A table of counts as whole numbers, at least one row and one column.

    raises  AnalysisError if it is not two-dimensional, or holds anything but counts, or nobody

    >>> counts([[1.0, 2.0], [3.0, 4.0]]).sum()
    np.int64(10)
    """
    given = np.asarray(table, dtype=float)
    if given.ndim != 2 or given.size == 0:
        raise AnalysisError(f"a table of counts has rows and columns, got the shape {given.shape}")
    if not np.all(np.isfinite(given)) or np.any(given < 0) or np.any(given != np.round(given)):
        raise AnalysisError("a table of counts holds whole numbers from 0 up, nothing missing")
    if given.sum() == 0:
        raise AnalysisError("the table is empty: nobody has a value in both variables")
    return given.astype(np.int64)


def expected(table: ArrayLike) -> Numbers:
    """The counts to be expected if rows and columns had nothing to do with each other."""
    seen = counts(table)
    row, column = seen.sum(axis=1), seen.sum(axis=0)
    product: Numbers = np.outer(row, column) / seen.sum()
    return product


def pearson(table: ArrayLike) -> TestResult:
    """Pearson's chi-square, no continuity correction.

    table   r × c counts; empty rows and columns are left out
    raises  AnalysisError if the table holds no counts
    """
    seen = _occupied(counts(table))
    hoped = expected(seen)
    statistic = float(((seen - hoped) ** 2 / hoped).sum())
    return _chi_square(seen, statistic, "Pearson chi-square test, no continuity correction")


def yates(table: ArrayLike) -> TestResult:
    """Pearson's chi-square with Yates' continuity correction, for 2 × 2 tables only.

    The correction never moves a difference past zero (as in R and SPSS).

    source  Yates, Suppl J R Stat Soc 1934;1:217-235
    raises  AnalysisError if the table is not 2 × 2 or holds no counts
    """
    seen = two_by_two(table)
    method = "Pearson chi-square test with Yates' continuity correction"
    occupied = _occupied(seen)
    if min(occupied.shape) < 2:
        return _chi_square(occupied, 0.0, method)
    hoped = expected(seen)
    gap = np.maximum(0.0, np.abs(seen - hoped) - 0.5)
    return _chi_square(seen, float((gap**2 / hoped).sum()), method)


def likelihood_ratio(table: ArrayLike) -> TestResult:
    """Likelihood-ratio chi-square (G²), no correction; empty rows and columns are left out."""
    seen = _occupied(counts(table))
    statistic = max(0.0, float(2 * xlogy(seen, seen / expected(seen)).sum()))
    return _chi_square(seen, statistic, "likelihood-ratio chi-square test")


def linear_by_linear(
    table: ArrayLike,
    row_scores: ArrayLike | None = None,
    column_scores: ArrayLike | None = None,
) -> TestResult:
    """Linear-by-linear association: (N-1) r² for ordered rows and columns, one degree of freedom.

    row_scores, column_scores  one number per row and column; 1, 2, 3, … if none are given
    source  Mantel, J Am Stat Assoc 1963;58:690-700 (SPSS's row of that name)
    """
    statistic, n = _correlation_square(counts(table), row_scores, column_scores)
    method = "linear-by-linear association, (N-1) r²"
    return _one_degree(statistic * (n - 1), n, method)


def trend(events: ArrayLike, totals: ArrayLike, scores: ArrayLike | None = None) -> TestResult:
    """Cochran–Armitage test for a trend of shares over ordered groups, N r².

    events, totals  per group those with the property, and all
    scores          one number per group; 1, 2, 3, … if none are given
    source          Armitage, Biometrics 1955;11:375-386 (R's prop.trend.test)
    raises          AnalysisError if a count is beyond its group
    """
    hit, of = np.asarray(events, dtype=float), np.asarray(totals, dtype=float)
    if hit.shape != of.shape or hit.ndim != 1:
        raise AnalysisError("a trend needs one count and one total per group")
    statistic, n = _correlation_square(counts(np.column_stack([hit, of - hit])), scores, None)
    return _one_degree(statistic * n, n, "Cochran–Armitage test for trend, N r²")


def mcnemar(table: ArrayLike, *, continuity: bool = False) -> TestResult:
    """McNemar's test: do the changes one way and the other balance?

    table   2 × 2, rows the first judgement, columns the second, of the same patients
    source  McNemar, Psychometrika 1947;12:153-157; correction: Edwards, ibid. 1948;13:185-187
    raises  AnalysisError if the table is not 2 × 2 or holds no counts
    """
    seen = two_by_two(table)
    up, down = int(seen[0, 1]), int(seen[1, 0])
    words = "with" if continuity else "no"
    method = f"McNemar's chi-square test, {words} continuity correction"
    if up + down == 0:
        return TestResult(1.0, 0.0, 1.0, f"{method}; nobody changed, so p is 1", int(seen.sum()))
    gap = max(0.0, abs(up - down) - 1.0) if continuity else float(abs(up - down))
    return _one_degree(gap**2 / (up + down), int(seen.sum()), method)


def mcnemar_exact(table: ArrayLike) -> TestResult:
    """McNemar's test from the binomial distribution, two-sided by doubling the smaller tail.

    raises  AnalysisError if the table is not 2 × 2 or holds no counts
    """
    seen = two_by_two(table)
    up, down = int(seen[0, 1]), int(seen[1, 0])
    p = min(1.0, 2 * float(bdtr(min(up, down), up + down, 0.5))) if up + down else 1.0
    return TestResult(p, None, None, "McNemar's exact test, smaller tail doubled", int(seen.sum()))


def two_by_two(table: ArrayLike) -> Counts:
    """A table of counts that must have two rows and two columns."""
    seen = counts(table)
    if seen.shape != (2, 2):
        raise AnalysisError(f"this test needs a 2 × 2 table, got {seen.shape[0]} × {seen.shape[1]}")
    return seen


def _occupied(seen: Counts) -> Counts:
    occupied: Counts = seen[seen.sum(axis=1) > 0][:, seen.sum(axis=0) > 0]
    return occupied


def _chi_square(seen: Counts, statistic: float, method: str) -> TestResult:
    df = (seen.shape[0] - 1) * (seen.shape[1] - 1)
    n = int(seen.sum())
    if df == 0:
        return TestResult(1.0, 0.0, 0.0, method + NOTHING_TO_COMPARE, n)
    return TestResult(float(chdtrc(df, statistic)), statistic, float(df), method, n)


def _one_degree(statistic: float, n: int, method: str) -> TestResult:
    return TestResult(float(chdtrc(1, statistic)), statistic, 1.0, method, n)


def _correlation_square(
    seen: Counts, row_scores: ArrayLike | None, column_scores: ArrayLike | None
) -> tuple[float, int]:
    """The squared correlation of the scores; 0 where one side never varies."""
    n = int(seen.sum())
    row = _centred(seen.sum(axis=1), row_scores)
    column = _centred(seen.sum(axis=0), column_scores)
    across = float(row @ seen @ column)
    spread = float((seen.sum(axis=1) @ row**2) * (seen.sum(axis=0) @ column**2))
    return (across**2 / spread if spread > 0 else 0.0), n


def _centred(margin: Counts, scores: ArrayLike | None) -> Numbers:
    values = np.arange(1.0, len(margin) + 1) if scores is None else np.asarray(scores, dtype=float)
    if values.shape != margin.shape or not np.all(np.isfinite(values)):
        raise AnalysisError(f"scores must be {len(margin)} numbers, one per row or column")
    if np.count_nonzero(margin) == 1:
        return np.zeros(len(margin))
    centred: Numbers = values - (margin @ values) / margin.sum()
    return centred
