"""Which counts lie behind printed diagnostic figures, the groups being known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from avidity.errors import AnalysisError
from avidity.stats.forensic.shares import counts_printing
from avidity.stats.rounded import Rounded

Figure = Literal["sensitivity", "specificity", "ppv", "npv", "accuracy", "youden"]
Counts = NDArray[np.int64]
Marks = NDArray[np.bool_]

MOST_PAIRS = 1000
MOST_CELLS = 2_000_000  # counts tried at once; above, only those that print the two shares


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The counts that print so.

    alone       by figure: whether any counts print so when it stands alone (in groups too large
                to try everything: beside the printed sensitivity and specificity)
    pairs       (true positives, true negatives) that give every printed figure at once
    complete    whether these are all of them, or the first of too many
    possible    whether there are any
    youden      lowest and highest sensitivity + specificity - 1 of all pairs; None without pairs
    """

    alone: dict[Figure, bool]
    pairs: tuple[tuple[int, int], ...]
    complete: bool
    youden: tuple[float, float] | None
    n_positive: int
    n_negative: int
    method: str

    @property
    def possible(self) -> bool:
        """Whether some counts print all figures."""
        return bool(self.pairs)


def diagnosed(
    printed: Mapping[Figure, Rounded], n_positive: int, n_negative: int, whole: int = 100
) -> Diagnosed:
    """Every pair of true positives and true negatives that prints all given figures.

    printed  figures at one cut-off as printed; Youden's index always as a proportion
    n_positive, n_negative  patients with and without the outcome, none of them missing
    whole    what everybody prints as: 100 for percentages, 1 for proportions
    raises   AnalysisError if a group is empty, or the groups are too large

    >>> from avidity.stats.rounded import rounded
    >>> figures = {"sensitivity": rounded("59.4"), "specificity": rounded("75.9")}
    >>> diagnosed(figures, 32, 58).pairs
    ((19, 44),)
    """
    if n_positive < 1 or n_negative < 1:
        raise AnalysisError("diagnostic figures need patients with and without the outcome")
    groups = n_positive, n_negative
    hits = _possible("sensitivity", printed, groups, whole)
    rejects = _possible("specificity", printed, groups, whole)
    if (n_positive + 1) * (n_negative + 1) <= MOST_CELLS:
        hits, rejects = np.arange(n_positive + 1), np.arange(n_negative + 1)
    if len(hits) * len(rejects) > MOST_CELLS:
        raise AnalysisError(
            f"{n_positive} and {n_negative} patients leave too many counts to try; print"
            " sensitivity and specificity with more decimals"
        )
    marks = {
        name: _marks(name, value, (hits, rejects), groups, 1 if name == "youden" else whole)
        for name, value in printed.items()
    }
    everywhere = np.ones((len(hits), len(rejects)), dtype=bool)
    places = np.argwhere(reduce(np.logical_and, marks.values(), everywhere))
    together = np.column_stack([hits[places[:, 0]], rejects[places[:, 1]]])
    js = together[:, 0] / n_positive + together[:, 1] / n_negative - 1
    return Diagnosed(
        {name: bool(found.any()) for name, found in marks.items()},
        tuple((int(tp), int(tn)) for tp, tn in together[:MOST_PAIRS]),
        len(together) <= MOST_PAIRS,
        (float(js.min()), float(js.max())) if len(together) else None,
        n_positive,
        n_negative,
        "all counts of true positives and true negatives tried, every rounding allowed",
    )


def _possible(
    name: Figure, printed: Mapping[Figure, Rounded], groups: tuple[int, int], whole: int
) -> Counts:
    """The counts of one group that print its own figure; all where it is not printed."""
    of = groups[0] if name == "sensitivity" else groups[1]
    value = printed.get(name)
    return np.arange(of + 1) if value is None else np.array(counts_printing(value, of, whole), int)


def _marks(
    name: Figure,
    printed: Rounded,
    counts: tuple[Counts, Counts],
    groups: tuple[int, int],
    whole: int,
) -> Marks:
    """True positives down, true negatives along: where the figure prints so."""
    m, n = groups
    tp, tn = np.meshgrid(*counts, indexing="ij")
    over: dict[Figure, tuple[Counts, Counts]] = {
        "sensitivity": (tp, np.full_like(tp, m)),
        "specificity": (tn, np.full_like(tp, n)),
        "ppv": (tp, tp + (n - tn)),
        "npv": (tn, tn + (m - tp)),
        "accuracy": (tp + tn, np.full_like(tp, m + n)),
        "youden": (tp * n + tn * m - m * n, np.full_like(tp, m * n)),
    }
    count, of = over[name]
    low = printed.low / whole
    high = None if printed.high is None else printed.high / whole
    # whole numbers throughout, so that a figure on the edge of rounding is never missed
    enough: Marks = count * low.denominator >= low.numerator * of
    if high is not None:
        enough &= count * high.denominator <= high.numerator * of
    return enough & (of > 0)
