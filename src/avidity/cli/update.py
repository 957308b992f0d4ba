"""The command that brings a model to new patients: update."""

from __future__ import annotations

from pathlib import Path

import click

from avidity.cli.pairs import pairs
from avidity.cli.speak import FOLDER, Steps, emit, json_option
from avidity.cli.validate import labelled_study

METHODS = ("closed-test", "in-the-large", "logistic", "refit")


@click.command(
    epilog="\b\nExample\n  avidity update bellakhdar-2024 my-study --out local-model.json"
)
@click.argument("model")
@click.argument("folder", type=FOLDER)
@click.option("--method", type=click.Choice(METHODS), default=METHODS[0], show_default=True)
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Of the closed test.")
@click.option("--map", "mapped", multiple=True, help="An input and its variable: INPUT=VARIABLE.")
@click.option("--fill", multiple=True, help="A value for whoever lacks an input: INPUT=VALUE.")
@click.option("--name", default="", help="Of the new model. [the old one's, with -updated]")
@click.option("--out", type=FOLDER, help="Write the new model into this JSON file.")
@click.option("--report", type=FOLDER, help="Write the report into this folder.")
@json_option
def update(  # noqa: PLR0913, PLR0917  # click hands every option over by itself
    model: str,
    folder: Path,
    method: str,
    alpha: float,
    mapped: tuple[str, ...],
    fill: tuple[str, ...],
    name: str,
    out: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Recalibrate or refit a risk model in a study's patients.

    MODEL is a model of the library or its JSON file, FOLDER the study. A partial model can be
    refitted: same predictors, local coefficients.
    """
    from avidity.papers.library import find_or_read
    from avidity.report.files import write_bytes
    from avidity.report.update_lines import update_lines
    from avidity.report.update_report import build_update, plain_update
    from avidity.report.write import ALL, write_document
    from avidity.riskmodel.file import to_json
    from avidity.steps.applied import Asked
    from avidity.steps.update import METHOD_NAMES, Wish, update_model

    subject = find_or_read(model)
    asked = Asked(pairs(mapped, "--map"), pairs(fill, "--fill"))
    with Steps(total=4) as steps:
        labelled, doi = labelled_study(folder, steps)
        steps("updating the model")
        wish = Wish(METHOD_NAMES.get(method), alpha, name)
        found = update_model(subject, labelled, asked, wish, doi)
    if out and found.made:
        write_bytes(out, to_json(found.made))
    content = plain_update(found)
    if report:
        formats = [kind for kind in ALL if kind != "figures"]
        write_document(build_update(found), content, report, formats)
    emit(as_json, content, lambda: update_lines(found, out, report))
