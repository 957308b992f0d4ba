"""Is acting on the model worth it: net benefit over thresholds, corrected for optimism."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avidity.stats.batched.path import PathValidation
from avidity.stats.decision_curve import decision_curve, treat_all
from avidity.stats.newton import Floats
from avidity.stats.resampling import Resamples

STEP = 0.01


@dataclass(frozen=True, slots=True)
class Benefit:
    """Net benefit of the model, of treating all, and of the model in new patients.

    model, low, high  apparent, with its interval from the resamples (the model as it is)
    corrected         apparent less the mean optimism of the whole path at each threshold
    avoided           interventions avoided per 100 patients against treating all, corrected
    useful            thresholds at which the corrected curve lies above both all and none
    """

    thresholds: tuple[float, ...]
    model: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    treat_all: tuple[float, ...]
    corrected: tuple[float, ...]
    avoided: tuple[float, ...]
    useful: tuple[float, ...]
    method: str


def benefit(
    found: PathValidation,
    y: Floats,
    resamples: Resamples,
    limits: tuple[float, float],
    level: float,
) -> Benefit:
    """The decision curve of the apparent model and its correction by the repeated path."""
    thresholds = np.round(np.arange(limits[0], limits[1] + STEP / 2, STEP), 4)
    apparent = decision_curve(
        found.apparent.risk, y, thresholds, weights=resamples.weights, level=level
    )
    everybody = treat_all(y, thresholds, level=level).net_benefit
    optimism = _optimism(found.predictions, resamples.weights, y, thresholds)
    corrected = apparent.net_benefit - optimism
    odds = thresholds / (1 - thresholds)
    avoided = 100 * (corrected - everybody) / odds
    useful = thresholds[(corrected > everybody) & (corrected > 0)]
    return Benefit(
        thresholds=tuple(thresholds.tolist()),
        model=tuple(apparent.net_benefit.tolist()),
        low=tuple(apparent.low.tolist()),
        high=tuple(apparent.high.tolist()),
        treat_all=tuple(everybody.tolist()),
        corrected=tuple(corrected.tolist()),
        avoided=tuple(avoided.tolist()),
        useful=tuple(useful.tolist()),
        method=f"{apparent.method}; optimism: mean over the resamples' models of net benefit in"
        " the resample less net benefit in all patients",
    )


def _optimism(predictions: Floats, weights: np.ndarray, y: Floats, thresholds: Floats) -> Floats:
    """Mean over resamples of net benefit in the resample less that in all patients."""
    usable = ~np.isnan(predictions).any(axis=1)
    risk, weight = predictions[usable], weights[usable].astype(float)
    n, gap = len(y), []
    share = weight * (n / weight.sum(axis=1, keepdims=True))  # a resample need not hold n
    for threshold in thresholds:
        worth = np.where(y == 1, 1.0, -threshold / (1 - threshold))
        treated = risk >= threshold
        here = (treated * (share - 1.0)) @ worth / n  # in the resample less in all patients
        gap.append(here.mean())
    return np.array(gap)
