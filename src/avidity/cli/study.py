"""The commands of a study: init, check, label, definitions, study."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avidity.cli.speak import FOLDER, Steps, emit, json_option
from avidity.errors import CheckError

if TYPE_CHECKING:
    from avidity.steps.check import Cohort


@click.command(epilog="\b\nExample\n  avidity init my-study")
@click.argument("folder", type=FOLDER)
@json_option
def init(folder: Path, as_json: bool) -> None:
    """Make a study folder: a commented study.toml and a workbook to fill."""
    from avidity.steps.template import init as make

    written = make(folder)
    emit(
        as_json,
        {"written": [str(path) for path in written]},
        lambda: [
            *(f"wrote {path}" for path in written),
            f"Fill the workbook, then run: avidity check {folder}",
        ],
    )


@click.command(epilog="\b\nExample\n  avidity check my-study --mark problems.xlsx")
@click.argument("folder", type=FOLDER)
@click.option("--mark", type=FOLDER, help="Write a copy of the workbook with bad cells marked.")
@json_option
def check(folder: Path, mark: Path | None, as_json: bool) -> None:
    """List every problem in the data at once. Exit code 13 when there are errors."""
    from avidity.steps.check import check as check_step
    from avidity.steps.log import log_checked
    from avidity.steps.read import read
    from avidity.study import read_study

    study = read_study(folder)
    with Steps(total=2) as steps:
        steps("reading the tables")
        raw = read(study)
        steps("checking every cell")
        cohort = check_step(raw, study)
        log_checked(cohort)
    if mark:
        from avidity.steps.mark import mark as mark_step

        mark_step(raw, cohort.findings, mark)
    from avidity.steps.finding import finding_rows
    from avidity.steps.match_columns import suggestions

    meant = suggestions(raw, study)
    content = {
        "cohort_sha256": cohort.sha256,
        "patients": cohort.n_patients,
        "errors": cohort.n_errors,
        "warnings": cohort.n_warnings,
        "findings": finding_rows(cohort.findings),
        "suggestions": meant,
    }
    emit(as_json, content, lambda: [*map(str, meant), *_findings(cohort, mark)])
    if cohort.n_errors:
        sys.exit(CheckError.exit_code)


def _findings(cohort: Cohort, mark: Path | None) -> list[str]:
    from avidity.report.findings import finding_lines
    from avidity.wording import counted

    lines = [
        *finding_lines(cohort.findings),
        (
            f"{counted(cohort.n_patients, 'patient')}: {counted(cohort.n_errors, 'error')},"
            f" {counted(cohort.n_warnings, 'warning')}"
        ),
    ]
    return [*lines, f"marked copy: {mark}"] if mark else lines


@click.command(epilog="\b\nExample\n  avidity label my-study --definition all --out labels.csv")
@click.argument("folder", type=FOLDER)
@click.option("--definition", default="", help="A definition's name, or 'all'. [study.toml's own]")
@click.option("--out", type=FOLDER, help="Write one row per patient and definition as CSV.")
@json_option
def label(folder: Path, definition: str, out: Path | None, as_json: bool) -> None:
    """Say who is refractory, under which definition, and why."""
    from avidity.report.labels import label_lines, write_labels
    from avidity.steps.agreement import label_all

    with Steps(total=3) as steps:
        labels = label_all(folder, definition, steps)
    if out:
        write_labels(out, labels)
    emit(as_json, labels, lambda: label_lines(labels, out))


@click.command(epilog="\b\nExample\n  avidity definitions ata-2025")
@click.argument("name", required=False, default="")
@json_option
def definitions(name: str, as_json: bool) -> None:
    """List the definitions of refractory disease, or show one with its source and examples."""
    from avidity.refractory.catalogue import DEFINITIONS, find
    from avidity.refractory.describe import describe
    from avidity.report.labels import definition_lines

    content = (
        describe(find(name))
        if name
        else {
            known: f"{one.title} ({one.source}), version {one.version}"
            for known, one in DEFINITIONS.items()
        }
    )
    emit(as_json, content, lambda: definition_lines(content))


@click.command(epilog="\b\nExample\n  avidity study my-study --definition ata-2015 --out report")
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FOLDER, default=Path("report"), show_default=True, help="Where to.")
@click.option("--definition", default="", help="Decide the outcome under another definition.")
@click.option("--quick", is_flag=True, help="Leave out what resamples (the validation).")
@json_option
def study(folder: Path, out: Path, definition: str, quick: bool, as_json: bool) -> None:
    """Run the study and write its report."""
    from avidity.report.draw import second_hand
    from avidity.report.write import keeps_busy, summary_lines, write_report
    from avidity.steps.run import STEPS, run
    from avidity.study import read_study

    asked = read_study(folder)
    if definition:
        asked = asked.under(definition)
    with second_hand(wanted=keeps_busy(asked)) as hand, Steps(total=STEPS + 1) as steps:
        results = run(asked, steps, quick=quick, hand=hand)
        steps("writing the report")
        written = write_report(results, asked, out, hand)
    content = {
        "report": str(out),
        "written": [path.name for path in written.files],
        "results": written.results,
    }
    emit(as_json, content, lambda: summary_lines(results, written, out))
