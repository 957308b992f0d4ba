"""Areas under the ROC curve of many scores at once, ties counted exactly.

A resample is the same patients with other weights, so one sorting of each score serves the
resample, the original patients and those left out alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.stats.newton import Floats

Whole = npt.NDArray[np.int64]

HALF_WORD = 32  # cases and controls share one integer: they are summed in one sweep
LOWER = (1 << HALF_WORD) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Each score sorted once, for every question that only its order matters to.

    score  shape (B, n), rising along each row
    order  shape (B, n), which patient stands where
    last   shape (B, n), the last of each run of equal scores; None where no two are equal
    """

    score: Floats
    order: npt.NDArray[np.intp]
    last: npt.NDArray[np.bool_] | None

    def auc(self, cases: Whole, controls: Whole) -> Floats:
        """The area of each score, shape (B,): a case above a control wins, a tie is half a win.

        cases, controls  how many of each a row stands for, shape (n,) or (B, n), whole numbers
        returns          nan where there are no cases or no controls

        All sums are of whole numbers, so ties and equal areas are exact.
        """
        both = self._arranged((cases << HALF_WORD) | controls)
        up_to = np.cumsum(both, axis=1)
        if self.last is not None:
            up_to = np.maximum.accumulate(np.where(self.last, up_to, 0), axis=1)
        cases_up_to, controls_up_to = up_to >> HALF_WORD, up_to & LOWER
        m, n = cases_up_to[:, -1], controls_up_to[:, -1]
        # from one run of equal scores to the next: new cases times controls below, ties half
        doubled = (cases_up_to * controls_up_to)[:, -1].copy()
        doubled += (cases_up_to[:, 1:] * controls_up_to[:, :-1]).sum(axis=1)
        doubled -= (cases_up_to[:, :-1] * controls_up_to[:, 1:]).sum(axis=1)
        with np.errstate(invalid="ignore"):
            area: Floats = doubled / (2 * m * n)
        return area

    def mean_difference(self, weights: Whole) -> Floats:
        """Gini's mean difference of each score, shape (B,): Harrell's g of a linear predictor.

        weights  how many patients a row stands for, shape (n,) or (B, n)
        returns  nan where they are fewer than two
        """
        many = self._arranged(weights)
        up_to = np.cumsum(many, axis=1)
        n = up_to[:, -1:]
        # value i is the larger of as many pairs as stand before it, the smaller of the rest
        total = (many * (2 * up_to - many - n) * self.score).sum(axis=1)
        with np.errstate(invalid="ignore"):
            mean: Floats = 2 * total / (n * (n - 1))[:, 0]
        return mean

    def _arranged(self, values: Whole) -> Whole:
        if values.ndim == 1:
            taken: Whole = values[self.order]
            return taken
        return np.take_along_axis(values, self.order, axis=1)


def in_order(score: Floats, decimals: int | None = None) -> Sorted:
    """Sort each row of score, shape (B, n); finite. Equal are those that agree to the decimals."""
    key = score if decimals is None else np.round(score, decimals)
    order = np.argsort(key, axis=1)
    rising = np.take_along_axis(key, order, axis=1)
    last = np.ones(key.shape, dtype=bool)
    np.not_equal(rising[:, 1:], rising[:, :-1], out=last[:, :-1])
    if decimals is not None:
        rising = np.take_along_axis(score, order, axis=1)
    return Sorted(rising, order, None if last.all() else last)


def weighted_auc(score: npt.ArrayLike, cases: npt.ArrayLike, controls: npt.ArrayLike) -> Floats:
    """The areas under the ROC curve of B scores, shape (B,).

    score            shape (B, n), finite; higher means case
    cases, controls  shape (n,) or (B, n), whole numbers: of a resample its weights times the
                     outcome, and times one less the outcome
    returns          nan where there are no cases or no controls

    >>> weighted_auc([[1.0, 2, 3, 4, 5, 6]], [0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 0]).tolist()
    [0.6666666666666666]
    """
    ordered = in_order(np.asarray(score, dtype=np.float64))
    return ordered.auc(np.asarray(cases, dtype=np.int64), np.asarray(controls, dtype=np.int64))
