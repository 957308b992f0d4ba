"""The command of validation in other patients: validate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from avidity.cli.pairs import pairs
from avidity.cli.speak import FOLDER, Steps, emit, json_option

if TYPE_CHECKING:
    from avidity.riskmodel.model import RiskModel
    from avidity.steps.label import Labelled


@click.command(epilog="\b\nExample\n  avidity validate bellakhdar-2024 my-study --out validation")
@click.argument("model")
@click.argument("folder", type=FOLDER)
@click.argument("more", nargs=-1)
@click.option("--map", "mapped", multiple=True, help="An input and its variable: INPUT=VARIABLE.")
@click.option("--fill", multiple=True, help="A value for whoever lacks an input: INPUT=VALUE.")
@click.option("--impute", is_flag=True, help="Impute missing inputs; otherwise patients leave.")
@click.option("--out", type=FOLDER, help="Write a report into this folder.")
@json_option
def validate(  # noqa: PLR0913, PLR0917  # click hands every option over by itself
    model: str,
    folder: Path,
    more: tuple[str, ...],
    mapped: tuple[str, ...],
    fill: tuple[str, ...],
    impute: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Ask a risk model about a study's patients: does it hold there.

    MODEL is a model of the library or its JSON file, FOLDER the study; MORE models are compared
    with the first on the same patients.
    """
    from avidity.papers.library import find_or_read
    from avidity.report.draw import second_hand
    from avidity.report.external_report import build_external, external_lines
    from avidity.report.write import ALL, write_document
    from avidity.steps.applied import Asked
    from avidity.steps.external import validate_models

    models = [find_or_read(name) for name in (model, *more)]
    handling: Literal["imputed", "complete cases"] = "imputed" if impute else "complete cases"
    wanted, stand_in = pairs(mapped, "--map"), pairs(fill, "--fill")
    asked = {
        one.name: Asked(_for(one, wanted, models), _for(one, stand_in, models), handling)
        for one in models
    }
    with second_hand() as hand, Steps(total=4) as steps:
        labelled, doi = labelled_study(folder, steps)
        steps("asking the models")
        found = validate_models(models, labelled, asked, doi)
        files = write_document(build_external(found), found, out, ALL, hand) if out else ()
    emit(as_json, found, lambda: external_lines(found, out, files))


def _for(model: RiskModel, told: dict[str, str], models: Sequence[RiskModel]) -> dict[str, str]:
    """What is told of this model's inputs; what no model has stays, so that it is refused."""
    return {
        name: value
        for name, value in told.items()
        if model.input(name) or not any(one.input(name) for one in models)
    }


def labelled_study(folder: Path, steps: Steps) -> tuple[Labelled, str]:
    """The study's patients with their outcome, and the doi of the paper it reproduces or ""."""
    from avidity.papers.printed import read_published
    from avidity.steps.check import check
    from avidity.steps.finding import stop_on_errors
    from avidity.steps.label import label
    from avidity.steps.log import log_checked
    from avidity.steps.read import read
    from avidity.study import read_study

    study = read_study(folder)
    steps("reading the tables")
    raw = read(study)
    steps("checking every cell")
    cohort = check(raw, study)
    log_checked(cohort)
    stop_on_errors(cohort.findings)
    steps("deciding the outcome")
    labelled = label(cohort, study)
    if study.published is None:
        return labelled, ""
    return labelled, read_published(study.folder / study.published.file).paper.doi
