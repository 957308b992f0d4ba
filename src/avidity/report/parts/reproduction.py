"""A paper's printed figures beside ours."""

from __future__ import annotations

from avidity import wording
from avidity.papers.printed import Comparison
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Footnote,
    Heading,
    Paragraph,
    Ref,
    Row,
    Span,
    Table,
    said,
)


def reproduced(comparison: Comparison | None) -> list[Block]:
    """The section on the paper, or nothing when there is no published.toml."""
    if comparison is None:
        return []
    total = len(comparison.lines)
    blocks: list[Block] = [
        Heading(1, "The paper, figure by figure", "paper"),
        Paragraph(
            said(
                f"{comparison.citation.rstrip('.')}. ",
                Ref("table-paper"),
                f" holds each of the {total} printed figures against ours:"
                f" {comparison.same} are the same to the last printed digit,"
                f" {total - comparison.same} are not.",
            )
        ),
        _table(comparison),
    ]
    if comparison.remarks:
        blocks += [
            Heading(2, "What the paper contradicts or leaves out", "paper-remarks"),
            Bullets(
                tuple(
                    (Span(f"{title}: ", bold=True), Span(text))
                    for title, text in comparison.remarks
                ),
                ordered=True,
            ),
        ]
    return blocks


def _table(comparison: Comparison) -> Table:
    rows, where = [], ""
    for at, line in enumerate(comparison.lines):
        if line.where != where:
            where = line.where
            rows.append(Row((Cell(where),), "group"))
        rows.append(
            Row(
                (
                    Cell(line.item),
                    Cell(line.printed),
                    Cell(line.ours, line.value, source=f"/comparison/lines/{at}/value"),
                    Cell(line.verdict, emphasis=line.verdict != "same"),
                    Cell(wording.sentence(line.because)),
                )
            )
        )
    return Table(
        "table-paper",
        "Every printed figure and ours",
        (
            Column("Figure", width=2.4),
            Column("Printed", "right", width=0.9),
            Column("Ours", "right", width=0.9),
            Column("Verdict", width=0.9),
            Column("Because", width=2.6),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Ours is rounded to the printed decimals; a printed figure may come from"
                    " rounding half up or half to even."
                )
            ),
        ),
        "One row per printed figure, grouped by the place in the paper.",
    )
