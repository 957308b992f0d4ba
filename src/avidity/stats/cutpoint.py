"""Cut-offs: from which value on a patient is called positive, and how good that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, sqrt

import numpy as np
import numpy.typing as npt

from avidity.stats.difference import newcombe
from avidity.stats.estimate import Estimate
from avidity.stats.interval import Interval
from avidity.stats.normal import z_of
from avidity.stats.proportion import wilson
from avidity.stats.ratio import risk_ratio_score
from avidity.stats.scores import Floats, cuts, scores_of

Counts = npt.NDArray[np.int64]
Criterion = Callable[[Counts, Counts, Counts, Counts], Floats]
ShareInterval = Callable[[int, int, float], Estimate]

TIE = 1e-12  # worths are ratios of small whole numbers: closer than this, they are equal


def youden(tp: Counts, fp: Counts, fn: Counts, tn: Counts) -> Floats:
    """Sensitivity plus specificity minus one (Youden, Cancer 1950;3:32-35); the most is best."""
    worth: Floats = tp / (tp + fn) + tn / (tn + fp) - 1
    return worth


def closest_top_left(tp: Counts, fp: Counts, fn: Counts, tn: Counts) -> Floats:
    """Minus the squared distance to the corner where nobody is misjudged; the most is best."""
    worth: Floats = -((fn / (tp + fn)) ** 2) - (fp / (tn + fp)) ** 2
    return worth


@dataclass(frozen=True, slots=True)
class DiagnosticTable:
    """Patients by call (positive or not) and truth (case or control)."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """All patients in the table."""
        return self.tp + self.fp + self.fn + self.tn


@dataclass(frozen=True, slots=True)
class Cutpoint:
    """One cut-off in both conventions, and what it does to these patients.

    value             an observed score: positive is `score >= value`; infinite: nobody is positive
    midpoint          half-way between value and its neighbour that is not positive (pROC's way);
                      infinite at both ends
    worth             by the criterion that was asked
    lower_means_case  true turns both comparisons round: positive is `score <= value`
    """

    value: float
    midpoint: float
    table: DiagnosticTable
    worth: float
    lower_means_case: bool

    @property
    def comparison(self) -> str:
        """The sign between score and value."""
        return "<=" if self.lower_means_case else ">="

    @property
    def trivial(self) -> bool:
        """Whether it calls everybody alike, so that it tells nobody apart."""
        return self.table.tp + self.table.fp in (0, self.table.n)


def all_cutpoints(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    by: Criterion = youden,
    *,
    lower_means_case: bool = False,
) -> tuple[Cutpoint, ...]:
    """Every distinct cut-off, from nobody called positive to everybody, with its worth.

    score, outcome    shape (n,); no missing values; 1 is a case
    by                a criterion: counts (tp, fp, fn, tn) to worth, the more the better
    lower_means_case  the direction is given, never guessed
    raises            ValueError on wrong shapes; AnalysisError if a group is empty
    """
    at = cuts(score, outcome, lower_means_case=lower_means_case)
    fn, tn = at.n_cases - at.tp, at.n_controls - at.fp
    worth = by(at.tp, at.fp, fn, tn)
    cells = np.stack([at.tp, at.fp, fn, tn], axis=1).tolist()
    rows = zip(at.value.tolist(), at.midpoint.tolist(), cells, worth.tolist(), strict=True)
    return tuple(
        Cutpoint(value, midpoint, DiagnosticTable(*cell), good, lower_means_case)
        for value, midpoint, cell, good in rows
    )


def best_cutpoints(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    by: Criterion = youden,
    *,
    lower_means_case: bool = False,
) -> tuple[Cutpoint, ...]:
    """The cut-off of most worth, and every other that ties with it, in rising order of value.

    Arguments and errors: as `all_cutpoints`. A useless score is best cut nowhere: the trivial
    cut-offs are candidates too.

    >>> [cut.midpoint for cut in best_cutpoints([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1])]
    [1.5, 3.5, 5.5]
    """
    cutpoints = all_cutpoints(score, outcome, by, lower_means_case=lower_means_case)
    best = max(cut.worth for cut in cutpoints)
    tied = [cut for cut in cutpoints if best - cut.worth <= TIE * max(1.0, abs(best))]
    return tuple(sorted(tied, key=lambda cut: cut.value))


def table_at(
    score: npt.ArrayLike,
    outcome: npt.ArrayLike,
    value: float,
    *,
    lower_means_case: bool = False,
) -> DiagnosticTable:
    """The table at a cut-off fixed beforehand: positive is `score >= value` (or `<=`).

    raises  as `all_cutpoints`
    """
    turned, case = scores_of(score, outcome, lower_means_case=lower_means_case)
    positive = turned >= (-value if lower_means_case else value)
    return DiagnosticTable(
        tp=int((positive & case).sum()),
        fp=int((positive & ~case).sum()),
        fn=int((~positive & case).sum()),
        tn=int((~positive & ~case).sum()),
    )


@dataclass(frozen=True, slots=True)
class Performance:
    """What a cut-off does; None where the table leaves a share without a denominator.

    The intervals take the cut-off as given. For one that was searched in the same patients
    they are too good: the search is not in them.
    """

    table: DiagnosticTable
    sensitivity: Estimate
    specificity: Estimate
    ppv: Estimate | None
    npv: Estimate | None
    accuracy: Estimate
    positive_ratio: Estimate | None
    negative_ratio: Estimate | None
    youden: Estimate


def performance(
    table: DiagnosticTable, level: float = 0.95, by: ShareInterval = wilson
) -> Performance:
    """Sensitivity, specificity, predictive values, accuracy, likelihood ratios and Youden's J.

    table   needs at least one case and one control
    by      the interval of a share: `wilson`, or `clopper_pearson`; J keeps Newcombe's interval
    raises  AnalysisError if there is no case or no control
    """
    tp, fp, fn, tn = table.tp, table.fp, table.fn, table.tn
    cases, controls = tp + fn, fp + tn
    return Performance(
        table=table,
        sensitivity=by(tp, cases, level),
        specificity=by(tn, controls, level),
        ppv=by(tp, tp + fp, level) if tp + fp else None,
        npv=by(tn, tn + fn, level) if tn + fn else None,
        accuracy=by(tp + tn, table.n, level),
        positive_ratio=likelihood_ratio(tp, cases, fp, controls, level),
        negative_ratio=likelihood_ratio(fn, cases, tn, controls, level),
        youden=newcombe(tp, cases, fp, controls, level),
    )


def likelihood_ratio(
    k1: int, cases: int, k2: int, controls: int, level: float = 0.95
) -> Estimate | None:
    """Share with a finding among cases over the share among controls, by the log method.

    Where the log method has nothing to go on (no case or no control has the finding, or all
    have it), the interval is Koopman's score interval of a ratio of shares. None where nobody
    has the finding.

    source  Simel, Samsa & Matchar, J Clin Epidemiol 1991;44:763-770; Koopman, Biometrics
            1984;40:513-517
    """
    if k1 == k2 == 0:
        return None
    if k1 == 0 or k2 == 0 or (k1 == cases and k2 == controls):
        score = risk_ratio_score(k1, cases, k2, controls, level)
        return replace(score, method="likelihood ratio, Koopman score interval")
    half = z_of(level) * sqrt(1 / k1 - 1 / cases + 1 / k2 - 1 / controls)
    ratio = (k1 / cases) / (k2 / controls)
    interval = Interval(ratio * exp(-half), ratio * exp(half), level, "log method (Simel)")
    return Estimate(ratio, interval, cases + controls, "likelihood ratio, log method (Simel)")
