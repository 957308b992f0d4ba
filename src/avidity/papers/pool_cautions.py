"""What speaks against leaning on a pool, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from avidity.papers.pooled import FactorPool, OnItsScale
from avidity.stats.meta.small_studies import ENOUGH
from avidity.wording import counted, listed, percent

FEW = 5  # studies, below which tau² is hardly known (IntHout and others 2014)
MUCH = 0.75  # of the variance: "considerable" in the Cochrane Handbook, 10.10.2


def cautions(factor: FactorPool) -> tuple[str, ...]:
    """Sentences of doubt, the gravest first."""
    return tuple(_all(factor))


def _all(factor: FactorPool) -> Iterator[str]:
    k = len(factor.studies)
    if factor.studies and k < 2:
        yield "One study is no pool: it is shown as it is."
    for one in factor.left:
        yield f"{one.label} is left out: {one.why}."
    if factor.random and factor.nothing is not None:
        yield from _spread(factor.random, factor.nothing)
    if 2 <= k < FEW:
        yield (
            f"With {counted(k, 'study', 'studies')} it is hardly known how much studies differ;"
            " the interval of tau² shows it."
        )
    if factor.random and factor.random.pool.narrower:
        yield (
            "The studies agree more closely than chance lets expect, so the Knapp–Hartung interval"
            " is narrower than the normal one. Read it beside the common effect's."
        )
    if askew := [study.label for study in factor.studies if study.centred is False]:
        yield (
            f"{listed(askew)}: the printed estimate does not lie midway between its limits, so the"
            " interval is a profile or an exact one, or there is a misprint; its standard error"
            " is a stand-in."
        )
    adjusted = [study.label for study in factor.studies if study.adjusted]
    if 0 < len(adjusted) < k:
        yield f"Adjusted and unadjusted estimates are pooled (adjusted: {listed(adjusted)})."
    if factor.small_studies and not factor.small_studies.enough:
        yield (
            f"With fewer than {ENOUGH} studies, tests of a lopsided funnel say next to nothing;"
            " their p values are no clearance."
        )


def _spread(one: OnItsScale, nothing: float) -> Iterator[str]:
    found = one.pool.heterogeneity
    if found and found.i2 >= MUCH:
        yield (
            f"I² is {percent(found.i2, 0)}: the studies differ far beyond chance, and their mean"
            " describes none of them well."
        )
    if one.prediction and nothing not in one.interval and nothing in one.prediction:
        yield (
            "The mean is clear of no effect, but a new study may well find none or the opposite:"
            " its prediction interval holds that value."
        )
