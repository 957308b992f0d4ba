"""On which scale a measure is pooled, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, isfinite, log
from typing import Literal

from avidity.errors import AnalysisError

LARGEST = 700.0  # a logarithm whose number can still be held

Measure = Literal[
    "odds ratio",
    "risk ratio",
    "hazard ratio",
    "risk difference",
    "area under the curve",
    "observed to expected",
    "calibration slope",
]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a measure is close to normal.

    name     "logarithm", "logit" or "as it is"
    to       from the measure to the scale of analysis; raises AnalysisError outside its range
    back     from the scale of analysis to the measure
    nothing  the measure's value when there is no effect, None where the question makes no sense
    """

    name: str
    to: Callable[[float], float]
    back: Callable[[float], float]
    nothing: float | None


def _log(value: float) -> float:
    if not 0 < value < inf:
        raise AnalysisError(f"a ratio must lie above 0 to be pooled as a logarithm, got {value:g}")
    return log(value)


def _exp(value: float) -> float:
    return exp(value) if value < LARGEST else inf


def _logit(value: float) -> float:
    if not 0 < value < 1:
        raise AnalysisError(
            f"an area must lie between 0 and 1, both left out, to be pooled as a logit,"
            f" got {value:g}"
        )
    return log(value / (1 - value))


def _expit(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))


def _same(value: float) -> float:
    if not isfinite(value):
        raise AnalysisError(f"a value must be finite to be pooled, got {value}")
    return value


_RATIO = Scale("logarithm", _log, _exp, 1.0)
_SCALES: dict[Measure, Scale] = {
    "odds ratio": _RATIO,
    "risk ratio": _RATIO,
    "hazard ratio": _RATIO,
    "risk difference": Scale("as it is", _same, _same, 0.0),
    "area under the curve": Scale("logit", _logit, _expit, 0.5),
    "observed to expected": _RATIO,
    "calibration slope": Scale("as it is", _same, _same, 1.0),
}
MEASURES = tuple(_SCALES)


def scale_of(measure: Measure) -> Scale:
    """The scale on which a measure is pooled: logarithm of ratios, logit of areas.

    source  Debray and others, BMJ 2017;356:i6460 (areas, observed to expected)

    >>> scale_of("odds ratio").name, scale_of("area under the curve").name
    ('logarithm', 'logit')
    """
    return _SCALES[measure]
