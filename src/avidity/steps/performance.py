"""How well a model's risks came true in a cohort, in numbers; over completed sets, pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from avidity.errors import AnalysisError
from avidity.stats.calibration import Calibration, calibration, observed_to_expected
from avidity.stats.coefficients import Coefficient
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.goodness_of_fit import brier
from avidity.stats.newton import Floats
from avidity.stats.pooled_area import pool_auc
from avidity.stats.roc import roc
from avidity.stats.rubin import in_words, pool_scalar
from avidity.steps.applied import Applied

CONVENTIONS = {
    "observed_to_expected": "observed over expected cases",
    "in_the_large": "calibration intercept with the slope held at 1 (calibration in the large)",
    "intercept_at_slope": "intercept beside the estimated slope (as rms' val.prob prints)",
    "slope": "calibration slope",
}


@dataclass(frozen=True, slots=True)
class Performance:
    """Single numbers; each Estimate names its method.

    auc                   area under the ROC curve
    observed_to_expected  1 is perfect, above 1 the risks are too low
    in_the_large          intercept with the slope held at 1; 0 is perfect
    intercept_at_slope    intercept beside the estimated slope; no measure of its own
    slope                 1 is perfect, below 1 the risks are too extreme
    slope_test            of slope 1; unreliability: of intercept 0 and slope 1 together; None for
                          imputed sets
    brier, scaled_brier   scaled: 1 - Brier over that of giving everybody the prevalence
    why_none              why calibration has no numbers, when it has none
    """

    n: int
    events: int
    expected: float
    auc: Estimate
    observed_to_expected: Estimate
    in_the_large: Estimate | None
    intercept_at_slope: Estimate | None
    slope: Estimate | None
    slope_test: TestResult | None
    unreliability: TestResult | None
    spiegelhalter: TestResult | None
    brier: float
    scaled_brier: float
    why_none: str


def performance(applied: Applied, level: float) -> Performance:
    """All numbers; with completed sets each is found in every set and pooled by Rubin's rules."""
    y = applied.y
    sets = []
    why = ""
    for risk in applied.risks:
        try:
            sets.append(calibration(risk, y, level))
        except AnalysisError as error:
            why = str(error)
    whole = len(sets) == len(applied.risks)
    expected = float(np.mean([risk.sum() for risk in applied.risks]))
    scores = [brier(risk, y) for risk in applied.risks]
    share = float(y.mean())
    score = float(np.mean(scores))
    one = sets[0] if whole and len(sets) == 1 else None
    return Performance(
        n=len(y),
        events=int(y.sum()),
        expected=expected,
        auc=_auc(applied.risks, y, level),
        observed_to_expected=_ratio(applied.risks, y, level),
        in_the_large=_coefficient(sets, "in_the_large", level) if whole else None,
        intercept_at_slope=_coefficient(sets, "intercept_at_slope", level) if whole else None,
        slope=_coefficient(sets, "slope", level) if whole else None,
        slope_test=one.recalibration.slope.test if one else None,
        unreliability=one.recalibration.unreliability if one else None,
        spiegelhalter=one.spiegelhalter if one else None,
        brier=score,
        scaled_brier=1 - score / (share * (1 - share)),
        why_none="" if whole else why,
    )


def _auc(risks: Sequence[Floats], y: Floats, level: float) -> Estimate:
    areas = [roc(risk, y) for risk in risks]
    if len(areas) > 1:
        try:
            return pool_auc(areas, level=level).estimate
        except AnalysisError as error:
            mean = float(np.mean([area.auc for area in areas]))
            return Estimate(mean, None, len(y), f"mean over the sets; {error}")
    interval = areas[0].interval(level)
    words = f"area under the ROC curve, interval by {interval.method}"
    return Estimate(areas[0].auc, interval, len(y), words)


def _ratio(risks: Sequence[Floats], y: Floats, level: float) -> Estimate:
    found = [observed_to_expected(risk, y, level) for risk in risks]
    if len(found) == 1:
        return found[0]
    variance = (1 - y.mean()) / y.sum()
    term = pool_scalar(
        [log(each.estimate) for each in found], [variance] * len(found), len(y), level=level
    )
    words = f"{CONVENTIONS['observed_to_expected']}, log scale, {_rubin(len(found))}"
    return Estimate(exp(term.estimate), term.interval.map(exp), len(y), words)


def _coefficient(sets: Sequence[Calibration], name: str, level: float) -> Estimate:
    rows: list[Coefficient] = [getattr(each.recalibration, name) for each in sets]
    words = CONVENTIONS[name]
    if len(rows) == 1:
        return Estimate(rows[0].estimate, rows[0].interval, sets[0].n, f"{words}, Wald")
    term = pool_scalar(
        [row.estimate for row in rows],
        [row.std_error**2 for row in rows],
        sets[0].n,
        level=level,
    )
    return Estimate(term.estimate, term.interval, sets[0].n, f"{words}, {_rubin(len(rows))}")


def _rubin(m: int) -> str:
    return in_words(m, "barnard-rubin")
