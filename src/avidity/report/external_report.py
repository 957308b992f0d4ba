"""The report of a validation: one document, and its words for the terminal."""

from __future__ import annotations

from pathlib import Path

from avidity import wording
from avidity.report.document import Block, Document, Heading, Notice, Paragraph, Properties, said
from avidity.report.parts.external import model_blocks, size_words
from avidity.report.parts.external_measures import comparison_blocks, performance_table
from avidity.report.parts.external_pictures import together, useful_words
from avidity.stats.interval import Interval
from avidity.steps.external import External, ModelValidation


def build_external(found: External) -> Document:
    """Notices, all models in one table, comparisons, then model by model."""
    names = wording.listed([one.model for one in found.models])
    blocks: list[Block] = []
    if found.made_data:
        blocks.append(Notice("made data", "These are not real patients", (said(found.made_data),)))
    same = [one for one in found.models if one.relation.kind == "same"]
    if same:
        words = tuple(said(one.relation.words) for one in same)
        blocks.append(Notice("warning", "This is no external validation", words))
    blocks += [
        Paragraph(said(_facts(found)), "small"),
        Heading(1, "In short", "in-short"),
        Paragraph(
            said(
                f"{wording.counted(found.included, 'patient')}, {found.yes} with the outcome"
                f" ({found.outcome.lower()}, decided by {found.outcome_by})."
            )
        ),
        performance_table(found),
        *comparison_blocks(found),
        *together(found),
        Heading(1, "Model by model", "models"),
    ]
    for at, one in enumerate(found.models):
        blocks += model_blocks(one, at, found)
    return Document(
        title=f"Validation of {names}",
        blocks=tuple(blocks),
        subtitle=f"In the patients of: {found.title}",
        properties=Properties(
            subject="Validation of a risk model",
            description=found.made_data or "A risk model asked about a department's patients",
            keywords=("validation", "calibration", "risk model"),
            made_with=found.program,
        ),
    )


def _facts(found: External) -> str:
    digests = [f"{one.model} {one.model_sha256[:12]}" for one in found.models]
    parts = [f"cohort {found.cohort_sha256[:12]}", f"study file {found.study_sha256[:12]}"]
    return " · ".join([*parts, *digests, found.program])


def external_lines(found: External, out: Path | None, files: tuple[Path, ...]) -> list[str]:
    """What the command line says."""
    lines = [
        found.title,
        (
            f"{wording.counted(found.included, 'patient')}, {found.yes} with the outcome"
            f" (decided by {found.outcome_by})"
        ),
    ]
    if found.made_data:
        lines.append(found.made_data)
    for one in found.models:
        lines += ["", *_model_lines(one)]
    for two in found.comparisons:
        area = two.area
        p = f", {wording.p_phrase(area.test.p_value)}" if area.test else ""
        lines.append("")
        lines.append(
            f"{two.first} less {two.second} ({two.n} patients): AUC"
            f" {wording.fixed(area.difference, 3)} ({wording.interval(area.interval, 3)}){p};"
            f" Brier score {wording.fixed(two.brier.difference, 4)}"
            f" ({wording.interval(two.brier.interval, 4)})"
        )
    lines += [f"not compared: {why}" for why in found.not_compared]
    if out:
        lines += ["", f"report: {out / 'report.html'}"]
        lines.append(f"in {out}: {', '.join(path.name for path in files if path.parent == out)}")
    return lines


def _model_lines(one: ModelValidation) -> list[str]:
    found = one.performance
    ratio = found.observed_to_expected
    lines = [
        (
            f"{one.model} ({one.status}): {found.n} of {one.came_in} patients, {found.events} with"
            f" the outcome, {wording.fixed(found.expected, 1)} expected"
        ),
        f"  AUC {_told(found.auc.estimate, found.auc.interval, 3)}",
        f"  observed over expected {_told(ratio.estimate, ratio.interval, 2)}",
    ]
    if found.in_the_large and found.slope:
        large, slope = found.in_the_large, found.slope
        lines += [
            f"  calibration in the large {_told(large.estimate, large.interval, 2)} (0 is perfect)",
            f"  calibration slope {_told(slope.estimate, slope.interval, 2)} (1 is perfect)",
        ]
    score, scaled = wording.fixed(found.brier, 4), wording.fixed(found.scaled_brier, 3)
    lines += [
        f"  Brier score {score}, scaled {scaled}",
        f"  {useful_words(one)}",
        f"  {size_words(one)}",
    ]
    return [*lines, *(f"  - {caution}" for caution in one.cautions)]


def _told(value: float, ends: Interval | None, decimals: int) -> str:
    number = wording.fixed(value, decimals)
    return f"{number} ({wording.interval(ends, decimals)})" if ends else number
