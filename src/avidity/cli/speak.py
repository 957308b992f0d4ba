"""How a command answers: for a person or for a machine, with a bar while it works."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from avidity.errors import AvidityError

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0  # seconds before a bar is drawn
FOLDER = click.Path(path_type=Path)


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


def emit(as_json: bool, content: object, lines: Callable[[], Sequence[str]]) -> None:
    """The same result for a machine or for a person."""
    if as_json:
        from avidity.report.results_json import to_text

        click.echo(to_text(content))
    else:
        for line in lines():
            click.echo(line)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
