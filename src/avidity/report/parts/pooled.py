"""Pooled evidence: each factor's studies, their pool, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

from avidity import wording
from avidity.papers.pooled import FactorPool, PooledEvidence, SmallStudies
from avidity.report.document import (
    Block,
    Figure,
    Heading,
    Notice,
    Paragraph,
    Text,
    said,
    sketch,
)
from avidity.report.figures.inputs_pooling import Funnel
from avidity.report.parts.cells import traced
from avidity.report.parts.pooled_pictures import forest_plan, funnel_plan, overview_plan
from avidity.report.parts.pooled_tables import studies_table, ways_table
from avidity.report.parts.pooled_words import decimals, inside, value_words
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.meta.scale import Measure

KEY = (
    "Squares: studies, larger with more weight. Filled diamond: the random-effects pool. Pale"
    " bar: where the true effect of a new study is expected. Hollow diamond: a pool that others"
    " printed. Ring: your own cohort, which is no part of any pool."
)


def factor_blocks(factor: FactorPool, at: int) -> Iterator[Block]:
    """The section of one factor."""
    name = factor.name.replace("_", "-")[:24]
    yield Heading(2, factor.label, f"factor-{name}")
    if factor.meaning or factor.note:
        words = " ".join(part for part in (factor.meaning, factor.note) if part)
        yield Paragraph(said(words))
    yield Paragraph(_sentence(factor, at))
    if factor.beside:
        yield Paragraph(_beside(factor, at))
    if factor.cautions:
        yield Notice("warning", "Before leaning on it", tuple(said(one) for one in factor.cautions))
    if factor.studies:
        yield _forest(factor, name)
        yield studies_table(factor, at, name)
    if factor.random:
        yield ways_table(factor, at, name)
    plan = funnel_plan(factor)
    if plan and factor.small_studies:
        yield _funnel(factor, factor.small_studies, name, plan)


def _sentence(factor: FactorPool, at: int) -> Text:
    random = factor.random
    if random is None:
        if not factor.studies:
            return said("Only pools that others printed are here.")
        return said("One study, so nothing is pooled.")
    source, found = f"/factors/{at}/random", random.pool.heterogeneity
    parts: list[str | object] = [
        wording.counted(len(factor.studies), "study", "studies"),
        f". {wording.sentence(factor.measure)} ",
        traced(value_words(factor.measure, random.estimate, random.interval), f"{source}/estimate"),
        f", {wording.p_phrase(random.pool.test.p_value)} ({random.pool.test.method}).",
    ]
    if random.prediction:
        parts.append(
            f" The true {factor.measure} of a new study is expected between"
            f" {_ends(factor.measure, random.prediction)} ({random.prediction.method})."
        )
    if found:
        parts.append(
            f" Differences between studies: {_test(found.q)}; I² {wording.percent(found.i2, 0)},"
            f" tau² {wording.significant(found.tau2)}"
        )
        if found.tau2_interval:
            ends = found.tau2_interval
            parts.append(
                f" ({wording.level(ends)} CI {wording.significant(ends.low)} to"
                f" {wording.significant(ends.high)}, {ends.method}) on the scale of analysis"
                f" ({factor.scale})"
            )
        parts.append(".")
    return said(*parts)  # type: ignore[arg-type]  # texts and spans alone


def _ends(measure: Measure, ends: Interval) -> str:
    return wording.interval(ends, decimals(measure)).replace(" to ", " and ")


def _test(test: TestResult) -> str:
    df = "" if test.df is None else f" on {test.df:g} df"
    return f"Q {wording.fixed(test.statistic, 2)}{df}, {wording.p_phrase(test.p_value)}"


def _beside(factor: FactorPool, at: int) -> Text:
    parts: list[str | object] = []
    for place, one in enumerate(factor.beside):
        source = f"/factors/{at}/beside/{place}"
        where = "" if one.own.kind == "alone" else " in the model"
        parts += [
            f"Your odds ratio for {one.own.term}{where} is ",
            traced(
                value_words(factor.measure, one.own.odds_ratio, one.own.interval),
                f"{source}/own/odds_ratio",
            ),
            f", that of {one.against} ",
            value_words(factor.measure, one.pooled, one.pooled_interval),
            ": yours is ",
            traced(
                value_words(factor.measure, one.times.estimate, one.times.interval),
                f"{source}/times/estimate",
            ),
            " times that.",
        ]
        if one.predicted is not None:
            lies = "inside" if one.predicted else "outside"
            parts.append(f" It lies {lies} what is expected of a new study.")
        parts.append(" ")
    return said(*parts)  # type: ignore[arg-type]


def all_together(found: PooledEvidence) -> list[Figure]:
    """The forest of all odds ratios, or nothing where there is none."""
    plan = overview_plan(found.factors)
    if plan is None:
        return []
    return [
        Figure(
            "figure-all",
            "Odds ratios of all factors",
            "Forest plot of the pools of each factor; the numbers stand in the table above.",
            sketch("pooled_forest", plan),
            said(KEY),
        )
    ]


def _forest(factor: FactorPool, name: str) -> Figure:
    return Figure(
        f"figure-forest-{name}",
        f"Studies of {inside(factor)}",
        f"Forest plot of {len(factor.studies)} studies; the numbers stand in the table below.",
        sketch("pooled_forest", forest_plan(factor)),
        said(KEY),
    )


def _funnel(factor: FactorPool, small: SmallStudies, name: str, plan: Funnel) -> Figure:
    fill = small.trim_fill
    filled = (
        f"{wording.sentence(fill.method)}, puts in {fill.missing}."
        if fill.missing
        else f"{wording.sentence(fill.method)}, finds no study missing."
    )
    words = (
        f"{small.egger.method}: {wording.p_phrase(small.egger.p_value)};"
        f" {small.egger_mixed.method}: {wording.p_phrase(small.egger_mixed.p_value)}. {filled}"
    )
    if not small.enough:
        words += " With so few studies neither clears nor convicts."
    return Figure(
        f"figure-funnel-{name}",
        f"Funnel of the studies of {inside(factor)}",
        "Effects against their standard errors, the large studies on top.",
        sketch("funnel", plan),
        said(words),
    )
