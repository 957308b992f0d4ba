"""The command line: one command per thing a person does; the only place that prints and exits.

Nothing heavy is imported before a command needs it, so that ``avidity --help`` answers at once.
"""

from __future__ import annotations

import sys

import click

from avidity import __version__
from avidity.cli import account, models, paper, pool, serve, study, update, validate
from avidity.cli.speak import tell
from avidity.errors import AvidityError

EPILOG = """\b
Example
  avidity init my-study      a folder with a study file and a workbook to fill
  avidity check my-study     every problem in the data at once
  avidity label my-study     who is refractory, and why
  avidity study my-study     the study: report, tables, figures
  avidity pool luo-2020      what papers printed of a factor, pooled
  avidity serve              the same in the browser, step by step

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
  17  paper.toml or evidence.toml
  18  a risk model
  20  the workbench cannot start
 130  stopped with Ctrl-C
"""


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


for command in (
    *(study.init, study.check, study.label, study.definitions, study.study),
    *(paper.paper, models.models, models.risk, models.export, pool.pool),
    *(validate.validate, update.update, serve.serve, account.account),
):
    main.add_command(command)
