"""A model in other patients: who they are, what it was asked, and how far it goes."""

from __future__ import annotations

from collections.abc import Iterator

from avidity import wording
from avidity.report.document import (
    Block,
    Cell,
    Column,
    Footnote,
    Heading,
    Notice,
    Paragraph,
    Row,
    Table,
    said,
)
from avidity.report.parts import cells
from avidity.report.parts.external_pictures import benefit_figure, calibration_figure
from avidity.steps.external import External, ModelValidation


def model_blocks(one: ModelValidation, at: int, found: External) -> Iterator[Block]:
    """The section of one model."""
    slug = f"{at + 1}"
    yield Heading(2, f"{one.model}: {one.title}", f"model-{slug}")
    yield Paragraph(
        said(
            f"Version {one.version}, {one.status}. It predicts: {one.predicts}."
            f" {wording.counted(one.came_in, 'patient')} came in,"
            f" {one.left} left for a missing input, {one.performance.n} remain ({one.handled})."
        )
    )
    if one.cautions:
        yield Notice("warning", "Before leaning on it", tuple(said(each) for each in one.cautions))
    yield _inputs(one, at)
    yield _mix(one, at)
    yield Paragraph(said(size_words(one)))
    yield calibration_figure(one, slug, found)
    yield benefit_figure(one, slug)


def size_words(one: ModelValidation) -> str:
    """What a validation of the usual precision would need, against what is here."""
    if one.needed is None:
        return "How many patients a validation would need cannot be told here."
    have = one.performance.n
    parts = [
        f"{each.measure} to a width of {each.width:g}: {each.n:,}"
        f" ({'enough' if each.n <= have else 'too few'} here)"
        for each in one.needed.precisions
    ]
    return (
        f"Patients needed at the prevalence and the spread found here, {'; '.join(parts)}."
        f" There are {have:,} ({one.needed.method})."
    )


def _inputs(one: ModelValidation, at: int) -> Table:
    rows = []
    for place, (mapped, count) in enumerate(zip(one.mapped, one.inputs, strict=True)):
        source = f"/models/{at}/inputs/{place}"
        unit = mapped.unit
        if mapped.factor != 1:
            unit = f"{mapped.variable_unit} → {mapped.unit}"
        rows.append(
            Row(
                (
                    Cell(mapped.label),
                    Cell(f"{mapped.variable_label} ({mapped.variable}, {mapped.chosen})"),
                    Cell(unit or wording.NOTHING),
                    cells.whole(count.missing, f"{source}/missing"),
                    cells.whole(count.left, f"{source}/left"),
                    _outside(count.unseen, f"{source}/unseen", mapped.kind),
                )
            )
        )
    return Table(
        f"table-inputs-{at + 1}",
        f"What {one.model} asks for, and what answers it here",
        (
            Column("Input", width=1.6),
            Column("Variable of the study", width=2.2),
            Column("Unit", width=1),
            Column("Missing", "right", width=0.8),
            Column("Left for it", "right", width=0.8),
            Column("Outside the source's range", "right", width=1.1),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "A patient who lacks several inputs is counted as left at the first of them, so"
                    " that the counts add up."
                )
            ),
        ),
        "One row per input of the model.",
    )


def _outside(count: int | None, source: str, kind: str) -> Cell:
    if count is None:
        return Cell("not known" if kind == "number" else wording.NOTHING)
    return cells.whole(count, source)


def _mix(one: ModelValidation, at: int) -> Table:
    mix, source = one.case_mix, f"/models/{at}/case_mix"
    rows = [
        _mix_row("Share with the outcome", mix.prevalence, mix.source_prevalence, source, 3),
        *(
            Row(
                (
                    Cell(column.label),
                    cells.number(column.mean, 3, f"{source}/columns/{place}/mean"),
                    _told(column.source, f"{source}/columns/{place}/source", 3),
                )
            )
            for place, column in enumerate(mix.columns)
        ),
        _mix_row("Linear predictor, mean", mix.mean, mix.source_mean, source, 2, "mean"),
        _mix_row("Linear predictor, SD", mix.sd, mix.source_sd, source, 2, "sd"),
        _mix_row(
            "Area the risks promise", mix.promised, mix.source_promised, source, 3, "promised"
        ),
    ]
    return Table(
        f"table-mix-{at + 1}",
        f"These patients against those {one.model} was made from",
        (
            Column("", width=2.6),
            Column("Here", "right", width=1),
            Column("Source", "right", width=1),
        ),
        tuple(rows),
        (
            Footnote(
                said(
                    "Numbers as means, answers and cuts as shares."
                    " The area the risks promise is the one to be expected if every risk were true."
                    " Where it differs from the source's, the patients differ; where the area found"
                    f" differs from it, the model does. {wording.sentence(mix.method)}."
                )
            ),
        ),
        "One row per number, here and in the source.",
    )


def _mix_row(  # one line of a table
    words: str,
    here: float | None,
    there: float | None,
    source: str,
    decimals: int,
    name: str = "prevalence",
) -> Row:
    return Row(
        (
            Cell(words),
            _told(here, f"{source}/{name}", decimals),
            _told(there, f"{source}/source_{name}", decimals),
        )
    )


def _told(value: float | None, source: str, decimals: int) -> Cell:
    if value is None:
        return Cell("not known")
    return cells.number(value, decimals, source)
