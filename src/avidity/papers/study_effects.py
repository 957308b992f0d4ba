"""A printed study as an effect on the scale of analysis."""

from __future__ import annotations

from dataclasses import dataclass

from avidity.errors import AnalysisError
from avidity.papers.evidence_studies import Printed
from avidity.stats.meta.counts import log_odds_ratio, log_risk_ratio, risk_difference
from avidity.stats.meta.performance_effect import log_observed_expected, logit_area
from avidity.stats.meta.printed_effect import from_interval
from avidity.stats.meta.scale import Measure
from avidity.stats.meta.study_effect import StudyEffect
from avidity.stats.rounded import rounded

OF_COUNTS = {
    "odds ratio": log_odds_ratio,
    "risk ratio": log_risk_ratio,
    "risk difference": risk_difference,
}
WAYS = (
    "with_factor and without_factor (cases and all, each); or estimate and interval; or, for an"
    " area, estimate, cases and controls; or, for observed to expected, observed, expected and"
    " patients"
)


@dataclass(frozen=True, slots=True)
class ReadEffect:
    """An effect with what its print leaves open.

    std_errors  least and greatest standard error the printed limits allow; None from counts
    centred     whether the estimate can lie midway between its limits; None from counts
    """

    effect: StudyEffect
    std_errors: tuple[float, float] | None = None
    centred: bool | None = None


def cells(study: Printed) -> tuple[int, int, int, int] | None:
    """Cases and all with the factor, cases and all without it; None where not printed."""
    if study.with_factor is None or study.without_factor is None:
        return None
    return (*study.with_factor, *study.without_factor)


def uninformative(measure: Measure, study: Printed) -> str:
    """Why a study's counts say nothing of a ratio; empty when they do."""
    counts = cells(study)
    if counts is None or measure not in {"odds ratio", "risk ratio"}:
        return ""
    k1, n1, k2, n2 = counts
    if k1 + k2 == 0:
        return "nobody has the outcome, which says nothing of a ratio"
    return "everybody has the outcome, which says nothing of a ratio" if k1 + k2 == n1 + n2 else ""


def effect_of(measure: Measure, study: Printed) -> ReadEffect:
    """The study's effect, by the one way it was printed in.

    raises  AnalysisError when it was printed in none, in several, or in one that does not fit
    """
    way = _way(study)
    counts = cells(study)
    if way == "counts" and counts is not None:
        if measure not in OF_COUNTS:
            raise AnalysisError(f"with_factor and without_factor say nothing of: {measure}")
        return ReadEffect(OF_COUNTS[measure](*counts))
    if way == "interval" and study.interval is not None:
        read = from_interval(measure, study.estimate, study.interval, study.level, _patients(study))
        return ReadEffect(read.effect, read.std_errors, read.centred)
    if way == "area" and study.cases is not None and study.controls is not None:
        if measure != "area under the curve":
            raise AnalysisError(f"cases and controls say nothing of: {measure}")
        return ReadEffect(logit_area(_number(study.estimate), study.cases, study.controls))
    if measure != "observed to expected":
        raise AnalysisError(f"observed and expected say nothing of: {measure}")
    return ReadEffect(
        log_observed_expected(study.observed or 0, study.expected or 0.0, study.patients or 0)
    )


def _way(study: Printed) -> str:
    counts = study.with_factor is not None, study.without_factor is not None
    sizes = study.cases is not None, study.controls is not None
    ratio = study.observed is not None, study.expected is not None
    asked = {
        "counts": counts,
        "interval": (bool(study.estimate), study.interval is not None),
        "area": (bool(study.estimate) and study.interval is None, *sizes),
        "observed": (*ratio, study.patients is not None),
    }
    whole = [way for way, parts in asked.items() if all(parts)]
    if any(counts) and any((study.estimate, any(ratio))):
        raise AnalysisError(f"a study is printed in one way only: {WAYS}")
    if len(whole) != 1:
        raise AnalysisError(f"a study needs {WAYS}")
    return whole[0]


def _patients(study: Printed) -> int | None:
    if study.patients is None and study.cases and study.controls:
        return study.cases + study.controls
    return study.patients


def _number(printed: str) -> float:
    try:
        return float(rounded(printed).value)
    except ValueError as error:
        raise AnalysisError(str(error)) from None
