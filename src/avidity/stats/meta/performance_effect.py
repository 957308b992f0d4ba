"""How well one study's model did: area under the curve, observed to expected."""

from __future__ import annotations

from math import log, sqrt

from avidity.errors import AnalysisError
from avidity.stats.meta.scale import scale_of
from avidity.stats.meta.study_effect import StudyEffect


def logit_area(auc: float, cases: int, controls: int) -> StudyEffect:
    """Logit of an area with Hanley and McNeil's standard error, where no interval is printed.

    The standard error of the area is carried to the logit by the delta method.
    source  Hanley & McNeil, Radiology 1982;143:29-36; Debray and others, BMJ 2017;356:i6460
    raises  AnalysisError unless 0 < auc < 1 and both groups hold somebody
    """
    value = scale_of("area under the curve").to(auc)
    if cases < 1 or controls < 1:
        raise AnalysisError(
            f"an area needs cases and controls, got {cases} cases and {controls} controls"
        )
    two_cases, two_controls = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc)
    variance = (
        spread + (cases - 1) * (two_cases - auc**2) + (controls - 1) * (two_controls - auc**2)
    ) / (cases * controls)
    return StudyEffect(
        value,
        sqrt(variance) / spread,
        cases + controls,
        "logit of the area, Hanley–McNeil standard error",
    )


def log_observed_expected(observed: int, expected: float, n: int) -> StudyEffect:
    """Logarithm of observed over expected cases; the expected are taken as known.

    observed  cases seen among n patients
    expected  the sum of the predicted risks
    source    Debray and others, BMJ 2017;356:i6460: variance 1/O - 1/n
    raises    AnalysisError unless 0 < observed < n and 0 < expected < n
    """
    if not (0 < observed < n and 0 < expected < n):
        raise AnalysisError(
            f"observed and expected cases must lie between 0 and all patients,"
            f" got {observed} and {expected:g} of {n}"
        )
    return StudyEffect(
        log(observed / expected),
        sqrt(1 / observed - 1 / n),
        n,
        "log of observed over expected, binomial variance of the observed",
    )
