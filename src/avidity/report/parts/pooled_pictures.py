"""What the figures of pooled evidence take, from the results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import floor

from avidity import wording
from avidity.papers.pooled import FactorPool
from avidity.report.figures.inputs_pooling import Axis, Funnel, FunnelPoint, PoolForest, PoolRow
from avidity.stats.interval import Interval
from avidity.stats.meta.scale import Measure, scale_of
from avidity.stats.normal import z_of
from avidity.stats.ticks import ticks

DIGITS: dict[Measure, int] = {
    "risk difference": 2,
    "area under the curve": 2,
    "calibration slope": 2,
}


def forest_plan(factor: FactorPool) -> PoolForest:
    """Every study, the pool, where a new study is expected, printed pools, your own."""
    axis: Axis = "log" if factor.scale == "logarithm" else "as it is"
    counts = any(study.std_errors is None for study in factor.studies)
    return PoolForest(
        tuple(_rows(factor, data=counts)),
        wording.sentence(factor.measure),
        f"{_short(factor.measure)} (95% CI)",
        axis,
        factor.nothing,
        "Printed" if counts else "",
    )


def overview_plan(factors: tuple[FactorPool, ...]) -> PoolForest | None:
    """Every odds ratio's pools and your own, factor by factor; None where there is nothing."""
    rows: list[PoolRow] = []
    for factor in factors:
        if factor.measure != "odds ratio":
            continue
        lines = [row for row in _rows(factor, data=False) if row.kind not in {"study", "heading"}]
        if lines:
            rows += [PoolRow("heading", factor.label), *(_named(row) for row in lines)]
    if not rows:
        return None
    return PoolForest(tuple(rows), "Odds ratio", "OR (95% CI)")


def _named(row: PoolRow) -> PoolRow:
    """The line as it reads among several factors."""
    if row.kind == "own":
        return replace(row, label=f"Yours, {row.label[:1].lower()}{row.label[1:]}")
    return row


def _short(measure: Measure) -> str:
    return {
        "odds ratio": "OR",
        "risk ratio": "RR",
        "hazard ratio": "HR",
        "risk difference": "RD",
        "area under the curve": "AUC",
        "observed to expected": "O:E",
        "calibration slope": "Slope",
    }[measure]


def _words(measure: Measure, value: float, ends: Interval) -> str:
    digits = DIGITS.get(measure)
    number = wording.ratio_digits(value) if digits is None else wording.fixed(value, digits)
    return f"{number} ({wording.interval(ends, digits)})"


def _rows(factor: FactorPool, *, data: bool) -> Iterator[PoolRow]:
    measure = factor.measure
    for study in factor.studies:
        ends = study.estimate.interval
        if ends is None:
            continue
        yield PoolRow(
            "study",
            study.label,
            study.estimate.estimate,
            ends.low,
            ends.high,
            study.share or 0.0,
            wording.percent(study.share) if study.share is not None else "",
            _words(measure, study.estimate.estimate, ends),
            study.printed if data and study.std_errors is None else "",
        )
    if factor.random:
        one = factor.random
        words = _words(measure, one.estimate, one.interval)
        yield PoolRow(
            "pool", "Random effects", one.estimate, one.interval.low, one.interval.high, text=words
        )
        if one.prediction:
            low, high = one.prediction.low, one.prediction.high
            text = wording.interval(one.prediction, DIGITS.get(measure))
            yield PoolRow("prediction", "New study expected in", None, low, high, text=text)
    yield from _beside(factor)


def _beside(factor: FactorPool) -> Iterator[PoolRow]:
    measure = factor.measure
    if factor.published:
        yield PoolRow("heading", "Pooled by others")
    for pool in factor.published:
        studies = f", {wording.counted(pool.studies, 'study', 'studies')}" if pool.studies else ""
        yield PoolRow(
            "published",
            f"{pool.label}{studies}",
            pool.estimate,
            pool.interval.low,
            pool.interval.high,
            text=_words(measure, pool.estimate, pool.interval),
        )
    if factor.own:
        yield PoolRow("heading", "Your cohort, in no pool")
    for own in factor.own:
        yield PoolRow(
            "own",
            f"{wording.sentence(own.kind)} ({own.events} of {own.n})",
            own.odds_ratio,
            own.interval.low,
            own.interval.high,
            text=_words(measure, own.odds_ratio, own.interval),
        )


def funnel_plan(factor: FactorPool) -> Funnel | None:
    """The funnel around the common effect; None with fewer than three studies."""
    if factor.small_studies is None or factor.common is None:
        return None
    scale, common = scale_of(factor.measure), factor.common.pool
    points = tuple(FunnelPoint(one.label, one.value, one.std_error) for one in factor.studies)
    z = z_of(common.interval.level)
    reach = 1.1 * z * max(point.std_error for point in points)
    ends = [common.estimate - reach, common.estimate + reach, *(point.value for point in points)]
    return Funnel(
        points,
        common.estimate,
        f"Common effect, {_words(factor.measure, factor.common.estimate, factor.common.interval)}",
        z,
        f"Where {wording.level(common.interval)} would lie by chance alone",
        wording.sentence(factor.measure) + (", log scale" if factor.scale == "logarithm" else ""),
        _ticks(factor, min(ends), max(ends)),
        None if factor.nothing is None else scale.to(factor.nothing),
    )


def _ticks(factor: FactorPool, low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Round numbers of the measure with their places on the scale of analysis, at most six."""
    scale = scale_of(factor.measure)
    if factor.scale == "logarithm":
        for steps in ((1, 2, 5), (1, 3), (1,)):
            numbers = [
                step * 10.0**power
                for power in range(floor(low / 2.3026) - 1, floor(high / 2.3026) + 2)
                for step in steps
            ]
            inside = [number for number in numbers if low <= scale.to(number) <= high]
            if len(inside) <= 6:
                break
        else:
            inside = inside[:: 1 + len(inside) // 6]
    else:
        rising = ticks(scale.back(low), scale.back(high), 5)
        inside = [tick.value for tick in rising if tick.rank == 0]
        inside = [one for one in inside if factor.scale != "logit" or 0 < one < 1]
    return tuple((scale.to(one), f"{one:g}".replace("-", "−")) for one in inside)
