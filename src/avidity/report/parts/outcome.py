"""How the outcome was decided, and how far it hangs on the definition."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Ref,
    Row,
    Table,
    said,
    sketch,
)
from avidity.report.figures import inputs
from avidity.report.parts.cells import number, traced, whole
from avidity.report.parts.overrides import overridden
from avidity.steps.agreement import Agreement
from avidity.steps.label import CriterionCount
from avidity.steps.results import Results


def outcome(results: Results) -> list[Block]:
    """The section on the outcome."""
    decided = results.outcome
    blocks: list[Block] = [Heading(2, "Outcome", "outcome"), _sentence(results)]
    if decided.overrides:
        blocks += overridden(decided.overrides, decided.by)
    if decided.criteria:
        blocks.append(_criteria(results))
        if decided.missing:
            blocks += _missing(results)
    if results.overlaps:
        blocks.append(_overlaps(results))
    blocks += _agreement(results)
    return blocks


def _sentence(results: Results) -> Paragraph:
    decided = results.outcome
    how = (
        f"The outcome was computed from the records under the definition '{decided.by}'"
        f" version {decided.version} ({decided.title}; {decided.source}). "
        if decided.criteria
        else f"The outcome was taken from {decided.by}; {decided.source}. "
    )
    return Paragraph(
        said(
            how,
            "Among the eligible, ",
            traced(f"{decided.yes:,}", "/outcome/yes"),
            " were yes, ",
            traced(f"{decided.no:,}", "/outcome/no"),
            " no, and for ",
            traced(f"{decided.cannot_say:,}", "/outcome/cannot_say"),
            " the records cannot say.",
        )
    )


def _criteria(results: Results) -> Table:
    decided = results.outcome
    rows = [_criterion(at, row) for at, row in enumerate(decided.criteria)]
    notes = [
        Footnote(
            said(
                "Decided alone: patients refractory by this criterion and no other."
                " A patient may meet several criteria."
            )
        )
    ]
    if decided.switches:
        told = "; ".join(f"{name}: {_set_to(value)}" for name, value in decided.switches.items())
        notes.append(Footnote(said(f"Switches of the definition: {told}.")))
    notes.append(Footnote(said(f"Digest of definition and switches: {decided.digest}.")))
    if decided.not_shipped:
        notes.append(
            Footnote(said("Left out for want of a first-hand source: ", *decided.not_shipped, "."))
        )
    return Table(
        "table-criteria",
        f"Criteria of '{decided.by}' among the eligible patients",
        (
            Column("Criterion", width=3.2),
            Column("How surely known", width=1.2),
            Column("Yes", "right", width=0.6),
            Column("No", "right", width=0.6),
            Column("Cannot say", "right", width=0.8),
            Column("Decided alone", "right", width=0.8),
        ),
        tuple(rows),
        tuple(notes),
        "One row per criterion with its three answers.",
    )


def _set_to(value: object) -> str:
    """A switch's position in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or wording.NOTHING
    return wording.NOTHING if value is None else str(value)


def _criterion(at: int, row: CriterionCount) -> Row:
    source = f"/outcome/criteria/{at}"
    return Row(
        (
            Cell(f"{row.criterion}: {row.wording}"),
            Cell(row.certainty),
            whole(row.yes, f"{source}/yes"),
            whole(row.no, f"{source}/no"),
            whole(row.cannot_say, f"{source}/cannot_say"),
            whole(row.decided_alone, f"{source}/decided_alone"),
        )
    )


def _missing(results: Results) -> list[Block]:
    items = list((results.outcome.missing or {}).items())
    return [
        Paragraph(said("What was missing where the outcome cannot be said (patients):")),
        Bullets(tuple(said(f"{what}: {count}") for what, count in items[:12])),
    ]


def _overlaps(results: Results) -> Table:
    rows = [
        Row(
            (
                Cell(one.label),
                Cell(", ".join(one.fields)),
                Cell("yes" if one.final else "no"),
            )
        )
        for one in results.overlaps
    ]
    return Table(
        "table-overlap",
        "Circularity: what both the definition of the outcome and a model read",
        (Column("Variable"), Column("Shared fields"), Column("In the multivariable model")),
        tuple(rows),
        (
            Footnote(
                said(
                    "A variable that is part of the outcome's own definition goes with the outcome"
                    " partly by construction (PROBAST 3.3)."
                )
            ),
        ),
        "One row per variable that shares fields with the definition.",
    )


def _agreement(results: Results) -> list[Block]:
    found = results.agreement
    if found is None:
        return []
    aside = " (a physician's answers left aside)" if results.outcome.overrides else ""
    rows = [
        Row(
            (
                Cell(name),
                whole(one.yes, f"/agreement/answers/{name}/yes"),
                whole(one.no, f"/agreement/answers/{name}/no"),
                whole(one.cannot_say, f"/agreement/answers/{name}/cannot_say"),
                whole(one.moved, f"/agreement/answers/{name}/moved"),
                number(one.kappa, 2, f"/agreement/answers/{name}/kappa"),
            )
        )
        for name, one in found.answers.items()
    ]
    table = Table(
        "table-definitions",
        "The same patients under every definition these records allow",
        (
            Column("Definition", width=1.6),
            Column("Yes", "right"),
            Column("No", "right"),
            Column("Cannot say", "right"),
            Column("Patients who move", "right"),
            Column("κ with this study's", "right"),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    f"{wording.counted(found.patients, 'eligible patient')}. Patients who move:"
                    f" another answer than under {found.reference}, cannot say counting as an"
                    f" answer{aside}. κ: Cohen's, over the patients both definitions decide. Which"
                    " patients move is listed by 'avidity label --definition all'."
                )
            ),
        ),
        "One row per definition.",
    )
    intro = Paragraph(
        said(
            Ref("table-definitions"),
            " and ",
            Ref("figure-agreement"),
            " show how far the outcome hangs on the definition.",
        )
    )
    return [intro, table, _agreement_figure(found, results.outcome_words["yes"])]


def _agreement_figure(found: Agreement, yes_word: str) -> Figure:
    names = tuple(found.answers)
    return Figure(
        "figure-agreement",
        "Agreement between definitions",
        "Matrix of the definitions: how many patients each pair answers alike, of those both"
        " decide, and Cohen's kappa.",
        sketch(
            "heat",
            inputs.Agreement(
                names,
                tuple(found.answers[name].yes for name in names),
                found.alike,
                found.decided,
                found.kappa,
                yes_word.lower(),
            ),
        ),
    )
