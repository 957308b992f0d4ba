"""The process of one rebuilding: ``python -m avidity.web.rebuild_work FOLDER``."""

from __future__ import annotations

import os
import re
import sys
import threading
from pathlib import Path

from avidity.errors import AvidityError
from avidity.web.rebuilding import MODEL, PAPER, STOP, Rebuilding, tell

BEAT = 0.5  # seconds
BEGINS = {"bounding the intercept": 1, "bounding every": 8, "searching": 15}  # per cent


class Beat:
    """Says twice a second how far it is, and ends the process when it is asked to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.percent = folder, 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __call__(self, words: str, share: float) -> None:
        """What is done now, and which share of that."""
        begins = next((part for start, part in BEGINS.items() if words.startswith(start)), 95)
        width = 80 if words.startswith("searching") else 0
        self.percent = max(self.percent, begins + int(width * share))

    def _run(self) -> None:
        while not self.ended.wait(BEAT):
            if (self.folder / STOP).exists():
                tell(self.folder, Rebuilding("stopped"))
                os._exit(0)
            tell(self.folder, Rebuilding("running", self.percent))

    def end(self, told: Rebuilding) -> None:
        """The last word."""
        self.ended.set()
        self.thread.join()
        tell(self.folder, told)


def work(folder: Path) -> None:
    """Rebuild the paper in a folder, and say how it ended."""
    beat = Beat(folder)
    beat.thread.start()
    try:
        _rebuild(folder, beat)
        beat.end(Rebuilding("done", 100))
    except AvidityError as error:
        beat.end(Rebuilding("failed", 0, str(error)))
    except Exception as fault:  # noqa: BLE001  # whatever it is, it must not seem to go on
        beat.end(Rebuilding("failed", 0, f"a fault of the program: {type(fault).__name__}"))


def _rebuild(folder: Path, beat: Beat) -> None:
    # Loaded here: on a busy machine that alone takes longer than nobody may be silent.
    from avidity.papers.paper_file import read_paper
    from avidity.papers.rebuild import rebuild_paper
    from avidity.papers.rebuilt_model import risk_model
    from avidity.report.files import write_bytes
    from avidity.report.write_rebuild import write_rebuild
    from avidity.riskmodel.file import to_json

    paper = read_paper(folder / PAPER)
    paper = paper.model_copy(update={"folder": Path(_short(paper.about.title))})
    found = rebuild_paper(paper, progress=beat)
    if found.rebuilt.answer == "one":
        write_bytes(folder / MODEL, to_json(risk_model(paper, found)))
    write_rebuild(found, folder)


def _short(title: str) -> str:
    """The first words of a title: the model is named by them."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())[:4]) or "paper"


if __name__ == "__main__":
    os.umask(0o077)
    work(Path(sys.argv[1]))
