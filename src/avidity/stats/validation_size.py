"""How many patients it takes to find out whether a risk model holds elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, ceil, log, sqrt

import numpy as np
from scipy.special import expit, ndtri

from avidity.errors import AnalysisError
from avidity.stats.normal import z_of

MOST = 100_000_000  # patients; beyond, the question is not meant
SOURCE = "Riley and others, Stat Med 2021;40:4230-4251 and BMJ 2024;384:e074821"


@dataclass(frozen=True, slots=True)
class Precision:
    """One measure, how narrow its interval should be, and the patients that takes."""

    measure: str
    width: float
    std_error: float
    n: int


@dataclass(frozen=True, slots=True)
class ValidationSize:
    """Patients needed to validate a model in a new cohort."""

    precisions: tuple[Precision, ...]
    prevalence: float
    auc: float
    level: float
    method: str

    @property
    def n(self) -> int:
        """Patients that satisfy every aim."""
        return max(each.n for each in self.precisions)

    @property
    def n_events(self) -> float:
        """Cases among them, at this prevalence."""
        return self.n * self.prevalence


@dataclass(frozen=True, slots=True)
class Widths:
    """How narrow the intervals should be, end to end."""

    observed_to_expected: float = 0.2
    slope: float = 0.2
    auc: float = 0.1


def validation_size(
    prevalence: float,
    auc: float,
    linear_predictor: tuple[float, float] | None = None,
    widths: Widths | None = None,
    level: float = 0.95,
) -> ValidationSize:
    """Patients needed to tell O:E, calibration slope and AUC to the given widths.

    prevalence        share of cases expected in the new cohort
    auc               expected there
    linear_predictor  mean and SD of the model's log-odds there, taken as normal; None takes
                      them as normal among cases and controls apart, as far apart as the AUC says
    widths            `Widths()` if None; the model is taken as well calibrated
    raises            AnalysisError on impossible values
    source            as `SOURCE`

    The standard error of log O:E is solved for, where pmvalsampsize walks in steps of 0.0001
    and stops at the first that is wide enough: its answer is lower by up to 0.4%.
    """
    if not 0 < prevalence < 1 or not 0.5 < auc < 1:
        raise AnalysisError(
            f"a prevalence lies between 0 and 1, an AUC between 0.5 and 1;"
            f" got {prevalence} and {auc}"
        )
    aim = widths or Widths()
    z = z_of(level)
    log_ratio = asinh(aim.observed_to_expected / 2) / z  # exp(z e) - exp(-z e) is the width
    ratio_n = ceil((1 - prevalence) / (prevalence * log_ratio**2))
    slope = aim.slope / (2 * z)
    slope_n = ceil(_slope_variance(prevalence, auc, linear_predictor) / slope**2)
    area = aim.auc / (2 * z)
    precisions = (
        Precision("observed to expected", aim.observed_to_expected, log_ratio, ratio_n),
        Precision("calibration slope", aim.slope, slope, slope_n),
        Precision("AUC", aim.auc, area, _n_for_auc(auc, prevalence, area)),
    )
    return ValidationSize(precisions, prevalence, auc, level, f"three aims, {SOURCE}")


def _slope_variance(
    prevalence: float, auc: float, linear_predictor: tuple[float, float] | None
) -> float:
    """Variance of the calibration slope times n, from Fisher's information of one patient."""
    x = np.linspace(-12.0, 12.0, 2401)
    density = np.exp(-(x**2) / 2)
    if linear_predictor is not None:
        line, weight = linear_predictor[0] + linear_predictor[1] * x, density
    else:
        apart = sqrt(2) * float(ndtri(auc))
        base = log(prevalence / (1 - prevalence)) - apart**2 / 2
        line = base + apart * np.concatenate([x, x + apart])
        weight = np.concatenate([(1 - prevalence) * density, prevalence * density])
    spread = expit(line) * expit(-line) * weight / weight.sum()
    level, cross, square = spread.sum(), spread @ line, spread @ line**2
    return float(level / (level * square - cross**2))


def _n_for_auc(auc: float, prevalence: float, std_error: float) -> int:
    """The least n whose standard error is small enough; it falls as n grows."""
    low, high = 2, MOST
    while low < high:
        middle = (low + high) // 2
        if _auc_error(auc, prevalence, middle) <= std_error:
            high = middle
        else:
            low = middle + 1
    return low


def _auc_error(auc: float, prevalence: float, n: int) -> float:
    """Standard error of an area, Newcombe's method 4 (Stat Med 2006;25:559-573)."""
    half = n / 2 - 1
    extra = 1 + half * (1 - auc) / (2 - auc) + half * auc / (1 + auc)
    return sqrt(auc * (1 - auc) * extra / (n**2 * prevalence * (1 - prevalence)))
