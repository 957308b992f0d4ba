"""One study's effect from an estimate and its interval as printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from avidity.errors import AnalysisError
from avidity.stats.meta.scale import Measure, scale_of
from avidity.stats.meta.study_effect import StudyEffect
from avidity.stats.normal import z_of
from avidity.stats.rounded import Rounded, rounded


@dataclass(frozen=True, slots=True)
class PrintedEffect:
    """An effect read from print, and what its rounding leaves open.

    effect      value of the printed estimate, standard error from the printed limits
    std_errors  the least and the greatest standard error whose limits print so; inf where the
                limits are printed too coarsely to bound it
    centred     whether the estimate can lie midway between the limits on the scale of
                analysis (or, for an area, on its own): no means a profile or an exact
                interval, or a misprint
    """

    effect: StudyEffect
    std_errors: tuple[float, float]
    centred: bool


def from_interval(
    measure: Measure,
    estimate: str | Rounded,
    limits: tuple[str | Rounded, str | Rounded],
    level: float = 0.95,
    n: int | None = None,
) -> PrintedEffect:
    """Effect and standard error from "2.28 (1.43–3.64)" as printed.

    The standard error is the distance of the limits on the scale of analysis over twice the
    normal quantile: a Wald interval is taken for granted; `centred` says whether it can be one.

    estimate, limits  as printed, so that the digits are kept
    level             of the printed interval
    raises            AnalysisError if the limits are not around the estimate, or outside the
                      range of the measure (a ratio of 0, an area of 1)
    source            Cochrane Handbook 6.3; areas: Debray and others, BMJ 2017;356:i6460
    """
    middle, low, high = (_read(each) for each in (estimate, *limits))
    if not low.value <= middle.value <= high.value or low.value == high.value:
        raise AnalysisError(
            f"an interval must lie around its estimate,"
            f" got {middle.text} ({low.text} to {high.text})"
        )
    scale, reach = scale_of(measure), 2 * z_of(level)
    width = scale.to(float(high.value)) - scale.to(float(low.value))
    effect = StudyEffect(
        scale.to(float(middle.value)),
        width / reach,
        n,
        f"{measure} as printed, standard error from its {100 * level:g}% interval ({scale.name})",
    )
    below, above = _span(scale.to, low), _span(scale.to, high)
    errors = (max(0.0, above[0] - below[1]) / reach, (above[1] - below[0]) / reach)
    ways = [scale.to]
    if measure == "area under the curve":
        ways.append(float)  # DeLong's and Hanley's intervals are symmetric as they stand
    centred = any(_midway(to, middle, low, high) for to in ways)
    return PrintedEffect(effect, errors, centred)


def _read(printed: str | Rounded) -> Rounded:
    if isinstance(printed, Rounded):
        number = printed
    else:
        try:
            number = rounded(printed)
        except ValueError as error:
            raise AnalysisError(str(error)) from None
    if number.bound:
        raise AnalysisError(f"a pool needs the number itself, not a bound, got {number.text}")
    return number


def _span(to: Callable[[float], float], number: Rounded) -> tuple[float, float]:
    """The ends of what prints so, on a scale; infinite beyond the measure's range."""
    high = inf if number.high is None else _soft(to, float(number.high))
    return _soft(to, float(number.low)), high


def _soft(to: Callable[[float], float], value: float) -> float:
    try:
        return to(value)
    except AnalysisError:
        return -inf if value <= 0 else inf


def _midway(to: Callable[[float], float], middle: Rounded, low: Rounded, high: Rounded) -> bool:
    """Whether some numbers that print so have the estimate midway between the limits."""
    below, at, above = (_span(to, each) for each in (low, middle, high))
    least, most = (below[0] + above[0]) / 2, (below[1] + above[1]) / 2
    return at[0] <= most and least <= at[1]
