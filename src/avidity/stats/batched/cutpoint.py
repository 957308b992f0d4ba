"""Youden's cut-off of one number in many resamples, and what each does elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats
from avidity.stats.resampling import Weights
from avidity.stats.scores import scores_of

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Ties = Literal["lowest", "highest"]
CutAt = Literal["observed", "midpoint"]

HALF_WORD = 32
LOWER = (1 << HALF_WORD) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Patients positive by cut-off and truth in each of B groups, shape (B,) each."""

    tp: Whole
    fp: Whole
    n_cases: Whole
    n_controls: Whole

    @property
    def sensitivity(self) -> Floats:
        """Share of cases called positive; nan where there are none."""
        return _share(self.tp, self.n_cases)

    @property
    def specificity(self) -> Floats:
        """Share of controls not called positive; nan where there are none."""
        return _share(self.n_controls - self.fp, self.n_controls)

    @property
    def youden(self) -> Floats:
        """Sensitivity plus specificity minus one."""
        total: Floats = self.sensitivity + self.specificity - 1
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """The best cut-off of each resample, and what it does there.

    value     shape (B,), observed in the resample; infinite: best is to call nobody positive;
              nan where a resample has one outcome only
    midpoint  shape (B,), half-way to the next value of the resample that is not positive
    table     in the resample itself: too good, for the search looked at the same patients
    auc       shape (B,), of the number itself in the resample
    """

    value: Floats
    midpoint: Floats
    table: Table
    auc: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number beside the outcome, its different values in rising order.

    values  shape (k,), turned so that higher means case
    order   shape (n,), patients by rising value
    starts  shape (k,), where in that order each value begins
    sign    -1 if it was turned round
    """

    values: Floats
    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    case: Bools
    sign: float

    def counted(self, weights: Weights) -> tuple[Whole, Whole]:
        """Cases, and controls, below each value and in all, shape (B, k + 1), of weights (B, n)."""
        packed = weights[:, self.order] << (HALF_WORD * self.case[self.order])
        if len(self.starts) < len(self.order):
            packed = np.add.reduceat(packed, self.starts, axis=1)
        below = np.zeros((len(weights), len(self.values) + 1), dtype=np.int64)
        np.cumsum(packed, axis=1, out=below[:, 1:])
        return below >> HALF_WORD, below & LOWER

    def table(self, weights: Weights, cut: Floats) -> Table:
        """What a cut-off for each of B groups does in it: positive is at or beyond the cut-off.

        weights  shape (B, n), or (1, n) where all are held against the same patients
        cut      shape (B,), in the number's own units
        """
        cases, controls = self.counted(weights)
        place = np.searchsorted(self.values, self.sign * cut, side="left")
        row = np.arange(len(cut)) if len(weights) > 1 else np.zeros(len(cut), dtype=np.intp)
        total_cases, total_controls = cases[row, -1], controls[row, -1]
        return Table(
            tp=total_cases - cases[row, place],
            fp=total_controls - controls[row, place],
            n_cases=total_cases,
            n_controls=total_controls,
        )

    def search(self, weights: Weights, ties: Ties = "lowest") -> Searched:
        """The cut-off with the largest Youden index in each resample, shape (B, n).

        ties  which of several equally good ones: the lowest or the highest, in the number's units
        """
        cases, controls = self.counted(weights)
        m, n = cases[:, -1:], controls[:, -1:]
        # Youden's index times both group sizes: whole numbers, so that ties are exact
        worth = controls * m - cases * n
        there = np.ones(worth.shape, dtype=bool)
        np.not_equal((cases + controls)[:, 1:], (cases + controls)[:, :-1], out=there[:, :-1])
        best = there & (worth == worth.max(axis=1, keepdims=True))
        lowest = (ties == "lowest") == (self.sign > 0)
        last = worth.shape[1] - 1
        place = best.argmax(axis=1) if lowest else last - best[:, ::-1].argmax(axis=1)
        row = np.arange(len(weights))
        table = Table(
            tp=m[:, 0] - cases[row, place],
            fp=n[:, 0] - controls[row, place],
            n_cases=m[:, 0],
            n_controls=n[:, 0],
        )
        possible = (table.n_cases > 0) & (table.n_controls > 0)
        value = np.append(self.values, np.inf)[place]
        return Searched(
            value=np.where(possible, self.sign * value, np.nan),
            midpoint=np.where(possible, self.sign * self._midpoint(place, there), np.nan),
            table=table,
            auc=_auc(cases, controls),
        )

    def _midpoint(self, place: npt.NDArray[np.intp], there: Bools) -> Floats:
        """Half-way between a value and the next lower one of the resample, where it has one."""
        k = len(self.values)
        row = np.arange(len(place))
        step = np.where(there[:, :k], np.arange(k), -1)
        before = np.maximum.accumulate(step, axis=1)[row, np.maximum(place - 1, 0)]
        before = np.where(place == 0, -1, before)
        at = np.append(self.values, np.inf)[place]
        middle = at / 2 + self.values[before] / 2  # halves first: a sum could overflow
        return np.where(before < 0, -np.inf, middle)


def number(
    score: npt.ArrayLike, outcome: npt.ArrayLike, *, lower_means_case: bool = False
) -> Number:
    """Prepare a number for searching; arguments and errors as `stats.scores.scores_of`."""
    turned, case = scores_of(score, outcome, lower_means_case=lower_means_case)
    order = np.argsort(turned, kind="stable")
    rising = turned[order]
    starts = np.flatnonzero(np.append(True, rising[1:] != rising[:-1]))
    return Number(rising[starts], order, starts, case, -1.0 if lower_means_case else 1.0)


def search_cutpoints(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    weights: Weights,
    ties: Ties = "lowest",
    *,
    lower_means_case: bool = False,
) -> Searched:
    """Youden's cut-off of a score in B resamples at once.

    score, outcome  shape (n,); no missing values; 1 is a case
    weights         shape (B, n), how often each patient is in each resample
    ties            of equally good cut-offs the lowest, or the highest
    returns         the candidates of a resample are the values in it, and that nobody is positive
    source          Youden, Cancer 1950;3:32-35; positive is `score >= value`, as cutpointr has it
    """
    prepared = number(score, outcome, lower_means_case=lower_means_case)
    return prepared.search(np.asarray(weights), ties)


def _share(part: Whole, whole: Whole) -> Floats:
    with np.errstate(invalid="ignore"):
        share: Floats = part / np.where(whole > 0, whole, np.nan)
    return share


def _auc(cases: Whole, controls: Whole) -> Floats:
    """The area from cases and controls below each value, shape (B, k + 1), the last one in all."""
    doubled = (np.diff(cases, axis=1) * (controls[:, 1:] + controls[:, :-1])).sum(axis=1)
    with np.errstate(invalid="ignore"):
        area: Floats = doubled / (2 * cases[:, -1] * controls[:, -1])
    return area
