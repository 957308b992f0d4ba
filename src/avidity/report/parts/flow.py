"""Who is in: the flow figure, its table, and the included beside the excluded."""

from __future__ import annotations

from avidity import wording
from avidity.report.document import (
    Block,
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
from avidity.report.parts.baseline import baseline_table
from avidity.report.parts.cells import traced, whole, words
from avidity.steps.results import Results


def patients(results: Results) -> list[Block]:
    """The section on who was screened, left and stayed."""
    flow = results.flow
    blocks: list[Block] = [
        Heading(2, "Patients", "patients"),
        Paragraph(
            said(
                "Of ",
                traced(wording.counted(flow.screened, "patient"), "/flow/screened"),
                " screened, ",
                traced(f"{flow.included:,}", "/flow/included"),
                " were analysed (",
                Ref("figure-flow"),
                "): ",
                traced(f"{flow.yes:,}", "/flow/yes"),
                f" {results.outcome_words['yes'].lower()} and ",
                traced(f"{flow.no:,}", "/flow/no"),
                f" {results.outcome_words['no'].lower()}.",
            )
        ),
        Figure(
            "figure-flow",
            "Flow of the patients through the study",
            _flow_words(results),
            sketch("flow", _flow_input(results)),
        ),
    ]
    if flow.left:
        blocks.append(_reasons(results))
    if results.included:
        blocks += _selection(results)
    return blocks


def _flow_words(results: Results) -> str:
    flow = results.flow
    gone = "; ".join(f"{step.n} left: {step.reason}" for step in flow.left) or "nobody left"
    return (
        f"Flow diagram. {flow.screened} screened; {gone}; {flow.eligible} eligible;"
        f" {flow.undecided} left because the outcome cannot be said; {flow.included} analysed:"
        f" {flow.yes} {results.outcome_words['yes']}, {flow.no} {results.outcome_words['no']}."
    )


def _flow_input(results: Results) -> inputs.Flow:
    flow = results.flow
    stages, here = [], flow.screened
    for at, step in enumerate(flow.left):
        here -= step.n
        last = at == len(flow.left) - 1
        name = "Eligible" if last else "Remaining"
        stages.append(
            inputs.FlowStage((inputs.FlowLeft(step.reason, step.n),), inputs.FlowStep(name, here))
        )
    if results.outcome.rule_for_cannot_say == "exclude":
        stages.append(
            inputs.FlowStage(
                (inputs.FlowLeft("Outcome cannot be said", flow.undecided),),
                inputs.FlowStep("Analysed", flow.included),
            )
        )
    groups = (
        inputs.FlowStep(results.outcome_words["yes"], flow.yes),
        inputs.FlowStep(results.outcome_words["no"], flow.no),
    )
    return inputs.Flow(inputs.FlowStep("Screened", flow.screened), tuple(stages), groups)


def _reasons(results: Results) -> Table:
    flow = results.flow
    rows = [
        Row(
            (
                words(f"{at + 1}. {step.reason}"),
                words(step.rule),
                whole(step.n, f"/flow/left/{at}/n"),
                whole(step.unknown, f"/flow/left/{at}/unknown"),
                whole(step.met, f"/flow/left/{at}/met"),
                whole(step.only, f"/flow/left/{at}/only"),
            )
        )
        for at, step in enumerate(flow.left)
    ]
    total = sum(step.n for step in flow.left)
    rows.append(
        Row(
            (
                words("All reasons"),
                words(""),
                Cell(f"{total:,}", total),
                Cell(""),
                Cell(""),
                Cell(""),
            ),
            "total",
        )
    )
    return Table(
        "table-flow",
        "Reasons to leave, in the order they are asked",
        (
            Column("Reason"),
            Column("Rule"),
            Column("Left here", "right"),
            Column("of these, cannot say", "right"),
            Column("if asked first", "right", "Count in another order"),
            Column("if asked last", "right", "Count in another order"),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    f"Two or more reasons applied to {wording.counted(flow.several, 'patient')}."
                    " The number of patients left is the same in every order of the reasons; only"
                    " the reason they are counted under changes."
                )
            ),
        ),
        "One row per reason with the count in the order written and the counts in other orders.",
    )


def _selection(results: Results) -> list[Block]:
    table = results.included
    if table is None:
        return []
    return [
        Paragraph(
            said(
                Ref("table-included"),
                " compares the patients analysed with those who left, as far as both have values:"
                " a difference here may have shaped every result below.",
            )
        ),
        baseline_table(
            table,
            "table-included",
            "Patients included and excluded",
            "/included",
            results,
        ),
    ]
