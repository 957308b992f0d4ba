"""The process of one rebuilding: ``python -m avidity.web.api.rebuild_work FOLDER``."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from avidity.errors import AvidityError
from avidity.papers.paper_file import read_paper
from avidity.papers.rebuild import rebuild_paper
from avidity.report.files import write_bytes
from avidity.report.results_json import to_json
from avidity.web.api.long_work import CANCEL, RESULT, read_state, write_state
from avidity.web.store.trail import now
from avidity.web.work import stop_everything

BEAT = 0.5  # seconds


class Pulse:
    """How far the work is, written down from a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = read_state(folder) or {}
        self.ended = threading.Event()
        self.lock = threading.Lock()
        threading.Thread(target=self._beat, daemon=True).start()

    def __call__(self, words: str, share: float) -> None:
        """The work has come so far."""
        self.state |= {"words": words, "share": min(1.0, max(0.0, share))}

    def end(self, state: str, trouble: str = "") -> None:
        """The last word about this work."""
        with self.lock:
            self.ended.set()
            write_state(
                self.folder, {**self.state, "state": state, "trouble": trouble, "ended": now()}
            )

    def _beat(self) -> None:
        while not self.ended.wait(BEAT):
            if (self.folder / CANCEL).exists():
                self.end("cancelled")
                stop_everything()
            with self.lock:
                if not self.ended.is_set():
                    write_state(self.folder, dict(self.state))


def main() -> None:
    """The one call of this process."""
    os.umask(0o077)
    folder = Path(sys.argv[1])
    pulse = Pulse(folder)
    try:
        found = rebuild_paper(read_paper(folder), pulse.state["model"], progress=pulse)
        write_bytes(folder / RESULT, to_json(found))
    except AvidityError as error:
        pulse.end("failed", str(error))
    except Exception as fault:  # noqa: BLE001  # whatever it is, the work must not seem to go on
        pulse.end("failed", f"a fault of the program: {type(fault).__name__}")
    else:
        pulse.state["share"] = 1.0
        pulse.end("done")


if __name__ == "__main__":
    main()
