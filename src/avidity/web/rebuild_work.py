"""The process of one rebuilding: ``python -m avidity.web.rebuild_work FOLDER [MODEL]``."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from pathlib import Path

from avidity.errors import AvidityError
from avidity.said import say
from avidity.web.rebuilding import MODEL, PAPER, STOP, Rebuilding, tell

BEAT = 0.5  # seconds
WAY: dict[str, tuple[str, int, int]] = {  # how the search says it, what that is, from, to per cent
    "listing": ("listing", 1, 1),
    "bounding the intercept from below": ("below", 2, 2),
    "bounding the intercept from above": ("above", 6, 6),
    "bounding every pattern": ("patterns", 10, 20),
    "searching the tables": ("searching", 20, 94),
    "looking for the figure that does not fit": ("culprit", 94, 94),
    "writing": ("writing", 96, 96),
}


class Beat:
    """Says twice a second how far it is, and ends the process when it is asked to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.percent = folder, 0
        self.doing, self.share, self.began = "", -1, time.monotonic()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __call__(self, words: str, share: float) -> None:
        """What is done now, and which share of that."""
        self.doing, begins, ends = WAY.get(words, ("", self.percent, self.percent))
        self.share = round(100 * share) if ends > begins else -1
        self.percent = max(self.percent, begins + int((ends - begins) * share))

    def _run(self) -> None:
        while True:
            if (self.folder / STOP).exists():
                tell(self.folder, Rebuilding("stopped"))
                os._exit(0)
            seconds = int(time.monotonic() - self.began)
            told = Rebuilding("running", self.percent, "", self.doing, self.share, seconds)
            tell(self.folder, told)
            if self.ended.wait(BEAT):
                return

    def end(self, told: Rebuilding) -> None:
        """The last word."""
        self.ended.set()
        self.thread.join()
        tell(self.folder, told)


def work(folder: Path, model: str = "") -> None:
    """Rebuild the paper in a folder, and say how it ended."""
    beat = Beat(folder)
    beat.thread.start()
    try:
        _rebuild(folder, model, beat)
        beat.end(Rebuilding("done", 100))
    except AvidityError as error:
        beat.end(Rebuilding("failed", 0, str(error)))
    except Exception as fault:  # noqa: BLE001  # whatever it is, it must not seem to go on
        beat.end(
            Rebuilding(
                "failed", 0, say("a fault of the program: {kind}", kind=type(fault).__name__)
            )
        )


def _rebuild(folder: Path, model: str, beat: Beat) -> None:
    # Loaded here: on a busy machine that alone takes longer than nobody may be silent.
    from avidity.papers.paper_file import read_paper
    from avidity.papers.rebuild import rebuild_paper
    from avidity.papers.rebuilt_model import risk_model
    from avidity.report.files import write_bytes
    from avidity.report.write_rebuild import write_rebuild
    from avidity.riskmodel.file import to_json

    paper = read_paper(folder / PAPER)
    paper = paper.model_copy(update={"folder": Path(_short(paper.about.title))})
    beat("listing", 0.0)
    found = rebuild_paper(paper, model, progress=beat)
    beat("writing", 0.0)
    if found.rebuilt.answer == "one":
        write_bytes(folder / MODEL, to_json(risk_model(paper, found)))
    write_rebuild(found, folder)


def _short(title: str) -> str:
    """The first words of a title: the model is named by them."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())[:4]) or "paper"


if __name__ == "__main__":
    os.umask(0o077)
    work(Path(sys.argv[1]), *sys.argv[2:])
