"""Results: what came out, the report in sections, every file of it, and the runs before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avidity.report.gist import Gist
from avidity.report.write import NAMES
from avidity.web.models import RUN_FILES
from avidity.web.shown import Shown
from avidity.web.store.runs import ResultFile, Run
from avidity.web.store.studies import KeptStudy

ORDER = ("html", "docx", "xlsx", "pdf", "json")


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the report; the key names what it is for."""

    key: str
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class RunChoice:
    """A finished run in the list; ``outdated`` when data or settings have changed since."""

    id: str
    asked: str
    quick: bool
    outdated: bool
    current: bool


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """One finished run, or None.

    gist, shown  its main numbers and its report; None for a run of which only files were kept
    models       the tracks whose model a calculator can ask, with the calculator's id of each
    figures      where there is no report to show them in
    """

    run: Run | None
    latest: bool
    gist: Gist | None
    shown: Shown | None
    report: bool
    models: tuple[tuple[str, str], ...]
    documents: tuple[Download, ...]
    figures: tuple[Download, ...]
    runs: tuple[RunChoice, ...]
    outdated: bool
    owner: bool


def results_page(
    study: KeptStudy,
    run: Run | None,
    files: Sequence[ResultFile],
    runs: Sequence[Run],
    kept: tuple[Gist | None, Shown | None],
    *,
    owner: bool,
) -> ResultsPage:
    """The page of one run.

    runs  all of the study's, latest first
    """
    sizes = {file.name: file.bytes for file in files}
    documents = tuple(
        Download(f"file.{kind}", NAMES[kind], sizes[NAMES[kind]])
        for kind in ORDER
        if NAMES[kind] in sizes
    )
    gist, shown = kept
    figures = tuple(
        Download("file.figure", name, size)
        for name, size in sizes.items()
        if name.startswith("figures/") and shown is None
    )
    done = [one for one in runs if one.state == "done"]
    return ResultsPage(
        run,
        run is not None and bool(done) and done[0].id == run.id,
        gist,
        shown,
        NAMES["html"] in sizes,
        tuple(
            (track, f"run.{run.id}.{track}")
            for track, name in RUN_FILES.items()
            if run is not None and name in sizes
        ),
        documents,
        figures,
        tuple(_choice(one, study, run) for one in done),
        run is not None and run.snapshot != study.snapshot,
        owner,
    )


def _choice(one: Run, study: KeptStudy, now: Run | None) -> RunChoice:
    current = now is not None and now.id == one.id
    return RunChoice(one.id, one.asked, one.quick, one.snapshot != study.snapshot, current)
