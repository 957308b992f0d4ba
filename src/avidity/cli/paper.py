"""The commands of a printed paper."""

from __future__ import annotations

from pathlib import Path

import click

from avidity.cli.speak import FOLDER, emit, json_option


@click.group()
def paper() -> None:
    """Type in a printed paper, and see what its figures hold."""


@paper.command(epilog="\b\nExample\n  avidity paper init my-paper")
@click.argument("folder", type=FOLDER)
@json_option
def init(folder: Path, as_json: bool) -> None:
    """Make a folder with a commented paper.toml to fill."""
    from avidity.errors import WriteError
    from avidity.papers.paper_file import FILE
    from avidity.papers.paper_template import template
    from avidity.report.files import make_folder, write_bytes

    file = folder if folder.suffix == ".toml" else folder / FILE
    if file.exists():
        raise WriteError(f"{file} is there already and is left as it is; choose another name")
    make_folder(file.parent)
    write_bytes(file, template().encode())
    emit(
        as_json,
        {"written": [str(file)]},
        lambda: [
            f"wrote {file}",
            "Type in what the paper prints; each key is explained beside it.",
        ],
    )
