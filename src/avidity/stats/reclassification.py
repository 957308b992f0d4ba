"""What a second model's risks add to a first one's, patient by patient."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from avidity.errors import AnalysisError
from avidity.stats.estimate import Estimate, TestResult
from avidity.stats.interval import Interval
from avidity.stats.normal import p_of, z_of
from avidity.stats.scores import Floats, outcome_of


@dataclass(frozen=True, slots=True)
class Improvement:
    """An index of improvement, its parts among cases and controls, and its test against zero.

    cases, controls  the two parts; the index is their sum
    std_error        from the patients' own spread, as if both models had been given beforehand
    test             None where nobody's risk moved differently from another's: no spread to test
    """

    value: Estimate
    cases: float
    controls: float
    std_error: float
    test: TestResult | None


def integrated_improvement(
    old: npt.ArrayLike, new: npt.ArrayLike, outcome: npt.ArrayLike, level: float = 0.95
) -> Improvement:
    """Integrated discrimination improvement: mean rise of risk in cases less that in controls.

    old, new  shape (n,), predicted risks of the same patients
    outcome   shape (n,), 0 or 1
    raises    ValueError on wrong shapes; AnalysisError with fewer than two in a group
    source    Pencina, D'Agostino & Vasan, Stat Med 2008;27:157-172; variances with n - 1
    """
    rise, case = _rises(old, new, outcome)
    cases, controls = float(rise[case].mean()), float(-rise[~case].mean())
    variance = rise[case].var(ddof=1) / case.sum() + rise[~case].var(ddof=1) / (~case).sum()
    name = "integrated discrimination improvement"
    return _improvement((cases, controls), float(variance), (name, len(rise)), level)


def continuous_reclassification(
    old: npt.ArrayLike, new: npt.ArrayLike, outcome: npt.ArrayLike, level: float = 0.95
) -> Improvement:
    """Category-free reclassification: risk up less down in cases, plus down less up in controls.

    Runs from -2 to 2. It flatters a useless marker (Hilden & Gerds, Stat Med 2014;33:3405-3414):
    read it beside the calibration and the likelihood ratio, not alone.

    Arguments and errors: as `integrated_improvement`.
    source  Pencina, D'Agostino & Steyerberg, Stat Med 2011;30:11-21; multinomial variances
    """
    rise, case = _rises(old, new, outcome)
    direction = np.sign(rise)
    cases, controls = float(direction[case].mean()), float(-direction[~case].mean())
    variance = direction[case].var() / case.sum() + direction[~case].var() / (~case).sum()
    name = "continuous net reclassification improvement"
    return _improvement((cases, controls), float(variance), (name, len(rise)), level)


def _rises(
    old: npt.ArrayLike, new: npt.ArrayLike, outcome: npt.ArrayLike
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    before, after = np.asarray(old, dtype=np.float64), np.asarray(new, dtype=np.float64)
    if before.ndim != 1 or before.shape != after.shape:
        raise ValueError(f"both risks need one shape (n,), got {before.shape} and {after.shape}")
    case = outcome_of(outcome, len(before))
    if min(case.sum(), (~case).sum()) < 2:
        raise AnalysisError("a standard error needs at least two cases and two controls")
    return after - before, case


def _improvement(
    parts: tuple[float, float], variance: float, about: tuple[str, int], level: float
) -> Improvement:
    value, std_error, (name, n) = sum(parts), sqrt(variance), about
    half = z_of(level) * std_error
    interval = Interval(value - half, value + half, level, "Wald")
    test = None
    if std_error > 0:
        test = TestResult(p_of(value / std_error), value / std_error, None, f"Wald test, {name}", n)
    return Improvement(Estimate(value, interval, n, name), *parts, std_error, test)
