"""Results: the report of a finished run, and every file of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avidity.report.write import NAMES
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
class ResultsPage:
    """The latest finished run, or None."""

    run: Run | None
    report: bool
    documents: tuple[Download, ...]
    figures: tuple[Download, ...]
    outdated: bool
    owner: bool


def results_page(
    study: KeptStudy, run: Run | None, files: Sequence[ResultFile], *, owner: bool
) -> ResultsPage:
    """The page of a run's files."""
    sizes = {file.name: file.bytes for file in files}
    documents = tuple(
        Download(f"file.{kind}", NAMES[kind], sizes[NAMES[kind]])
        for kind in ORDER
        if NAMES[kind] in sizes
    )
    figures = tuple(
        Download("file.figure", name, size)
        for name, size in sizes.items()
        if name.startswith("figures/")
    )
    outdated = run is not None and run.snapshot != study.snapshot
    return ResultsPage(run, NAMES["html"] in sizes, documents, figures, outdated, owner)
