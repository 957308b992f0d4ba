"""The tables of pooled evidence: all factors, the studies of one, its pool in other ways."""

from __future__ import annotations

from collections.abc import Iterator

from avidity import wording
from avidity.papers.pooled import FactorPool, OnItsScale, PooledEvidence, PooledStudy
from avidity.report.document import (
    Cell,
    Column,
    Footnote,
    Part,
    Row,
    Table,
    said,
)
from avidity.report.parts import cells
from avidity.report.parts.pooled_words import decimals, inside, value_words


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


def studies_table(factor: FactorPool, at: int, name: str) -> Table:
    """Each study as printed, with its effect, its error and its weight."""
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
        f"The studies of {inside(factor)}",
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


def ways_table(factor: FactorPool, at: int, name: str) -> Table:
    """The pool by other models, and without each study in turn."""
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
