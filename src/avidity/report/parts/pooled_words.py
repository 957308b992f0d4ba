"""The words of a pool: numbers in their measure's digits, labels inside a sentence."""

from __future__ import annotations

from avidity import wording
from avidity.papers.pooled import FactorPool
from avidity.stats.interval import Interval
from avidity.stats.meta.scale import Measure

DECIMALS: dict[Measure, int] = {
    "risk difference": 3,
    "area under the curve": 3,
    "calibration slope": 2,
}


def decimals(measure: Measure) -> int | None:
    """Decimals of a measure; None for ratios, which have significant digits."""
    return DECIMALS.get(measure)


def value_words(measure: Measure, value: float, ends: Interval | None) -> str:
    """``2.28 (1.43 to 3.64)`` in the measure's own digits."""
    places = decimals(measure)
    number = wording.ratio_digits(value) if places is None else wording.fixed(value, places)
    return f"{number} ({wording.interval(ends, places)})" if ends else number


def inside(factor: FactorPool) -> str:
    """The label inside a sentence: names and abbreviations keep their capitals."""
    return (
        factor.label[:1].lower() + factor.label[1:] if factor.label[1:2].islower() else factor.label
    )
