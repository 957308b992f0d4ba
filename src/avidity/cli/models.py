"""The commands of risk models: models, risk, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from avidity.cli.pairs import pairs
from avidity.cli.speak import FOLDER, emit, json_option

if TYPE_CHECKING:
    from avidity.report.risk_export import Format


@click.command(epilog="\b\nExample\n  avidity models bellakhdar-2024")
@click.argument("model", required=False, default="")
@json_option
def models(model: str, as_json: bool) -> None:
    """List the library's risk models, or show one: source, equation, or what is missing."""
    from avidity.papers.library import find, find_or_read, names
    from avidity.report.risk_lines import library_lines, model_lines

    if model:
        shown = find_or_read(model)
        emit(as_json, shown.model_dump(mode="json"), lambda: model_lines(shown))
        return
    known = [find(name) for name in names()]
    content = {
        one.name: {"title": one.title, "status": one.status, "n": one.n, "events": one.events}
        for one in known
    }
    emit(as_json, content, lambda: library_lines(known))


@click.command(
    epilog="\b\nExample\n  avidity risk bellakhdar-2024 age=61 diameter=35mm metastasis=yes"
)
@click.argument("model")
@click.argument("patient", nargs=-1)
@click.option("--prevalence", type=float, help="How common the outcome is where you are: 0.1.")
@click.option("--beyond", is_flag=True, help="Answer outside the range the model has seen too.")
@json_option
def risk(
    model: str,
    patient: tuple[str, ...],
    prevalence: float | None,
    beyond: bool,
    as_json: bool,
) -> None:
    """Say one patient's risk, with its interval. Exit code 18 when the model must not answer."""
    from avidity.papers.library import find_or_read
    from avidity.report.risk_lines import risk_lines
    from avidity.riskmodel.predict import predict

    asked = find_or_read(model)
    found = predict(asked, pairs(patient), prevalence=prevalence, beyond=beyond)
    emit(as_json, found, lambda: risk_lines(found, asked))


@click.command(
    epilog="\b\nExample\n  avidity export bellakhdar-2024 --as xlsx --out bellakhdar.xlsx"
)
@click.argument("model")
@click.option(
    "--as",
    "kind",
    required=True,
    type=click.Choice(["xlsx", "r", "spss", "stata", "pmml", "json", "card", "html"]),
    help="Workbook, syntax, PMML, the model's own file, a printable card, or a calculator.",
)
@click.option("--out", type=FOLDER, required=True, help="The file to write.")
@json_option
def export(model: str, kind: Format, out: Path, as_json: bool) -> None:
    """Write a risk model for another program, as a card, or as a calculator of one page."""
    from avidity.papers.library import find_or_read
    from avidity.report.risk_export import export as write

    write(find_or_read(model), kind, out)
    emit(as_json, {"written": str(out)}, lambda: [f"wrote {out}"])
