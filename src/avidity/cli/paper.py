"""The commands of a printed paper."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import click

from avidity.cli.speak import FOLDER, Steps, emit, json_option


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


@paper.command(epilog="\b\nExample\n  avidity paper twin my-paper --out twins --count 3")
@click.argument("paper", type=FOLDER)
@click.option("--out", type=FOLDER, required=True, help="The folder to write the twins to.")
@click.option(
    "--count", type=click.IntRange(1, 100), default=1, show_default=True, help="How many."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of chance.")
@json_option
def twin(paper: Path, out: Path, count: int, seed: int, as_json: bool) -> None:
    """Make cohorts that carry every printed figure, and say which they cannot."""
    from avidity.papers.paper_file import read_paper
    from avidity.papers.twin import twins
    from avidity.report.twins import about, write_twins

    read = read_paper(paper)
    made = []
    with Steps(total=count + 1) as steps:
        steps("twin 1")
        for one in twins(read, count, seed):
            made.append(one)
            steps(f"twin {min(one.number + 1, count)}")
    written = write_twins(read, made, seed, out)
    content = {
        "seed": seed,
        "written": [str(path) for path in written],
        "twins": [
            {
                "number": one.number,
                "same": one.count("same"),
                "differs": one.count("differs"),
                "not_computed": one.count("not computed"),
                "figures": one.lines,
                "notes": one.notes,
            }
            for one in made
        ],
    }
    emit(as_json, content, lambda: [*about(read, made, seed), "", f"written to {out}"])


@paper.command(epilog="\b\nExample\n  avidity paper rebuild my-paper --out rebuilt")
@click.argument("paper", type=FOLDER)
@click.option("--out", type=FOLDER, help="Write the answer as a report into this folder.")
@click.option("--model", "file", type=FOLDER, help="Write the one model as a risk model's JSON.")
@click.option("--name", default="", help="Which model of the paper. [the first multivariable one]")
@json_option
def rebuild(paper: Path, out: Path | None, file: Path | None, name: str, as_json: bool) -> None:
    """Find the model behind the printed odds ratios, its unpublished intercept included.

    Research use; not validated; not for decisions about a patient.
    """
    from avidity.papers.paper_file import read_paper
    from avidity.papers.rebuild import rebuild_paper
    from avidity.report.rebuild_words import rebuild_lines

    asked = read_paper(paper)
    with Steps(total=100) as steps:
        found = rebuild_paper(asked, name, progress=_Shares(steps))
    written: tuple[Path, ...] = ()
    ready = b""
    if file:  # refused before anything is written
        from avidity.papers.rebuilt_model import risk_model
        from avidity.riskmodel.file import to_json

        ready = to_json(risk_model(asked, found))
    if out:
        from avidity.report.write_rebuild import write_rebuild

        written = write_rebuild(found, out)
    if file:
        from avidity.report.files import write_bytes

        write_bytes(file, ready)
        written = (*written, file)
    emit(as_json, found, lambda: rebuild_lines(found, written))


class _Shares:
    """A share of the work done, as so many of a hundred steps."""

    START: ClassVar = {"bounding the intercept": 1, "bounding every": 8, "searching": 15}

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def __call__(self, words: str, share: float) -> None:
        """The work has come so far."""
        at = next((part for start, part in self.START.items() if words.startswith(start)), 95)
        if words.startswith("searching"):
            at += int(80 * share)
        while self.steps.done < at:
            self.steps(words)
