"""How far two judges of the same patients agree, beyond what chance would give."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from avidity.errors import AnalysisError
from avidity.stats.contingency import counts
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval, error_rate
from avidity.stats.proportion import wilson

YES_NO_CANNOT_SAY: tuple[bool | None, ...] = (True, False, None)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two judges over the same patients.

    counts  row the first judge's answer, column the second's, in the caller's order
    share   of patients both judged alike, with Wilson's interval
    kappa   Cohen's; nan where both always gave one and the same answer
    """

    counts: tuple[tuple[int, ...], ...]
    share: Estimate
    kappa: Estimate


def cross_counts(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    answers: Sequence[Hashable] = YES_NO_CANNOT_SAY,
) -> NDArray[np.int64]:
    """How often each pair of answers was given: rows the first judge, columns the second.

    first, second  one answer per patient, in the same order of patients
    answers        the answers there are, in the order of rows and columns; None is an
                   answer like any other ("cannot say")
    raises         AnalysisError if the lengths differ or an answer is not in the list

    >>> cross_counts([True, None], [True, False]).tolist()
    [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    """
    if len(first) != len(second):
        raise AnalysisError(
            f"both judges must have judged the same patients: {len(first)} and {len(second)}"
        )
    place = {answer: index for index, answer in enumerate(answers)}
    table = np.zeros((len(place), len(place)), dtype=np.int64)
    for one, other in zip(first, second, strict=True):
        if one not in place or other not in place:
            raise AnalysisError("a judge gave an answer that is not in the list of answers")
        table[place[one], place[other]] += 1
    return table


def agreement(table: ArrayLike, level: float = 0.95) -> Agreement:
    """Share of equal answers and Cohen's kappa from a square table of counts.

    table   rows the first judge, columns the second, the same answers in the same order
    source  Cohen, Educ Psychol Meas 1960;20:37-46; interval: Fleiss, Cohen & Everitt,
            Psychol Bull 1969;72:323-327, large sample
    raises  AnalysisError if the table is not square or holds no counts

    >>> round(agreement([[20, 5], [10, 15]]).kappa.estimate, 3)
    0.4
    """
    seen = counts(table)
    if seen.shape[0] != seen.shape[1]:
        raise AnalysisError(f"both judges need the same answers, got a {seen.shape} table")
    share = wilson(int(np.trace(seen)), int(seen.sum()), level)
    rows = tuple(tuple(int(cell) for cell in row) for row in seen)
    return Agreement(rows, share, _kappa(seen, level))


def _kappa(seen: NDArray[np.int64], level: float) -> Estimate:
    alpha = error_rate(level)
    n = int(seen.sum())
    words = "Cohen's kappa, large-sample interval"
    p = seen / n
    row, column = p.sum(axis=1), p.sum(axis=0)
    seen_alike, by_chance = float(np.trace(p)), float(row @ column)
    if np.count_nonzero(row) == np.count_nonzero(column) == 1 and seen_alike == 1:
        text = f"{words}; not defined, both always gave the same single answer"
        return Estimate(nan, None, n, text)
    kappa = (seen_alike - by_chance) / (1 - by_chance)
    # first judge's margin of the column's answer, second's of the row's
    crossed = (row[None, :] + column[:, None]) * (1 - kappa)
    diagonal = float((np.diag(p) * (1 - np.diag(crossed)) ** 2).sum())
    beside = float((p * crossed**2).sum() - (np.diag(p) * np.diag(crossed) ** 2).sum())
    variance = diagonal + beside - (kappa - by_chance * (1 - kappa)) ** 2
    error = sqrt(max(0.0, variance) / n) / (1 - by_chance)
    half = float(ndtri(1 - alpha / 2)) * error
    interval = Interval(max(-1.0, kappa - half), min(1.0, kappa + half), level, "large-sample")
    return Estimate(kappa, interval, n, words)
