"""Which data, which program, which conventions: what a reviewer needs to repeat the run."""

from __future__ import annotations

from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Footnote,
    Heading,
    Paragraph,
    Row,
    Table,
    said,
)
from avidity.report.parts.cells import whole
from avidity.steps.results import Results

CONVENTIONS = (
    (
        "Standard deviations divide by n − 1. Quartiles: Hyndman and Fan type 7, or type 6 under"
        " the policy 'spss'."
    ),
    "Percentages are of the patients with a value; missing values are counted beside them.",
    (
        "Standardised difference: first group less second, over √((s₁² + s₂²)/2); Yang–Dalton for"
        " more than two levels."
    ),
    (
        "Fisher's exact test, 2 × 2: two-sided by the principle named at the p value (minimum"
        " likelihood, central, Blaker or mid-p) with the interval of that same principle; r × c:"
        " exact, by minimum likelihood."
    ),
    "Pearson χ² has no continuity correction unless the words say Yates.",
    (
        "Mann–Whitney: corrected for ties; continuity correction only where the words say so; the"
        " exact test uses the permutation distribution of the mid-ranks."
    ),
    (
        "A cut-off is an observed value; positive is ≥ it (≤ where lower values speak for the"
        " outcome). The mid-point convention is shown beside it."
    ),
    (
        "DeLong's variance divides by the group size less one. At the edge of the scale another"
        " interval is used and named."
    ),
    (
        "Logistic regression: standard errors from the inverse information at the estimate, for"
        " Firth too. Wald intervals stand with Wald p values, profile intervals with"
        " likelihood-ratio p values. The penalised likelihood-ratio test keeps the penalty of the"
        " whole model while coefficients are held at 0."
    ),
    (
        "A spline is a restricted cubic one, with knots at Harrell's quantiles of the patients in"
        " the model; its curved columns are divided by the squared distance of the outer knots."
    ),
    (
        "A patient is treated at a risk at or above the threshold. Resamples are drawn from all"
        " patients together, not within outcome groups, unless the words say otherwise."
    ),
    (
        "p values below 0.001 are printed as <0.001. Printed numbers are rounded half up; full"
        " precision is in results.json."
    ),
)


def appendix(results: Results) -> list[Block]:
    """Data, checks and conventions."""
    blocks: list[Block] = [Heading(1, "Data and conventions", "appendix"), _sources(results)]
    if results.cohort.checks:
        blocks.append(_checks(results))
    blocks += [
        Heading(2, "Conventions", "conventions"),
        Bullets(tuple(said(line) for line in CONVENTIONS)),
        Heading(2, "Where the numbers come from", "traceability"),
        Paragraph(
            said(
                "Every number printed in this report was taken from results.json, written with it."
                " In the web page the place of a number is shown when the pointer rests on it; in"
                " the workbook every table holds the numbers at full precision."
            )
        ),
    ]
    return blocks


def _sources(results: Results) -> Table:
    rows = [
        Row(
            (
                Cell(source.table),
                Cell(f"{source.file}{' · ' + source.sheet if source.sheet else ''}"),
                whole(source.rows, f"/cohort/sources/{at}/rows"),
                Cell(source.sha256[:16]),
            )
        )
        for at, source in enumerate(results.cohort.sources)
    ]
    return Table(
        "table-sources",
        "The tables as they came in",
        (
            Column("Table"),
            Column("File"),
            Column("Rows", "right"),
            Column("SHA-256 (first 16)"),
        ),
        tuple(rows),
        (Footnote(said(f"Cohort: {results.cohort.sha256}")),),
        "One row per table.",
    )


def _checks(results: Results) -> Table:
    rows = [
        Row(
            (
                Cell(check.table),
                Cell(check.column),
                Cell(check.severity),
                Cell(f"{check.problem}; {check.must}"),
                whole(check.count, f"/cohort/checks/{at}/count"),
            )
        )
        for at, check in enumerate(results.cohort.checks)
    ]
    return Table(
        "table-checks",
        "What the check of the data found",
        (
            Column("Table"),
            Column("Field"),
            Column("Kind"),
            Column("What was found, and what must hold", width=3.4),
            Column("Times", "right"),
        ),
        tuple(rows),
        (Footnote(said("Counts only; 'avidity check' shows the cells.")),),
        "One row per rule that spoke.",
    )
