"""Answers a physician gave instead of the definition: how many, in which direction, and why."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import Block, Cell, Column, Footnote, Paragraph, Ref, Row, Table, said
from avidity.report.parts.cells import traced, whole
from avidity.steps.overrides import OverrideSummary

PLACE = "/outcome/overrides"


def overridden(given: OverrideSummary, by: str) -> list[Block]:
    """The sentence and the table of directions and reasons; nobody is named.

    by  what answered before: the definition, or the column
    """
    sentence = Paragraph(
        said(
            "In these counts a physician's answer takes the place of what ",
            by,
            " says for ",
            traced(wording.counted(given.patients, "eligible patient"), f"{PLACE}/patients"),
            "; it is another one for ",
            traced(str(given.changed), f"{PLACE}/changed"),
            _elsewhere(given),
            ". They stand in the file ",
            given.file,
            f" (SHA-256 {given.sha256[:12]})",
            *(("; ", Ref("table-overrides"), " has the reasons") if given.changes else ()),
            ". All models rest on them.",
        )
    )
    return [sentence, _table(given)] if given.changes else [sentence]


def _elsewhere(given: OverrideSummary) -> str:
    n = given.not_eligible
    if not n:
        return ""
    return (
        f". {wording.counted(n, 'further answer')} {'was' if n == 1 else 'were'} given for"
        f" {'a patient' if n == 1 else 'patients'} who {'is' if n == 1 else 'are'} not eligible and"
        f" {'counts' if n == 1 else 'count'} nowhere here"
    )


def _table(given: OverrideSummary) -> Table:
    rows = [
        Row(
            (
                Cell(change.before),
                Cell(change.after),
                whole(one.patients, f"{PLACE}/changes/{at}/reasons/{which}/patients"),
                Cell(one.reason),
            )
        )
        for at, change in enumerate(given.changes)
        for which, one in enumerate(change.reasons)
    ]
    return Table(
        "table-overrides",
        "Answers given by a physician",
        (
            Column("Before", width=0.8),
            Column("After", width=0.6),
            Column("Patients", "right", width=0.7),
            Column("Reason, as written", width=4),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Before: as the records answer. The answers by criterion, what was missing"
                    " and how far the definitions agree are counted without these answers."
                )
            ),
        ),
        "One row per direction and reason.",
    )
