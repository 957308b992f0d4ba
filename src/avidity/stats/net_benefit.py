"""What it is worth to treat those at risk: cases treated, less controls treated at a rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.newton import Floats
from avidity.stats.scores import outcome_of

Cases = npt.NDArray[np.bool_]

BLOCK = 4_000_000  # cells of one block of resamples
HUNDREDTHS = tuple(place / 100 for place in range(1, 100))


@dataclass(frozen=True, slots=True)
class Practice:
    """Who is treated, and what is counted.

    rule        a risk equal to the threshold is treated (">=") or not (">"). dcurves 1.1 treats
                it, but moves risks of 0 below a threshold of 0: there ">" gives its numbers
    prevalence  of the population, for a case-control study; None takes the cohort's own
    harm        of finding the risk out, in cases treated, taken off at every threshold
    """

    rule: Literal[">=", ">"] = ">="
    prevalence: float | None = None
    harm: float = 0.0

    def __post_init__(self) -> None:
        if self.rule not in (">=", ">"):
            raise ValueError(f"the rule is >= or >, got {self.rule}")
        if self.prevalence is not None and not 0 < self.prevalence < 1:
            raise AnalysisError(f"a prevalence must lie between 0 and 1, got {self.prevalence}")


USUAL = Practice()


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Checked input: risks shape (n,), outcomes shape (n,), rising thresholds shape (k,)."""

    risk: Floats
    case: Cases
    threshold: Floats
    practice: Practice

    @property
    def odds(self) -> Floats:
        """Of the thresholds: what a control treated costs, in cases treated."""
        weight: Floats = self.threshold / (1 - self.threshold)
        return weight


def decisions(
    risk: npt.ArrayLike, outcome: npt.ArrayLike, thresholds: npt.ArrayLike, practice: Practice
) -> Decisions:
    """Check risks, outcomes and thresholds.

    raises  ValueError on wrong shapes, risks outside 0 and 1, or thresholds that do not rise
            from 0 or more to below 1; AnalysisError if one outcome is absent
    """
    p, at = np.asarray(risk, dtype=np.float64), np.asarray(thresholds, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("risks must be one row of probabilities between 0 and 1")
    if at.ndim != 1 or not ((at >= 0) & (at < 1)).all() or (np.diff(at) <= 0).any():
        raise ValueError("thresholds must rise, from 0 or more to below 1")
    return Decisions(p, outcome_of(outcome, len(p)), at, practice)


def rates(asked: Decisions, weights: Floats) -> tuple[Floats, Floats]:
    """Shares of all patients that are treated cases, and treated controls, both (b, k).

    weights  shape (b, n), how often each patient counts in each resample
    raises   AnalysisError if a resample of a case-control study lacks cases or controls

    One sort by risk; those treated at a threshold are the tail of a running sum.
    """
    order = np.argsort(asked.risk, kind="stable")
    side: Literal["left", "right"] = "left" if asked.practice.rule == ">=" else "right"
    first = np.searchsorted(asked.risk[order], asked.threshold, side=side)
    treated = []
    for group in (asked.case, ~asked.case):
        running = np.zeros((len(weights), len(order) + 1))
        np.cumsum(weights[:, order] * group[order], axis=1, out=running[:, 1:])
        treated.append(running[:, -1:] - running[:, first])
    tp, fp = treated
    share = asked.practice.prevalence
    if share is None:
        size = weights.sum(axis=1, keepdims=True)
        return tp / size, fp / size
    cases, controls = ((weights @ group)[:, np.newaxis] for group in (asked.case, ~asked.case))
    if not (cases.all() and controls.all()):
        raise AnalysisError("a resample has no cases or no controls: its rates do not exist")
    return share * tp / cases, (1 - share) * fp / controls


def net_benefits(asked: Decisions, weights: npt.ArrayLike) -> Floats:
    """Net benefit in every resample, at every threshold, shape (b, k).

    weights  shape (b, n), how often each patient counts; a row of ones is the cohort itself
    raises   ValueError on a wrong shape, a negative weight, or a resample of nobody
    source   Vickers & Elkin, Med Decis Making 2006;26:565-574
    """
    sample = np.asarray(weights, dtype=np.float64)
    n = len(asked.risk)
    if sample.ndim != 2 or sample.shape[1] != n or not (sample >= 0).all():
        raise ValueError(f"weights must be 0 or more and have shape (b, {n}), got {sample.shape}")
    if not sample.any(axis=1).all():
        raise ValueError("a resample of nobody has no net benefit")
    rows, blocks = max(1, BLOCK // n), []
    for start in range(0, len(sample), rows):
        tp, fp = rates(asked, sample[start : start + rows])
        blocks.append(tp - asked.odds * fp - asked.practice.harm)
    return np.concatenate(blocks)


def refitted_net_benefits(
    risks: npt.ArrayLike,
    outcome: npt.ArrayLike,
    thresholds: npt.ArrayLike,
    weights: npt.ArrayLike,
    practice: Practice = USUAL,
) -> Floats:
    """The same where each resample has its own model: for optimism and its correction.

    risks, weights  shape (b, n): each model's predictions for all patients, and how often each
                    patient counts (the resample's own weights, or ones for the original cohort)
    returns         shape (b, k)
    raises          as `net_benefits` and `decisions`
    """
    predicted, sample = np.asarray(risks, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if predicted.ndim != 2 or predicted.shape != sample.shape:
        raise ValueError(
            f"risks and weights must have one shape (b, n), got {predicted.shape}, {sample.shape}"
        )
    rows = [
        net_benefits(decisions(p, outcome, thresholds, practice), weight[np.newaxis])
        for p, weight in zip(predicted, sample, strict=True)
    ]
    return np.concatenate(rows)
