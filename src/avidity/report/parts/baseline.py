"""Table 1: what the groups look like."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Footnote,
    Heading,
    Paragraph,
    Ref,
    Row,
    Table,
    said,
)
from avidity.report.document import (
    Part as NumberPart,
)
from avidity.report.parts import cells
from avidity.report.parts.cells import traced
from avidity.stats.summary import Summary
from avidity.steps import describe
from avidity.steps.describe import Levels, Part, Shares
from avidity.steps.results import Results

Line = describe.Row


def groups(results: Results) -> list[Block]:
    """The section on the two groups."""
    table = results.table1
    found = [row for row in table.rows.values() if row.p_value is not None and row.p_value < 0.05]
    tested = sum(row.test is not None for row in table.rows.values())
    names = wording.listed([row.variable.label for row in found]) if found else "none"
    return [
        Heading(2, "Groups", "groups"),
        Paragraph(
            said(
                Ref("table-baseline"),
                " describes the groups. Of ",
                traced(f"{tested}", "/table1/rows"),
                f" comparisons, {len(found)} had an unadjusted p below 0.05 ({names}); about"
                f" {wording.fixed(0.05 * tested, 1)} would be expected by chance alone if no"
                " variable differed.",
            )
        ),
        baseline_table(
            table,
            "table-baseline",
            f"Characteristics of the patients by outcome ({results.outcome_words['label']})",
            "/table1",
            results,
        ),
    ]


def baseline_table(
    table: describe.Table1, anchor: str, caption: str, source: str, results: Results
) -> Table:
    """One table by group; every test is named under it and marked at its p value."""
    methods, level = _methods(table), wording.level(results.study.confidence)
    columns = [
        Column("Characteristic", width=2.6),
        Column(f"{table.first} (n = {table.n_first})", "right", width=1.6),
        Column(f"{table.second} (n = {table.n_second})", "right", width=1.6),
        Column("Missing", "right", width=0.8),
        Column(f"Effect ({level} CI)", "right", width=1.6, notes=("effect",)),
        Column("Std. diff.", "right", width=0.7, notes=("smd",)),
        Column("p", "right", width=0.8),
    ]
    if table.adjusted:
        columns.append(Column("adjusted p", "right", width=0.9, notes=("adjusted",)))
    rows = [line for row in table.rows.values() for line in _lines(row, table, source, methods)]
    return Table(
        anchor,
        caption,
        tuple(columns),
        tuple(rows),
        (*_notes(table, results), *_method_notes(methods)),
        "One or more rows per characteristic; the groups side by side, then missing"
        " values, the effect with its interval, the standardised difference and the p value.",
    )


def _methods(table: describe.Table1) -> dict[str, str]:
    """Each exact test once, under a key of its own."""
    methods: dict[str, str] = {}
    for row in table.rows.values():
        if row.test and row.test.method not in methods:
            methods[row.test.method] = f"test-{len(methods)}"
    return methods


def _method_notes(methods: dict[str, str]) -> list[Footnote]:
    return [Footnote(said(f"{method}."), key) for method, key in methods.items()]


def _notes(table: describe.Table1, results: Results) -> list[Footnote]:
    notes = [
        Footnote(
            said(
                "Numbers: mean ± SD, then median [lower, upper quartile, type"
                f" {table.quantile_type}]. Categories: n (% of the patients with a value; 'of'"
                " where these are fewer than the group). Missing: first / second group."
                f" Policy '{table.policy}': {table.policy_words}."
            )
        ),
        Footnote(
            said(
                f"Numbers: difference of means, {table.first} less {table.second}; yes/no: odds"
                " ratio (of the first level, where there are two). The interval follows the same"
                " principle as the p value beside it; a dash where the test has none of its own;"
                " 'not finite' where a cell is empty."
            ),
            "effect",
        ),
        Footnote(
            said(
                f"{table.first} less {table.second}, in standard deviations; for more than two"
                " levels the Yang–Dalton distance, which has no sign."
            ),
            "smd",
        ),
    ]
    if table.adjusted:
        notes.append(Footnote(said(f"{table.adjusted}."), "adjusted"))
    own = [
        f"{row.variable.label}: {row.variable.how}"
        for row in table.rows.values()
        if row.variable.how
    ]
    if own:
        notes.append(Footnote(said("; ".join(own) + ".")))
    if anchored := [row for row in table.rows.values() if row.variable.among]:
        told = "; ".join(
            f"{row.variable.label} is asked only where {row.variable.among}"
            f" ({row.not_asked} not asked)"
            for row in anchored
        )
        notes.append(Footnote(said(f"{told}.")))
    notes.append(
        Footnote(
            said(
                f"Outcome: {results.outcome.by}"
                + (f", version {results.outcome.version}" if results.outcome.version else "")
                + (f", digest {results.outcome.digest[:12]}" if results.outcome.digest else "")
                + "."
            )
        )
    )
    return notes


def _lines(row: Line, table: describe.Table1, source: str, methods: dict[str, str]) -> list[Row]:
    at = f"{source}/rows/{row.variable.name}"
    variable = row.variable
    label = f"{variable.label}, {variable.unit}" if variable.unit else variable.label
    ending = _ending(row, table, at, methods)
    if isinstance(row.first, Summary):
        decimals = _decimals(row)
        groups = [(part, name) for part, name in _pair(row) if isinstance(part, Summary)]
        heads = [cells.mean_sd(part, f"{at}/{name}", decimals) for part, name in groups]
        seconds = [
            cells.median_quartiles(part, f"{at}/{name}", min(decimals, 1)) for part, name in groups
        ]
        blank = (Cell(""),) * len(ending)
        return [
            Row((cells.words(label), *heads, *ending)),
            Row((cells.words("median [quartiles]"), *seconds, *blank), "level"),
        ]
    sizes = (table.n_first, table.n_second)
    if isinstance(row.first, Shares):
        parts = [
            cells.shares(part, f"{at}/{name}", size)
            for (part, name), size in zip(_pair(row), sizes, strict=True)
            if isinstance(part, Shares)
        ]
        return [Row((cells.words(label), *parts, *ending))]
    lines = [Row((cells.words(label), Cell(""), Cell(""), *ending))]
    tail = (Cell(""),) * len(ending)
    for level in variable.levels:
        parts = [
            cells.level(part, level, f"{at}/{name}", size)
            for (part, name), size in zip(_pair(row), sizes, strict=True)
            if isinstance(part, Levels)
        ]
        lines.append(Row((cells.words(level), *parts, *tail), "level"))
    return lines


def _pair(row: Line) -> list[tuple[Part, str]]:
    return [(row.first, "first"), (row.second, "second")]


def _decimals(row: Line) -> int:
    """Decimals a reader needs: by the spread, as the data were measured at best."""
    spread = max(
        (part.sd for part in (row.first, row.second) if isinstance(part, Summary)), default=1.0
    )
    return 2 if spread < 100 else 0


def _both(first: int, second: int, source: str) -> Cell:
    """A count of each group: ``32 / 58``."""
    parts = (
        NumberPart("first", first, source.format("first")),
        NumberPart("second", second, source.format("second")),
    )
    return Cell(f"{first:,} / {second:,}", parts=parts)


def _ending(
    row: Line, table: describe.Table1, at: str, methods: dict[str, str]
) -> tuple[Cell, ...]:
    missing = _both(row.first.missing, row.second.missing, f"{at}/{{}}/missing")
    decimals = 2 if isinstance(row.first, Summary) else None
    effect = cells.estimate_cell(row.effect, f"{at}/effect", decimals)
    smd = (
        cells.number(row.smd.estimate, 2, f"{at}/smd/estimate")
        if row.smd
        else Cell(wording.NOTHING)
    )
    if row.test is None:
        p = Cell(row.no_test or wording.NOTHING)
    else:
        p = cells.p_cell(row.p_value, f"{at}/test/p_value", methods[row.test.method])
    if not table.adjusted:
        return missing, effect, smd, p
    return missing, effect, smd, p, cells.p_cell(row.p_adjusted, f"{at}/p_adjusted")
