"""The audit's first page and its findings: what, where, the arithmetic, what would explain it."""

from __future__ import annotations

from avidity.papers.audit import Audit
from avidity.papers.checks.finding import MEANING, SEVERITIES, Finding, Severity
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Ref,
    Row,
    Span,
    Table,
    said,
)
from avidity.wording import counted, sentence

NAMES: dict[Severity, str] = {one: one for one in SEVERITIES} | {"remark": "remarks"}
FIRM: tuple[Severity, ...] = ("impossible", "inconsistent")
NOT_A_VERDICT = (
    "An audit holds printed figures against each other. A finding says that figures do not go"
    " together, never why: a slip of the pen, a rounding, a missing value or a method that the"
    " paper does not name are all common. What would explain a finding is offered, not proven."
)


def front(audit: Audit) -> list[Block]:
    """What was audited, how much was looked at, and how many findings there are."""
    blocks: list[Block] = []
    if audit.made_up:
        notice = Notice("made data", "Nobody published this paper", (said(audit.made_up),))
        blocks.append(notice)
    file = f"paper file {audit.sha256[:12]}"
    figures = sum(one.looked_at for one in audit.checked)
    blocks += [
        Paragraph(said(" · ".join(part for part in (audit.citation, file) if part)), "small"),
        Notice("note", "How to read this", (said(NOT_A_VERDICT),)),
        Heading(1, "In short", "in-short"),
        Bullets(
            tuple(
                (
                    Span(str(audit.counts[one]), f"/counts/{one}", bold=True),
                    Span(f" {NAMES[one]}: {MEANING[one]}"),
                )
                for one in SEVERITIES
            )
        ),
        Paragraph(
            said(
                f"{figures:,} printed figures and lines were looked at in"
                f" {counted(len(audit.checked), 'check')} (",
                Ref("table-checks"),
                ").",
            )
        ),
    ]
    return blocks


def findings(audit: Audit) -> list[Block]:
    """Every finding, the most severe first, numbered through the whole report."""
    blocks: list[Block] = [Heading(1, "Findings", "findings")]
    if not audit.findings:
        blocks.append(Paragraph(said("Nothing was found.")))
    at = 0
    for severity in SEVERITIES:
        found = [one for one in audit.findings if one.severity == severity]
        if not found:
            continue
        blocks.append(Heading(2, sentence(NAMES[severity]), f"findings-{severity}"))
        blocks.append(Paragraph(said(f"{sentence(MEANING[severity])}."), "small"))
        for one in found:
            at += 1
            blocks += _finding(at, one)
    return blocks


def _finding(number: int, one: Finding) -> list[Block]:
    place = ", ".join(part for part in (one.where, f"line {one.line} of the paper file") if part)
    blocks: list[Block] = [
        Paragraph((Span(f"{number}. {one.what} ", bold=True), Span(f"({place})")))
    ]
    steps = [said(step) for step in one.arithmetic]
    word = "Perhaps" if one.severity in FIRM else "To note"
    steps += [(Span(f"{word}: ", italic=True), Span(words)) for words in one.explanations]
    if steps:
        blocks.append(Bullets(tuple(steps)))
    return blocks


def checks(audit: Audit) -> list[Block]:
    """What was looked at, and what could not be."""
    rows = tuple(
        Row(
            (
                Cell(sentence(one.subject)),
                Cell(f"{one.looked_at:,}", one.looked_at, source=f"/checked/{at}/looked_at"),
                Cell(str(len(one.findings)), len(one.findings)),
                Cell(str(len(one.unanswered)), len(one.unanswered)),
            )
        )
        for at, one in enumerate(audit.checked)
    )
    blocks: list[Block] = [
        Heading(1, "What was checked", "checks"),
        Table(
            "table-checks",
            "The checks, how much they looked at and what they found",
            (
                Column("Check"),
                Column("Looked at", "right"),
                Column("Findings", "right"),
                Column("Left open", "right"),
            ),
            rows,
            (Footnote(said("What is left open was not checked and is not taken as in order.")),),
            "One row per check.",
        ),
    ]
    unanswered = [said(words) for one in audit.checked for words in one.unanswered]
    if unanswered:
        blocks += [
            Heading(2, "Left open", "left-open"),
            Bullets(tuple(unanswered)),
        ]
    return blocks
