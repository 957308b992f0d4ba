"""The p value of a cut-off that was searched, corrected for the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from avidity.errors import AnalysisError
from avidity.stats.contingency import pearson
from avidity.stats.cutpoint import (
    TIE,
    Counts,
    Criterion,
    Cutpoint,
    DiagnosticTable,
    all_cutpoints,
)
from avidity.stats.estimate import TestResult
from avidity.stats.scores import Floats, scores_of

MOST_STEPS = 20_000_000_000  # patients times cases; some ten seconds
BLOCK = 4_000_000  # cells of one block of resamples


def chi_square(tp: Counts, fp: Counts, fn: Counts, tn: Counts) -> Floats:
    """Pearson's chi-square of the 2 x 2 table at each cut-off, either direction; 0 if trivial."""
    a, b, c, d = (np.asarray(cells, dtype=np.float64) for cells in (tp, fp, fn, tn))
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    return (a * d - b * c) ** 2 * (a + b + c + d) / np.where(margins > 0, margins, np.inf)


def either_way(by: Criterion) -> Criterion:
    """The same criterion where the search may also turn the comparison round."""

    def better(tp: Counts, fp: Counts, fn: Counts, tn: Counts) -> Floats:
        return np.maximum(by(tp, fp, fn, tn), by(fn, tn, tp, fp))

    better.__name__ = f"{by.__name__} either way"
    return better


@dataclass(frozen=True, slots=True)
class MaximallySelected:
    """The best of all cut-offs, its p value if it had been given, and if all are counted.

    cut                the lowest cut-off of most worth, as `cutpoint.best_cutpoints` has it
    below              for each cut-off that was tried, the patients who are not positive there
    naive              Pearson's chi-square at the cut-off, as if nobody had searched
    corrected          how often the best cut-off of a useless score is worth as much or more
    monte_carlo_error  standard error of the corrected p value; None where it is exact
    """

    cut: Cutpoint
    below: tuple[int, ...]
    naive: TestResult
    corrected: TestResult
    monte_carlo_error: float | None

    @property
    def standardised(self) -> float:
        """The square root of chi-square times (n - 1) / n: the maximally selected statistic."""
        n = self.cut.table.n
        chi2 = self.naive.statistic or 0.0
        return sqrt(chi2 * (n - 1) / n)


def maximally_selected(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    by: Criterion = chi_square,
    *,
    lower_means_case: bool = False,
    share: tuple[float, float] = (0.0, 1.0),
) -> MaximallySelected:
    """The exact p value of a searched cut-off, given who has which score and how many cases.

    score, outcome    shape (n,), no missing values; 1 is a case
    by                what the search maximised: `chi_square`, `cutpoint.youden`, or any
                      criterion, wrapped in `either_way` if the direction was searched too
    lower_means_case  the direction; it does not matter to `chi_square`
    share             the patients not positive must be at least and at most these shares; a
                      cut-off that calls everybody alike is never tried
    raises            AnalysisError if no cut-off is left, a group is empty, or the patients are
                      too many for the exact way; ValueError on wrong shapes

    If the score says nothing, every order of the outcomes along it is equally likely. They are
    counted by walking along the score and taking out, at each cut-off, the orders that are worth
    as much there: exact with ties, for any criterion. For `youden` this is Smirnov's test.

    source  Miller & Siegmund, Biometrics 1982;38:1011-1016; Koziol, Biometrics 1991;47:1557-1561
    """
    search = _search(score, outcome, by, lower_means_case=lower_means_case, share=share)
    cases, n = search.best.table.tp + search.best.table.fn, search.best.table.n
    if n * cases > MOST_STEPS:
        raise AnalysisError(
            f"{n} patients with {cases} cases are too many for the exact p value; use permutations"
        )
    p_value = min(1.0, _taken_out(search, n, cases))
    return _selected(search, p_value, "exact permutation distribution", None)


