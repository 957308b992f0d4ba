"""The report of an update: every way to mend the model, the choice, and the model that was made."""

from __future__ import annotations

from dataclasses import fields

from avidity import wording
from avidity.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Properties,
    Row,
    Table,
    said,
)
from avidity.report.parts import cells
from avidity.report.risk_card import equation_table
from avidity.riskmodel.model import RiskModel
from avidity.steps.applied import InputCount
from avidity.steps.update import Updated


def build_update(found: Updated) -> Document:
    """What was tried and chosen, who was left out, and the new equation with its ancestors."""
    blocks: list[Block] = []
    if found.made_data:
        blocks.append(Notice("made data", "These are not real patients", (said(found.made_data),)))
    label = "For research only: a mended model has to be validated in other patients"
    blocks += [
        Notice("warning", label, tuple(said(words) for words in found.cautions)),
        Paragraph(said(_facts(found)), "small"),
        Heading(1, "In short", "in-short"),
        Paragraph(said(_short(found))),
        _updates(found),
    ]
    if found.steps:
        blocks.append(_test(found))
    blocks.append(_inputs(found))
    if found.made and found.made.equation:
        blocks += _model(found.made)
    return Document(
        title=f"Update of {found.model}",
        blocks=tuple(blocks),
        subtitle=f"In the patients of: {found.title}",
        properties=Properties(
            subject="Update of a risk model",
            description=found.made_data or "A risk model mended in a department's patients",
            keywords=("updating", "recalibration", "risk model"),
            made_with=found.program,
        ),
    )


def plain_update(found: Updated) -> dict[str, object]:
    """The result for results.json, with the new model as its own file has it."""
    content = {field.name: getattr(found, field.name) for field in fields(found)}
    content["made"] = found.made.model_dump(mode="json") if found.made else None
    return content


def _facts(found: Updated) -> str:
    parts = (
        f"cohort {found.cohort_sha256[:12]}",
        f"{found.model} {found.model_sha256[:12]}",
        found.program,
    )
    return " · ".join(parts)


def _short(found: Updated) -> str:
    told = (
        f"{found.n} of {wording.counted(found.came_in, 'patient')} have all inputs,"
        f" {found.events} with the outcome. Chosen ({found.asked}): {found.chosen}."
    )
    if found.made is None:
        return f"{told} The model is kept as it is."
    return f"{told} So many patients can carry {wording.counted(found.carries, 'parameter')}."


def _updates(found: Updated) -> Table:
    rows = []
    for at, row in enumerate(found.rows):
        place = f"/rows/{at}"
        rows.append(
            Row(
                (
                    Cell(row.method, emphasis=row.method == found.chosen),
                    cells.whole(row.parameters, f"{place}/parameters"),
                    cells.number(row.shift, 3, f"{place}/shift"),
                    cells.number(row.factor, 3, f"{place}/factor"),
                    Cell(wording.fixed(-2 * row.log_likelihood, 2), -2 * row.log_likelihood),
                    cells.number(row.auc, 3, f"{place}/auc"),
                    cells.number(row.observed_to_expected, 2, f"{place}/observed_to_expected"),
                    cells.number(row.brier, 4, f"{place}/brier"),
                )
            )
        )
    estimators = "; ".join(f"{row.method}: {row.estimator}" for row in found.rows)
    notes = [
        (
            f"{found.n} patients, {found.events} with the outcome; measured in the patients of the"
            " update, which flatters the later rows. No intervals: they would not show that."
        ),
        "New log odds = shift + factor × old log odds; a refit has coefficients of its own.",
        f"Estimated, {estimators}.",
    ]
    return Table(
        "table-updates",
        "The updates side by side",
        (
            Column("Update", width=1.8),
            Column("Estimated", "right"),
            Column("Shift", "right"),
            Column("Factor", "right"),
            Column("−2 log L", "right"),
            Column("AUC", "right"),
            Column("O:E", "right"),
            Column("Brier", "right"),
        ),
        tuple(rows),
        tuple(Footnote(said(words)) for words in notes),
        "One row per update; the chosen one is bold.",
    )


def _test(found: Updated) -> Table:
    rows = tuple(
        Row(
            (
                Cell(f"refit against {step.against}"),
                cells.number(step.test.statistic, 2, f"/steps/{at}/test/statistic"),
                Cell(f"{step.test.df:g}", source=f"/steps/{at}/test/df"),
                cells.p_cell(step.test.p_value, f"/steps/{at}/test/p_value"),
                Cell("kept" if step.kept else "not enough"),
            )
        )
        for at, step in enumerate(found.steps)
    )
    told = (
        f"Likelihood ratio tests in this order, each at α {found.alpha:g}; the first that is not"
        " significantly worse than the refit is kept (Vergouwe and others, Stat Med"
        " 2017;36:4529-4539)."
    )
    return Table(
        "table-closed-test",
        "The closed test",
        (
            Column("Compared", width=2.4),
            Column("χ²", "right"),
            Column("df", "right"),
            Column("p", "right"),
            Column("The simpler one is"),
        ),
        rows,
        (Footnote(said(told)),),
        "One row per comparison, in the order they were made.",
    )


def _inputs(found: Updated) -> Table:
    variables = {one.input: one.variable for one in found.mapped}
    return Table(
        "table-inputs",
        "Who could be asked",
        (
            Column("Input", width=1.6),
            Column("Variable of the study", width=1.6),
            Column("Missing", "right"),
            Column("Filled", "right"),
            Column("Left out", "right"),
            Column("Outside the range seen", "right"),
        ),
        tuple(_input(at, one, variables) for at, one in enumerate(found.inputs)),
        (Footnote(said("Whoever leaves is counted at the first input he lacks.")),),
        "One row per input of the model.",
    )


def _input(at: int, one: InputCount, variables: dict[str, str]) -> Row:
    place = f"/inputs/{at}"
    unseen = "not known" if one.unseen is None else f"{one.unseen:,}"
    return Row(
        (
            Cell(one.input),
            Cell(variables.get(one.input, "–")),
            cells.whole(one.missing, f"{place}/missing"),
            cells.whole(one.filled, f"{place}/filled"),
            cells.whole(one.left, f"{place}/left"),
            Cell(unseen, one.unseen, source=f"{place}/unseen" if one.unseen is not None else None),
        )
    )


def _model(made: RiskModel) -> list[Block]:
    ancestors = tuple(
        said(f"{one.name}, version {one.version}: {one.update} (sha256 {one.sha256[:12]})")
        for one in made.lineage
    )
    blocks: list[Block] = [
        Heading(1, "The model that was made", "model"),
        Paragraph(
            said(
                f"{made.name}, version {made.version}: {made.n} patients, {made.events} with the"
                f" outcome. {wording.sentence(made.label)}."
            )
        ),
        equation_table(made),
    ]
    return [*blocks, Paragraph(said("It comes from:")), Bullets(ancestors)] if ancestors else blocks
