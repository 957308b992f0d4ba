"""Two models on the same patients: area, Brier's score, net benefit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.paired_difference import (
    PairedDifference,
    brier_difference,
    net_benefit_difference,
)
from avidity.stats.roc_comparison import compare_paired
from avidity.steps.applied import Applied

PLACES = 5  # thresholds at which net benefits are compared, in whole percent


@dataclass(frozen=True, slots=True)
class AreaDifference:
    """First area less the second, by DeLong's paired test; None where no variance is left."""

    first: float
    second: float
    difference: float
    interval: Interval | None
    test: TestResult | None


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on the patients both answer for.

    brier        first less second: below 0, the first is better
    net_benefit  by threshold, first less second: above 0, the first is better
    """

    first: str
    second: str
    n: int
    events: int
    area: AreaDifference
    brier: PairedDifference
    net_benefit: tuple[tuple[float, PairedDifference], ...]
    method: str


def compare_models(
    first: Applied, second: Applied, limits: tuple[float, float], level: float
) -> ModelComparison:
    """Paired differences, the same patients in both.

    limits  thresholds between which net benefit is compared, at five even places
    raises  AnalysisError when too few patients have both risks
    """
    _, here, there = np.intersect1d(first.place, second.place, return_indices=True)
    y = first.y[here]
    if not 1 < y.sum() < len(y) - 1:
        raise AnalysisError(
            f"{first.model.name} and {second.model.name} answer for {len(y)} patients in common,"
            f" {int(y.sum())} of them with the outcome: too few to compare"
        )
    one = np.mean(first.risks, axis=0)[here]
    two = np.mean(second.risks, axis=0)[there]
    area = compare_paired(one, two, y)
    thresholds = np.unique(np.round(np.linspace(*limits, PLACES), 2)).tolist()
    return ModelComparison(
        first=first.model.name,
        second=second.model.name,
        n=len(y),
        events=int(y.sum()),
        area=AreaDifference(
            area.auc_first, area.auc_second, area.difference, area.interval(level), area.test()
        ),
        brier=brier_difference(one, two, y, level),
        net_benefit=tuple(
            (at, net_benefit_difference(one, two, y, at, level)) for at in thresholds
        ),
        method="patients with all inputs of both models; first less second",
    )