def selected_by_permutation(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    rng: np.random.Generator,
    by: Criterion = chi_square,
    *,
    lower_means_case: bool = False,
    share: tuple[float, float] = (0.0, 1.0),
    resamples: int = 9_999,
) -> MaximallySelected:
    """The same p value from random orders of the outcomes, for cohorts too large for the exact.

    rng        the only source of chance
    resamples  orders drawn; the seen one counts as one more, so p is never 0

    Other arguments and errors: as `maximally_selected`.
    """
    search = _search(score, outcome, by, lower_means_case=lower_means_case, share=share)
    _, case = scores_of(score, outcome)
    n, cases, below = len(case), int(case.sum()), np.array(search.below)
    hits, rows = 0, max(1, BLOCK // n)
    for start in range(0, resamples, rows):
        block = np.tile(case, (min(rows, resamples - start), 1))
        fn = np.cumsum(rng.permuted(block, axis=1), axis=1, dtype=np.int64)[:, below - 1]
        best = by(cases - fn, (n - cases) - (below - fn), fn, below - fn).max(axis=1)
        hits += int((best >= search.least).sum())
    p_value = (hits + 1) / (resamples + 1)
    error = sqrt(p_value * (1 - p_value) / (resamples + 1))
    return _selected(search, p_value, f"{resamples} random permutations", error)


@dataclass(frozen=True, slots=True)
class _Search:
    """What was tried and found; `least` is the worth that counts as no less than the best."""

    best: Cutpoint
    below: tuple[int, ...]
    by: Criterion

    @property
    def least(self) -> float:
        return self.best.worth - TIE * max(1.0, abs(self.best.worth))


def _search(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    by: Criterion,
    *,
    lower_means_case: bool,
    share: tuple[float, float],
) -> _Search:
    cutpoints = all_cutpoints(score, outcome, by, lower_means_case=lower_means_case)
    n = cutpoints[0].table.n
    tried = [
        cut
        for cut in cutpoints
        if not cut.trivial and share[0] * n <= _below(cut.table) <= share[1] * n
    ]
    if not tried:
        raise AnalysisError(
            f"no cut-off leaves between {share[0]:g} and {share[1]:g} of the patients on one side"
        )
    most = max(cut.worth for cut in tried)
    tied = [cut for cut in tried if most - cut.worth <= TIE * max(1.0, abs(most))]
    best = min(tied, key=lambda cut: cut.value)
    return _Search(best, tuple(sorted(_below(cut.table) for cut in tried)), by)


def _below(table: DiagnosticTable) -> int:
    return table.fn + table.tn


def _taken_out(search: _Search, n: int, cases: int) -> float:
    """The chance that a random order is worth as much at some cut-off.

    chance[s]  that s cases are among the patients passed so far, in an order not yet taken out
    """
    chance = np.zeros(cases + 1)
    chance[0] = 1.0
    left = cases - np.arange(cases + 1)
    stops, taken = set(search.below), 0.0
    for passed in range(1, n):
        up = chance * left / (n - passed + 1)
        chance -= up
        chance[1:] += up[:-1]
        if passed in stops:
            fn = np.arange(max(0, passed - (n - cases)), min(passed, cases) + 1)
            tp, tn = cases - fn, passed - fn
            gone = search.by(tp, (n - cases) - tn, fn, tn) >= search.least
            taken += float(chance[fn[gone]].sum())
            chance[fn[gone]] = 0.0
    return taken


def _selected(search: _Search, p_value: float, way: str, error: float | None) -> MaximallySelected:
    table = search.best.table
    name = search.by.__name__.replace("_", " ")
    method = (
        f"maximally selected {name} over {len(search.below)} cut-offs, {way} of the outcomes"
        f" along the score"
    )
    return MaximallySelected(
        cut=search.best,
        below=search.below,
        naive=pearson([[table.tp, table.fp], [table.fn, table.tn]]),
        corrected=TestResult(p_value, search.best.worth, None, method, table.n),
        monte_carlo_error=error,
    )


def miller_siegmund(statistic: float, low: float, high: float) -> float:
    """Approximate p value of a maximally selected statistic over all cuts between two shares.

    statistic  the largest standardised statistic, as `MaximallySelected.standardised`
    low, high  shares of patients below the cut, 0 < low < high < 1

    For large cohorts and a continuous score; too large where few cut-offs were tried. 1 for a
    statistic of 1 or less, where the approximation does not hold.

    source  Miller & Siegmund, Biometrics 1982;38:1011-1016; Lausen & Schumacher, Biometrics
            1992;48:73-85
    """
    if not 0 < low < high < 1:
        raise ValueError(f"shares must satisfy 0 < low < high < 1, got {low} and {high}")
    if statistic <= 1:
        return 1.0
    density = exp(-(statistic**2) / 2) / sqrt(2 * pi)
    width = log(high * (1 - low) / ((1 - high) * low))
    return min(1.0, 4 * density / statistic + density * (statistic - 1 / statistic) * width)


def improved_bonferroni(statistic: float, below: Sequence[int], n: int) -> float:
    """Approximate p value that counts the cuts which were truly tried, and how close they lie.

    statistic  the largest standardised statistic
    below      patients below each cut, rising, as `MaximallySelected.below`
    n          all patients

    source  Lausen, Sauerbrei & Schumacher, in: Dirschedl & Ostermann (eds), Computational
            Statistics, Heidelberg: Physica 1994:483-496, after Worsley, Biometrika
            1982;69:297-302
    """
    first, second = np.array(below[:-1], dtype=float), np.array(below[1:], dtype=float)
    apart = np.sqrt(1 - first * (n - second) / ((n - first) * second))
    square = statistic**2
    steps = exp(-square / 2) / pi * (apart - (square / 4 - 1) * apart**3 / 6)
    return min(1.0, 2 * float(ndtr(-statistic)) + float(steps.sum()))
