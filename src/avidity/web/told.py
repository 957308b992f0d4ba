"""What a run told, kept beside its report: the document and its main numbers, for the pages.

The run's own folder holds the very files the command line writes and nothing else; this one lies
beside it and can be thrown away: then the pages offer the report and its files alone.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from avidity.report import document_json, gist
from avidity.report.document import Document, Figure
from avidity.report.draw import drawn
from avidity.report.files import write_bytes
from avidity.report.gist import Gist
from avidity.report.numbering import number
from avidity.report.write import Written
from avidity.web.folders import make_private, run_folder, told_folder

DOCUMENT, GIST, FIGURES = "document.json", "gist.json", "figures"
PICTURES = ("svg", "png", "pdf")


@dataclass(frozen=True, slots=True)
class Told:
    """The report of a run as a document, numbered and without pictures, and its main numbers."""

    document: Document
    gist: Gist


def keep(folder: Path, written: Written) -> None:
    """Write it down, whole or not at all; pictures only where the report has no files of them."""
    document = number(drawn(written.document))
    part = make_private(folder.with_name(f".{folder.name}.part"))
    try:
        _put(part / DOCUMENT, document_json.to_json(document))
        _put(part / GIST, gist.to_json(gist.gist(written.results)))
        if not any(path.parent.name == FIGURES for path in written.files):
            make_private(part / FIGURES)
            for figure in document.figures():
                for kind in PICTURES:
                    _put(part / FIGURES / picture_name(figure, kind), getattr(figure.picture, kind))
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(path: Path, content: bytes) -> None:
    write_bytes(path, content)
    path.chmod(0o600)


def picture_name(figure: Figure, kind: str) -> str:
    """The name of a figure's file, as in the folder of the report."""
    return f"{figure.anchor.removeprefix('figure-')}.{kind}"


def told_by(data: Path, study: str, run: str) -> Told | None:
    """What a run told; None for one of a time before it was kept."""
    return _read(told_folder(data, study, run))


@lru_cache(maxsize=8)  # a finished run does not change
def _read(folder: Path) -> Told | None:
    try:
        document = document_json.from_json((folder / DOCUMENT).read_bytes())
        return Told(document, gist.from_json((folder / GIST).read_bytes()))
    except (OSError, ValueError):
        return None


def picture(data: Path, study: str, run: str, name: str) -> bytes | None:
    """A figure's bytes by the name `picture_name` gives; only of figures the document has."""
    told = told_by(data, study, run)
    known = (
        {picture_name(one, kind) for one in told.document.figures() for kind in PICTURES}
        if told
        else set()
    )
    if name not in known:
        return None
    for home in (run_folder(data, study, run), told_folder(data, study, run)):
        path = home / FIGURES / name
        if path.is_file():
            return path.read_bytes()
    return None
