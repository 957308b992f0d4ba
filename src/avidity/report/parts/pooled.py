"""Pooled evidence: each factor's studies, their pool, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

from avidity import wording
from avidity.papers.pooled import FactorPool, OnItsScale, PooledEvidence, PooledStudy, SmallStudies
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Part,
    Row,
    Table,
    Text,
    said,
    sketch,
)
from avidity.report.figures.inputs_pooling import Funnel
from avidity.report.parts import cells
from avidity.report.parts.cells import traced
from avidity.report.parts.pooled_pictures import forest_plan, funnel_plan, overview_plan
from avidity.stats.estimate import TestResult
from avidity.stats.interval import Interval
from avidity.stats.meta.scale import Measure

DECIMALS: dict[Measure, int] = {
    "risk difference": 3,
    "area under the curve": 3,
    "calibration slope": 2,
}

KEY = (
    "Squares: studies, larger with more weight. Filled diamond: the random-effects pool. Pale"
    " bar: where the true effect of a new study is expected. Hollow diamond: a pool that others"
    " printed. Ring: your own cohort, which is no part of any pool."
)


def decimals(measure: Measure) -> int | None:
    """Decimals of a measure; None for ratios, which have significant digits."""
    return DECIMALS.get(measure)


def value_words(measure: Measure, value: float, ends: Interval | None) -> str:
    """``2.28 (1.43 to 3.64)`` in the measure's own digits."""
    places = decimals(measure)
    number = wording.ratio_digits(value) if places is None else wording.fixed(value, places)
    return f"{number} ({wording.interval(ends, places)})" if ends else number


def overview(found: PooledEvidence) -> Table:
    """All factors in one table."""
    yours = any(factor.own for factor in found.factors)
    columns = [
        Column("Factor", width=1.9),
        Column("Measure", width=1.2),
        Column("Studies", "right", width=0.7),
        Column(f"Pooled ({wording.level(found.level)} CI)", "right", width=1.6),
        Column("New study expected in", "right", width=1.3),
        Column("I²", "right", width=0.6),
        Column("Printed by others", width=1.8),
    ]
    if yours:
        columns.append(Column("Yours, alone", "right", width=1.5))
    rows = [_overview_row(factor, at, yours=yours) for at, factor in enumerate(found.factors)]
    return Table(
        "table-pools",
        "What the studies say of each factor",
        tuple(columns),
        tuple(rows),
        (
            Footnote(said(f"Pooled: {found.rules}.")),
            Footnote(
                said(
                    "Pools that others printed are shown beside and never pooled again; your own"
                    " results are no part of any pool."
                )
            ),
        ),
        "One row per factor.",
    )


def _overview_row(factor: FactorPool, at: int, *, yours: bool) -> Row:
    source, places = f"/factors/{at}", decimals(factor.measure)
    random = factor.random
    heterogeneity = random.pool.heterogeneity if random else None
    made = [
        Cell(factor.label),
        Cell(factor.measure),
        cells.whole(len(factor.studies), f"{source}/studies"),
        cells.with_interval(
            random.estimate,
            random.interval,
            f"{source}/random/estimate",
            f"{source}/random/interval",
            places,
        )
        if random
        else Cell(wording.NOTHING),
        Cell(wording.interval(random.prediction if random else None, places)),
        Cell(
            wording.percent(heterogeneity.i2, 0),
            heterogeneity.i2,
            source=f"{source}/random/pool/heterogeneity/i2",
        )
        if heterogeneity
        else Cell(wording.NOTHING),
        Cell(
            "; ".join(
                f"{pool.label}: {value_words(factor.measure, pool.estimate, pool.interval)}"
                for pool in factor.published
            )
            or wording.NOTHING
        ),
    ]
    if yours:
        alone = next((one for one in factor.own if one.kind == "alone"), None)
        made.append(
            cells.with_interval(
                alone.odds_ratio,
                alone.interval,
                f"{source}/own/0/odds_ratio",
                f"{source}/own/0/interval",
                None,
            )
            if alone
            else Cell(wording.NOTHING)
        )
    return Row(tuple(made))


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
        yield _studies(factor, at, name)
    if factor.random:
        yield _ways(factor, at, name)
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


def _inside(factor: FactorPool) -> str:
    """The label inside a sentence: names and abbreviations keep their capitals."""
    return (
        factor.label[:1].lower() + factor.label[1:] if factor.label[1:2].islower() else factor.label
    )


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
        f"Studies of {_inside(factor)}",
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
        f"Funnel of the studies of {_inside(factor)}",
        "Effects against their standard errors, the large studies on top.",
        sketch("funnel", plan),
        said(words),
    )


