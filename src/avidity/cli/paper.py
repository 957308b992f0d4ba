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


@paper.command(epilog="\b\nExample\n  avidity paper audit my-paper --out audit")
@click.argument("paper", type=FOLDER)
@click.option("--out", type=FOLDER, help="Write the audit as a report into this folder.")
@json_option
def audit(paper: Path, out: Path | None, as_json: bool) -> None:
    """Say which printed figures cannot be, or do not go together, and what would explain it.

    Findings are no fault of the command: the exit code is 0 when the file could be read.
    """
    from avidity.papers.audit import audit as audit_paper
    from avidity.papers.paper_file import read_paper
    from avidity.report.audit_lines import audit_lines

    asked = read_paper(paper)
    found = audit_paper(asked)
    written: tuple[Path, ...] = ()
    if out:
        from avidity.report.write_audit import write_audit

        written = write_audit(found, asked, out)
    emit(as_json, found, lambda: audit_lines(found, written))
