"""The area under the ROC curve: how well one number tells cases from controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.interval import Interval
from avidity.stats.newton import locked
from avidity.stats.normal import z_of
from avidity.stats.root import crossing
from avidity.stats.scores import Floats, cuts, scores_of

EDGE = 0.95  # an area beyond this, or below 1 - this, is too near its bound for DeLong's ends
SMALL_GROUP = 10
INSIDE = 1 - 1e-9  # just inside the bound, where the distance to it is less than the deviation


@dataclass(frozen=True, slots=True)
class RocCurve:
    """The whole curve, from nobody called positive to everybody.

    threshold    the cut-offs in the score's units; the first is infinite
    sensitivity  share of cases called positive there
    specificity  share of controls not called positive there
    """

    threshold: tuple[float, ...]
    sensitivity: tuple[float, ...]
    specificity: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Roc:
    """Area under the ROC curve, what its interval needs, and the curve.

    auc               chance that a case scores higher than a control, a tie counting half
    variance          of the area, by DeLong; None where a group has a single member
    lower_means_case  the direction that was given; it is never guessed
    cases, controls   their scores in rising order, turned so that higher means case: the curve
    """

    auc: float
    variance: float | None
    n_cases: int
    n_controls: int
    lower_means_case: bool
    cases: Floats = field(repr=False, compare=False)
    controls: Floats = field(repr=False, compare=False)

    @property
    def n(self) -> int:
        """Patients behind the area."""
        return self.n_cases + self.n_controls

    @property
    def std_error(self) -> float | None:
        """Standard error of the area, by DeLong."""
        return None if self.variance is None else sqrt(self.variance)

    @property
    def curve(self) -> RocCurve:
        """Every cut-off with its sensitivity and specificity; made when it is asked for."""
        turned = np.concatenate([self.cases, self.controls])
        score = -turned if self.lower_means_case else turned
        outcome = np.repeat([1, 0], [self.n_cases, self.n_controls])
        at = cuts(score, outcome, lower_means_case=self.lower_means_case)
        return RocCurve(
            threshold=tuple(at.value.tolist()),
            sensitivity=tuple((at.tp / at.n_cases).tolist()),
            specificity=tuple(((at.n_controls - at.fp) / at.n_controls).tolist()),
        )

    def interval(self, level: float = 0.95, by: IntervalRule | None = None) -> Interval:
        """The interval, by `default_interval` unless another rule is passed in."""
        return (by or default_interval)(self, level)


IntervalRule = Callable[[Roc, float], Interval]


def midrank(values: Floats) -> Floats:
    """Ranks from 1, ties sharing their mean rank; multiples of one half, hence exact.

    >>> midrank(np.array([3.0, 1.0, 3.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    mean_rank: Floats = last - (count - 1) / 2
    ranks: Floats = mean_rank[place]
    return ranks


def placements(values: Floats, case: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """How many of the other group each patient beats, a tie counting half.

    returns  for each case the controls below it, shape (m,);
             for each control the cases above it, shape (n,)
    source   Sun & Xu, IEEE Signal Process Lett 2014;21:1389-1393: mid-ranks in place of all pairs
    """
    rank = midrank(values)
    below_case = rank[case] - midrank(values[case])
    above_control = case.sum() - (rank[~case] - midrank(values[~case]))
    return below_case, above_control


def roc(score: npt.ArrayLike, outcome: npt.ArrayLike, *, lower_means_case: bool = False) -> Roc:
    """Area under the curve with DeLong's variance, in O(n log n) and float64.

    score             shape (n,), no missing values (drop them upstream, counted)
    outcome           shape (n,), 0 or 1; 1 is a case
    lower_means_case  true if a low score speaks for being a case; the direction is never guessed
    raises            ValueError on wrong shapes or NaN; AnalysisError if a group is empty
    source            DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837-845

    >>> roc([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1]).auc
    0.6666666666666666
    """
    values, case = scores_of(score, outcome, lower_means_case=lower_means_case)
    cases, controls = np.sort(values[case]), np.sort(values[~case])
    below_case, above_control = _sorted_placements(cases, controls)
    m, n = len(cases), len(controls)
    variance = None
    if m > 1 and n > 1:
        # The counts are divided last: equal placements then have a variance of exactly zero.
        variance = below_case.var(ddof=1) / m / n**2 + above_control.var(ddof=1) / n / m**2
    return Roc(
        auc=float(below_case.sum()) / (m * n),
        variance=None if variance is None else float(variance),
        n_cases=m,
        n_controls=n,
        lower_means_case=lower_means_case,
        cases=locked(cases),
        controls=locked(controls),
    )


def _sorted_placements(cases: Floats, controls: Floats) -> tuple[Floats, Floats]:
    """As `placements`, of two groups in rising order; each result in the order of its group."""
    below = np.searchsorted(controls, cases, side="left")
    up_to = np.searchsorted(controls, cases, side="right")
    # a case stands above exactly those controls that are below it: counting them once over
    # the cases also counts, for each control, the cases above it
    n = len(controls)
    not_above = np.cumsum(np.bincount(below, minlength=n + 1)[:n])
    under = np.cumsum(np.bincount(up_to, minlength=n + 1)[:n])
    return (below + up_to) / 2, len(cases) - (not_above + under) / 2


def delong_interval(area: Roc, level: float = 0.95) -> Interval:
    """Area plus and minus z standard errors, cut at 0 and 1 as pROC does.

    raises  AnalysisError if a group has a single member
    """
    if area.std_error is None:
        raise AnalysisError("DeLong's interval needs at least two cases and two controls")
    half = z_of(level) * area.std_error
    return Interval(max(0.0, area.auc - half), min(1.0, area.auc + half), level, "DeLong")


def logit_interval(area: Roc, level: float = 0.95) -> Interval:
    """DeLong's variance carried to the logit of the area, so that the ends stay inside 0 and 1.

    raises  AnalysisError if the area is 0 or 1, or a group has a single member
    source  Pepe, The Statistical Evaluation of Medical Tests, 2003, section 5.2
    """
    if area.std_error is None or not 0 < area.auc < 1:
        raise AnalysisError("the logit interval needs an area inside 0 and 1 and two in each group")
    half = z_of(level) * area.std_error / (area.auc * (1 - area.auc))
    centre = logit(area.auc)
    low, high = float(expit(centre - half)), float(expit(centre + half))
    return Interval(low, high, level, "DeLong on the logit scale")


def newcombe_interval(area: Roc, level: float = 0.95) -> Interval:
    """Score-type interval from Hanley and McNeil's variance: never a single point.

    source  Newcombe, Stat Med 2006;25:559-573, method 5
    """
    z, pairs = z_of(level), area.n_cases * area.n_controls
    spread = area.n / 2 - 1

    def distance(theta: float) -> float:
        """How far the area lies from theta, beyond z standard errors at theta."""
        extra = spread * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return abs(area.auc - theta) - z * sqrt(theta * (1 - theta) * (1 + extra) / pairs)

    low = 0.0 if area.auc == 0 else crossing(distance, 0.0, min(area.auc, INSIDE))
    high = 1.0 if area.auc == 1 else crossing(distance, max(area.auc, 1 - INSIDE), 1.0)
    return Interval(low, high, level, "Newcombe's score method 5 (Hanley-McNeil variance)")


def default_interval(area: Roc, level: float = 0.95) -> Interval:
    """DeLong's where it can be trusted, and otherwise one that is never a single point.

    DeLong; on the logit scale if the area is above 0.95 or below 0.05 or a group has fewer
    than 10; Newcombe's method 5 if DeLong's variance is zero (an area of exactly 0 or 1, or
    no spread) or a group has a single member. The interval's method names what was used.
    """
    if not area.variance:
        return newcombe_interval(area, level)
    small = min(area.n_cases, area.n_controls) < SMALL_GROUP
    if small or not 1 - EDGE <= area.auc <= EDGE:
        return logit_interval(area, level)
    return delong_interval(area, level)
