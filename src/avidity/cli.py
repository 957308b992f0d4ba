"""The command line: one command per thing a person does; the only place that prints and exits.

Nothing heavy is imported before a command needs it, so that ``avidity --help`` answers at once.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from avidity import __version__
from avidity.errors import AvidityError, CheckError

if TYPE_CHECKING:
    from rich.progress import Progress

    from avidity.steps.check import Cohort

EPILOG = """\b
Example
  avidity init my-study      a folder with a study file and a workbook to fill
  avidity check my-study     every problem in the data at once
  avidity label my-study     who is refractory, and why
  avidity study my-study     the study: report, tables, figures

\b
Exit codes
   0  done
   1  a fault of the program itself; please report it
   2  the command was typed wrong
  10  other trouble a user can put right
  11  study.toml or published.toml
  12  a table cannot be read
  13  errors in the data (see 'avidity check')
  14  the outcome cannot be decided
  15  nothing can be estimated
  16  a result cannot be written
 130  stopped with Ctrl-C
"""

PATIENCE = 1.0  # seconds before a bar is drawn
FOLDER = click.Path(path_type=Path)


class Trouble(click.Group):
    """Turns what a user can put right into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; no trouble of the user's ends in a traceback."""
        try:
            return super().invoke(ctx)
        except AvidityError as error:
            tell(error, as_json="--json" in sys.argv)
            ctx.exit(error.exit_code)
        except BrokenPipeError:  # the reader of our output went away
            ctx.exit(0)


def tell(error: AvidityError, *, as_json: bool) -> None:
    """One sentence to the person, or one object to the machine."""
    if as_json:
        said = {"kind": error.kind, "message": str(error), "exit_code": error.exit_code}
        click.echo(json.dumps({"error": said}, ensure_ascii=False))
    click.echo(f"avidity: {error}", err=True)


class Steps:
    """Says which step runs, on a bar that appears once the work has taken longer than a second."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.words = total, 0, ""
        self.bar: Progress | None = None
        self.lock = threading.Lock()
        self.timer = threading.Timer(PATIENCE, self._draw)
        self.timer.daemon = True

    def __call__(self, words: str) -> None:
        """A step begins."""
        with self.lock:
            self.words = words
            if self.bar:
                self.bar.update(self.bar.task_ids[0], completed=self.done, description=words)
            self.done += 1

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
        with self.lock:
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.add_task(self.words, total=self.total, completed=self.done - 1)
            self.bar.start()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        with self.lock:
            if self.bar:
                self.bar.stop()


@click.group(cls=Trouble, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Log counts of each step to standard error.")
@click.version_option(__version__, prog_name="avidity")
def main(verbose: bool) -> None:
    """From a department's records to a study of who becomes radioiodine-refractory."""
    if verbose:
        import logging

        logging.basicConfig(format="%(name)s: %(message)s", level=logging.INFO, force=True)
        logging.getLogger().setLevel(logging.WARNING)
        logging.getLogger("avidity").setLevel(logging.INFO)


def emit(as_json: bool, content: object, lines: Callable[[], Sequence[str]]) -> None:
    """The same result for a machine or for a person."""
    if as_json:
        from avidity.report.results_json import to_text

        click.echo(to_text(content))
    else:
        for line in lines():
            click.echo(line)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@main.command(epilog="\b\nExample\n  avidity init my-study")
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


@main.command(epilog="\b\nExample\n  avidity check my-study --mark problems.xlsx")
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

    content = {
        "cohort_sha256": cohort.sha256,
        "patients": cohort.n_patients,
        "errors": cohort.n_errors,
        "warnings": cohort.n_warnings,
        "findings": finding_rows(cohort.findings),
    }
    emit(as_json, content, lambda: _findings(cohort, mark))
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


@main.command(epilog="\b\nExample\n  avidity label my-study --definition all --out labels.csv")
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


@main.command(epilog="\b\nExample\n  avidity definitions ata-2025")
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


@main.command(epilog="\b\nExample\n  avidity study my-study --definition ata-2015 --out report")
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FOLDER, default=Path("report"), show_default=True, help="Where to.")
@click.option("--definition", default="", help="Decide the outcome under another definition.")
@click.option("--quick", is_flag=True, help="Leave out what resamples (the validation).")
@json_option
def study(folder: Path, out: Path, definition: str, quick: bool, as_json: bool) -> None:
    """Run the study and write its report."""
    from avidity.report.draw import second_hand
    from avidity.report.write import summary_lines, write_report
    from avidity.steps.run import STEPS, run
    from avidity.study import read_study

    asked = read_study(folder)
    if definition:
        asked = asked.under(definition)
    with second_hand() as hand, Steps(total=STEPS + 1) as steps:
        results = run(asked, steps, quick=quick)
        steps("writing the report")
        written = write_report(results, asked, out, hand)
    content = {
        "report": str(out),
        "written": [path.name for path in written.files],
        "results": written.results,
    }
    emit(as_json, content, lambda: summary_lines(results, written, out))
