"""Do the predicted risks come true: in these patients, and as to be expected in new ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from avidity.errors import AnalysisError
from avidity.stats.batched.path import PathValidation
from avidity.stats.calibration import (
    CalibrationGroup,
    calibration_groups,
    observed_to_expected,
)
from avidity.stats.calibration_curve import CalibrationCurve, CalibrationErrors, spline_curve
from avidity.stats.estimate import Estimate
from avidity.stats.goodness_of_fit import HosmerLemeshow, hosmer_lemeshow
from avidity.stats.newton import Floats

EDGE = 1e-9  # a risk of exactly 0 or 1 has no log odds
GROUPS = 5
EDGES = np.round(np.linspace(0, 1, 21), 2)  # of the histogram of risks


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """Calibration of the model in its own patients, and corrected.

    curve            observed share over predicted risk, apparent, with its pointwise band; None
                     where the risks are too few or too much alike; ``why_none`` says why
    grid, corrected  the same risks after the corrected intercept and slope: what to expect
    hosmer_lemeshow  with its grouping rule; a legacy test, apparent
    edges, yes, no   predicted risks by outcome, counted between shared edges
    """

    observed_to_expected: Estimate
    curve: CalibrationCurve | None
    errors: CalibrationErrors | None
    why_none: str
    grid: tuple[float, ...]
    corrected: tuple[float, ...]
    emax: float
    groups: tuple[CalibrationGroup, ...]
    hosmer_lemeshow: HosmerLemeshow | None
    edges: tuple[float, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]


def calibrate(found: PathValidation, y: Floats, level: float) -> Calibrated:
    """Calibration of the apparent model, with the optimism of the whole path taken off."""
    risk = np.clip(found.apparent.risk, EDGE, 1 - EDGE)
    curve, why = _curve(risk, y, level)
    grid = np.linspace(float(risk.min()), float(risk.max()), 51)
    intercept, slope = (found.optimism.measures[name].corrected for name in ("intercept", "slope"))
    return Calibrated(
        observed_to_expected=observed_to_expected(risk, y, level),
        curve=curve,
        errors=curve.errors if curve else None,
        why_none=why,
        grid=tuple(grid.tolist()),
        corrected=tuple(expit(intercept + slope * logit(grid)).tolist()),
        emax=found.optimism.emax,
        groups=_groups(risk, y, level),
        hosmer_lemeshow=_legacy(risk, y),
        edges=tuple(EDGES.tolist()),
        yes=tuple(np.histogram(risk[y == 1], EDGES)[0].tolist()),
        no=tuple(np.histogram(risk[y == 0], EDGES)[0].tolist()),
    )


def _curve(risk: Floats, y: Floats, level: float) -> tuple[CalibrationCurve | None, str]:
    try:
        return spline_curve(risk, y, 3, level), ""
    except AnalysisError as error:
        return None, str(error)


def _groups(risk: Floats, y: Floats, level: float) -> tuple[CalibrationGroup, ...]:
    try:
        return calibration_groups(risk, y, GROUPS, level=level)
    except AnalysisError:
        return ()


def _legacy(risk: Floats, y: Floats) -> HosmerLemeshow | None:
    try:
        return hosmer_lemeshow(risk, y)
    except AnalysisError:
        return None
