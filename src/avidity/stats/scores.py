"""A score beside a 0/1 outcome: checked once, then counted at every possible cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError

Floats = npt.NDArray[np.float64]


def outcome_of(outcome: npt.ArrayLike, length: int) -> npt.NDArray[np.bool_]:
    """The outcome as an array of bool, shape (length,); true is a case.

    raises  ValueError if it is not 0/1 of that length; AnalysisError if a group is empty
    """
    y = np.asarray(outcome)
    if y.shape != (length,):
        raise ValueError(f"the outcome must have shape ({length},), got {y.shape}")
    case = np.asarray(y == 1)
    if not np.all(case | (y == 0)):
        raise ValueError("the outcome must hold 0 and 1 alone")
    if case.all() or not case.any():
        missing = "controls" if case.any() else "cases"
        raise AnalysisError(f"there are no {missing}: nothing can be told apart")
    return case


def scores_of(
    score: npt.ArrayLike, outcome: npt.ArrayLike, *, lower_means_case: bool = False
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The score in float64, turned so that higher means case, and the outcome as bool.

    score    shape (n,), finite; no missing values (drop them upstream, counted)
    outcome  shape (n,), 0 or 1
    raises   ValueError on a wrong shape or a value that is not finite; AnalysisError if a group
             is empty
    """
    values = np.asarray(score, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"a score must have one dimension, got {values.ndim}")
    if not np.isfinite(values).all():
        raise ValueError("a score must be finite, with no missing values; drop them first, counted")
    case = outcome_of(outcome, len(values))
    return (-values if lower_means_case else values), case


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Cases and controls called positive at every distinct cut-off, from nobody to everybody.

    value       shape (k,), in the score's own units; the first is infinite: nobody is positive
    midpoint    shape (k,), half-way to the neighbour that is just not positive;
                infinite at both ends, where there is no neighbour
    tp, fp      shape (k,), cases and controls called positive
    """

    value: Floats
    midpoint: Floats
    tp: npt.NDArray[np.int64]
    fp: npt.NDArray[np.int64]
    n_cases: int
    n_controls: int


def cuts(score: npt.ArrayLike, outcome: npt.ArrayLike, *, lower_means_case: bool = False) -> Cuts:
    """Count who is positive at each distinct cut-off; positive is `score >= value`.

    With lower_means_case positive is `score <= value`. Errors: as `scores_of`.
    """
    values, case = scores_of(score, outcome, lower_means_case=lower_means_case)
    distinct, place = np.unique(values, return_inverse=True)
    cases = np.bincount(place[case], minlength=len(distinct))[::-1]
    everyone = np.bincount(place, minlength=len(distinct))[::-1]
    falling = distinct[::-1]
    tp = np.concatenate([[0], np.cumsum(cases)])
    positive = np.concatenate([[0], np.cumsum(everyone)])
    value = np.concatenate([[np.inf], falling])
    between = falling[:-1] / 2 + falling[1:] / 2  # halves first: a sum could overflow
    midpoint = np.concatenate([[np.inf], between, [-np.inf]])
    sign = -1.0 if lower_means_case else 1.0
    return Cuts(
        value=sign * value,
        midpoint=sign * midpoint,
        tp=tp,
        fp=positive - tp,
        n_cases=int(case.sum()),
        n_controls=int((~case).sum()),
    )