def _studies(factor: FactorPool, at: int, name: str) -> Table:
    rows = tuple(
        _study_row(factor, one, f"/factors/{at}/studies/{place}")
        for place, one in enumerate(factor.studies)
    )
    notes = [Footnote(said("Range: the standard errors whose limits print as the paper has them."))]
    for place, one in enumerate(factor.studies):
        words = "; ".join(
            part for part in (one.citation, one.doi and f"doi {one.doi}", one.note) if part
        )
        if words:
            notes.append(Footnote(said(words), f"study-{place}"))
    return Table(
        f"table-studies-{name}",
        f"The studies of {_inside(factor)}",
        (
            Column("Study", width=1.6),
            Column("As printed", width=1.7),
            Column("Adjusted for", width=1.2),
            Column(f"{wording.sentence(factor.measure)} (95% CI)", "right", width=1.7),
            Column("SE", "right", width=0.7),
            Column("Range of SE", "right", width=1.1),
            Column("Weight", "right", width=0.7),
        ),
        rows,
        tuple(notes),
        "One row per study that was pooled.",
    )


def _study_row(factor: FactorPool, one: PooledStudy, source: str) -> Row:
    place = int(source.rsplit("/", 1)[1])
    noted = bool(one.citation or one.doi or one.note)
    errors = one.std_errors
    span = wording.NOTHING
    if errors:
        span = f"{wording.fixed(errors[0], 3)} to {wording.fixed(errors[1], 3)}"
    estimate = one.estimate
    return Row(
        (
            cells.words(one.label, *((f"study-{place}",) if noted else ())),
            Cell(one.printed),
            Cell(one.adjusted or wording.NOTHING),
            cells.with_interval(
                estimate.estimate,
                estimate.interval,
                f"{source}/estimate/estimate",
                f"{source}/estimate/interval",
                decimals(factor.measure),
            ),
            cells.number(one.std_error, 3, f"{source}/std_error"),
            Cell(
                span,
                parts=tuple(
                    Part(("least", "greatest")[end], value, f"{source}/std_errors/{end}")
                    for end, value in enumerate(errors or ())
                ),
            ),
            Cell(wording.percent(one.share), one.share, source=f"{source}/share"),
        )
    )


def _ways(factor: FactorPool, at: int, name: str) -> Table:
    source = f"/factors/{at}"
    rows = [
        _scaled_row(factor, one, words, f"{source}/{key}")
        for key, words, one in (
            ("random", "Random effects", factor.random),
            ("common", "Common effect", factor.common),
        )
        if one
    ]
    if factor.tables:
        for key, one in (("common", factor.tables.common), ("peto", factor.tables.peto)):
            if one:
                cell = cells.estimate_cell(one, f"{source}/tables/{key}", decimals(factor.measure))
                rows.append(Row((Cell(one.method), cell, Cell(wording.NOTHING))))
    if factor.without:
        rows.append(cells.heading_row("Random effects without"))
    for place, one_out in enumerate(factor.without):
        here = f"{source}/without/{place}"
        rows.append(
            Row(
                (
                    Cell(one_out.label),
                    cells.with_interval(
                        one_out.estimate,
                        one_out.interval,
                        f"{here}/estimate",
                        f"{here}/interval",
                        decimals(factor.measure),
                    ),
                    Cell(wording.percent(one_out.i2, 0), one_out.i2, source=f"{here}/i2"),
                ),
                "level",
            )
        )
    return Table(
        f"table-ways-{name}",
        f"{factor.label}: the pool in other ways",
        (
            Column("Pool", width=3),
            Column(f"{wording.sentence(factor.measure)} (95% CI)", "right", width=2),
            Column("I²", "right", width=0.8),
        ),
        tuple(rows),
        tuple(Footnote(said(words)) for words in _table_tests(factor)),
        "Models of the pool, then the pool without each study in turn.",
    )


def _table_tests(factor: FactorPool) -> Iterator[str]:
    if factor.tables:
        test, tarone = factor.tables.test, factor.tables.tarone
        yield (
            f"{test.method}: χ² {wording.fixed(test.statistic, 2)},"
            f" {wording.p_phrase(test.p_value)}."
        )
        if tarone:
            yield (
                f"{tarone.method}: χ² {wording.fixed(tarone.statistic, 2)} on {tarone.df:g} df,"
                f" {wording.p_phrase(tarone.p_value)}."
            )


def _scaled_row(factor: FactorPool, one: OnItsScale, words: str, source: str) -> Row:
    found = one.pool.heterogeneity
    return Row(
        (
            Cell(f"{words}: {one.pool.method.split(', ', 1)[1]}"),
            cells.with_interval(
                one.estimate,
                one.interval,
                f"{source}/estimate",
                f"{source}/interval",
                decimals(factor.measure),
            ),
            Cell(wording.percent(found.i2, 0), found.i2, source=f"{source}/pool/heterogeneity/i2")
            if found
            else Cell(wording.NOTHING),
        )
    )
